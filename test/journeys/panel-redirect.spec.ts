// A login server that refuses Chrome's own redirect address: a page of the hospital's sends the answer on (docs/deploy.md).
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { askedOf } from './ehr.ts';
import { test as base, expect, logIn, shows } from './extension.ts';
import { builtExtensionId } from './sandbox.ts';

interface Hosted {
  readonly origin: string;
  /** What it was asked for, in order; the pages only. */
  readonly asked: readonly URL[];
}

interface Fixtures {
  hosted: Hosted;
  /** The page the package names, on the hospital's own server unless it is a whole address. */
  named: string;
}

const REGISTERED = '/smart';

const test = base.extend<Fixtures>({
  named: [REGISTERED, { option: true }],
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from the pattern
  hosted: async ({}, use) => {
    const asked: URL[] = [];
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      response.setHeader('referrer-policy', 'no-referrer');
      response.setHeader('cache-control', 'no-store');
      response.setHeader('content-security-policy', "default-src 'none'; script-src 'self'");
      if (url.pathname === '/send-on.js') {
        const to = `https://${builtExtensionId}.chromiumapp.org/smart`;
        response.setHeader('content-type', 'text/javascript');
        response.end(`location.replace('${to}' + location.search)`);
        return;
      }
      asked.push(url);
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end('<!doctype html><title>Videre</title><script src="/send-on.js"></script>');
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    await use({ origin: `http://localhost:${port}`, asked });
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
  },
  // A login server that knows this page and no other: neither Chrome's address nor the web app's.
  sandbox: async ({ hosted }, use) => {
    const appDir = fileURLToPath(new URL('../../dist/web', import.meta.url));
    const redirectUris = [hosted.origin + REGISTERED];
    const sandbox = createSandbox({ port: 0, appPort: 0, appDir, redirectUris });
    await sandbox.listen();
    await use(sandbox);
    await sandbox.close();
  },
  extensionPath: async ({ extensionPath, hosted, named }, use) => {
    const file = `${extensionPath}/sideplan.config.json`;
    const { issuers, ...rest } = JSON.parse(await readFile(file, 'utf8')) as { issuers: object[] };
    const redirectUri = new URL(named, hosted.origin).href;
    const sent = issuers.map(issuer => ({ ...issuer, redirectUri }));
    await writeFile(file, JSON.stringify({ ...rest, issuers: sent }));
    await use(extensionPath);
  },
});

test('the login comes home by way of the hospital’s own page, in the same window', async ({
  page,
  context,
  sandbox,
  hosted,
  openSidePanel,
}) => {
  await page.goto(`${sandbox.ehrOrigin}/?patient=nobody`);
  const panel = await openSidePanel(page);
  await logIn(context, panel);
  await shows(panel, sandbox, 'p1');
  expect(hosted.asked.map(({ pathname }) => pathname)).toEqual([REGISTERED]);
  expect([...(hosted.asked[0]?.searchParams.keys() ?? [])].toSorted()).toEqual([
    'code',
    'iss',
    'state',
  ]);
  expect(panel.url()).not.toContain('code=');
});

test.describe('A page the login server does not know', () => {
  test.use({ named: '/annen-side' });
  test('is refused there, and gets no answer to send on', async ({
    page,
    sandbox,
    hosted,
    named,
    openSidePanel,
    expectProblem,
  }) => {
    expectProblem(/400/);
    await page.goto(`${sandbox.ehrOrigin}/?patient=nobody`);
    const panel = await openSidePanel(page);
    await panel.getByRole('button', { name: nbLaunch['launch.window'] }).click();
    await expect(
      panel.getByRole('heading', { name: nbLaunch['launch.window-closed.title'] }),
    ).toBeVisible();
    await expect(panel.locator('html')).toHaveAttribute('data-context', '');
    expect(hosted.asked).toEqual([]);
    const asked = (await askedOf(sandbox)).filter(({ path }) => path.startsWith('/auth/authorize'));
    expect(asked.map(({ status }) => status)).toEqual([400]);
    // It was this page that was refused, and no other was tried in its place.
    const [, query] = asked[0]?.path.split('?') ?? [];
    const askedFor = new URLSearchParams(query).get('redirect_uri');
    expect(askedFor).toBe(new URL(named, hosted.origin).href);
  });
});

test.describe('A page without https', () => {
  test.use({ named: 'http://sykehuset.example/smart' });
  test('is refused by Sideplan itself, before anybody is asked anything', async ({
    page,
    context,
    sandbox,
    openSidePanel,
  }) => {
    await page.goto(`${sandbox.ehrOrigin}/?patient=nobody`);
    const panel = await openSidePanel(page);
    const before = context.pages().length;
    await panel.getByRole('button', { name: nbLaunch['launch.window'] }).click();
    await expect(
      panel.getByRole('heading', { name: nbLaunch['launch.endpoint-unsafe.title'] }),
    ).toBeVisible();
    expect(context.pages()).toHaveLength(before);
    const asked = (await askedOf(sandbox)).filter(({ path }) => /^\/(?:auth|fhir)\b/.test(path));
    expect(asked).toEqual([]);
    await expect(panel.locator('html')).toHaveAttribute('data-context', '');
  });
});
