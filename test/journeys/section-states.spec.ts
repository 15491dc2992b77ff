import type { Page } from '@playwright/test';
import type { Resource } from '../../src/sandbox/types.ts';
import { openAlone, scenario, withoutFurtherSources } from './ehr.ts';
import { axe, expect, test } from './sandbox.ts';

const amina = { user: 'u-lv', patient: 'p6' };
const about = { subject: { reference: 'Patient/p6' } };

const critical = (page: Page) => page.locator('[data-section="critical"]');
const medication = (page: Page) => page.locator('[data-section="medication"]');

/** In this state, in words of its own, and never as «none» unless somebody said so. */
async function expectState(page: Page, section: 'critical' | 'medication' | 'plan', state: string) {
  await expect(page.locator(`[data-section="${section}"]`)).toHaveAttribute('data-state', state);
  if (state !== 'asserted-none') {
    const text = (await page.locator(`[data-section="${section}"]`).textContent()) ?? '';
    expect(text).not.toMatch(/\bingen\b/i);
  }
  expect(await axe(page)).toEqual([]);
}

const openTab = (page: Page) => page.getByRole('tab', { name: /Legemidler/ }).click();

test('while the server thinks, the shape of the page is there and says what is fetched', async ({
  page,
  sandbox,
}) => {
  await scenario(sandbox, { match: 'POST /fhir', delayMs: 1500 });
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(page.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'loading');
  await expect(page.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
});

test('present', async ({ page, sandbox }) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await openTab(page);
  await expectState(page, 'medication', 'present');
  await expect(medication(page)).toHaveAttribute('data-fetched-at', /^2026-11-21T19:1/);
});

test('none, because somebody said so', async ({ page, sandbox }) => {
  sandbox.store.load([
    {
      resourceType: 'AllergyIntolerance',
      id: 'none',
      patient: { reference: 'Patient/p6' },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] },
      recordedDate: '2026-11-20',
      recorder: { display: 'Sindre Vaktmo' },
    },
  ]);
  await openAlone(page, sandbox, amina);
  await openTab(page);
  await expectState(page, 'critical', 'asserted-none');
  await expect(critical(page)).toContainText('20.11.2026');
  await expect(critical(page)).toContainText('Sindre Vaktmo');
});

test('unknown, because somebody said that nobody knows', async ({ page, sandbox }) => {
  sandbox.store.load([
    {
      resourceType: 'List',
      id: 'unasked',
      ...about,
      code: { coding: [{ system: 'https://example.org/fhir/CodeSystem/no-plan', code: 'pll' }] },
      emptyReason: { coding: [{ code: 'notasked' }] },
    },
  ] as Resource[]);
  await openAlone(page, sandbox, amina);
  await openTab(page);
  await expectState(page, 'medication', 'asserted-unknown');
});

test('not recorded', async ({ page, sandbox }) => {
  await openAlone(page, sandbox, amina);
  await openTab(page);
  await expectState(page, 'medication', 'none-recorded');
  await expect(medication(page)).toContainText(/ikke registrert/i);
});

test('withheld by the patient', async ({ page, sandbox }) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p5' });
  await openTab(page);
  await expectState(page, 'critical', 'withheld');
  await expect(critical(page)).toContainText(/sperret/i);
});

test('L19 scope-reduced: not permitted for this role', async ({ page, sandbox }) => {
  await openAlone(page, sandbox, { user: 'u-amb', patient: 'p1' });
  await openTab(page);
  await expectState(page, 'medication', 'not-permitted');
  await expect(critical(page)).toHaveAttribute('data-state', 'present');
});

test('not offered by this server', async ({ page, sandbox }) => {
  const statement = await (await fetch(`${sandbox.fhirBase}/metadata`)).json();
  for (const rest of statement.rest)
    rest.resource = rest.resource.filter(
      ({ type }: { type: string }) => !/^(Medication|Immunization)/.test(type),
    );
  await scenario(sandbox, { match: '/fhir/metadata', status: 200, body: statement });
  await withoutFurtherSources(page);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await openTab(page);
  await expectState(page, 'medication', 'not-supported');
});

test('failed: said, retried on request, and the rest stands', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: 'GET /fhir/MedicationStatement', status: 500 });
  await openAlone(page, sandbox, amina);
  await openTab(page);
  await expectState(page, 'medication', 'failed');
  await expect(critical(page)).toHaveAttribute('data-state', 'none-recorded');
  await fetch(`${sandbox.ehrOrigin}/ehr/scenario`, { method: 'DELETE' });
  await medication(page).getByRole('button', { name: 'Prøv igjen' }).click();
  await expect(medication(page)).toHaveAttribute('data-state', 'none-recorded');
});

test('partly: what came is shown, what did not is named', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: 'GET /fhir/AllergyIntolerance', status: 500 });
  await withoutFurtherSources(page);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await openTab(page);
  await expectState(page, 'critical', 'present');
  await expect(critical(page)).toHaveAttribute('data-partial', /.*/);
  await expect(page.getByText(/Kunne ikke hente overfølsomhet/).first()).toBeVisible();
});

test('critical information that tells of a crisis plan nobody can find is said loudly', async ({
  page,
  sandbox,
}) => {
  sandbox.store.load([
    {
      resourceType: 'Procedure',
      id: 'kriseplan',
      status: 'in-progress',
      ...about,
      code: {
        coding: [
          {
            system: 'urn:oid:2.16.578.1.12.4.1.1.7517',
            code: '8',
            display: 'Pasienten har psykiatrisk kriseplan',
          },
        ],
      },
    },
  ]);
  await openAlone(page, sandbox, amina);
  await expect(page.getByRole('alert').filter({ hasText: /kriseplan/i })).toBeVisible();
});

test('a plan that has run out is shown in full, with a warning', async ({ page, sandbox }) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1', now: '2027-06-01T10:00' });
  await expect(page.getByText(/Akuttplanen gikk ut 12\.05\.2027/).first()).toBeVisible();
  await expect(page.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
});

test('when the session has run out, the page says so and opens again', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/401/);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(page.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
  // What is asked after whom to call has been painted is not what is to be refused.
  await page.waitForLoadState('networkidle');
  await scenario(sandbox, { match: 'POST /fhir', status: 401, times: 2 });
  await page.getByRole('tab', { name: /Kilder/ }).click();
  await page.getByRole('button', { name: 'Hent alt på nytt' }).first().click();
  await expect(page.getByText(/Tilgangen er utløpt/).first()).toBeVisible();
  await page.getByRole('button', { name: /Åpne på nytt/ }).click();
  await expect(page.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
});

test('a team without an acute plan is shown as whom to call, and said to be that', async ({
  page,
  sandbox,
}) => {
  sandbox.store.load([
    {
      resourceType: 'CareTeam',
      id: 'team',
      status: 'active',
      ...about,
      participant: [{ member: { reference: 'Organization/unit', display: 'Enhet A' } }],
    },
    {
      resourceType: 'Organization',
      id: 'unit',
      name: 'Enhet A',
      telecom: [{ system: 'phone', value: '+47 00 00 09 01' }],
    },
  ]);
  await openAlone(page, sandbox, amina);
  const contacts = page.locator('[data-section="contacts"]');
  await expect(contacts).toHaveAttribute('data-state', 'present');
  await expect(contacts).toContainText('+47 00 00 09 01');
  await expect(contacts).toContainText('Fra pasientens team, ikke fra en akuttplan.');
});
