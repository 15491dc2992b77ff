import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { askedOf, openAlone, openEhr, scenario, sidebar } from './ehr.ts';
import { axe, test as base, expect } from './sandbox.ts';

/** A sandbox whose time a journey may move, and an app that is told to ask for a login that can be renewed. */
const test = base.extend<{ pass: (ms: number) => void; ahead: { ms: number } }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from the pattern
  ahead: async ({}, use) => use({ ms: 0 }),
  sandbox: async ({ ahead, context }, use) => {
    const sandbox = createSandbox({
      port: 0,
      appPort: 0,
      appDir: fileURLToPath(new URL('../../dist/web', import.meta.url)),
      now: () => new Date(Date.now() + ahead.ms),
    });
    await sandbox.listen();
    await renewable(context);
    await use(sandbox);
    await sandbox.close();
  },
  pass: async ({ ahead }, use) =>
    use(ms => {
      ahead.ms += ms;
    }),
});

const scope = 'openid fhirUser launch online_access patient/*.rs';

async function renewable(context: BrowserContext) {
  await context.route('**/sideplan.config.json', async route => {
    const response = await route.fetch();
    const configuration = (await response.json()) as { issuers: object[] };
    const issuers = configuration.issuers.map(issuer => ({ ...issuer, scope }));
    await route.fulfill({ response, json: { ...configuration, issuers } });
  });
}

const maja = { user: 'u-lv', patient: 'p1' };
const ELEVEN_MINUTES = 660_000;

const contacts = (page: Page) => page.locator('[data-section="contacts"]');
const expectPatient = (where: Page | ReturnType<typeof sidebar>, name: string) =>
  expect(where.locator('[data-patient-banner]')).toContainText(name, { timeout: 15_000 });
const expectMaja = async (page: Page) => {
  await expectPatient(page, 'Maja');
  await expect(contacts(page)).toHaveAttribute('data-state', 'present');
};
const fetchAgain = async (page: Page) => {
  await page.getByRole('tab', { name: /Kilder/ }).click();
  await page.getByRole('button', { name: 'Hent alt på nytt' }).first().click();
};
const logOut = async (where: Page | ReturnType<typeof sidebar>) => {
  await where.getByRole('button', { name: 'Meny' }).click();
  await where.getByRole('button', { name: 'Logg ut' }).click();
};
const callsTo = async (sandbox: Sandbox, path: string) =>
  (await askedOf(sandbox)).filter(asked => asked.path.startsWith(path)).length;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Why the session is over, and nothing of a patient beside it. */
async function expectOver(
  page: Page | ReturnType<typeof sidebar>,
  kind: 'patient-changed' | 'logged-out' | 'logged-out-elsewhere' | 'logged-out-unconfirmed',
) {
  await expect(
    page.getByRole('heading', { name: nbLaunch[`launch.${kind}.title`], exact: true }),
  ).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-context', '');
  await expect(page.locator('[data-patient-banner], [data-section]')).toHaveCount(0);
  expect(await page.locator('body').textContent()).not.toMatch(/Maja|Olav|Testdal/);
}

test('T05 T10 when the login has run out unseen, it is renewed once and the doctor notices nothing', async ({
  page,
  sandbox,
  pass,
  expectProblem,
}) => {
  expectProblem(/401/);
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  const before = await contacts(page).getAttribute('data-fetched-at');
  pass(ELEVEN_MINUTES);
  await fetchAgain(page);
  await expect(contacts(page)).not.toHaveAttribute('data-fetched-at', before ?? '');
  await expectMaja(page);
  await expect(page.getByText(/Tilgangen er utløpt/)).toHaveCount(0);
  expect(await callsTo(sandbox, '/auth/token')).toBe(2);
});

test('T06 refresh-other-patient: a renewed login for another patient takes the view away', async ({
  page,
  sandbox,
  pass,
  expectProblem,
}) => {
  expectProblem(/401/);
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  await scenario(sandbox, { match: 'POST /auth/token', bodyPatch: { patient: 'p2' } });
  await page.getByRole('tab', { name: /Kilder/ }).click();
  const again = page.getByRole('button', { name: 'Hent alt på nytt' }).first();
  await expect(again).toBeVisible();
  pass(ELEVEN_MINUTES);
  // Whatever asks first renews first: the view may be gone before anybody has pressed.
  await again.click({ timeout: 2000 }).catch(() => {});
  await expectOver(page, 'patient-changed');
  expect(await axe(page)).toEqual([]);
});

test('T03 opaque-token: a token with dots in it and no lifetime opens the record', async ({
  page,
  sandbox,
}) => {
  let real = '';
  const sent = new Set<string>();
  await page.route(
    url => url.origin === sandbox.ehrOrigin,
    async route => {
      const { authorization, ...headers } = route.request().headers();
      if (!authorization) return route.continue();
      sent.add(authorization);
      const response = await route.fetch({
        headers: { ...headers, authorization: `Bearer ${real}` },
      });
      return route.fulfill({ response });
    },
  );
  await page.route('**/auth/token', async route => {
    const response = await route.fetch();
    const { expires_in: _, ...answer } = (await response.json()) as Record<string, string>;
    real = answer['access_token'] ?? '';
    await route.fulfill({ response, json: { ...answer, access_token: 'v1.opaque!!.tok' } });
  });
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  expect([...sent]).toEqual(['Bearer v1.opaque!!.tok']);
  // What is still asked has nobody to answer it when the sandbox has gone.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('T02 id-token-forged: a proof of identity that nobody signed stops the launch', async ({
  page,
  sandbox,
}) => {
  const claims = {
    iss: sandbox.fhirBase,
    aud: 'sideplan',
    sub: 'u-gp',
    iat: 1,
    exp: 4_000_000_000,
  };
  const id_token = `${part({ alg: 'none' })}.${part(claims)}.`;
  await scenario(sandbox, { match: 'POST /auth/token', bodyPatch: { id_token } });
  await openAlone(page, sandbox, maja);
  await expect(
    page.getByRole('heading', { name: nbLaunch['launch.identity-unproven.title'] }),
  ).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-context', '');
});

test('T09 redirect-302: an answer that sends on to another server is not followed', async ({
  page,
  context,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/redirect|Failed to load resource|CORS|net::ERR/i);
  const asked: string[] = [];
  context.on('request', request => asked.push(request.url()));
  const elsewhere = sandbox.fhirBase.replace('localhost', '127.0.0.1');
  await scenario(sandbox, {
    match: '/(POST|GET) \\/fhir(?!\\/metadata|\\/\\.well-known)/',
    status: 302,
    headers: { location: `${elsewhere}/Patient/p2` },
  });
  await openAlone(page, sandbox, maja);
  await expect(contacts(page)).toHaveAttribute('data-state', 'failed');
  expect(asked.filter(url => url.startsWith(elsewhere))).toEqual([]);
});

for (const [name, ms] of [
  ['a quarter behind', -15 * 60_000],
  ['a quarter ahead', 15 * 60_000],
  ['a day ahead', 24 * 3_600_000],
] as const)
  test(`T12 clock-skew: on a machine ${name}, ages follow the server and the login lasts its time`, async ({
    page,
    sandbox,
  }) => {
    await page.clock.install({ time: Date.now() + ms });
    await openAlone(page, sandbox, maja);
    await expectMaja(page);
    await expect(contacts(page)).toHaveAttribute('data-fetched-at', /^2026-11-21T19:1/);
    // Somebody sets the clock back in the middle of it.
    await page.clock.setSystemTime(Date.now() - 48 * 3_600_000);
    await fetchAgain(page);
    await expect(contacts(page)).toHaveAttribute('data-fetched-at', /^2026-11-21T19:1/);
    await expectMaja(page);
    expect(await callsTo(sandbox, '/auth/token')).toBe(1);
    await page.clock.fastForward('09:30');
    await fetchAgain(page);
    await expect.poll(() => callsTo(sandbox, '/auth/token')).toBe(2);
    await expectMaja(page);
  });

test('T13 token-storage: no token is stored, and none stands in an address', async ({
  page,
  sandbox,
  pass,
  expectProblem,
}) => {
  expectProblem(/401/);
  const tokens = new Set<string>();
  const addresses: string[] = [];
  page.on('request', request => addresses.push(request.url()));
  page.on('response', async response => {
    if (!response.url().endsWith('/auth/token')) return;
    const answer = (await response.json()) as Record<string, string>;
    for (const name of ['access_token', 'refresh_token', 'id_token'])
      if (answer[name]) tokens.add(answer[name]);
  });
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  pass(ELEVEN_MINUTES);
  await fetchAgain(page);
  await expect.poll(() => tokens.size).toBe(5);
  const stored = await page.evaluate(async () =>
    JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      history.state,
      document.cookie,
      (await indexedDB.databases()).map(({ name }) => name),
      await caches.keys(),
      location.href,
      window.name,
    ]),
  );
  expect(stored).toContain('"sideplan"');
  for (const token of tokens) {
    expect(stored).not.toContain(token);
    expect(addresses.filter(address => address.includes(token))).toEqual([]);
  }
});

test('T15 debug-leak: with every debug switch on, the console says nothing of token or patient', async ({
  page,
  sandbox,
}) => {
  await page.addInitScript(() => localStorage.setItem('debug', '*'));
  const tokens: string[] = [];
  const said: string[] = [];
  page.on('console', message => {
    if (message.location().url.startsWith(sandbox.appOrigin)) said.push(message.text());
  });
  page.on('response', async response => {
    if (!response.url().endsWith('/auth/token')) return;
    const answer = (await response.json()) as Record<string, string>;
    tokens.push(answer['access_token'] ?? '', answer['id_token'] ?? '');
  });
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  await expect.poll(() => tokens.length).toBe(2);
  expect(await page.evaluate(() => localStorage.getItem('debug'))).toBe('*');
  expect(said).toEqual([]);
});

test('T11 logout: the tokens are revoked, and neither «back» nor reload shows anybody', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { ...maja, patient: 'p2' });
  await expectPatient(page, 'Olav');
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  const bearer = page.waitForRequest(request => 'authorization' in request.headers());
  await fetchAgain(page);
  const { authorization = '' } = (await bearer).headers();
  await logOut(page);
  await expectOver(page, 'logged-out');
  expect(await axe(page)).toEqual([]);
  const patient = `${sandbox.fhirBase}/Patient/p1`;
  await expect
    .poll(async () => (await fetch(patient, { headers: { authorization } })).status)
    .toBe(401);
  expect(await page.evaluate(() => [history.state, sessionStorage.length])).toEqual([null, 0]);
  await page.reload();
  await expect(
    page.getByRole('heading', { name: nbLaunch['launch.not-launched.title'] }),
  ).toBeVisible();
  await page.goBack();
  await expectOver(page, 'logged-out');
});

test('T11 logout: after a new launch the same person works on as before, also through reload', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  await logOut(page);
  await expectOver(page, 'logged-out');
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  await page.reload();
  await expectMaja(page);
});

test('T11 logout: when the server does not confirm it, that is said', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/503/);
  await scenario(sandbox, { match: 'POST /auth/revoke', status: 503 });
  await openAlone(page, sandbox, maja);
  await expectMaja(page);
  await logOut(page);
  await expectOver(page, 'logged-out-unconfirmed');
});

test('M03 logout-propagates: other windows of the same doctor go blank, and another doctor’s does not', async ({
  page,
  context,
  sandbox,
}) => {
  const mine = await context.newPage();
  const theirs = await context.newPage();
  await openAlone(page, sandbox, maja);
  await openAlone(mine, sandbox, { ...maja, patient: 'p2' });
  await openAlone(theirs, sandbox, { user: 'u-gp', patient: 'p1' });
  await expectMaja(page);
  await expectPatient(mine, 'Olav');
  await expectMaja(theirs);
  await logOut(page);
  await expectOver(mine, 'logged-out-elsewhere');
  await expectMaja(theirs);
  await expect.poll(() => callsTo(sandbox, '/auth/revoke')).toBe(4);
  await mine.goBack();
  await mine.goForward();
  await expect(mine.locator('html')).toHaveAttribute('data-context', '');
});

test('M03 logout-propagates: of two charts in one journal page, both go blank', async ({
  page,
  sandbox,
}) => {
  await openEhr(page, sandbox, { ...maja, patient2: 'p2' });
  const [left, right] = [sidebar(page), sidebar(page, 'patient2')];
  await expectPatient(left, 'Maja');
  await expectPatient(right, 'Olav');
  await logOut(left);
  await expectOver(left, 'logged-out');
  await expectOver(right, 'logged-out-elsewhere');
});
