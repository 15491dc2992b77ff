// From the journal's own page, or the toolbar, to a patient in the genuine side panel; and what the toolbar then says.
import type { BrowserContext, Page } from '@playwright/test';
import { badgeTitle } from '../../src/extension/badge.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { expect, hand, logIn, loginWindow, shows, test } from './extension.ts';
import { axe } from './sandbox.ts';

/** What the toolbar icon says while this tab is in front. */
const badge = (panel: Page) =>
  panel.evaluate(async () => {
    const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
    const tabId = tab?.id ?? -1;
    return Promise.all([chrome.action.getBadgeText({ tabId }), chrome.action.getTitle({ tabId })]);
  });

test('a press in the journal opens the panel with its patient, and nobody logs in', async ({
  page,
  sandbox,
  extensionId,
  openFromJournal,
}) => {
  await page.goto(`${sandbox.ehrOrigin}/`);
  const panel = await openFromJournal(page);
  await shows(panel, sandbox, 'p1');
  await expect(panel.locator('[data-section="contacts"] [data-item-id]').first()).toContainText(
    'Døgnenhet DPS',
  );
  expect(panel.url()).toBe(`chrome-extension://${extensionId}/index.html`);
  expect(await axe(panel)).toEqual([]);
});

test('a press in the journal goes to the panel that is already open', async ({
  page,
  sandbox,
  panel,
}) => {
  await expect(panel.getByRole('button', { name: nbLaunch['launch.window'] })).toBeVisible();
  await hand(page).click();
  await shows(panel, sandbox, 'p1');
});

test('a panel that is closed and opened again has the same patient without a new login', async ({
  page,
  sandbox,
  openSidePanel,
  handedOver: first,
}) => {
  await first.close();
  await shows(await openSidePanel(page), sandbox, 'p1');
});

test('whoever logs out is not logged in again by opening the panel', async ({
  page,
  context,
  sandbox,
  openSidePanel,
  handedOver: first,
}) => {
  await first.getByRole('button', { name: 'Meny' }).click();
  await first.getByRole('button', { name: 'Logg ut' }).click();
  await expect(
    first.getByRole('heading', { name: nbLaunch['launch.logged-out.title'] }),
  ).toBeVisible();
  await first.close();
  const second = await openSidePanel(page);
  await expect(second.getByRole('button', { name: nbLaunch['launch.window'] })).toBeVisible();
  await logIn(context, second);
  await shows(second, sandbox, 'p1');
});

test('the toolbar says what there is, in words and with a sign, and never about whom', async ({
  context,
  sandbox,
  panel,
}) => {
  await expect(panel.getByRole('button', { name: nbLaunch['launch.window'] })).toBeVisible();
  await expect.poll(() => badge(panel)).toEqual(['', badgeTitle('nobody', 'nb')]);
  await logIn(context, panel);
  await shows(panel, sandbox, 'p1');
  await expect.poll(() => badge(panel)).toEqual(['!', badgeTitle('attention', 'nb')]);
  await panel.getByRole('button', { name: 'Meny' }).click();
  await panel.getByRole('button', { name: 'Logg ut' }).click();
  await expect.poll(() => badge(panel)).toEqual(['', badgeTitle('nobody', 'nb')]);
});

test('the toolbar says that something went wrong when the journal’s server does not answer', async ({
  context,
  panel,
  expectProblem,
}) => {
  expectProblem(/503/);
  await breaks(context);
  await panel.getByRole('button', { name: nbLaunch['launch.window'] }).click();
  await expect(
    panel.getByRole('heading', { name: nbLaunch['launch.discovery-refused.title'] }),
  ).toBeVisible();
  await expect.poll(() => badge(panel)).toEqual(['×', badgeTitle('failed', 'nb')]);
});

const breaks = (context: BrowserContext) =>
  context.route('**/.well-known/smart-configuration', route => route.fulfill({ status: 503 }));

test.describe('E10 webauthflow', () => {
  test('an answer to somebody else’s question is refused, and one can begin again', async ({
    context,
    sandbox,
    panel,
  }) => {
    const window = await loginWindow(context, panel);
    await window.getByLabel('Pasient').waitFor();
    const back = new URL(window.url()).searchParams.get('redirect_uri');
    const redirect = back ?? (await panel.evaluate(() => chrome.identity.getRedirectURL('smart')));
    await window.goto(`${redirect}?code=stolen&state=window.somebody-elses`).catch(() => {});
    await expect(
      panel.getByRole('heading', { name: nbLaunch['launch.state-unknown.title'] }),
    ).toBeVisible();
    await expect(panel.locator('html')).toHaveAttribute('data-context', '');
    await panel.getByRole('button', { name: nbLaunch['launch.afresh'] }).click();
    await logIn(context, panel);
    await shows(panel, sandbox, 'p1');
  });

  test('another host than the extension’s own ends nothing: the window waits, and closing it is no session', async ({
    context,
    sandbox,
    panel,
  }) => {
    const window = await loginWindow(context, panel);
    await window.getByLabel('Pasient').waitFor();
    await window.goto(`${sandbox.appOrigin}/index.html?code=x&state=window.y`);
    await expect(panel.getByText(nbLaunch['launch.opening'])).toBeVisible();
    await window.close();
    await expect(
      panel.getByRole('heading', { name: nbLaunch['launch.window-closed.title'] }),
    ).toBeVisible();
  });
});
