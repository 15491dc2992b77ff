// S23: somebody else saved the same while it was being written (CATALOGUE W12, W23).
import type { Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  evaluate,
  GOAL,
  isReceived,
  isThereOnce,
  openMaja,
  PLAN,
  somebodyChanges,
  states,
  storedOf,
} from './evaluating.ts';
import { axe, expect, test } from './sandbox.ts';

const THEIRS = { text: 'Ikke nådd' };
const achievement = (sandbox: Sandbox) => sandbox.store.at(GOAL)?.['achievementStatus'];

/** Up to where both versions stand on screen and nobody has chosen. */
async function intoConflict(page: Page, sandbox: Sandbox) {
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await somebodyChanges(sandbox, GOAL, {
    achievementStatus: THEIRS,
    note: [{ text: 'Ringte kveldsvakta' }],
  });
  await page.locator('.send-button').click();
  await expect(states(page)).toHaveAttribute('data-outbox-state', 'conflict');
  await page.locator('.send-status').getByRole('button', { name: 'Se begge' }).click();
  return page.locator('.send-status [data-conflict]');
}

test.beforeEach(({ expectProblem }) => expectProblem(/412|409/));

test('W12 if-match-412: both versions are shown beside one’s own, nothing is overwritten, and nothing is chosen', async ({
  page,
  sandbox,
}) => {
  const conflict = await intoConflict(page, sandbox);
  const heading = conflict.getByRole('heading', { level: 3 });
  await expect(heading).toBeFocused();
  await expect(heading).toHaveText(
    'Noen lagret målet «Jeg vil klare kvelden uten å kutte meg» kl. 20.11, mens du skrev',
  );
  const versions = conflict.locator('.versions').filter({ hasText: 'Din endring' }).first();
  await expect(versions.locator('[data-version="conflict.theirs"] dd')).toHaveText('Ikke nådd');
  await expect(versions.locator('[data-version="conflict.mine"] dd')).toHaveText(/nådd/i);
  await expect(conflict).toContainText('Ringte kveldsvakta');
  await expect(conflict.getByRole('button')).toHaveText([
    'Behold deres, send resten',
    'Sett min endring på den nye utgaven',
    'Vent',
  ]);
  expect(await axe(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  expect(achievement(sandbox)).toEqual(THEIRS);
  expect(storedOf(sandbox).answers).toHaveLength(0);
});

test('«Behold deres, send resten» leaves the goal as the other saved it, and the evaluation arrives', async ({
  page,
  sandbox,
}) => {
  const conflict = await intoConflict(page, sandbox);
  await conflict.getByRole('button', { name: 'Behold deres' }).click();
  await isReceived(page);
  isThereOnce(sandbox);
  expect(achievement(sandbox)).toEqual(THEIRS);
});

test('«Sett min endring på den nye utgaven» changes what was set, and keeps what the other wrote beside it', async ({
  page,
  sandbox,
}) => {
  const conflict = await intoConflict(page, sandbox);
  await conflict.getByRole('button', { name: 'Sett min endring' }).click();
  await isReceived(page);
  isThereOnce(sandbox);
  expect(achievement(sandbox)).not.toEqual(THEIRS);
  expect(sandbox.store.at(GOAL)?.['note']).toEqual([{ text: 'Ringte kveldsvakta' }]);
});

test('«Vent» sends nothing, keeps the text, and the choice is there again when the panel is opened anew', async ({
  page,
  sandbox,
}) => {
  const conflict = await intoConflict(page, sandbox);
  await conflict.getByRole('button', { name: 'Vent' }).click();
  await expect(conflict).toHaveCount(0);
  await openMaja(page, sandbox);
  await expect(states(page)).toHaveAttribute('data-outbox-state', 'conflict');
  expect(storedOf(sandbox).answers).toHaveLength(0);
  const tray = page.getByRole('region', { name: 'Det du har skrevet' });
  await tray.getByText('1 trenger deg').click();
  await tray.getByRole('button', { name: 'Se begge' }).click();
  await tray.getByRole('button', { name: 'Behold deres' }).click();
  await isReceived(page);
  isThereOnce(sandbox);
});

test('a change to the plan’s title is no reason to ask twice: setting the next date keeps the new title', async ({
  page,
  sandbox,
}) => {
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await somebodyChanges(sandbox, PLAN, { title: 'Behandlingsplan DPS, ny tittel' });
  await page.locator('.send-button').click();
  await page.locator('.send-status').getByRole('button', { name: 'Se begge' }).click();
  const conflict = page.locator('.send-status [data-conflict]');
  await expect(conflict).toContainText('Det er ikke samme felt som du endret.');
  await conflict.getByRole('button', { name: 'Sett min endring' }).click();
  await isReceived(page);
  expect(sandbox.store.at(PLAN)?.['title']).toBe('Behandlingsplan DPS, ny tittel');
  expect(JSON.stringify(sandbox.store.at(PLAN))).toContain('2027-01-14');
});
