// The journal's server is gone: what the side panel may still show of the patient it had (docs/decisions/0016).
import type { Page } from '@playwright/test';
import { badgeTitle } from '../../src/extension/badge.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { nbEvaluation } from '../../src/shell/words/nb-evaluation.ts';
import { nbFollow } from '../../src/shell/words/nb-follow.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { nbOffline } from '../../src/shell/words/nb-offline.ts';
import { expect, isEmptyOfMaja, shows, test } from './extension.ts';
import { axe } from './sandbox.ts';

/**
 * A server that is not there says so in the console, of every question; one that goes while it is being asked has many
 * words for it.
 */
// The journal's own page loses its server as well, and may still have been fetching what follows the journal.
const SILENCE =
  /ERR_CONNECTION_|ERR_SOCKET_NOT_CONNECTED|ERR_EMPTY_RESPONSE|ERR_FAILED|WebSocket|Unable to preload CSS|dynamically imported module/;
// Each opens a browser and the panel twice, and waits for a server that is not there.
test.slow();

const copied = (panel: Page) => panel.getByText('Uten nett. Viser lagret utgave fra');

/** Its key is the last that is put away. */
const kept = (panel: Page) =>
  expect
    .poll(() => panel.evaluate(async () => Object.keys(await chrome.storage.session.get()).join()))
    .toContain('copy.');

/** Somebody looks at Maja, and closes the panel; then the journal's server is gone. */
async function losesTheJournal(panel: Page, sandbox: Sandbox, isKept: boolean): Promise<void> {
  await expect(panel.locator('[data-section="contacts"] [data-item-id]').first()).toBeVisible();
  if (isKept) await kept(panel);
  await panel.close();
  await sandbox.close();
}

test.describe('Where the hospital lets a copy be kept', () => {
  test.use({ rules: { offlineCopyHours: 4 } });

  test('whom to call is still there when the journal is not, with its age, to be read and nothing else', async ({
    page,
    context,
    sandbox,
    loggedIn,
    openSidePanel,
    expectProblem,
  }) => {
    expectProblem(SILENCE);
    await losesTheJournal(loggedIn, sandbox, true);
    const panel = await openSidePanel(page);
    await shows(panel, sandbox, 'p1');
    await expect(copied(panel)).toBeVisible();
    const contacts = panel.locator('[data-section="contacts"]');
    await expect(contacts.locator('[data-item-id]').first()).toContainText('Døgnenhet DPS');
    await expect(contacts).toHaveAttribute('data-stale', 'true');
    await expect(panel.getByText(/^Hentet .* – kan være utdatert$/).first()).toBeVisible();
    expect(await axe(panel)).toEqual([]);

    await panel.getByRole('tab', { name: 'Planer' }).click();
    const begin = panel.getByRole('button', { name: nbEvaluation['eval.new'] });
    await expect(begin).toHaveAttribute('aria-disabled', 'true');
    await expect(begin).toHaveAccessibleDescription(nbEvaluation['why.copy']);
    await panel.getByRole('tab', { name: 'Legemidler' }).click();
    await expect(panel.locator('[data-section="medication"]')).toHaveAttribute(
      'data-state',
      'failed',
    );
    expect(await axe(panel)).toEqual([]);
    expect(
      await panel.evaluate(async () => {
        const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
        return chrome.action.getTitle({ tabId: tab?.id ?? -1 });
      }),
    ).toBe(badgeTitle('failed', 'nb'));

    const other = await context.newPage();
    await other.goto('about:blank');
    await expect(panel.getByRole('heading', { name: nbFollow['ctx.away'] })).toBeVisible();
    await isEmptyOfMaja(panel);
  });

  test('when the journal answers again, trying again shows the journal and no copy', async ({
    page,
    context,
    sandbox,
    handedOver: first,
    openSidePanel,
    expectProblem,
  }) => {
    expectProblem(SILENCE);
    await kept(first);
    await first.close();

    const silent = `${sandbox.fhirBase}/**`;
    await context.route(silent, route => route.abort());
    const panel = await openSidePanel(page);
    await expect(copied(panel)).toBeVisible();
    await panel.getByRole('button', { name: nbOffline['offline.retry'] }).first().click();
    await expect(copied(panel)).toBeVisible();

    await context.unroute(silent);
    await panel.getByRole('button', { name: nbOffline['offline.retry'] }).first().click();
    await expect(copied(panel)).toHaveCount(0);
    await shows(panel, sandbox, 'p1');
    await expect(panel.locator('[data-section="contacts"]')).not.toHaveAttribute('data-stale');
  });
});

test('where nobody has allowed a copy, the panel says that the journal could not be reached', async ({
  page,
  sandbox,
  loggedIn,
  openSidePanel,
  expectProblem,
}) => {
  expectProblem(SILENCE);
  await losesTheJournal(loggedIn, sandbox, false);
  const panel = await openSidePanel(page);
  await expect(
    panel.getByRole('heading', { name: nbLaunch['launch.discovery-unreachable.title'] }),
  ).toBeVisible();
  await isEmptyOfMaja(panel);
});
