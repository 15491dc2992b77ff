// The journal turns to somebody else, nobody is there, or the panel is taken away, while an evaluation is being written.
import type { Frame, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openAlone, openEhr, scenario, sidebar } from './ehr.ts';
import {
  canBegin,
  evaluate,
  isReceived,
  isThereOnce,
  MAJA,
  openMaja,
  SAID,
  states,
  storedOf,
} from './evaluating.ts';
import { expect, test } from './sandbox.ts';

/** What somebody does in the journal, beside the panel (CONTRACT, `POST /ehr/context`). */
async function show(sandbox: Sandbox, patient: string): Promise<void> {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/context`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'u-psy', patient }),
  });
  expect(answer.ok).toBe(true);
}

/** Sideplan's own frame in the journal's page, when one can begin to evaluate there. */
async function frameOf(page: Page): Promise<Frame> {
  const begin = sidebar(page).locator('#ny-evaluering[aria-disabled="false"]');
  await begin.waitFor({ state: 'attached', timeout: 20_000 });
  const frame = await (await begin.elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the panel is not in the page');
  return frame;
}

const connected = (page: Page) =>
  page
    .waitForEvent('websocket', socket => socket.url().includes('/hub/'))
    .then(socket => socket.waitForEvent('framereceived'));

test('C02 what was on its way when the journal turned to Olav is about Maja and nobody else, and there once', async ({
  page,
  sandbox,
}) => {
  const socket = connected(page);
  await openEhr(page, sandbox, MAJA);
  const frame = await frameOf(page);
  await socket;
  await evaluate(frame, 'review');
  await scenario(sandbox, { match: '/^POST \\/fhir$/', nth: 1, afterMs: 1500 });
  await frame.locator('.send-button').click();
  await expect(states(frame)).toHaveAttribute('data-outbox-state', 'sending');
  await show(sandbox, 'p2');
  await expect(frame.getByRole('heading', { name: /viser nå Olav/ })).toBeVisible();
  await expect(states(frame)).toHaveCount(0);
  expect(await frame.locator('body').textContent()).not.toMatch(/Maja|Fiolinen/);
  const olav = sandbox.store
    .all('QuestionnaireResponse')
    .filter(({ subject }) => JSON.stringify(subject).includes('Patient/p2'));
  expect(JSON.stringify(olav)).not.toContain(SAID);
  await show(sandbox, 'p1');
  await isReceived(frame, 20_000);
  isThereOnce(sandbox);
});

test('C02 what was kept and not yet sent is not sent while the journal shows Olav', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/503/);
  const socket = connected(page);
  await openEhr(page, sandbox, MAJA);
  const frame = await frameOf(page);
  await socket;
  await evaluate(frame, 'review');
  await scenario(sandbox, { match: '/^POST \\/fhir$/', status: 503 });
  await frame.locator('.send-button').click();
  await expect(frame.locator('.send-status')).toContainText('opptatt');
  await show(sandbox, 'p2');
  await expect(frame.getByRole('heading', { name: /viser nå Olav/ })).toBeVisible();
  await scenario(sandbox);
  // Longer than it would have waited before the next attempt.
  await page.waitForTimeout(4000);
  expect(storedOf(sandbox).answers).toHaveLength(0);
  await show(sandbox, 'p1');
  await isReceived(frame, 20_000);
  isThereOnce(sandbox);
});

test('C03 draft-isolation: what is half written about Maja is nowhere with Olav, and is offered again with her', async ({
  page,
  sandbox,
}) => {
  // Both patients are hers.
  const doctor = { user: 'u-gp' };
  await openMaja(page, sandbox, doctor);
  await evaluate(page, 'review');
  await expect(page.getByText(/Kladd lagret kl\./)).toBeVisible();
  await openAlone(page, sandbox, { ...doctor, patient: 'p2' });
  await expect(page.locator('[data-patient-banner]')).toContainText('Olav');
  await page.getByRole('tab', { name: 'Planer' }).click();
  const begin = page.locator('#ny-evaluering[aria-disabled="false"]');
  if ((await begin.count()) > 0) await begin.click();
  await expect(page.getByText('Du har en kladd')).toHaveCount(0);
  expect(await page.locator('body').textContent()).not.toContain(SAID);
  // A colleague on the same machine is not offered it either.
  await openAlone(page, sandbox, { patient: 'p1', user: 'u-psy' });
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
  await expect(page.getByText('Du har en kladd')).toHaveCount(0);
  await openMaja(page, sandbox, doctor);
  await page.getByRole('tab', { name: 'Planer' }).click();
  await page.getByRole('button', { name: 'Ny evaluering' }).click();
  await expect(page.getByText('Du har en kladd')).toBeVisible();
  await page.getByRole('button', { name: 'Fortsett på kladden' }).click();
  await expect(page.getByLabel('Teksten til fastlegen')).toHaveValue(new RegExp(SAID));
});

test('C14 idle-lock: the locked screen holds nothing of the draft, and unlocking offers it again', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/\/hub/);
  await page.clock.install();
  await openAlone(page, sandbox, MAJA);
  await canBegin(page);
  const filled = evaluate(page, 'review');
  // The page's own clock stands still unless it is told to go.
  const ticking = setInterval(() => void page.clock.runFor(50), 20);
  await filled.finally(() => clearInterval(ticking));
  await page.clock.runFor('11:00');
  await expect(page.getByRole('heading', { name: 'Skjermen er låst' })).toBeFocused();
  expect(await page.locator('body').textContent()).not.toMatch(/Maja|Fiolinen/);
  await page.clock.resume();
  await page.getByRole('button', { name: 'Lås opp' }).click();
  await canBegin(page);
  await page.getByRole('tab', { name: 'Planer' }).click();
  await page.getByRole('button', { name: 'Ny evaluering' }).click();
  await expect(page.getByText('Du har en kladd')).toBeVisible();
});

test('W23 teardown: however soon the journal takes the panel away, the evaluation is kept or its draft is', async ({
  page,
  sandbox,
}) => {
  test.setTimeout(120_000);
  for (const [ms, how] of [
    [0, 'removed'],
    [0, 'navigated'],
    [5, 'navigated'],
    [15, 'removed'],
    [40, 'navigated'],
    [90, 'removed'],
    [200, 'navigated'],
  ] as const) {
    const said = `${SAID} ${how} ${ms}`;
    await openEhr(page, sandbox, MAJA);
    const frame = await frameOf(page);
    await evaluate(frame, 'review', said);
    await frame.evaluate(() => document.querySelector<HTMLButtonElement>('.send-button')?.click());
    await page.waitForTimeout(ms);
    await page.evaluate(away => {
      const panel = document.querySelector<HTMLIFrameElement>('[data-chart="patient"] iframe');
      if (away === 'removed') panel?.remove();
      else if (panel) panel.src = 'about:blank';
    }, how);
    await openEhr(page, sandbox, MAJA);
    const again = await frameOf(page);
    const sent = () => storedOf(sandbox, said).answers.length;
    const waits = await states(again).count();
    if (sent() === 0 && waits === 0) {
      await again.evaluate(() => document.getElementById('ny-evaluering')?.click());
      await expect(again.getByText('Du har en kladd')).toBeAttached();
    } else await expect.poll(sent, { timeout: 20_000 }).toBe(1);
  }
});

test('L16 launch-csrf: being opened writes nothing; the press that writes names her', async ({
  page,
  sandbox,
}) => {
  const before = versions(sandbox);
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  expect(versions(sandbox)).toBe(before);
  await expect(page.locator('.send-button')).toHaveAccessibleName('Fullfør og del – Maja Testdal');
  await expect(page.locator('.send')).toContainText('Du skriver nå til Maja Testdal, 128507 98271');
});

test('L18 banner-false: a journal that shows the patient itself does not take her name off the press', async ({
  page,
  sandbox,
}) => {
  await scenario(sandbox, { match: '/auth/token', bodyPatch: { need_patient_banner: false } });
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await expect(page.locator('.send-button')).toHaveAccessibleName('Fullfør og del – Maja Testdal');
  await expect(page.locator('.send')).toContainText('Du skriver nå til Maja Testdal, 128507 98271');
});

/** Everything the store holds, by version. */
const versions = (sandbox: Sandbox): string =>
  sandbox.store
    .all()
    .map(({ resourceType, id, meta }) => `${resourceType}/${id}|${meta?.versionId}`)
    .sort()
    .join();
