// The genuine side panel belongs to one tab of one window, and to the chart in it (SAFETY TM22; C11, C12, E09).
import type { Page } from '@playwright/test';
import { nbFollow } from '../../src/shell/words/nb-follow.ts';
import { turnTo } from './ehr.ts';
import { expect, isEmptyOfMaja, logIn, shows, showsAgain, test } from './extension.ts';
import { axe } from './sandbox.ts';

const heading = (panel: Page, name: string) => panel.getByRole('heading', { name });

test('C11 tab-switch: another tab in front empties the panel, and going back reads the patient anew', async ({
  page,
  context,
  sandbox,
  loggedIn: panel,
}) => {
  await measures(panel);
  const other = await context.newPage();
  await other.goto('about:blank');
  await expect(heading(panel, nbFollow['ctx.away'])).toBeVisible();
  await isEmptyOfMaja(panel);
  // By the panel's own clock, from Chrome's word to the empty page (TM22).
  expect(
    await panel.evaluate(() => Number(document.documentElement.dataset['delay'])),
  ).toBeLessThan(100);
  expect(await axe(panel)).toEqual([]);
  await page.bringToFront();
  await shows(panel, sandbox, 'p1');
});

test('a tab that goes to another page empties the panel until somebody has said who is there', async ({
  page,
  sandbox,
  loggedIn: panel,
}) => {
  await page.goto(`${sandbox.appOrigin}/index.html`);
  await expect(heading(panel, nbFollow['ctx.moved'])).toBeVisible();
  await isEmptyOfMaja(panel);
  await panel.getByRole('button', { name: nbFollow['ctx.moved.same'] }).click();
  await shows(panel, sandbox, 'p1');
});

test.describe('Without permission for the journal’s pages', () => {
  test.use({ letIn: false });
  test('a tab that loads another page empties the panel all the same', async ({
    page,
    sandbox,
    loggedIn: panel,
  }) => {
    await page.goto(`${sandbox.ehrOrigin}/?patient=p2`);
    await expect(heading(panel, nbFollow['ctx.moved'])).toBeVisible();
    await isEmptyOfMaja(panel);
  });
});

test('when the journal turns to another patient the panel is emptied, and can be opened for that one', async ({
  page,
  sandbox,
  handedOver: panel,
}) => {
  await page.getByLabel('Pasient', { exact: true }).selectOption('p2');
  await expect(heading(panel, nbFollow['ctx.changed.unnamed'])).toBeVisible();
  await isEmptyOfMaja(panel);
  await panel.getByRole('button', { name: nbFollow['ctx.another.open'] }).click();
  await shows(panel, sandbox, 'p2');
});

test('where the journal has a hub, its word counts: Olav in the journal, nothing of Maja in the panel, and back', async ({
  sandbox,
  handedOver: panel,
}) => {
  await expect(panel.getByText(nbFollow['ctx.lost'])).toHaveCount(0);
  await turnTo(sandbox, 'p2');
  await expect(heading(panel, 'Journalsystemet viser nå Olav Prøvenes')).toBeVisible();
  await isEmptyOfMaja(panel);
  await turnTo(sandbox, 'p1');
  await expect(heading(panel, 'Journalsystemet viser nå Olav Prøvenes')).toHaveCount(0);
  await showsAgain(panel, sandbox, 'p1');
});

test('C12 two-windows: each window has its own patient, and what happens in one is nothing to the other', async ({
  page,
  context,
  sandbox,
  openSidePanel,
  openFromJournal,
}) => {
  await page.goto(`${sandbox.ehrOrigin}/?patient=p1`);
  const one = await openSidePanel(page);
  await logIn(context, one, 'p1');
  await shows(one, sandbox, 'p1');
  const second = await newWindow(page, `${sandbox.ehrOrigin}/?patient=p2`);
  const other = await openFromJournal(second);
  await shows(other, sandbox, 'p2');
  await expect(one.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
  // E09: the journal in the second window turns, and the first panel does not.
  await second.getByLabel('Pasient', { exact: true }).selectOption('p3');
  await expect(heading(other, nbFollow['ctx.changed.unnamed'])).toBeVisible();
  await expect(one.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
  await expect(one.locator('[data-patient-banner]')).toContainText('Maja');
});

async function newWindow(page: Page, address: string): Promise<Page> {
  const cdp = await page.context().browser()!.newBrowserCDPSession();
  const opened = page.context().waitForEvent('page');
  await cdp.send('Target.createTarget', { url: address, newWindow: true });
  const window = await opened;
  await window.waitForLoadState();
  return window;
}

/** Notes, in the panel, the milliseconds from Chrome's word that another tab is in front until nobody is in context. */
function measures(panel: Page): Promise<void> {
  return panel.evaluate(() => {
    const root = document.documentElement;
    let told: number | undefined;
    let emptied: number | undefined;
    const note = () => {
      if (told !== undefined && emptied !== undefined)
        root.dataset['delay'] = String(Math.max(0, emptied - told));
    };
    chrome.tabs.onActivated.addListener(() => {
      told ??= performance.now();
      note();
    });
    new MutationObserver(() => {
      if (root.dataset['context'] !== '') return;
      emptied ??= performance.now();
      note();
    }).observe(root, { attributeFilter: ['data-context'] });
  });
}
