// In the journal's frame, in a browser that has been here before: the login leaves for where it was last time, while the
// server is asked whether it still is there. No code is redeemed before it has said so.
import type { Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { openEhr, scenario } from './ehr.ts';
import { expect, test } from './sandbox.ts';

const DISCOVERY = '.well-known/smart-configuration';
/** Long enough for everything that does not wait for it to have been asked. */
const SLOW = 1_500;

/** What became of the login, in the order it happened: «› discovery», «‹ discovery», «› token, hand». */
function loginOf(page: Page): readonly string[] {
  const seen: string[] = [];
  page.on('request', request => {
    const name = nameOf(request.url());
    if (name && request.method() !== 'OPTIONS') seen.push(`› ${name}`);
  });
  page.on('requestfinished', request => {
    const name = nameOf(request.url());
    if (name) seen.push(`‹ ${name}`);
  });
  return seen;
}

function nameOf(address: string): string | undefined {
  const { pathname, searchParams } = new URL(address);
  const name = /smart-configuration$|(?<=^\/auth\/)(?:authorize|token)$/.exec(pathname)?.[0];
  const by = searchParams.get('by');
  return name && name.replace('smart-configuration', 'discovery') + (by ? `, ${by}` : '');
}

const shown = async (page: Page, sandbox: Sandbox) => {
  const panel = await openEhr(page, sandbox);
  await expect(panel.locator('[data-patient-banner]')).toContainText('Maja', { timeout: 20_000 });
};

const discovered = async (sandbox: Sandbox, more: object) => ({
  ...((await (await fetch(`${sandbox.fhirBase}/${DISCOVERY}`)).json()) as object),
  ...more,
});

test('the login does not wait for where it is to be told once more, and the code does', async ({
  page,
  sandbox,
}) => {
  await shown(page, sandbox);
  await scenario(sandbox, { match: DISCOVERY, delayMs: SLOW });
  const seen = loginOf(page);
  await shown(page, sandbox);
  expect(seen.filter(step => !step.startsWith('‹ authorize'))).toEqual([
    '› discovery',
    '› authorize',
    '‹ discovery',
    '› token',
    '‹ token',
  ]);
});

test('the first time there is nothing to go by, and the login waits', async ({ page, sandbox }) => {
  await scenario(sandbox, { match: DISCOVERY, delayMs: SLOW });
  const seen = loginOf(page);
  await shown(page, sandbox);
  expect(seen.slice(0, 3)).toEqual(['› discovery', '‹ discovery', '› authorize']);
});

test('where the login has moved since last time, the code comes from where it is now', async ({
  page,
  sandbox,
}) => {
  await shown(page, sandbox);
  const moved = { authorization_endpoint: `${sandbox.ehrOrigin}/auth/authorize?by=move` };
  const body = await discovered(sandbox, moved);
  // Where it was, nobody answers any more.
  await scenario(
    sandbox,
    { match: DISCOVERY, status: 200, body, delayMs: SLOW },
    { match: '/\\/auth\\/authorize\\?(?!by=move)/', delayMs: 60_000 },
  );
  const seen = loginOf(page);
  await shown(page, sandbox);
  expect(seen.filter(step => step.startsWith('›'))).toEqual([
    '› discovery',
    '› authorize',
    '› authorize, move',
    '› token',
  ]);
  // And next time it goes there at once.
  const again = loginOf(page);
  await shown(page, sandbox);
  expect(again.filter(step => step.startsWith('› authorize'))).toEqual(['› authorize, move']);
});

test('what else has changed at the server since last time holds at once, without a second login', async ({
  page,
  sandbox,
}) => {
  await shown(page, sandbox);
  const keys = `${sandbox.ehrOrigin}/auth/jwks?by=renewal`;
  const body = await discovered(sandbox, { jwks_uri: keys });
  await scenario(
    sandbox,
    { match: DISCOVERY, status: 200, body },
    { match: '/\\/auth\\/jwks$/', status: 200, body: { keys: [] } },
  );
  const seen = loginOf(page);
  await shown(page, sandbox);
  expect(seen.filter(step => step.startsWith('› authorize'))).toEqual(['› authorize']);
});

test('L04 a server in trouble is one the second time as well: nothing is redeemed', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/Failed to load resource/);
  await shown(page, sandbox);
  await scenario(sandbox, { match: DISCOVERY, status: 503, delayMs: SLOW });
  const seen = loginOf(page);
  const panel = await openEhr(page, sandbox);
  await expect(
    panel.getByRole('heading', { name: nbLaunch['launch.discovery-refused.title'] }),
  ).toBeVisible({ timeout: 15_000 });
  expect(seen.filter(step => step.startsWith('›'))).toEqual(['› discovery', '› authorize']);
  await expect(panel.locator('[data-patient-banner]')).toHaveCount(0);
});

for (const [what, kept] of [
  ['an unencrypted address elsewhere', { authorize: 'http://evil.test/authorize' }],
  ['a token address on another host', { token: 'https://evil.test/token' }],
  ['something that is no address', { authorize: 7 }],
] as const)
  test(`L06 what is remembered is checked as if it had just been said: ${what}`, async ({
    page,
    sandbox,
  }) => {
    await shown(page, sandbox);
    const changed = await page
      .frames()
      .find(one => one.url().startsWith(sandbox.appOrigin))
      ?.evaluate(instead => {
        const keys = Object.keys(localStorage).filter(key => key.startsWith('sideplan.endpoints.'));
        for (const key of keys) {
          const known = JSON.parse(localStorage.getItem(key) ?? '{}') as object;
          localStorage.setItem(key, JSON.stringify({ ...known, ...instead }));
        }
        return keys.length;
      }, kept);
    expect(changed).toBe(1);
    const elsewhere: string[] = [];
    page.on('request', request => {
      if (request.url().includes('evil.test')) elsewhere.push(request.url());
    });
    await scenario(sandbox, { match: DISCOVERY, delayMs: SLOW });
    const seen = loginOf(page);
    await shown(page, sandbox);
    expect(seen.slice(0, 3)).toEqual(['› discovery', '‹ discovery', '› authorize']);
    expect(elsewhere).toEqual([]);
  });

test('what the hospital has written by hand goes before anything remembered', async ({
  page,
  sandbox,
}) => {
  const by = (name: string) => `${sandbox.ehrOrigin}/auth/${name}?by=hand`;
  await shown(page, sandbox);
  await page.route('**/sideplan.config.json', async route => {
    const response = await route.fetch();
    const configuration = (await response.json()) as { issuers: { endpoints?: object }[] };
    for (const issuer of configuration.issuers)
      issuer.endpoints = {
        authorize: by('authorize'),
        token: by('token'),
        jwks: by('jwks'),
        issuer: sandbox.fhirBase,
      };
    await route.fulfill({ response, json: configuration });
  });
  const seen = loginOf(page);
  await shown(page, sandbox);
  expect(seen.filter(step => step.startsWith('›'))).toEqual(['› authorize, hand', '› token, hand']);
});
