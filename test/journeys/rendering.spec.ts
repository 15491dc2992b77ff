import type { Resource } from '../../src/sandbox/types.ts';
import { tenThousand } from '../ten-thousand.ts';
import { openAlone, scenario } from './ehr.ts';
import { expect, test } from './sandbox.ts';

const amina = { user: 'u-lv', patient: 'p6' };
const hers = { subject: { reference: 'Patient/p6' } };
const MARKUP =
  '<img src=https://elsewhere.example/a.png onerror=alert(1)><script src=https://elsewhere.example/b.js></script><svg onload=alert(2)><style>*{display:none}</style>';
const narrative = {
  status: 'additional',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${MARKUP}<base href="https://elsewhere.example/"></div>`,
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const attached = (id: string, attachment: object) => ({
  resourceType: 'DocumentReference',
  id,
  ...hers,
  status: 'current',
  description: `Vedlegg ${id}`,
  content: [{ attachment }],
});

/** What a hostile or careless sender may have put into a record. */
const hostile = [
  {
    resourceType: 'AllergyIntolerance',
    id: 'allergy',
    patient: { reference: 'Patient/p6' },
    text: narrative,
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { text: `Nøtter ${MARKUP}` },
    note: [{ text: 'x'.repeat(100_000) }],
  },
  {
    resourceType: 'MedicationStatement',
    id: 'medicine',
    ...hers,
    text: narrative,
    status: 'active',
    medicationCodeableConcept: { text: 'metoprolol\u202Egm 5' },
    dosage: [{ text: '1\u200B0 mg' }],
    note: [{ text: Array.from({ length: 5000 }, (_, line) => `linje ${line}`).join('\n') }],
  },
  {
    resourceType: 'CarePlan',
    id: 'plan',
    ...hers,
    text: narrative,
    status: 'active',
    intent: 'plan',
    title: MARKUP,
    description: '![bilde](https://elsewhere.example/c.png) [lenke](javascript:alert(3))',
    category: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'A01-2' }] }],
  },
  attached('remote', { contentType: 'image/png', url: 'https://elsewhere.example/d.png' }),
  attached('svg', { contentType: 'image/svg+xml', data: base64('<svg onload="alert(4)"/>') }),
  attached('html', { contentType: 'text/html', data: base64('<script>alert(5)</script>') }),
  attached('lying', { contentType: 'application/pdf', data: base64('<script>alert(6)</script>') }),
] as unknown as Resource[];

test('X02 X03 X04 X05 X07 X12: what a hostile sender wrote is text: nothing runs, nothing is fetched, nothing is hidden', async ({
  page,
  context,
  sandbox,
}) => {
  const asked: string[] = [];
  context.on('request', request => asked.push(request.url()));
  page.on('dialog', dialog => asked.push(`a dialog: ${dialog.message()}`));
  sandbox.store.load(hostile);
  await openAlone(page, sandbox, amina);
  await page.getByRole('tab', { name: /Legemidler/ }).click();
  await expect(page.locator('[data-section="medication"]')).toContainText('metoprolol⟦202E⟧gm 5');
  await expect(page.locator('[data-section="medication"]')).toContainText('1⟦200B⟧0 mg');
  await expect(page.locator('[data-section="critical"]')).toContainText('Nøtter <img src=https://');
  await page.getByRole('tab', { name: /Kilder/ }).click();
  const documents = page.locator('[data-section="documents"]');
  for (const id of ['remote', 'svg', 'html', 'lying'])
    await expect(documents).toContainText(`Vedlegg ${id}`);
  for (const button of await documents.getByRole('button', { name: /Åpne/ }).all())
    await button.click();
  await expect(documents).toContainText('Vedlegg lying');
  // What is of the wrong kind is not opened, and what lies elsewhere is not asked for: nothing has left this machine.
  const away = asked.filter(
    url => !/^(?:http:\/\/(?:localhost|127\.0\.0\.1):|blob:|about:)/.test(url),
  );
  expect(away).toEqual([]);
  const foreign = await page
    .locator(
      'body script:not([src^="/"]):not([src^="./"]), img, iframe, object, embed, base, form, style',
    )
    .count();
  expect(foreign).toBe(0);
  expect(await page.title()).not.toContain('<');
});

test('X08 long-text: a word of a hundred thousand letters cuts nothing off sideways and moves nothing out of its place', async ({
  page,
  sandbox,
}) => {
  sandbox.store.load(hostile);
  await openAlone(page, sandbox, amina);
  for (const tab of [/Akutt/, /Legemidler/, /Planer/]) {
    await page.getByRole('tab', { name: tab }).click();
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over).toBeLessThanOrEqual(0);
    await expect(page.locator('[data-patient-banner]')).toBeInViewport();
  }
});

test('X09 outcome-html: a web page where FHIR should be is a failure in our own words', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/status of 500/);
  const page500 = '<html><script>alert(7)</script><h1>502 nginx</h1></html>';
  const answer = { status: 200, body: page500, headers: { 'content-type': 'text/html' } };
  await scenario(
    sandbox,
    { match: 'POST /fhir', status: 500, body: page500, headers: { 'content-type': 'text/html' } },
    { match: 'GET /fhir/MedicationStatement', ...answer },
  );
  await openAlone(page, sandbox, amina);
  await page.getByRole('tab', { name: /Legemidler/ }).click();
  await expect(page.locator('[data-section="medication"]')).toHaveAttribute('data-state', 'failed');
  await expect(page.locator('body')).not.toContainText('nginx');
});

test('P01 10k: with ten thousand resources on their way, whom to call is there and the tabs answer', async ({
  page,
  sandbox,
}) => {
  test.setTimeout(120_000);
  sandbox.store.load(tenThousand);
  await scenario(sandbox, { match: '/GET .*Observation.*(?:page|offset|cursor)/', delayMs: 150 });
  await openAlone(page, sandbox, amina);
  await expect(page.locator('[data-section="contacts"]')).toContainText('+47 00 00 09 01');
  await page.getByRole('tab', { name: /Kilder/ }).click();
  const measurements = page.locator('[data-section="measurements"]');
  await expect(measurements).toHaveAttribute('data-state', 'loading');
  await page.getByRole('tab', { name: /Legemidler/ }).click();
  await expect(page.locator('[data-section="critical"]')).toContainText('Stoff 96');
  await page.getByRole('tab', { name: /Kilder/ }).click();
  await expect(measurements).toHaveAttribute('data-state', 'present', { timeout: 90_000 });
});
