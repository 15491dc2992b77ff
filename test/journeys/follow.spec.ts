import type { FrameLocator, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openAlone, openEhr, sidebar } from './ehr.ts';
import { axe, expect, test } from './sandbox.ts';

/** What somebody does in the journal, beside the panel (CONTRACT, `POST /ehr/context`). */
async function inTheJournal(sandbox: Sandbox, what: 'context' | 'logout', body: object) {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'u-lv', ...body }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
const show = (sandbox: Sandbox, patient: string | null) =>
  inTheJournal(sandbox, 'context', { patient });

/** The panel shows Maja, and would know if the journal turned to somebody else. */
async function followsMaja(panel: FrameLocator | Page, sandbox: Sandbox, socket: Promise<unknown>) {
  await expect(panel.locator('[data-patient-banner]')).toContainText('Maja Testdal');
  await expect(panel.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
  await socket;
  await expect(panel.getByText('følger ikke journalen')).toHaveCount(0);
}

/** The hub's confirmation has reached the panel. */
const connected = (page: Page) =>
  page
    .waitForEvent('websocket', socket => socket.url().includes('/hub/'))
    .then(socket => socket.waitForEvent('framereceived'));

async function isEmptyOfMaja(panel: FrameLocator | Page) {
  await expect(panel.locator('html')).toHaveAttribute('data-context', '');
  await expect(panel.locator('[data-section], [data-item-id], [data-patient-banner]')).toHaveCount(
    0,
  );
  expect(await panel.locator('body').textContent()).not.toMatch(/Maja|128507/);
}

test('C11 tab-switch: when the journal turns to Olav, nothing of Maja is left in the panel', async ({
  page,
  sandbox,
}) => {
  const socket = connected(page);
  const panel = await openEhr(page, sandbox);
  await followsMaja(panel, sandbox, socket);
  await show(sandbox, 'p2');
  await expect(
    panel.getByRole('heading', { name: 'Journalsystemet viser nå Olav Prøvenes' }),
  ).toBeFocused();
  await isEmptyOfMaja(panel);
  // The journal itself shows him.
  await expect(page.getByRole('heading', { name: 'Olav Prøvenes' })).toBeVisible();
  const frame = page.frames().find(each => each.url().startsWith(sandbox.appOrigin));
  expect(frame && (await axe(frame))).toEqual([]);

  await show(sandbox, 'p1');
  await followsMaja(panel, sandbox, Promise.resolve());
  await expect(panel.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
});

test('a panel that has shown many patients has kept one mark of each part, the latest (CONTRACT)', async ({
  page,
  sandbox,
}) => {
  const socket = connected(page);
  const panel = await openEhr(page, sandbox);
  await followsMaja(panel, sandbox, socket);
  const marks = () =>
    panel
      .locator('html')
      .evaluate(() =>
        performance.getEntriesByName('sideplan:contacts').map(({ startTime }) => startTime),
      );
  await expect.poll(marks).toHaveLength(1);
  const before = await marks();
  await show(sandbox, 'p2');
  await isEmptyOfMaja(panel);
  await show(sandbox, 'p1');
  await followsMaja(panel, sandbox, Promise.resolve());
  await expect.poll(marks).not.toEqual(before);
  expect(await marks()).toHaveLength(1);
});

test('«Bytt til» asks the journal to open Sideplan for the patient it shows', async ({
  page,
  sandbox,
}) => {
  const socket = connected(page);
  const panel = await openEhr(page, sandbox);
  await followsMaja(panel, sandbox, socket);
  await show(sandbox, 'p3');
  await panel.getByRole('button', { name: 'Bytt til Turid Demohaug' }).click();
  await expect(panel.locator('[data-patient-banner]')).toContainText('Turid Demohaug');
  await expect(panel.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p3`);
});

test('when the chart is closed the panel says so, and a reload does not bring the patient back', async ({
  page,
  sandbox,
}) => {
  const socket = connected(page);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await followsMaja(page, sandbox, socket);
  await show(sandbox, null);
  const closed = page.getByRole('heading', { name: 'Ingen pasient er åpen i journalsystemet' });
  await expect(closed).toBeVisible();
  await isEmptyOfMaja(page);
  // In a window of its own there is nobody to ask.
  await expect(page.getByText(/Åpne Sideplan fra journalen/)).toBeVisible();
  await show(sandbox, 'p2');
  await expect(page.getByRole('heading', { name: /viser nå Olav/ })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('heading', { name: /viser nå Olav/ })).toBeVisible();
  await isEmptyOfMaja(page);
});

test('who logs out of the journal is logged out of Sideplan', async ({ page, sandbox }) => {
  const socket = connected(page);
  const panel = await openEhr(page, sandbox);
  await followsMaja(panel, sandbox, socket);
  await inTheJournal(sandbox, 'logout', {});
  await expect(panel.getByRole('heading', { name: /logget ut/i })).toBeVisible();
  await isEmptyOfMaja(panel);
});

test('while the hub is gone the panel says it does not follow, and catches up afterwards', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  // What the hub was just saying when it was cut off here is thrown back by what stands in for the wire.
  expectProblem(/WebSocket is already in CLOSING or CLOSED state/);
  let cut: (() => void) | undefined;
  let open = true;
  await page.routeWebSocket(/\/hub\//, socket => {
    if (!open) return socket.close();
    const server = socket.connectToServer();
    cut = () => {
      void socket.close();
      void server.close();
    };
    return undefined;
  });
  const panel = await openEhr(page, sandbox);
  const status = panel.getByText('Panelet følger ikke journalen – sjekk pasienten');
  await expect(panel.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
  await expect.poll(() => cut).toBeDefined();
  await expect(status).toHaveCount(0);
  open = false;
  cut?.();
  await expect(status).toBeVisible();
  await expect(panel.locator('[data-patient-banner]')).toContainText('Maja Testdal');
  // Nobody hears this one.
  await show(sandbox, 'p2');
  await expect(panel.locator('[data-patient-banner]')).toContainText('Maja Testdal');
  open = true;
  await expect(panel.getByRole('heading', { name: /viser nå Olav/ })).toBeVisible();
  await isEmptyOfMaja(panel);
});

test('«Lukk Sideplan» in the menu asks the journal to close the panel', async ({
  page,
  sandbox,
}) => {
  const panel = await openEhr(page, sandbox);
  await panel.getByRole('button', { name: 'Meny' }).click();
  await panel.getByRole('button', { name: 'Lukk Sideplan' }).click();
  await expect(page.getByText('Sideplan er lukket.')).toBeVisible();
  await expect(sidebar(page).locator('[data-patient-banner]')).toHaveCount(0);
});

test('C14 idle-lock, A09: a minute before the screen is locked it is said, and can be put off', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  // Ten minutes of the panel pass in a second of the hub's: it misses heartbeats, and leases it renews are gone.
  expectProblem(/\/hub/);
  await page.clock.install();
  const socket = connected(page);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  // Whether somebody is there is watched from when the record is on screen.
  await followsMaja(page, sandbox, socket);
  const warning = page.getByRole('alert').filter({ hasText: 'Skjermen låses om' });
  await page.clock.runFor('08:55');
  await expect(warning).toHaveCount(0);
  await page.clock.runFor('00:10');
  await expect(warning).toHaveText('Skjermen låses om mindre enn 60 sekunder');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Fortsett' }).click();
  await expect(warning).toHaveCount(0);
  await page.clock.runFor('08:55');
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
  await page.clock.runFor('01:10');
  const locked = page.getByRole('heading', { name: 'Skjermen er låst' });
  await expect(locked).toBeFocused();
  await expect(page.locator('html')).toHaveAttribute('data-locked', 'true');
  await isEmptyOfMaja(page);
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Lås opp' }).click();
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja Testdal');
  await expect(page.locator('html')).not.toHaveAttribute('data-locked');
});
