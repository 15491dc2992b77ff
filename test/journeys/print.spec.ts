// What comes out of the printer: the page as the browser prints it (CATALOGUE X14).
import type { Page } from '@playwright/test';
import { nbStates } from '../../src/shell/words/nb-states.ts';
import { openAlone, scenario, withoutFurtherSources } from './ehr.ts';
import { expect, test } from './sandbox.ts';

const display = (page: Page, selector: string) =>
  page.locator(selector).evaluate(element => getComputedStyle(element).display);

test('X14 print: every sheet says whose it is and when it was printed, and keeps states and warnings', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/500/);
  sandbox.store.load([
    {
      resourceType: 'AllergyIntolerance',
      id: 'p6-ukjent-forbehold',
      patient: { reference: 'Patient/p6' },
      code: { text: 'Skalldyr' },
      modifierExtension: [{ url: 'https://example.org/forbehold', valueBoolean: true }],
    },
  ]);
  await scenario(sandbox, { match: 'GET /fhir/MedicationStatement', status: 500 });
  await withoutFurtherSources(page);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p6' });
  await page.getByRole('tab', { name: 'Legemidler' }).click();
  const unread = page.locator('[data-section="medication"]');
  await expect(unread).toHaveAttribute('data-state', 'failed');
  const flagged = page.locator('[data-flag~="uninterpretable"]').first();
  await expect(flagged).toBeVisible();

  await page.emulateMedia({ media: 'print' });
  const banner = page.locator('[data-patient-banner]');
  await expect(banner).toBeVisible();
  await expect(banner).toContainText(/Amina Eksempelrud.*598798 48088/s);
  await expect(page.locator('.printed')).toBeVisible();
  await expect(page.locator('.printed')).toContainText('21.11.2026 kl. 20.');
  // Head and foot of a table are what a browser repeats on each sheet.
  expect(await display(page, '.top')).toBe('table-header-group');
  expect(await display(page, '.printed')).toBe('table-footer-group');
  await expect(page.locator('.safety')).toBeVisible();
  await expect(unread.locator('.state-title')).toBeVisible();
  await expect(unread.locator('.state-title')).toContainText('kunne ikke hente');
  await expect(page.locator('[data-section="critical"] .fetched')).toBeVisible();
  await expect(flagged.getByText(nbStates['flag.uninterpretable'])).toBeVisible();
  for (const useless of [
    page.getByRole('tab'),
    page.locator('.menu'),
    page.locator('.content .ds-button'),
  ])
    for (const each of await useless.all()) await expect(each).toBeHidden();
});

test('X14 print: what is folded on the screen is open on the sheet, and the number to call is there', async ({
  page,
  sandbox,
}) => {
  await withoutFurtherSources(page);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  const zone = page.locator('.panel-akutt').getByText('Ukentlig samtale på DPS');
  await expect(zone).toBeAttached();
  await expect(zone).toBeHidden();
  await expect(page.locator('.printed')).toBeAttached();
  await page.emulateMedia({ media: 'print' });
  await expect(zone).toBeVisible();
  await expect(page.locator('.panel-akutt').getByText('+47 00 00 02 10')).toBeVisible();
  await expect(page.locator('[data-section="plan"] .fetched')).toBeVisible();
});
