// Framed by another site, in a browser as people have it (CATALOGUE L15, L16, X13).
import { launchAddress, openEhr } from './ehr.ts';
import { otherSite } from './other-site.ts';
import { expect, test } from './raw.ts';

test('L15 iframe-partitioned: in the frame of a journal on another site, Sideplan works and keeps its patient', async ({
  page,
  sandbox,
}) => {
  const frame = await openEhr(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(frame.locator('[data-patient-banner]')).toContainText('Maja');
  // It has storage, and it is not the storage the same app has in a tab of its own: that is what partitioned means.
  await frame.locator('html').evaluate(() => localStorage.setItem('here', 'in the frame'));
  const alone = await page.context().newPage();
  await alone.goto(`${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=p2`);
  await expect(alone.locator('[data-patient-banner]')).toContainText('Olav');
  expect(await alone.evaluate(() => localStorage.getItem('here'))).toBeNull();
  expect(await frame.locator('html').evaluate(() => localStorage.getItem('here'))).toBe(
    'in the frame',
  );
  await frame.locator('html').evaluate(() => location.reload());
  await expect(frame.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
  await expect(frame.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
});

test('X13 framing: the journal may frame Sideplan; a page on any other address may not', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  const frame = await openEhr(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(frame.locator('[data-patient-banner]')).toContainText('Maja');

  expectProblem(/frame-ancestors|Framing|chrome-error/);
  const stranger = await otherSite(page.context(), 'fremmed.test');
  try {
    for (const address of [
      await launchAddress(sandbox, { user: 'u-lv', patient: 'p1' }),
      `${sandbox.appOrigin}/index.html`,
      `${sandbox.appOrigin}/`,
      `${sandbox.appOrigin}/sideplan.config.json`,
      `${sandbox.ehrOrigin}/`,
    ]) {
      await stranger.put(address);
      // A browser that blocks shows a page of its own.
      await expect
        .poll(() => stranger.frame().url(), address)
        .toBe('chrome-error://chromewebdata/');
    }
  } finally {
    await stranger.close();
  }
});
