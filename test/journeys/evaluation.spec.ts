// A whole evaluation through the real screen (A23, A24; S06, S06b, S07), and what the journal then holds.
import type { Locator, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Resource } from '../../src/sandbox/types.ts';
import { openAlone } from './ehr.ts';
import { canBegin, GOAL, isReceived, MAJA, NEXT, openMaja, PLAN, storedOf } from './evaluating.ts';
import { axe, expect, test } from './sandbox.ts';

const HELPED = 'Planen ble brukt på legevakten: hun sov hjemme';
const CHANGES = [
  ['legemiddel', 'sertralin', '100 mg', '150 mg', 'Fortsatt angst om kvelden', 'Ja'],
  ['tiltak', 'Kveldsbesøk', 'to ganger i uken', 'tre ganger i uken', 'Kveldene er verst', 'Nei'],
  ['kontakt', 'Kveldsteamet', 'til kl. 22', 'til kl. 23', 'Ny åpningstid', 'Ja'],
] as const;

test('W01 happy: one evaluation, from the plan to the doctor, is in the journal whole and once', async ({
  page,
  sandbox,
}) => {
  const indicators = measured(sandbox);
  await openMaja(page, sandbox);
  await page.getByRole('tab', { name: 'Planer' }).click();
  await page.getByRole('button', { name: 'Ny evaluering' }).click();
  const begin = page.getByRole('button', { name: 'Begynn' });
  const first = page.getByRole('heading', { name: /^Steg 1 av 6/ });
  await expect(begin.or(first)).toBeVisible();
  if (await begin.isVisible()) await begin.click();
  await expect(first).toBeFocused();

  await choose(page, 'type', 'planlagt');
  await choose(page, 'mode', 'oppmøte');
  await choose(page, 'patient-participation', 'Deltok');
  for (const box of await question(page, 'present').getByRole('checkbox').all()) await box.check();
  await next(page);
  await goals(page);
  await next(page);
  await page.getByLabel('Hva har hjulpet?').fill(HELPED);
  await page.getByLabel('Hva har ikke hjulpet?').fill('Å vente alene');
  await next(page);
  await answerRest(page);
  await next(page);
  for (const [nth, change] of CHANGES.entries()) await addChange(page, nth, change);
  await next(page);
  await page.getByLabel('Neste evaluering').fill(NEXT);
  await page.getByRole('button', { name: 'Se over og send' }).click();

  await expect(page.getByText('Evalueringen er klar til å sendes.')).toBeVisible();
  await expect(page.getByLabel('Teksten til fastlegen')).toHaveValue(/sertralin 100 → 150 mg/);
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Fullfør og del – Maja Testdal' }).click();
  await isReceived(page);
  await expect(page.locator('.send-status')).toContainText(
    'Mottatt av Fjordvik journal (sandkasse) kl. 20.',
  );

  const { answers, provenance, message } = storedOf(sandbox, HELPED);
  expect(answers).toHaveLength(1);
  const [answer] = answers;
  const ref = `QuestionnaireResponse/${answer?.id}`;
  expect(answer).toMatchObject({
    status: 'completed',
    subject: { reference: 'Patient/p1' },
    authored: expect.stringMatching(/^2026-11-21T20:\d\d:\d\d(\.\d+)?\+01:00$/),
    identifier: { system: 'urn:ietf:rfc:3986', value: expect.stringMatching(/^urn:uuid:/) },
    basedOn: [{ reference: PLAN }],
  });
  const [meeting] = made(sandbox, 'Encounter', answer);
  expect(meeting).toMatchObject({ status: 'finished', subject: { reference: 'Patient/p1' } });
  expect(sandbox.store.at(GOAL)).toMatchObject({ achievementStatus: { text: expect.anything() } });
  expect(sandbox.store.at(GOAL)?.meta?.versionId).not.toBe('1');
  expect(JSON.stringify(sandbox.store.at(PLAN))).toContain(NEXT);
  const tasks = sandbox.store.all('Task').filter(task => JSON.stringify(task).includes(ref));
  const asked = tasks.map(task => JSON.stringify(task)).join();
  // The doctor is asked about the two that are hers to decide, and about no other.
  expect(asked).toContain('sertralin');
  expect(asked).toContain('Kveldsteamet');
  expect(asked).not.toContain('Kveldsbesøk');
  expect(message).toMatchObject([{ subject: { reference: 'Patient/p1' } }]);
  expect(JSON.stringify(message)).toContain('sertralin');
  expect(JSON.stringify(message)).not.toMatch(/128507/);
  expect(provenance).toHaveLength(1);
  expect(JSON.stringify(provenance)).toContain(`${PLAN}/_history/`);
  expect(measured(sandbox)).not.toEqual(indicators);

  // And it is there for whoever reads the record now.
  await page.getByRole('button', { name: 'Tilbake til planene' }).click();
  await expect(page.locator('[data-section="evaluation"]')).toContainText(HELPED);
  await expect(page.locator('[data-section="evaluation"]')).toContainText('sertralin');
});

test('A04 keyboard: a whole evaluation without a mouse', async ({ page, sandbox }) => {
  await openAlone(page, sandbox, MAJA);
  await canBegin(page);
  await tabTo(page, '[role="tab"][aria-selected="true"]');
  await page.keyboard.press('ArrowRight');
  await tabTo(page, '#ny-evaluering');
  await page.keyboard.press('Enter');
  const title = page.locator('.evaluation .step-title');
  const begin = page.getByRole('button', { name: 'Begynn' });
  await expect(begin.or(title)).toBeVisible();
  if (await begin.isVisible()) {
    await tabTo(page, '.evaluation button');
    await page.keyboard.press('Enter');
  }
  for (const step of [1, 2, 3, 4, 5, 6]) {
    await expect(title).toHaveText(new RegExp(`^Steg ${step} av 6`));
    await expect(title).toBeFocused();
    await answerByKeys(page);
    await tabTo(page, '.buttons > .ds-button:not([data-variant])');
    await page.keyboard.press('Enter');
  }
  await expect(page.getByText('Evalueringen er klar til å sendes.')).toBeVisible();
  await tabTo(page, '.send-button');
  await page.keyboard.press('Enter');
  await isReceived(page);
  expect(storedOf(sandbox, 'Tastene alene').answers).toHaveLength(1);
  // Nobody is left where there is nothing: the focus is on what became of it.
  await expect(page.getByRole('heading', { name: 'Evalueringen av Maja Testdal' })).toBeFocused();
});

const question = (page: Page, linkId: string): Locator =>
  page.locator(`.evaluation [data-link-id="${linkId}"]`).first();

async function choose(page: Page, linkId: string, label: string): Promise<void> {
  await choice(question(page, linkId), label);
}

/** Radios, or a list where there are many. */
async function choice(field: Locator, label: string): Promise<void> {
  const list = field.getByRole('combobox');
  if ((await list.count()) > 0) await list.selectOption({ label });
  else await field.getByRole('radio', { name: label, exact: true }).check();
}

const next = (page: Page) => page.getByRole('button', { name: /^Neste:/ }).click();

async function goals(page: Page): Promise<void> {
  const each = page.locator('.evaluation .group[data-link-id="goal-status"]');
  const count = await each.count();
  expect(count).toBeGreaterThan(1);
  for (let nth = 0; nth < count; nth += 1) {
    const goal = each.nth(nth);
    await choice(goal.locator('[data-link-id="status"]'), nth === 0 ? 'Nådd' : 'Delvis nådd');
    await goal.locator('[data-link-id="own-score"] input.number').fill('7');
  }
  await answerRest(page);
}

/** What else this step requires. */
async function answerRest(page: Page): Promise<void> {
  for (const field of await page.locator('.evaluation input.number[aria-required="true"]').all())
    if ((await field.inputValue()) === '') await field.fill('7');
  for (const radios of await page
    .locator('.evaluation [role="radiogroup"][aria-required="true"]')
    .all())
    if ((await radios.locator('input:checked').count()) === 0)
      await radios.getByRole('radio').first().check();
}

async function addChange(
  page: Page,
  nth: number,
  [kind, what, from, to, why, decides]: (typeof CHANGES)[number],
): Promise<void> {
  await page.getByRole('button', { name: /^Legg til: / }).click();
  const change = page.locator('.evaluation .group[data-link-id="change"]').nth(nth);
  const field = (linkId: string) => change.locator(`[data-link-id="${linkId}"]`).first();
  await choice(field('kind'), kind);
  await field('what').getByRole('textbox').fill(what);
  await field('from').getByRole('textbox').fill(from);
  await field('to').getByRole('textbox').fill(to);
  await field('why').getByRole('textbox').fill(why);
  await choice(field('gp-decides'), decides);
}

/** What was made of this type and the answers point at. */
function made(sandbox: Sandbox, type: string, answer: Resource | undefined): readonly Resource[] {
  const text = JSON.stringify(answer);
  return sandbox.store.all(type).filter(({ id }) => text.includes(`${type}/${id}`));
}

const measured = (sandbox: Sandbox): readonly string[] =>
  sandbox.store.all('MeasureReport').map(report => JSON.stringify(report));

/** Tab until the focus is there; as a person does, and no further than a person would. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) === true, selector))
      return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${selector}`);
}

/** Answers every question on the step that must be answered, by the keys alone. */
async function answerByKeys(page: Page): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const here = document.activeElement;
      if (!(here instanceof HTMLElement) || here.matches('.buttons > *')) return 'end';
      const field = here.closest('[data-link-id]')?.getAttribute('data-link-id') ?? '';
      const required = here.closest('[aria-required="true"]') !== null;
      if (here.matches('input[type="radio"]') && required) return 'radio';
      if (field === 'present' && here.matches('input[type="checkbox"]')) return 'present';
      if (here.matches('input.number') && required) return 'number';
      if (field === 'helped') return 'helped';
      return field === 'next-evaluation' ? 'date' : 'other';
    });
    if (at === 'end') return;
    if (at === 'radio') await page.keyboard.press('Space');
    if (at === 'present' && (await page.locator('.evaluation :focus:checked').count()) === 0)
      await page.keyboard.press('Space');
    if (at === 'number') await page.keyboard.type('7');
    if (at === 'helped') await page.keyboard.type('Tastene alene');
    if (at === 'date') {
      // The parts of a date in a Norwegian browser; Tab goes from one to the next, and so out of it.
      await page.keyboard.type('14012027');
      return;
    }
  }
}
