import { readFile } from 'node:fs/promises';
import { askedOf, openAlone, openEhr } from './ehr.ts';
import { axe, expect, test } from './sandbox.ts';

test('a document is fetched when its button is pressed, and becomes a file nobody is named in', async ({
  page,
  sandbox,
}) => {
  const panel = await openEhr(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await panel.getByRole('tab', { name: /Kilder/ }).click();
  const documents = panel.locator('[data-section="documents"]');
  await expect(documents).toHaveAttribute('data-state', 'present');
  const content = /\/Binary\/|mhd\/document/;
  expect((await askedOf(sandbox)).filter(({ path }) => content.test(path))).toEqual([]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    documents.getByRole('button', { name: /Åpne: Legevaktnotat/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('dokument-2026-11-02.txt');
  expect(await readFile(await download.path(), 'utf8')).toContain('Legevaktnotat');
  await expect(documents.getByText('Lastet ned som dokument-2026-11-02.txt')).toBeVisible();
  await expect(documents.getByText(/1 dokument er sperret/)).toBeVisible();
});

test('Turid’s measurements stand though their source is silent, with the plan’s words beside them', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p3' });
  await page.getByRole('tab', { name: /Kilder/ }).click();
  const measurements = page.locator('[data-section="measurements"]');
  await expect(measurements).toHaveAttribute('data-partial', 'true');
  await expect(measurements).toContainText('Pasientens måledata svarer ikke');
  await expect(measurements).toContainText(/SpO2 hvile\s*90 %/);
  await expect(measurements).toContainText('for 2 dager siden');
  await expect(measurements).toContainText('SpO2 88–90 %, mer hoste');
});

// The dark theme changes colours only, never a width.
for (const [scheme, widths] of [
  ['light', [320, 360, 480]],
  ['dark', [360]],
] as const)
  for (const patient of ['p1', 'p2', 'p3'])
    test(`documents, results and measurements of ${patient}, ${scheme}: nothing for axe, nothing cut off`, async ({
      page,
      sandbox,
    }) => {
      test.slow(); // axe looks at everything unfolded
      await page.emulateMedia({ colorScheme: scheme });
      await openAlone(page, sandbox, { user: 'u-lv', patient });
      await page.getByRole('tab', { name: /Kilder/ }).click();
      for (const section of ['documents', 'results', 'measurements'])
        await expect(page.locator(`[data-section="${section}"]`)).not.toHaveAttribute(
          'data-state',
          'loading',
        );
      for (const width of widths) {
        await page.setViewportSize({ width, height: 720 });
        await page.evaluate(() => {
          for (const fold of document.querySelectorAll('details')) fold.open = true;
        });
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(sideways, `${width} px`).toBeLessThanOrEqual(width);
        if (width === widths[0])
          expect(await axe(page, scheme === 'dark' ? 'contrast' : 'all'), `${width} px`).toEqual(
            [],
          );
      }
    });
