import type { Page } from '@playwright/test';
import { openAlone, openEhr } from './ehr.ts';
import { axe, expect, test } from './sandbox.ts';

/** Presses and counts: the GP has ninety seconds (PEOPLE F2). */
function counting(page: Page) {
  let clicks = 0;
  return {
    count: () => clicks,
    async press(name: string | RegExp, role: 'button' | 'radio' | 'checkbox' = 'button') {
      clicks += 1;
      await page.getByRole(role, { name }).first().click();
    },
  };
}

/** As somebody reads: every row comes on screen, from the first to the last. */
async function readAll(page: Page) {
  for (const row of await page.locator('.change').all()) {
    await row.locator('.decide').scrollIntoViewIfNeeded();
    await page.waitForTimeout(50);
  }
}

test('Olav’s GP answers seven changes in at most twelve presses, and the store holds just that', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-gp', patient: 'p2' });
  const at = counting(page);
  const before = { ...counted(sandbox) };

  await at.press(/7 endringer venter på deg, frist 24\.11\.2026 kl\. 12\.00/);
  await expect(page.locator('.change')).toHaveCount(7);
  await expect(page.locator('.changes .safety')).toContainText(/penicillin/i);
  await expect(page.locator('.gap[data-open="true"]')).toHaveCount(2);
  expect(await axe(page)).toEqual([]);

  await at.press(/^Tilpass metformin .* for Olav Prøvenes$/);
  await at.press(/^Noe annet$/, 'radio');
  await page
    .getByRole('textbox', { name: 'Hva gjelder i stedet?' })
    .fill('500 mg × 1 når eGFR > 45');
  await page.getByRole('textbox', { name: /Hvorfor/ }).fill('Kontroll 15.12.');
  expect(await axe(page)).toEqual([]);
  await at.press('Lagre tilpasning');
  await at.press(/^Be Fjordvik apotek endre.*furosemid/, 'checkbox');
  await at.press(/^Avvis zopiklon/);
  await page.getByRole('textbox', { name: /Hvorfor/ }).fill('Han vil vente til etter jul.');
  await at.press('Lagre avvisning');
  await at.press(/^Godta apiksaban/);
  await readAll(page);
  await at.press('Godta de 4 andre');
  await at.press('Se over og send svar');
  await expect(page.locator('.review-answer')).toContainText('Fjordvik apotek');
  expect(await axe(page)).toEqual([]);
  await at.press('Send svar for Olav Prøvenes');

  await expect(page.locator('.send-status')).toHaveAttribute('data-outbox-state', 'acked');
  expect(at.count()).toBeLessThanOrEqual(12);
  const { store } = sandbox;
  const ids = ['p2-changes', ...[1, 2, 3, 4, 5, 6, 7].map(n => `p2-change-${n}`)];
  expect(ids.map(id => store.at(`Task/${id}`)?.meta?.versionId)).toEqual(ids.map(() => '2'));
  expect(store.at('Task/p2-change-5')).toMatchObject({ status: 'completed' });
  expect(store.at('Task/p2-change-6')).toMatchObject({
    status: 'rejected',
    statusReason: { text: 'Han vil vente til etter jul.' },
  });
  expect(counted(sandbox)).toEqual({
    // Two parties are asked about metformin, and the pharmacy about furosemide.
    Task: before.Task + 3,
    Communication: before.Communication + 1,
    Provenance: before.Provenance + 1,
  });
  await expect(page.locator('.stands[data-outcome="reject"]')).toContainText('etter jul');
  await expect(page.getByRole('button', { name: /venter på deg/ })).toHaveCount(0);
});

const counted = (sandbox: { store: { all: (type: string) => readonly unknown[] } }) => ({
  Task: sandbox.store.all('Task').length,
  Communication: sandbox.store.all('Communication').length,
  Provenance: sandbox.store.all('Provenance').length,
});

const open = async (page: Page) => {
  await page.getByRole('button', { name: /venter på deg/ }).click();
  await expect(page.locator('.change')).toHaveCount(7);
};
const answer = async (page: Page, ...presses: readonly (string | RegExp)[]) => {
  for (const name of presses) await page.getByRole('button', { name }).first().click();
};

test('the sender sees what waits, then what was answered and why, and is given nothing to press', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-ger', patient: 'p2' });
  await page.getByRole('tab', { name: 'Planer' }).click();
  const section = page.locator('#panel-planer .changes-section');
  await expect(section).toContainText('7 av 7 venter på Ingrid Fastlund');
  await expect(page.getByRole('button', { name: /venter på deg/ })).toHaveCount(0);
  await section.getByRole('button').click();
  await expect(page.locator('.change')).toHaveCount(7);
  await expect(page.locator('.sending')).toContainText('Bare fastlegen eller vikaren kan svare');
  await expect(page.getByRole('button', { name: /^(Godta|Tilpass|Avvis)/ })).toHaveCount(0);

  await openAlone(page, sandbox, { user: 'u-gp', patient: 'p2' });
  await open(page);
  await answer(page, /^Godta furosemid/, /^Avvis zopiklon/);
  await page.getByRole('textbox', { name: /Hvorfor/ }).fill('Han vil vente.');
  await answer(page, 'Lagre avvisning', 'Se over og send svar');
  await expect(page.locator('.review-answer')).toContainText('5 endringer er ikke besvart');
  await answer(page, /^Send svar for/);
  await expect(page.locator('.send-status')).toHaveAttribute('data-outbox-state', 'acked');
  await expect(page.getByRole('tab', { name: /5 endringer venter på deg/ })).toBeVisible();

  await openAlone(page, sandbox, { user: 'u-ger', patient: 'p2' });
  await page.getByRole('tab', { name: 'Planer' }).click();
  await expect(section).toContainText('5 av 7 venter på Ingrid Fastlund');
  await section.getByRole('button').click();
  const refused = page.locator('[data-item-id="Task/p2-change-6"]');
  await expect(refused).toContainText('Avvist');
  await expect(refused).toContainText('Han vil vente.');
  await expect(refused).toContainText('Ingrid Fastlund');
  await expect(page.locator('[data-item-id="Task/p2-change-1"]')).toContainText('Godtatt');
  await expect(page.locator('[data-item-id="Task/p2-change-2"]')).toContainText(
    'Venter på fastlegen',
  );
});

test('answered in another tab meanwhile: both answers are shown, and the later one is not sent', async ({
  page,
  context,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-gp', patient: 'p2' });
  await open(page);
  await answer(page, /^Avvis furosemid/);
  await page.getByRole('textbox', { name: /Hvorfor/ }).fill('For lavt blodtrykk.');
  await answer(page, 'Lagre avvisning', 'Se over og send svar');

  const other = await context.newPage();
  await openAlone(other, sandbox, { user: 'u-gp', patient: 'p2' });
  await open(other);
  await answer(
    other,
    /^Angre svaret på furosemid/,
    /^Godta furosemid/,
    'Se over og send svar',
    /^Send svar for/,
  );
  await expect(other.locator('.send-status')).toHaveAttribute('data-outbox-state', 'acked');
  await other.close();

  // The first tab has heard of it, or asks before it sends: either way nothing goes.
  const conflict = page.locator('[data-conflict]');
  await expect(conflict).toContainText('Ditt svar er ikke sendt');
  await expect(conflict).toContainText('Står nå: Godtatt');
  await expect(conflict).toContainText('Du hadde valgt: Avvises');
  expect(await axe(page)).toEqual([]);
  expect(sandbox.store.at('Task/p2-change-1')).toMatchObject({
    status: 'completed',
    meta: { versionId: '2' },
  });
  await answer(page, 'Jeg har sett det');
  await expect(conflict).toHaveCount(0);
});

test('the panel is closed between two answers: both are there again, and nothing has been sent', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-gp', patient: 'p2' });
  await open(page);
  await answer(page, /^Godta furosemid/, /^Godta ramipril/);
  await expect(page.locator('[data-outbox-state="draft"]')).toBeVisible();

  await openAlone(page, sandbox, { user: 'u-gp', patient: 'p2' });
  await open(page);
  await expect(page.locator('.decide[data-decided="accept"]')).toHaveCount(2);
  await expect(page.locator('.sending')).toContainText('er hentet fram igjen');
  expect(sandbox.store.at('Task/p2-change-1')?.meta?.versionId).toBe('1');
});

/** On with the tab key until it is there, as somebody without a mouse goes; a hundred stops are too many. */
async function tabTo(page: Page, name: RegExp) {
  for (let stops = 0; stops < 100; stops += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const { activeElement: element } = document;
      const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
      return (element?.getAttribute('aria-label') ?? (label ?? element)?.textContent ?? '').trim();
    });
    if (name.test(at)) return;
  }
  throw new Error(`Nothing called ${String(name)} is reached by the tab key`);
}

test('by keyboard alone, and every decision says which change and whose', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-gp', patient: 'p2' });
  // It comes when the rest of the record has.
  await page.getByRole('button', { name: /venter på deg/ }).waitFor();
  await tabTo(page, /venter på deg/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Endringer for Olav Prøvenes' })).toBeFocused();
  for (const name of await page
    .locator('.decide button')
    .evaluateAll(all => all.map(each => each.getAttribute('aria-label') ?? '')))
    expect(name).toMatch(/^(?:Godta|Tilpass|Avvis) \S.* for Olav Prøvenes$/);

  await tabTo(page, /^Godta dapagliflozin/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Angre svaret på dapagliflozin/ })).toBeFocused();
  await tabTo(page, /^Avvis metformin/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^Avvis metformin/ })).toBeFocused();
  await tabTo(page, /^Hvorfor/);
  await page.keyboard.type('eGFR er 39 nå.');
  await tabTo(page, /^Lagre avvisning av metformin .* for Olav Prøvenes$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Angre svaret på metformin/ })).toBeFocused();
  await tabTo(page, /^Se over og send svar$/);
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('heading', { name: 'Se over svaret til Arne Gerisen' }),
  ).toBeFocused();
  await tabTo(page, /^Send svar for Olav Prøvenes$/);
  // Pressed again and again while it is looked up: one answer.
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.locator('.send-status')).toHaveAttribute('data-outbox-state', 'acked');
  expect(sandbox.store.at('Task/p2-change-4')?.meta?.versionId).toBe('2');
  expect(sandbox.store.at('Task/p2-change-5')).toMatchObject({ status: 'rejected' });
  await page.keyboard.press('Escape');
  await expect(page.locator('.changes')).toHaveCount(0);
});

test('all cannot be accepted at once while something does not fit, a blood thinner is unanswered or a row is unseen', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-gp', patient: 'p2' });
  await open(page);
  const rest = page.getByRole('button', { name: /^Godta de \d andre for Olav Prøvenes$/ });
  await expect(rest).toHaveAccessibleDescription(/2 avvik er åpne/);
  await rest.click({ force: true });
  await expect(page.locator('.decide[data-decided]')).toHaveCount(0);
  for (const box of await page.getByRole('checkbox', { name: /^Be Fjordvik apotek/ }).all())
    await box.check();
  await expect(rest).toHaveAccessibleDescription(/apiksaban .* for seg/);
  await answer(page, /^Godta apiksaban/);
  await readAll(page);
  await expect(rest).toHaveAttribute('aria-disabled', 'false');
});

test('NAV sees nothing of it, not even that there is something', async ({ page, sandbox }) => {
  await openAlone(page, sandbox, { user: 'u-nav', patient: 'p1' });
  await page.getByRole('tab', { name: 'Planer' }).click();
  await expect(page.locator('[data-section="evaluation"]')).toBeVisible();
  await page.waitForLoadState('networkidle');
  await expect(page.locator('.changes-section, .changes-line')).toHaveCount(0);
});

test('the journal opens its own medication module when the GP asks for it from the panel', async ({
  page,
  sandbox,
}) => {
  const panel = await openEhr(page, sandbox, { user: 'u-gp', patient: 'p2' });
  await panel.getByRole('button', { name: /venter på deg/ }).click();
  await expect(panel.locator('.sending')).toContainText('endrer ikke legemiddellisten (PLL)');
  await panel.getByRole('button', { name: 'Åpne legemiddelmodulen i journalen' }).click();
  await expect(page.getByRole('textbox', { name: 'Legemiddel og dose' })).toBeFocused();
  await expect(panel.getByText('Journalen åpnet ikke legemiddelmodulen')).toHaveCount(0);
});

test('a half-typed reason survives a change of patient and a reload, and is never another’s', async ({
  page,
  sandbox,
}) => {
  const panel = await openEhr(page, sandbox, { user: 'u-gp', patient: 'p2' });
  const why = panel.getByRole('textbox', { name: /^Hvorfor/ });
  const openRoom = () => panel.getByRole('button', { name: /venter på deg/ }).click();
  const isBack = async () => {
    await openRoom();
    await expect(why).toHaveValue('Han vil vente til');
    await expect(panel.locator('.decide-form')).toContainText('er hentet fram igjen');
    await expect(panel.locator('.decide[data-decided]')).toHaveCount(0);
  };
  await openRoom();
  await panel.getByRole('button', { name: /^Avvis zopiklon/ }).click();
  await why.fill('Han vil vente til');
  await expect(panel.locator('[data-outbox-state="draft"]')).toBeVisible();

  await page.getByLabel('Pasient', { exact: true }).selectOption('p1');
  await expect(panel.locator('[data-patient-banner]')).toContainText('Maja Testdal');
  await openRoom();
  await expect(panel.locator('.change')).toHaveCount(5);
  await expect(why).toHaveCount(0);
  await page.getByLabel('Pasient', { exact: true }).selectOption('p2');
  await expect(panel.locator('[data-patient-banner]')).toContainText('Olav Prøvenes');
  await isBack();

  await page.reload();
  await isBack();
  expect(sandbox.store.at('Task/p2-change-6')?.meta?.versionId).toBe('1');
});

test('the locked screen holds nothing of a half-typed reason, and unlocking brings it back', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/\/hub/);
  await page.clock.install();
  await openAlone(page, sandbox, { user: 'u-gp', patient: 'p2' });
  // The page's own clock stands still unless it is told to go.
  const ticking = setInterval(() => void page.clock.runFor(50), 20);
  await open(page);
  await answer(page, /^Avvis zopiklon/);
  await page.getByRole('textbox', { name: /^Hvorfor/ }).fill('Han vil vente til');
  await expect(page.locator('[data-outbox-state="draft"]')).toBeVisible();
  clearInterval(ticking);
  await page.clock.runFor('11:00');
  await expect(page.getByRole('heading', { name: 'Skjermen er låst' })).toBeFocused();
  expect(await page.locator('body').textContent()).not.toMatch(/Olav|Han vil vente/);
  await page.clock.resume();
  await answer(page, 'Lås opp');
  await open(page);
  await expect(page.getByRole('textbox', { name: /^Hvorfor/ })).toHaveValue('Han vil vente til');
});

test('past the deadline it is back with the sender: one reminder, whoever of the two presses', async ({
  page,
  context,
  sandbox,
}) => {
  const notices = () =>
    sandbox.store
      .all('Communication')
      .filter(({ category }) => JSON.stringify(category ?? '').includes('over-frist'));
  const gp = await context.newPage();
  await openAlone(gp, sandbox, { user: 'u-gp', patient: 'p1' });
  await gp.getByRole('button', { name: /5 endringer venter på deg, over fristen/ }).click();
  const tell = gp.getByRole('button', { name: 'Si fra til Tuva Poliklin at fristen er ute' });
  await expect(tell).toBeVisible();

  await openAlone(page, sandbox, { user: 'u-psy', patient: 'p1' });
  const back = page.getByRole('button', { name: /5 endringer er ikke besvart av Ingrid Fastlund/ });
  await back.click();
  await page.getByRole('button', { name: 'Send påminnelse til Ingrid Fastlund' }).click();
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Ja, send' }).click();
  await expect(page.locator('.sending')).toContainText('Meldt til Ingrid Fastlund');
  expect(notices()).toHaveLength(1);

  // The GP's page was read before that.
  await tell.click();
  await gp.getByRole('button', { name: 'Ja, send' }).click();
  await expect(gp.locator('.sending')).toContainText('Meldt til Ingrid Fastlund');
  await expect(tell).toHaveCount(0);
  expect(notices()).toHaveLength(1);
  expect(sandbox.store.at('Task/p1-changes')?.meta?.versionId).toBe('1');

  await openAlone(page, sandbox, { user: 'u-psy', patient: 'p1' });
  await expect(page.locator('[data-section="evaluation"], .news')).not.toHaveCount(0);
  await page.waitForLoadState('networkidle');
  await expect(back).toHaveCount(0);
});
