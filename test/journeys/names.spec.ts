// What somebody hears who does not see the screen (CATALOGUE A08).
import { openAlone } from './ehr.ts';
import { evaluate, openMaja } from './evaluating.ts';
import { expect, test } from './sandbox.ts';

test('A08 language-names: the button that sends says for whom, and the page in which language', async ({
  page,
  sandbox,
}) => {
  await openMaja(page, sandbox);
  await expect(page.locator('html')).toHaveAttribute('lang', 'nb');
  await evaluate(page, 'review');
  await expect(page.locator('.send-button')).toHaveAccessibleName(/Maja Testdal/);
  await expect(page.getByRole('heading', { name: /Maja Testdal/ }).first()).toBeAttached();
});

test('A08 language-names: what must not be done is heard as «IKKE», in Norwegian of either kind, and in English', async ({
  page,
  sandbox,
}) => {
  sandbox.store.load([
    order('p1-ikke', 'kodein', { doNotPerform: true, language: 'nb' }),
    order('p1-ikkje', 'ikkje gje tramadol', { doNotPerform: true, language: 'nn' }),
  ]);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  const never = page
    .locator('.panel-akutt')
    .getByText(/IKKE RING/)
    .first();
  await expect(never).toBeVisible();
  expect(await page.locator('.panel-akutt').ariaSnapshot()).toContain('IKKE RING');
  await page.getByRole('tab', { name: 'Legemidler' }).click();
  const list = page.locator('[data-section="medication"]');
  for (const name of ['kodein', 'ikkje gje tramadol'])
    await expect(list.locator('[data-flag~="negated"]').filter({ hasText: name })).toBeVisible();
  for (const name of ['IKKE gi kodein', 'IKKE gi ikkje gje tramadol'])
    await expect(list.getByRole('group', { name, exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Meny' }).click();
  await page.getByLabel('Språk').selectOption('en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(list.getByRole('group', { name: 'DO NOT give kodein', exact: true })).toBeVisible();
});

const order = (id: string, text: string, more: object) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p1' },
  medicationCodeableConcept: { text },
  ...more,
});
