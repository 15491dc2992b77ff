// The headers of SAFETY Appendix B, on every page that is served (CATALOGUE Q05, L13).
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openAlone } from './ehr.ts';
import { expect, test } from './sandbox.ts';
import { watch } from './watch.ts';

const pages = readdirSync(fileURLToPath(new URL('../../dist/web', import.meta.url))).filter(name =>
  name.endsWith('.html'),
);

/** Directive by directive, what the policy of a page allows. */
function policyOf(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const directives = (headers['content-security-policy'] ?? '').split(/;\s*/).filter(Boolean);
  return Object.fromEntries(
    directives.map(directive => {
      const [name = '', ...values] = directive.split(/\s+/);
      return [name, values.join(' ')];
    }),
  );
}

/** All that a page of the app may do, wherever it is served. */
const policyFor = ({ ehrOrigin }: Sandbox, frameAncestors: string) => ({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': `'self' ${ehrOrigin} ${ehrOrigin.replace('http', 'ws')}`,
  'frame-src': `'self' ${ehrOrigin}`,
  'frame-ancestors': frameAncestors,
  'base-uri': "'none'",
  'form-action': "'none'",
  'object-src': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
});

test('Q05 headers: every page of the app carries them, and each may be framed by whom it must', async ({
  request,
  sandbox,
}) => {
  expect(pages.toSorted()).toEqual(['index.html', 'launch.html']);
  const framedBy: Record<string, string> = {
    '': `'self' ${sandbox.ehrOrigin}`,
    'index.html': `'self' ${sandbox.ehrOrigin}`,
    'launch.html': sandbox.ehrOrigin,
    'launch.html?iss=x&launch=y': sandbox.ehrOrigin,
    'no-such-page.html': "'none'",
  };
  for (const [path, ancestors] of Object.entries(framedBy)) {
    const headers = (await request.get(`${sandbox.appOrigin}/${path}`)).headers();
    expect(headers['content-type'], path).toBe('text/html; charset=utf-8');
    expect(policyOf(headers), path).toEqual(policyFor(sandbox, ancestors));
    expect(headers, path).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const features = (headers['permissions-policy'] ?? '').split(', ');
    expect(features.length).toBeGreaterThan(20);
    // Copying a number is the one thing of a machine's that the app may use, and only itself.
    expect(
      features.filter(feature => !feature.endsWith('=()')),
      path,
    ).toEqual(['clipboard-write=(self)']);
    // On index.html it would cut the window a login came back in off from the page that waits for it.
    expect(headers['cross-origin-opener-policy'], path).toBe(
      path.startsWith('launch') ? 'same-origin-allow-popups' : undefined,
    );
  }
});

test('Q05 headers: the journal and its login keep what they show out of caches, referrers and frames', async ({
  request,
  sandbox,
}) => {
  const standalone = new URL(`${sandbox.ehrOrigin}/auth/authorize`);
  standalone.search = new URLSearchParams({
    response_type: 'code',
    client_id: 'sideplan',
    redirect_uri: `${sandbox.appOrigin}/index.html`,
    scope: 'openid launch/patient patient/*.rs',
    state: 'a-state-that-is-long-enough',
    aud: sandbox.fhirBase,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString();
  for (const address of [`${sandbox.ehrOrigin}/`, standalone.href]) {
    const headers = (await request.get(address)).headers();
    expect(headers['content-type'], address).toContain('text/html');
    expect(headers, address).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(policyOf(headers), address).toMatchObject({
      'default-src': "'none'",
      'frame-ancestors': "'none'",
    });
  }
});

test('X06 csp-tt: a browser keeps to it: no markup from text, no code from text, no picture from elsewhere', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
  expectProblem(/CSP (?:require-trusted-types-for|script-src|img-src)|Trusted|Content Security/);
  const stopped = await page.evaluate(async () => {
    const blocked: string[] = [];
    document.addEventListener('securitypolicyviolation', event => {
      blocked.push(event.effectiveDirective);
    });
    const attempts: Record<string, () => void> = {
      markup: () => {
        document.body.innerHTML = '<img src=x onerror=alert(1)>';
      },
      // oxlint-disable-next-line typescript/no-implied-eval -- in the page: this is what must not work
      code: () => void new Function('return 1')(),
    };
    // The debugger itself may evaluate; what runs on a timer of the page's own may not.
    await new Promise(resolve => {
      setTimeout(resolve);
    });
    const thrown = Object.entries(attempts).flatMap(([name, attempt]) => {
      try {
        attempt();
        return [];
      } catch {
        return [name];
      }
    });
    const picture = document.createElement('img');
    picture.src = 'https://elsewhere.example/picture.png';
    document.body.append(picture);
    await new Promise(resolve => {
      picture.addEventListener('error', resolve, { once: true });
    });
    return { thrown, blocked: [...new Set(blocked)] };
  });
  expect(stopped.thrown).toEqual(['markup', 'code']);
  expect(stopped.blocked).toContain('img-src');
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
});

test('X06 S02 S11 S12: what watches every journey sees the policy stop something, people in addresses, titles and logs, and a field or a page left to the browser', async ({
  page,
  context,
  sandbox,
  expectProblem,
}) => {
  const second = watch(sandbox);
  await second.over(context);
  expectProblem(
    /img-src|violates the following Content|a number of eleven digits|^Testdal |keeps what is written|may translate/,
  );
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
  expect(second.unexpected()).toEqual([]);
  await page.evaluate(async number => {
    const picture = document.createElement('img');
    picture.src = 'https://elsewhere.example/picture.png';
    const field = document.createElement('textarea');
    field.id = 'left-to-it';
    document.documentElement.translate = true;
    document.body.append(picture, field);
    document.title = 'Plan for Testdal';
    // oxlint-disable-next-line no-console -- in the page
    console.info('asked for', number);
    history.replaceState(null, '', `#${number}`);
    await fetch(`?id=${number}`);
  }, '1'.repeat(11));
  const seen = () => second.unexpected().join('\n');
  await expect.poll(seen).toContain('CSP img-src blocks https://elsewhere.example/picture.png');
  await expect.poll(seen).toContain('The browser keeps what is written in left-to-it');
  await expect.poll(seen).toContain('The browser may translate the page of a patient');
  await expect.poll(seen).toContain('Testdal in the console: The title is Plan for Testdal');
  await expect.poll(seen).toContain('a number of eleven digits in the console: asked for');
  await expect.poll(seen).toMatch(/eleven digits in an address: .*#1{11}/);
  await expect.poll(seen).toMatch(/eleven digits in an address: .*\?id=1{11}/);
});
