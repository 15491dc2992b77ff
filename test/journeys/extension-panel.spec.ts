import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { expect, logIn, loginWindow, test } from './extension.ts';
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

test('in the panel the duty doctor logs in, picks Maja and sees whom to call', async ({
  context,
  sandbox,
  panel,
}) => {
  await logIn(context, panel);

  await expect(panel.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
  await expect(panel.locator('[data-section="contacts"] [data-item-id]').first()).toContainText(
    'Døgnenhet DPS',
  );
  expect(await axe(panel)).toEqual([]);
});

test('a login the doctor closes can be started again', async ({ context, panel }) => {
  const login = await loginWindow(context, panel);
  await login.close();
  await expect(
    panel.getByRole('heading', { name: nbLaunch['launch.window-closed.title'] }),
  ).toBeVisible();
  await expect(panel.getByRole('button', { name: nbLaunch['launch.window'] })).toBeVisible();
});
