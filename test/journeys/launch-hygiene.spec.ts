import type { FrameLocator, Page, Request } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { askedOf, openAlone, openEhr, scenario, sidebar } from './ehr.ts';
import { expect, test } from './sandbox.ts';

const maja = { user: 'u-lv', patient: 'p1' };
const launchUrl = async (sandbox: Sandbox) => {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/launch?${new URLSearchParams(maja)}`, {
    headers: { accept: 'application/json' },
  });
  return ((await answer.json()) as { url: string }).url;
};
const expectPatient = (where: Page | FrameLocator, name: string) =>
  expect(where.locator('[data-patient-banner]')).toContainText(name, { timeout: 15_000 });
const formOf = (request: Request) => new URLSearchParams(request.postData() ?? '');

test('L01 ehr-launch-happy: every field of the login is there, and the token is used', async ({
  page,
  sandbox,
}) => {
  const requests: Request[] = [];
  page.on('request', request => requests.push(request));
  const url = await launchUrl(sandbox);
  await page.goto(url);
  await expectPatient(page, 'Maja');
  const to = (path: string) =>
    requests.filter(one => new URL(one.url()).pathname === path && one.method() !== 'OPTIONS');
  const [authorize] = to('/auth/authorize');
  const asked = Object.fromEntries(new URL(authorize?.url() ?? '').searchParams);
  const redirect_uri = `${sandbox.appOrigin}/index.html`;
  expect(asked).toMatchObject({
    response_type: 'code',
    client_id: 'sideplan',
    redirect_uri,
    launch: new URL(url).searchParams.get('launch'),
    aud: sandbox.fhirBase,
    code_challenge_method: 'S256',
    state: expect.stringMatching(/.{22,}/),
    nonce: expect.stringMatching(/.{22,}/),
  });
  const [token, ...more] = to('/auth/token');
  expect(more).toEqual([]);
  expect(Object.fromEntries(token ? formOf(token) : [])).toMatchObject({
    grant_type: 'authorization_code',
    client_id: 'sideplan',
    redirect_uri,
    code: expect.stringMatching(/./),
    code_verifier: expect.stringMatching(/^[\w.~-]{43,128}$/),
  });
  const answer = (await (await token?.response())?.json()) as { access_token: string };
  const used = requests.map(one => one.headers()['authorization']).filter(Boolean);
  expect(new Set(used)).toEqual(new Set([`Bearer ${answer.access_token}`]));
});

test('L08 state-entropy: two logins differ in everything, though the browser’s dice are loaded', async ({
  page,
  sandbox,
}) => {
  await page.addInitScript(() => {
    Math.random = () => 0.5;
  });
  const logins: Record<string, string>[] = [];
  page.on('request', request => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/auth/authorize') logins.push(Object.fromEntries(searchParams));
    const { code_verifier = '' } = Object.fromEntries(formOf(request));
    if (pathname === '/auth/token' && code_verifier) logins.push({ code_verifier });
  });
  for (let turn = 0; turn < 2; turn += 1) {
    await openAlone(page, sandbox, maja);
    await expectPatient(page, 'Maja');
  }
  const both = (name: string) => logins.flatMap(login => login[name] ?? []);
  for (const name of ['state', 'nonce', 'code_challenge', 'code_verifier']) {
    const [first = '', second = ''] = both(name);
    expect(first, name).not.toBe(second);
    expect(Math.min(first.length, second.length), name).toBeGreaterThanOrEqual(36);
  }
  for (const verifier of both('code_verifier')) expect(verifier).toMatch(/^[\w.~-]{43,128}$/);
});

test('L13 url-hygiene: nothing of the login is left in the address, and no request says where it came from', async ({
  page,
  sandbox,
}) => {
  const requests: Request[] = [];
  page.on('request', request => requests.push(request));
  const cached: string[] = [];
  page.on('response', response => {
    const { pathname } = new URL(response.url());
    if (/html$|token$|\/fhir\//.test(pathname) && !pathname.includes('.well-known'))
      if (!/no-store/.test(response.headers()['cache-control'] ?? '')) cached.push(pathname);
  });
  await openAlone(page, sandbox, maja);
  await expectPatient(page, 'Maja');
  expect(page.url()).toBe(`${sandbox.appOrigin}/index.html`);
  expect(await page.evaluate(() => document.referrer)).toBe('');
  // As they were sent: what the page itself sees of a redirected request is not.
  const sent = await Promise.all(requests.map(request => request.allHeaders()));
  expect(sent.map(({ referer }) => referer).filter(Boolean)).toEqual([]);
  expect(cached).toEqual([]);
  const panel = await openEhr(page, sandbox, maja);
  await expectPatient(panel, 'Maja');
  expect(await panel.locator('html').evaluate(() => location.href)).toBe(
    `${sandbox.appOrigin}/index.html`,
  );
});

test('L07 state-abuse: an answer is good in one tab and once', async ({
  page,
  context,
  sandbox,
}) => {
  let callback = '';
  context.on('request', request => {
    if (request.url().includes('index.html?code=')) callback = request.url();
  });
  const refused = { name: nbLaunch['launch.state-unknown.title'] };
  const tokens = async () =>
    (await askedOf(sandbox)).filter(({ path }) => path.startsWith('/auth/token')).length;
  await openAlone(page, sandbox, maja);
  await expectPatient(page, 'Maja');
  expect(callback).toContain('state=');
  await page.goto(callback);
  await expect(page.getByRole('heading', refused)).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-context', '');

  // An answer the first tab still waits for: another tab has no use for it, and the first has.
  await page.route('**/auth/authorize?**', async route => {
    const { headers } = await fetch(route.request().url(), { redirect: 'manual' });
    callback = headers.get('location') ?? '';
    await route.fulfill({ contentType: 'text/html', body: 'Vent' });
  });
  await openAlone(page, sandbox, maja);
  await expect(page.getByText('Vent')).toBeVisible();
  const other = await context.newPage();
  await other.goto(callback);
  await expect(other.getByRole('heading', refused)).toBeVisible();
  expect(await tokens()).toBe(1);
  await page.goto(callback);
  await expectPatient(page, 'Maja');
});

test('L10 rfc9207: an answer that does not say who it is from, where it should, redeems nothing', async ({
  page,
  sandbox,
}) => {
  await page.route('**/auth/authorize?**', route => {
    const state = new URL(route.request().url()).searchParams.get('state') ?? '';
    const location = `${sandbox.appOrigin}/index.html?code=x&state=${state}`;
    return route.fulfill({ status: 303, headers: { location } });
  });
  await page.goto(await launchUrl(sandbox));
  await expect(
    page.getByRole('heading', { name: nbLaunch['launch.issuer-mismatch.title'] }),
  ).toBeVisible();
  expect((await askedOf(sandbox)).filter(({ path }) => path === '/auth/token')).toEqual([]);
});

test('L18 banner-false: who the patient is stands there even where the journal shows it too', async ({
  page,
  sandbox,
}) => {
  await openAlone(page, sandbox, { ...maja, banner: 'false' });
  const banner = page.locator('[data-patient-banner]');
  await expect(banner.getByRole('heading', { name: 'Maja Testdal' })).toBeVisible();
});

test('a journal without discovery: the endpoints of the configuration are used, and its extra header goes to the data and nowhere else', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/404/);
  await scenario(sandbox, { match: '.well-known', status: 404 });
  const key = 'ocp-apim-subscription-key';
  await page.route('**/sideplan.config.json', async route => {
    const response = await route.fetch();
    const configuration = (await response.json()) as { issuers: object[] };
    const [issuer] = configuration.issuers;
    const endpoints = {
      authorize: `${sandbox.ehrOrigin}/auth/authorize`,
      token: `${sandbox.ehrOrigin}/auth/token`,
    };
    const issuers = [{ ...issuer, endpoints, headers: { 'Ocp-Apim-Subscription-Key': 'k-1' } }];
    await route.fulfill({ response, json: { ...configuration, issuers } });
  });
  const carried = new Map<string, Set<string>>();
  page.on('request', request => {
    if (request.method() === 'OPTIONS') return;
    const { origin, pathname } = new URL(request.url());
    const [, place = ''] = pathname.split('/');
    const where = origin === sandbox.ehrOrigin ? place : 'app';
    carried.set(where, (carried.get(where) ?? new Set()).add(request.headers()[key] ?? 'none'));
  });
  const panel = sidebar(page);
  await openEhr(page, sandbox, maja);
  await expect(panel.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
  expect([...(carried.get('fhir') ?? [])]).toEqual(['k-1']);
  expect([...(carried.get('auth') ?? [])]).toEqual(['none']);
  expect([...(carried.get('app') ?? [])]).toEqual(['none']);
  expect(
    (await askedOf(sandbox)).filter(({ path }) => path.startsWith('/fhir/.well-known')),
  ).toEqual([]);
});

test('L06 endpoint-swap: a code is not handed to another host than that of the login page or the data', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/net::ERR/);
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  for (const name of ['token_endpoint', 'revocation_endpoint']) {
    await scenario(sandbox, {
      match: '.well-known/smart-configuration',
      bodyPatch: { [name]: 'https://evil.test/token' },
    });
    await page.goto(await launchUrl(sandbox));
    await expect(
      page.getByRole('heading', { name: nbLaunch['launch.endpoint-unsafe.title'] }),
    ).toBeVisible();
  }
  expect(asked.filter(url => url.includes('evil.test'))).toEqual([]);
  expect((await askedOf(sandbox)).filter(({ path }) => path.startsWith('/auth/'))).toEqual([]);
});
