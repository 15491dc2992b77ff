import { expect, test } from './extension.ts';
import { axe } from './sandbox.ts';

test('a click on the toolbar icon opens Sideplan beside the EHR', async ({
  page,
  sandbox,
  extensionId,
  openSidePanel,
}) => {
  await page.goto(`${sandbox.ehrOrigin}/`);

  const panel = await openSidePanel(page);

  await expect(panel).toHaveTitle('Sideplan');
  expect(panel.url()).toBe(`chrome-extension://${extensionId}/index.html`);
  expect(await panel.evaluate(() => window.innerWidth)).toBeLessThan(500);
  expect(await axe(panel)).toEqual([]);
});
