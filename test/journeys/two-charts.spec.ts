import type { Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openEhr, sidebar } from './ehr.ts';
import { expect, test } from './sandbox.ts';

const two = { user: 'u-lv', patient: 'p1', patient2: 'p2' };

/** Each chart's sidebar shows that chart's patient, and nothing of the other. */
async function expectPatients(page: Page, sandbox: Sandbox, left: string, right: string) {
  const names: Record<string, string> = {
    p1: 'Maja Testdal',
    p2: 'Olav Prøvenes',
    p3: 'Turid Demohaug',
  };
  for (const [chart, id] of [
    ['patient', left],
    ['patient2', right],
  ] as const) {
    const panel = sidebar(page, chart);
    await expect(panel.locator('html')).toHaveAttribute(
      'data-context',
      `${sandbox.fhirBase}|${id}`,
    );
    await expect(panel.locator('[data-patient-banner]')).toContainText(names[id] ?? '');
    await expect(panel.locator('[data-section="contacts"]')).toHaveAttribute(
      'data-state',
      'present',
    );
    const text = (await panel.locator('body').textContent()) ?? '';
    for (const [other, name] of Object.entries(names))
      if (other !== id) expect(text).not.toContain(name);
  }
}

const reload = async (page: Page, chart: 'patient' | 'patient2') => {
  const element = await page.locator(`[data-chart="${chart}"] iframe`).elementHandle();
  const frame = await element?.contentFrame();
  await Promise.all([frame?.waitForNavigation(), frame?.evaluate(() => location.reload())]);
};

test('two charts side by side keep their own patient through reload', async ({ page, sandbox }) => {
  await openEhr(page, sandbox, two);
  await expectPatients(page, sandbox, 'p1', 'p2');
  await reload(page, 'patient');
  await expectPatients(page, sandbox, 'p1', 'p2');
  await reload(page, 'patient2');
  await expectPatients(page, sandbox, 'p1', 'p2');
  await Promise.all([reload(page, 'patient'), reload(page, 'patient2')]);
  await expectPatients(page, sandbox, 'p1', 'p2');
});

test('another patient in one chart replaces that one and leaves the other', async ({
  page,
  sandbox,
}) => {
  await openEhr(page, sandbox, two);
  await expectPatients(page, sandbox, 'p1', 'p2');
  await page.locator('[data-chart="patient"] [data-patient]').selectOption('p3');
  await expectPatients(page, sandbox, 'p3', 'p2');
  await reload(page, 'patient');
  await reload(page, 'patient2');
  await expectPatients(page, sandbox, 'p3', 'p2');
});

test('the whole journal reloaded, and left and come back to, keeps both', async ({
  page,
  sandbox,
}) => {
  await openEhr(page, sandbox, two);
  await expectPatients(page, sandbox, 'p1', 'p2');
  await page.reload();
  await expectPatients(page, sandbox, 'p1', 'p2');
  await page.goto('about:blank');
  await page.goBack();
  await expectPatients(page, sandbox, 'p1', 'p2');
});

test('M04 two-patients: two tabs with two patients never mix', async ({
  page,
  context,
  sandbox,
}) => {
  const other = await context.newPage();
  const mine = await openEhr(page, sandbox, { patient: 'p1' });
  const theirs = await openEhr(other, sandbox, { patient: 'p2' });
  await expect(mine.locator('[data-patient-banner]')).toContainText('Maja');
  await expect(theirs.locator('[data-patient-banner]')).toContainText('Olav');
  await reload(page, 'patient');
  await expect(mine.locator('[data-patient-banner]')).toContainText('Maja');
  await other.reload();
  await expect(theirs.locator('[data-patient-banner]')).toContainText('Olav');
});

test('by itself in a tab, reload and back keep the patient', async ({ page, sandbox }) => {
  await page.goto(`${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=p2`);
  await expect(page.locator('[data-patient-banner]')).toContainText('Olav');
  await page.reload();
  await expect(page.locator('[data-patient-banner]')).toContainText('Olav');
  await page.goto(`${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=p3`);
  await expect(page.locator('[data-patient-banner]')).toContainText('Turid');
  await page.goBack();
  await expect(page.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p2`);
  await expect(page.locator('[data-patient-banner]')).toContainText('Olav');
});

test('in a window the journal opens, Sideplan works and stays open', async ({ page, sandbox }) => {
  await openEhr(page, sandbox);
  const opened = page.waitForEvent('popup');
  await page.locator('[data-chart="patient"] [data-popup]').click();
  const popup = await opened;
  await expect(popup.locator('[data-patient-banner]')).toContainText('Maja');
  await popup.reload();
  await expect(popup.locator('[data-patient-banner]')).toContainText('Maja');
});

test('in a frame of the same site it works just as well', async ({ page, sandbox }) => {
  await openEhr(page, sandbox);
  // The journal has opened its own, and will not put another address there in the middle of this.
  await expect(sidebar(page).locator('[data-patient-banner]')).toContainText('Maja');
  const answer = await page.request.get(`${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=p3`, {
    headers: { accept: 'application/json' },
  });
  const { url } = (await answer.json()) as { url: string };
  await page.locator('[data-chart="patient"] iframe').evaluate(
    (frame: HTMLIFrameElement, src) => {
      frame.src = src;
    },
    url.replace('127.0.0.1', 'localhost'),
  );
  await expect(sidebar(page).locator('[data-patient-banner]')).toContainText('Turid');
});
