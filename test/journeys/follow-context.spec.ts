import type { Page } from '@playwright/test';
import { askedOf, openAlone } from './ehr.ts';
import { expect, test } from './sandbox.ts';

const isMaja = async (page: Page) => {
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja Testdal');
  await expect(page.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
};

test('C08 banner-visible: who it is stays on screen, however one scrolls, in a narrow panel and at 400 %', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await isMaja(page);
  // 1280 px at 400 % is 320 px; low, as it is then.
  for (const [width, height] of [
    [320, 640],
    [360, 640],
    [320, 256],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      for (const where of ['0', 'document.documentElement.scrollHeight']) {
        await page.evaluate(`scrollTo(0, ${where})`);
        for (const text of ['Maja Testdal', '12.05.2007', '128507 98271']) {
          const shown = page.locator('[data-patient-banner]').getByText(text).first();
          await expect(shown, `${width}x${height}`).toBeInViewport({ ratio: 1 });
        }
      }
    }
  }
});

test('C13 bfcache: a page brought back by the browser is launched anew before it shows anything', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await isMaja(page);
  const tokens = async () =>
    (await askedOf(sandbox)).filter(({ path }) => path === '/auth/token').length;
  const before = await tokens();
  // Playwright's Chromium keeps no back/forward cache; this is what a page hears when it comes out of one.
  await Promise.all([
    page.waitForEvent('framenavigated'),
    page.evaluate(() =>
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    ),
  ]);
  await isMaja(page);
  expect(await tokens()).toBe(before + 1);
});

test('C13 duplicate-tab, M07: a duplicated tab proves its own launch, and shares no token with the first', async ({
  page,
  context,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await isMaja(page);
  const duplicate = await context.newPage();
  // What a browser copies: the address, the history entry, and sessionStorage.
  const copied = await page.evaluate(() => ({
    state: JSON.stringify(history.state),
    storage: JSON.stringify(Object.entries(sessionStorage)),
  }));
  expect(copied.storage).not.toMatch(/token|refresh/i);
  await duplicate.goto(page.url());
  await duplicate.evaluate(({ state, storage }) => {
    history.replaceState(JSON.parse(state), '');
    const entries = JSON.parse(storage) as [string, string][];
    for (const [name, value] of entries) sessionStorage.setItem(name, value);
  }, copied);
  await duplicate.reload();
  await isMaja(duplicate);
  await page.reload();
  await isMaja(page);
  const asked = (await askedOf(sandbox)).filter(({ path }) => path === '/auth/token');
  // One each, and one for the reload; a token or code used twice would have been refused and its family revoked.
  expect(asked.map(({ status }) => status)).toEqual([200, 200, 200]);
  await isMaja(duplicate);
});
