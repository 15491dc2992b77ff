import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { askedOf, openAlone, openEhr } from './ehr.ts';
import { axe, expect, test } from './sandbox.ts';

const SOURCES = {
  kj: 'Kjernejournal',
  sfm: 'Sentral forskrivningsmodul',
  pjd: 'Pasientens journaldokumenter',
  nilar: 'Pasientens prøvesvar',
  pmd: 'Pasientens måledata',
  planer: 'Pasientens planer',
} as const;

/** Takes a source down, or lets it answer again (the switches on the journal's page do the same). */
async function turn(sandbox: Sandbox, key: string, state: 'on' | 'off'): Promise<void> {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/sources`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ [key]: state }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

test('R35 two-sources: each source off in turn: the others stand, the line says whose answer is missing, and it can be asked again', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/503/);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await page.getByRole('tab', { name: /Kilder/ }).click();
  const everybody = page.getByText('7 av 7 kilder svarte');
  await expect(everybody).toBeVisible();
  for (const [key, label] of Object.entries(SOURCES)) {
    await turn(sandbox, key, 'off');
    await page.getByRole('button', { name: 'Hent alt på nytt' }).click();
    await expect(page.getByText('6 av 7 kilder svarte')).toBeVisible();
    await expect(page.getByText(`Svarer ikke: ${label}.`)).toBeVisible();
    for (const section of ['plan', 'contacts', 'critical', 'medication', 'documents', 'results'])
      await expect(
        page.locator(`[data-section="${section}"]`),
        `${key}: ${section}`,
      ).toHaveAttribute('data-state', 'present');
    await turn(sandbox, key, 'on');
    await page.getByRole('button', { name: `Prøv ${label} igjen` }).click();
    await expect(everybody).toBeVisible();
  }
  expect(await axe(page)).toEqual([]);
});

test('what is still on its way is said, and «not recorded» is not said before everybody has answered', async ({
  page,
  sandbox,
}) => {
  await fetch(`${sandbox.ehrOrigin}/ehr/scenario`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ match: '/kj/status', delayMs: 4000 }]),
  });
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p6' });
  await page.getByRole('tab', { name: 'Legemidler' }).click();
  const critical = page.locator('[data-section="critical"]');
  await expect(page.locator('[data-section="medication"]')).toHaveAttribute(
    'data-state',
    'none-recorded',
  );
  await expect(critical).toHaveAttribute('data-state', 'loading');
  await expect(critical).toContainText('Henter fra Kjernejournal');
  await expect(critical).toHaveAttribute('data-state', 'none-recorded');
});

test('what Jonas has closed stays closed in an emergency, and is said to be closed', async ({
  page,
  sandbox,
}) => {
  const panel = await openEhr(page, sandbox, { patient: 'p5' });
  const critical = panel.locator('[data-section="critical"]');
  await expect(critical).toHaveAttribute('data-state', 'withheld');
  await expect(critical).toContainText(/sperret av pasienten/i);
});

test('somebody outside health care is not sent to any health register', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-nav', patient: 'p1' });
  await expect(page.locator('[data-section="plan"]')).toHaveAttribute('data-state', 'present');
  await expect(page.locator('[data-section="documents"]')).toHaveAttribute(
    'data-state',
    'not-permitted',
  );
  const paths = (await askedOf(sandbox)).map(({ path }) => path);
  expect(paths.filter(path => /^\/(kj|sfm|pjd|nilar|pmd|planer)\//.test(path))).toEqual([]);
});
