import { askedOf, openAlone, openEhr } from './ehr.ts';
import { axe, expect, test } from './sandbox.ts';

test('a newcomer opens the journal and sees whom to call for Maja, without a click', async ({
  page,
  sandbox,
}) => {
  const panel = await openEhr(page, sandbox);
  const contacts = panel.locator('[data-section="contacts"]');
  await expect(contacts).toHaveAttribute('data-state', 'present');
  await expect(panel.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
  await expect(panel.locator('[data-patient-banner]')).toContainText('Maja Testdal');
  await expect(panel.locator('[data-patient-banner]')).toContainText('128507 98271');
  await expect(contacts.locator('[data-item-id]').first()).toContainText('Døgnenhet DPS');
  await expect(contacts.getByText('+47 00 00 02 10').first()).toBeVisible();
  await expect(panel.locator('[data-section="medication"]')).toHaveAttribute(
    'data-state',
    'present',
  );
  await expect(panel.locator('[data-section="critical"]')).toHaveAttribute('data-state', 'present');
  const frame = page.frames().find(each => each.url().startsWith(sandbox.appOrigin));
  expect(new URL(frame?.url() ?? '').search).toBe('');
});

test('«ikke ring» is on screen without scrolling in a panel of 360 by 640', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  const never = page.getByText(/Ikke ring/i).first();
  await expect(never).toBeVisible();
  await expect(never).toContainText(/mor/i);
  const box = await never.boundingBox();
  expect((box?.y ?? 1000) + (box?.height ?? 0)).toBeLessThanOrEqual(640);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('on Monday morning the ambulatory team is first and the evening team is closed', async ({
  page,
  sandbox,
}) => {
  const panel = await openEhr(page, sandbox, {
    user: 'u-lv',
    patient: 'p1',
    now: '2026-11-23T10:00',
  });
  const contacts = panel.locator('[data-section="contacts"]');
  await expect(contacts.locator('[data-item-id]').first()).toContainText('Ambulant akutteam');
  await expect(contacts).toContainText(/Stengt.*kveldsteam/is);
});

test('a test person cannot be called by accident, and the number can be copied', async ({
  page,
  sandbox,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(page.getByText('+47 00 00 02 10').first()).toBeVisible();
  expect(await page.locator('a[href^="tel:"]').count()).toBe(0);
  await page
    .getByRole('button', { name: /Kopier/ })
    .first()
    .click();
  await expect(page.getByText('Nummer kopiert').first()).toBeVisible();
  // Sideplan itself may only write to the clipboard; the journal's page reads what arrived there.
  await page.goto(`${sandbox.ehrOrigin}/`);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('+47 00 00 02 10');
});

test('about Amina nothing is recorded, and the word «ingen» is nowhere', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p6' });
  await expect(page.locator('[data-section="critical"]')).toHaveAttribute(
    'data-state',
    'none-recorded',
  );
  await expect(page.locator('[data-section="medication"]')).toHaveAttribute(
    'data-state',
    'none-recorded',
  );
  await expect(page.locator('[data-section="plan"]')).toHaveAttribute(
    'data-state',
    'none-recorded',
  );
  await expect(page.getByText(/ikke registrert/i).first()).toBeVisible();
  expect(await page.locator('body').textContent()).not.toMatch(/\bingen\b/i);
});

test('that Turid has no known allergies says who confirmed it and when', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p3' });
  await expect(page.getByText(/Ingen kjente overfølsomhetsreaksjoner/).first()).toBeVisible();
  const critical = page.locator('[data-section="critical"]');
  await expect(critical).toContainText('12.08.2026');
  await expect(critical).toContainText('Ingrid Fastlund');
});

test('what Jonas has blocked is said to be blocked, and his plan is shown', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p5' });
  await expect(page.locator('[data-section="critical"]')).toHaveAttribute('data-state', 'withheld');
  await expect(page.getByText(/sperret/i).first()).toBeVisible();
  await expect(page.locator('[data-section="plan"]')).toHaveAttribute('data-state', 'present');
});

test('a doctor Jonas has blocked is shown nothing about him', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/403/);
  await openAlone(page, sandbox, { user: 'u-blokk', patient: 'p5' });
  await expect(page.getByText(/blokkert deg/i)).toBeVisible();
  expect(await page.locator('body').textContent()).not.toMatch(/Prøvestad|FACT|LAR|081/);
});

// The dark theme changes colours only, never a width.
for (const [scheme, widths] of [
  ['light', [320, 360, 480, 900]],
  ['dark', [360]],
] as const)
  for (const patient of ['p1', 'p2', 'p3', 'p5', 'p6'])
    test(`${patient} at ${widths.join(', ')} px, ${scheme}: nothing for axe, nothing cut off sideways`, async ({
      page,
      sandbox,
    }) => {
      test.slow(); // axe looks at every tab, at the narrowest and the widest
      await page.emulateMedia({ colorScheme: scheme });
      await openAlone(page, sandbox, { user: 'u-lv', patient });
      const medication = page.locator('[data-section="medication"]');
      await expect(medication).not.toHaveAttribute('data-state', 'loading');
      for (const width of widths) {
        await page.setViewportSize({ width, height: 720 });
        await expect(page.getByRole('tab')).toHaveCount(width < 640 ? 4 : 3);
        for (const tab of await page.getByRole('tab').all()) {
          await tab.click();
          const sideways = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(sideways, `${width} px`).toBeLessThanOrEqual(width);
          if (width === widths[0])
            expect(await axe(page, scheme === 'dark' ? 'contrast' : 'all'), `${width} px`).toEqual(
              [],
            );
          // Wide, things stand elsewhere, in the colours they had.
          if (width > 640) expect(await axe(page, 'rest'), `${width} px`).toEqual([]);
        }
      }
    });

test('the first view costs two waves of requests after the token, and writes nothing', async ({
  page,
  sandbox,
}) => {
  const hosts = new Set<string>();
  page.on('request', request => hosts.add(new URL(request.url()).hostname));
  const panel = await openEhr(page, sandbox);
  await expect(panel.locator('[data-section="medication"]')).toHaveAttribute(
    'data-state',
    'present',
  );
  await expect(panel.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
  const log = await askedOf(sandbox);
  const token = log.findIndex(({ path }) => path === '/auth/token');
  const after = log
    .slice(token + 1)
    .filter(({ path, batch }) => path.startsWith('/fhir') && !batch && path !== '/fhir/metadata');
  // Two batches side by side are one wave. Only what nobody waits for may follow them: a third, and who had looked before.
  const asked = after.map(({ method, path }) => `${method} ${path}`);
  expect(asked.slice(0, 2)).toEqual(['POST /fhir', 'POST /fhir']);
  expect(asked.slice(2).filter(row => !/^POST \/fhir$|PractitionerRole\?_id=/.test(row))).toEqual(
    [],
  );
  const entries = log.filter(({ batch }) => batch);
  expect(entries.every(({ method }) => method === 'GET')).toBe(true);
  expect([...hosts].toSorted()).toEqual(['127.0.0.1', 'localhost']);
});

test('A08 language-names: Sideplan speaks English when asked to, and says so to the screen reader', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await page.getByRole('button', { name: 'Meny' }).click();
  await page.getByLabel('Språk').selectOption('en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByText(/DO NOT CALL/).first()).toBeVisible();
});
