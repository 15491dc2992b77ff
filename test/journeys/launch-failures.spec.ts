import type { FrameLocator, Locator, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { askedOf, openEhr, scenario, sidebar } from './ehr.ts';
import { axe, expect, test } from './sandbox.ts';

// Each of these is a launch that cannot work. The browser reports some of them in its console too.
test.beforeEach(({ expectProblem }) => {
  expectProblem(/Failed to load resource|CORS|net::ERR|sideplan\.config\.json/);
});

type Kind = {
  [Key in keyof typeof nbLaunch]: Key extends `launch.${infer K}.title` ? K : never;
}[keyof typeof nbLaunch];

/** The screen for this failure: said in words, nothing of a patient and nothing that waits, nothing for axe. */
async function expectScreen(page: Page, kind: Kind, where: Page | FrameLocator = page) {
  await expect(where.getByRole('heading', { name: nbLaunch[`launch.${kind}.title`] })).toBeVisible({
    timeout: 15_000,
  });
  await expect(where.getByText(nbLaunch[`launch.${kind}.do`])).toBeVisible();
  await expect(where.locator('html')).toHaveAttribute('data-context', '');
  await expect(where.locator('[data-patient-banner]')).toHaveCount(0);
  // Nor does the page still look as if it were being opened.
  await expect(where.getByText(nbLaunch['launch.opening'])).toHaveCount(0);
  await expect(where.locator('.skeleton')).toHaveCount(0);
  if (where === page) expect(await axe(page)).toEqual([]);
}

const launchUrl = async (sandbox: Sandbox) => {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=p1`, {
    headers: { accept: 'application/json' },
  });
  return ((await answer.json()) as { url: string }).url;
};
const tokenCalls = async (sandbox: Sandbox) =>
  (await askedOf(sandbox)).filter(({ path }) => path.startsWith('/auth/token')).length;
const discovery = '.well-known/smart-configuration';
const found = (sandbox: Sandbox, more: object = {}) => ({
  issuer: sandbox.fhirBase,
  authorization_endpoint: `${sandbox.ehrOrigin}/auth/authorize`,
  token_endpoint: `${sandbox.ehrOrigin}/auth/token`,
  capabilities: ['permission-v2'],
  code_challenge_methods_supported: ['S256'],
  ...more,
});
const retry = (where: Page | FrameLocator): Locator =>
  where.getByRole('button', { name: 'Prøv igjen' });

test('opened without a journal behind it', async ({ page, sandbox }) => {
  await page.goto(`${sandbox.appOrigin}/index.html`);
  await expectScreen(page, 'not-launched');
});

test('L03 a launch address without a server, or with two', async ({ page, sandbox }) => {
  await page.goto(`${sandbox.appOrigin}/launch.html`);
  await expectScreen(page, 'address-broken');
  const iss = encodeURIComponent(sandbox.fhirBase);
  await page.goto(
    `${sandbox.appOrigin}/launch.html?iss=${iss}&iss=https://evil.test/fhir&launch=x`,
  );
  await expectScreen(page, 'address-broken');
});

test('L02 iss-not-allowed: a server that is not on the list is not contacted at all', async ({
  page,
  sandbox,
}) => {
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  await page.goto(`${sandbox.appOrigin}/launch.html?iss=https://evil.test/fhir&launch=x`);
  await expectScreen(page, 'issuer-unknown');
  expect(asked.filter(url => new URL(url).hostname === 'evil.test')).toEqual([]);
  expect(await page.locator('a[href*="evil"]').count()).toBe(0);
});

test('L02 nor is it asked anything by the script that runs before the app', async ({
  page,
  sandbox,
}) => {
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  // On a server the page may speak to, so that nothing but the list is in the way.
  const iss = `${sandbox.ehrOrigin}/other`;
  await page.goto(`${sandbox.appOrigin}/launch.html?iss=${encodeURIComponent(iss)}&launch=x`);
  await expectScreen(page, 'issuer-unknown');
  expect(asked.filter(url => url.startsWith(iss))).toEqual([]);
});

test('L03 what else stands in the launch address has no say', async ({ page, sandbox }) => {
  const url = `${await launchUrl(sandbox)}&clientId=other&patientId=p2&fhirServiceUrl=https://evil.test`;
  await page.goto(url);
  await expect(page.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
});

for (const [name, body, kind] of [
  ['missing', undefined, 'configuration-unreadable'],
  ['not JSON', '{', 'configuration-unreadable'],
  [
    'without a client id',
    '{"issuers":[{"iss":"https://a.test","label":"A"}]}',
    'configuration-wrong',
  ],
  [
    'with a misspelt key',
    '{"issuers":[{"iss":"https://a.test","clientId":"a","label":"A","scopes":"x"}]}',
    'configuration-wrong',
  ],
  [
    'with an unencrypted server',
    '{"issuers":[{"iss":"http://a.test/fhir","clientId":"a","label":"A"}]}',
    'issuer-insecure',
  ],
] as const)
  test(`${kind === 'issuer-insecure' ? 'L20 http-iss: ' : ''}a configuration ${name}`, async ({
    page,
    sandbox,
  }) => {
    await page.route('**/sideplan.config.json', route =>
      body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body }),
    );
    await page.goto(`${sandbox.appOrigin}/launch.html?iss=http://a.test/fhir&launch=x`);
    await expectScreen(page, kind);
    if (name === 'without a client id') await expect(page.getByText(/clientId/)).toBeVisible();
  });

test('a server that does not answer, and then does', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: discovery, then: 'reset' });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'discovery-unreachable');
  await fetch(`${sandbox.ehrOrigin}/ehr/scenario`, { method: 'DELETE' });
  await retry(page).click();
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
});

test('L04 a server in trouble is not taken for a server without login', async ({
  page,
  sandbox,
}) => {
  await scenario(sandbox, { match: discovery, status: 503 });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'discovery-refused');
  const data = (await askedOf(sandbox)).filter(({ path }) => /\/fhir\/(?!\.well-known)/.test(path));
  expect(data).toEqual([]);
});

test('a server that describes its login with a web page', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: discovery, status: 200, body: '<html></html>' });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'discovery-wrong');
});

test('L05 no-s256: a login without PKCE S256', async ({ page, sandbox }) => {
  const body = found(sandbox, { code_challenge_methods_supported: ['plain'] });
  await scenario(sandbox, { match: discovery, status: 200, body });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'pkce-missing');
});

test('L06 endpoint-swap: a login that would go to an unencrypted address elsewhere', async ({
  page,
  sandbox,
}) => {
  const body = found(sandbox, { token_endpoint: 'http://evil.test/token' });
  await scenario(sandbox, { match: discovery, status: 200, body });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'endpoint-unsafe');
});

test('L12 access-denied: the person cancels the login, and nobody is shown who was shown before', async ({
  page,
  sandbox,
}) => {
  await page.goto(await launchUrl(sandbox));
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
  await page.goto(`${sandbox.appOrigin}/launch.html?iss=${encodeURIComponent(sandbox.fhirBase)}`);
  await page.getByRole('button', { name: 'Avbryt' }).click();
  await expectScreen(page, 'denied');
  await page.reload();
  await expectScreen(page, 'not-launched');
});

test('without a journal, the person logs in and picks the patient', async ({ page, sandbox }) => {
  await page.goto(`${sandbox.appOrigin}/launch.html?iss=${encodeURIComponent(sandbox.fhirBase)}`);
  await page.getByLabel('Pasient').selectOption('p2');
  await page.getByRole('button', { name: 'Logg inn' }).click();
  await expect(page.locator('[data-patient-banner]')).toContainText('Olav');
});

test('L17 no-patient-in-token: a login without a patient is asked for none', async ({
  page,
  sandbox,
}) => {
  await page.goto(`${sandbox.appOrigin}/launch.html?iss=${encodeURIComponent(sandbox.fhirBase)}`);
  await page.getByLabel('Pasient').selectOption({ label: 'Ingen pasient' });
  await page.getByRole('button', { name: 'Logg inn' }).click();
  await expectScreen(page, 'no-patient');
  const searches = (await askedOf(sandbox)).filter(({ path }) => path.includes('patient='));
  expect(searches).toEqual([]);
});

test('L09 error-description: a launch that is too old or unknown, in our words and not the server’s', async ({
  page,
  sandbox,
}) => {
  const iss = encodeURIComponent(sandbox.fhirBase);
  await page.goto(`${sandbox.appOrigin}/launch.html?iss=${iss}&launch=not-a-launch`);
  await expectScreen(page, 'authorization-failed');
  await expect(page.getByText(/unknown or older/)).toHaveCount(0);
});

test('L07 state-abuse: an answer this page never asked for redeems nothing', async ({
  page,
  sandbox,
}) => {
  for (const query of [
    'code=stolen&state=page.made-up',
    'code=stolen',
    'error=access_denied&error_description=Ring+22222222',
  ]) {
    await page.goto(`${sandbox.appOrigin}/index.html?${query}`);
    await expectScreen(page, 'state-unknown');
    await expect(page.getByText('22222222')).toHaveCount(0);
  }
  expect(await tokenCalls(sandbox)).toBe(0);
});

test('L10 rfc9207: an answer from another login server than the one asked', async ({
  page,
  sandbox,
}) => {
  const body = found(sandbox, {
    issuer: 'https://other.example/fhir',
    authorization_response_iss_parameter_supported: true,
  });
  await scenario(sandbox, { match: discovery, status: 200, body });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'issuer-mismatch');
  expect(await tokenCalls(sandbox)).toBe(0);
});

test('the login breaks just before it is done', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: 'POST /auth/token', then: 'reset' });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'token-unreachable');
});

test('the login server refuses the code', async ({ page, sandbox }) => {
  await scenario(sandbox, {
    match: 'POST /auth/token',
    status: 400,
    body: { error: 'invalid_grant' },
  });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'token-refused');
});

test('the login server answers without a token', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: 'POST /auth/token', status: 200, body: { patient: 'p1' } });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'token-wrong');
});

test('a proof of identity that does not hold', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: 'jwks', status: 200, body: { keys: [] } });
  await page.goto(await launchUrl(sandbox));
  await expectScreen(page, 'identity-unproven');
});

test('a reload that would lead to another patient shows neither', async ({ page, sandbox }) => {
  await page.goto(await launchUrl(sandbox));
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
  await page.evaluate(() => {
    const state = history.state as { sideplan: object };
    history.replaceState({ sideplan: { ...state.sideplan, patient: 'somebody else' } }, '');
  });
  await page.reload();
  await expectScreen(page, 'patient-changed');
});

test('a login that will not be framed is offered in a window, and the window closes itself', async ({
  page,
  sandbox,
}) => {
  await scenario(sandbox, { match: 'GET /auth/authorize', then: 'hang', times: 1 });
  const panel = await openEhr(page, sandbox);
  await expectScreen(page, 'window-needed', panel);
  const opened = page.waitForEvent('popup');
  await panel.getByRole('button', { name: nbLaunch['launch.window'] }).click();
  const popup = await opened;
  await expect(sidebar(page).locator('[data-patient-banner]')).toContainText('Maja');
  await expect.poll(() => popup.isClosed()).toBe(true);
});

test('a login window the person closes can be opened again', async ({ page, sandbox }) => {
  const authorize = { match: 'GET /auth/authorize' };
  await scenario(
    sandbox,
    { ...authorize, nth: 1, then: 'hang' },
    {
      ...authorize,
      nth: 2,
      status: 200,
      body: 'Skriv passordet',
      headers: { 'content-type': 'text/plain' },
    },
  );
  const panel = await openEhr(page, sandbox);
  await expectScreen(page, 'window-needed', panel);
  const opened = page.waitForEvent('popup');
  await panel.getByRole('button', { name: nbLaunch['launch.window'] }).click();
  await (await opened).close();
  await expectScreen(page, 'window-closed', panel);
  const reopened = page.waitForEvent('popup');
  await panel.getByRole('button', { name: nbLaunch['launch.window'] }).click();
  await reopened;
  await expect(panel.locator('[data-patient-banner]')).toContainText('Maja');
});

test('a login window the browser stops', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: 'GET /auth/authorize', then: 'hang' });
  await page.addInitScript(() => {
    window.open = () => null;
  });
  const panel = await openEhr(page, sandbox);
  await expectScreen(page, 'window-needed', panel);
  await panel.getByRole('button', { name: nbLaunch['launch.window'] }).click();
  await expectScreen(page, 'window-blocked', panel);
});

test('where the app itself does not arrive, that is said, and it can be asked for again; while a login is slow, it is not', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/dynamically imported module/);
  await page.route(/\/assets\/app-.*\.js$/, route => route.abort());
  const panel = await openEhr(page, sandbox, { user: 'u-lv', patient: 'p1' });
  const again = panel.getByRole('link', { name: 'Hent på nytt' });
  await expect(again).toBeVisible();
  const [, frame] = page.frames();
  expect(frame && (await axe(frame))).toEqual([]);
  await page.unroute(/\/assets\/app-.*\.js$/);
  await scenario(sandbox, { match: 'POST /auth/token', delayMs: 3000 });
  const asking = page.waitForRequest(/\/auth\/token$/);
  await again.click();
  await asking;
  expect(await panel.getByText('Hent på nytt').count()).toBe(0);
  await expect(panel.locator('[data-patient-banner]')).toContainText('Maja');
});
