import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';

const appDir = mkdtempSync(join(tmpdir(), 'sideplan-app-'));
mkdirSync(join(appDir, 'assets'));
writeFileSync(join(appDir, 'index.html'), '<!doctype html><title>Sideplan</title>');
writeFileSync(join(appDir, 'assets/index-a1B2c3D4.js'), 'export {};');
writeFileSync(join(appDir, '..', 'beside.txt'), 'not the app');

const SATURDAY = Date.parse('2026-11-21T20:15:00+01:00');

/** In-process unless `send` is the real `fetch`. */
function client(sandbox: Sandbox, send = (request: Request) => sandbox.fetch(request)) {
  const ehr = (path: string, init?: RequestInit) =>
    send(new Request(new URL(path, sandbox.ehrOrigin), { redirect: 'manual', ...init }));
  const app = (path: string, init?: RequestInit) =>
    send(new Request(new URL(path, sandbox.appOrigin), init));
  const verifier = 'v'.repeat(43);

  async function signIn(query: string, scope = 'launch patient/*.cruds') {
    const { launch, iss } = await (
      await ehr(`/ehr/launch?${query}`, { headers: { Accept: 'application/json' } })
    ).json();
    const redirect_uri = `${sandbox.appOrigin}/index.html`;
    const asked = new URLSearchParams({
      response_type: 'code',
      client_id: 'sideplan',
      redirect_uri,
      scope,
      state: 's-secret',
      aud: iss,
      launch,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const back = new URL((await ehr(`/auth/authorize?${asked}`)).headers.get('location') ?? '');
    const code = back.searchParams.get('code') ?? '';
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'sideplan',
      redirect_uri,
      code,
      code_verifier: verifier,
    });
    const response = await ehr('/auth/token', { method: 'POST', body });
    const { access_token } = await response.json();
    const fhir = (path: string, init: Init = {}) =>
      ehr(`/fhir${path ? `/${path}` : ''}`, {
        ...init,
        headers: {
          Authorization: `Bearer ${access_token}`,
          'Content-Type': 'application/fhir+json',
          ...init.headers,
        },
      });
    return { token: String(access_token), response, fhir };
  }

  /** A rule with `then` is given as text: as an object it would look like a promise. */
  const scenario = (rules: unknown) =>
    ehr('/ehr/scenario', {
      method: 'POST',
      body: typeof rules === 'string' ? rules : JSON.stringify(rules),
    });
  const log = async (): Promise<Row[]> => (await ehr('/ehr/log')).json();
  return { ehr, app, signIn, scenario, log };
}

const batch = (...urls: string[]) => ({
  method: 'POST',
  body: JSON.stringify({
    resourceType: 'Bundle',
    type: 'batch',
    entry: urls.map(url => ({ request: { method: 'GET', url } })),
  }),
});

/** Headers given by name: spread from a `Headers`, they would all be lost. */
interface Init extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
}

interface Row {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly batch?: true;
}

const inProcess = (options: Partial<SandboxOptions> = {}) =>
  client(createSandbox({ port: 8080, appPort: 8081, appDir, ...options }));

const task = JSON.stringify({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  for: { reference: 'Patient/p1' },
});

describe('Opening the app from the journal', () => {
  test('sends the browser to the app with the issuer and a handle, and nothing more', async () => {
    const { ehr } = inProcess();
    const response = await ehr('/ehr/launch?user=u-lv&patient=p1');
    expect(response.status).toBe(302);
    const to = new URL(response.headers.get('location') ?? '');
    expect(to.origin + to.pathname).toBe('http://127.0.0.1:8081/launch.html');
    expect([...to.searchParams.keys()]).toEqual(['iss', 'launch']);
    const json = await (
      await ehr('/ehr/launch?user=u-lv&patient=p1', { headers: { Accept: 'application/json' } })
    ).json();
    expect(Object.keys(json)).toEqual(['iss', 'launch', 'url']);
    expect(json.iss).toBe('http://localhost:8080/fhir');
  });

  test.each([
    ['nobody of that name', 'user=u-x&patient=p1', 404, /no user u-x/],
    ['no such patient', 'user=u-lv&patient=p9', 404, /no patient p9/],
    ['no patient named', 'user=u-lv', 400, /patient is missing/],
    ['no user named', 'patient=p1', 400, /user is missing/],
    ['a time that is no time', 'user=u-lv&patient=p1&now=soon', 400, /now=soon is not a time/],
    [
      'a day that does not exist',
      'user=u-lv&patient=p1&now=2026-02-30T10:00',
      400,
      /is not a time/,
    ],
    ['an unknown purpose', 'user=u-lv&patient=p1&purpose=FUN', 400, /purpose=FUN/],
    ['a banner that is neither true nor false', 'user=u-lv&patient=p1&banner=0', 400, /banner/],
  ])('says clearly what is wrong: %s', async (_, query, status, why) => {
    const { ehr } = inProcess();
    const plain = await ehr(`/ehr/launch?${query}`);
    expect(plain.status).toBe(status);
    expect(await plain.text()).toMatch(why);
    const json = await ehr(`/ehr/launch?${query}`, { headers: { Accept: 'application/json' } });
    expect((await json.json()).error).toMatch(why);
  });
});

const dateOf = (response: Response) => Date.parse(response.headers.get('date') ?? '');

describe('The clock of a session', () => {
  const near = 5000;

  test.each([
    ['nothing is said: Saturday evening', '', SATURDAY],
    [
      'a Norwegian winter time is given',
      '&now=2026-11-23T10:00',
      Date.parse('2026-11-23T09:00:00Z'),
    ],
    [
      'a Norwegian summer time is given',
      '&now=2026-07-01T10:00:30',
      Date.parse('2026-07-01T08:00:30Z'),
    ],
    ['an offset is given', '&now=2026-11-23T10:00:00%2B03:00', Date.parse('2026-11-23T07:00:00Z')],
    [
      'the plus of the offset was not escaped',
      '&now=2026-11-23T10:00:00+03:00',
      Date.parse('2026-11-23T07:00:00Z'),
    ],
    ['UTC is given', '&now=2026-11-23T10:00Z', Date.parse('2026-11-23T10:00:00Z')],
    ['only a day is given', '&now=2026-11-23', Date.parse('2026-11-22T23:00:00Z')],
  ])('stands in every answer when %s', async (_, now, expected) => {
    const { signIn } = inProcess();
    const { response, fhir } = await signIn(`user=u-lv&patient=p1${now}`);
    for (const answer of [response, await fhir('Patient/p1'), await fhir('Patient/nobody')]) {
      expect(Math.abs(dateOf(answer) - expected)).toBeLessThan(near);
    }
  });

  test('ticks, and is each session’s own', async () => {
    let ahead = 0;
    const { signIn, ehr } = inProcess({ now: () => new Date(Date.now() + ahead) });
    const [monday, saturday] = [
      await signIn('user=u-lv&patient=p1&now=2026-11-23T10:00'),
      await signIn('user=u-lv&patient=p1'),
    ];
    ahead = 300_000;
    expect(
      dateOf(await monday.fhir('Patient/p1')) - Date.parse('2026-11-23T09:05:00Z'),
    ).toBeLessThan(near);
    expect(dateOf(await saturday.fhir('Patient/p1')) - (SATURDAY + 300_000)).toBeLessThan(near);
    expect(dateOf(await ehr('/')) - (SATURDAY + 300_000)).toBeLessThan(near);
  });

  test('starts a new session after what the former one wrote, so nothing saved lies in the future', async () => {
    let ahead = 0;
    const { signIn } = inProcess({ now: () => new Date(Date.now() + ahead) });
    const first = await signIn('user=u-lv&patient=p1');
    ahead = 400_000;
    expect((await first.fhir('Task', { method: 'POST', body: task })).status).toBe(201);
    const { response } = await signIn('user=u-lv&patient=p1');
    expect(dateOf(response)).toBeGreaterThanOrEqual(SATURDAY + 400_000 - near);
  });
});

describe('The request log', () => {
  test('shows method, path and status, one row per line of a batch, and nothing secret', async () => {
    const { signIn, log, ehr } = inProcess();
    const { fhir, token } = await signIn('user=u-lv&patient=p1');
    await ehr('/ehr/log', { method: 'DELETE' });
    await fhir('Condition?patient=p1&code=F60.3');
    await fhir('Patient?identifier=12850798271');
    await fhir('', batch('CarePlan?patient=p1', 'Patient/nobody'));
    expect(
      (await log()).map(({ method, path, status, batch: inBatch }) => [
        method,
        path,
        status,
        inBatch,
      ]),
    ).toEqual([
      ['GET', '/fhir/Condition?patient=p1&code=F60.3', 200, undefined],
      ['GET', '/fhir/Patient?identifier=…', 200, undefined],
      ['POST', '/fhir', 200, undefined],
      ['GET', '/fhir/CarePlan?patient=p1', 200, true],
      ['GET', '/fhir/Patient/nobody', expect.any(Number), true],
    ]);
    await signIn('user=u-lv&patient=p1');
    await ehr('/auth/authorize?code=c-secret');
    const text = JSON.stringify(await log());
    expect(text).toContain('launch=…');
    expect(text).toContain('state=…');
    expect(text).not.toMatch(/[sc]-secret/);
    expect(text).not.toContain(token);
  });
});

describe('A fault rule', () => {
  test.each([
    ['is no object', 3, /object/],
    ['has no match', {}, /match/],
    ['has a broken pattern', { match: '/(/' }, /match/],
    ['has an unknown ending', JSON.parse('{"match":"x","then":"explode"}'), /then/],
    ['has a field nobody knows', { match: 'x', delay: 3 }, /delay is not a field/],
    ['counts from nought', { match: 'x', nth: 0 }, /nth/],
    ['has a status outside HTTP', { match: 'x', status: 42 }, /status/],
    ['has headers that are no texts', { match: 'x', headers: { a: 1 } }, /headers/],
    ['waits a negative time', { match: 'x', delayMs: -1 }, /delayMs/],
    ['waits afterwards for no number', { match: 'x', afterMs: 'long' }, /afterMs/],
  ])('is refused when it %s', async (_, rule, why) => {
    const { scenario, ehr } = inProcess();
    const response = await scenario([{ match: 'fine' }, rule]);
    expect(response.status).toBe(400);
    expect((await response.json()).error).toMatch(why);
    expect(await (await ehr('/ehr/scenario')).json()).toEqual([]);
  });

  test('that waits can be listed and cleared', async () => {
    const { scenario, ehr } = inProcess();
    await scenario({ match: 'CarePlan', status: 503 });
    expect(await (await ehr('/ehr/scenario')).json()).toEqual([
      { match: 'CarePlan', status: 503, seen: 0 },
    ]);
    await ehr('/ehr/scenario', { method: 'DELETE' });
    expect(await (await ehr('/ehr/scenario')).json()).toEqual([]);
  });

  test('takes only the nth, only the first so many, or all', async () => {
    const { signIn, scenario } = inProcess();
    const { fhir } = await signIn('user=u-lv&patient=p1');
    const statuses = async (path: string) => [
      (await fhir(path)).status,
      (await fhir(path)).status,
      (await fhir(path)).status,
    ];
    await scenario([
      { match: 'GET /fhir/CarePlan', nth: 2, status: 503 },
      { match: 'Task', times: 2, status: 500 },
      { match: '/Goal\\?patient=p\\d$/', status: 404 },
    ]);
    expect(await statuses('CarePlan?patient=p1')).toEqual([200, 503, 200]);
    expect(await statuses('Task?patient=p1')).toEqual([500, 500, 200]);
    expect(await statuses('Goal?patient=p1')).toEqual([404, 404, 404]);
  });

  test('answers 429 with a time to wait, an OperationOutcome, and headers a browser needs', async () => {
    const { signIn, scenario } = inProcess();
    const { fhir } = await signIn('user=u-lv&patient=p1&now=2026-11-23T10:00Z');
    await scenario({ match: 'Patient/p1', status: 429 });
    const response = await fhir('Patient/p1', { headers: { Origin: 'http://127.0.0.1:8081' } });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:8081');
    expect(response.headers.get('date')).toMatch(/^Mon, 23 Nov 2026 10:00/);
    expect(await response.json()).toMatchObject({ resourceType: 'OperationOutcome' });
    await scenario({
      match: 'Patient/p1',
      status: 429,
      headers: { 'Retry-After': '30' },
      body: 'later',
    });
    const later = await fhir('Patient/p1');
    expect([later.headers.get('retry-after'), await later.text()]).toEqual(['30', 'later']);
  });

  test('reaches discovery, authorize, token and keys', async () => {
    const { ehr, scenario } = inProcess();
    await scenario([
      {
        match: 'smart-configuration',
        bodyPatch: {
          token_endpoint: 'https://evil.test/token',
          code_challenge_methods_supported: null,
        },
      },
      { match: '/auth/', status: 503 },
    ]);
    const configuration = await (await ehr('/fhir/.well-known/smart-configuration')).json();
    expect(configuration.token_endpoint).toBe('https://evil.test/token');
    expect(configuration).not.toHaveProperty('code_challenge_methods_supported');
    for (const path of ['/auth/authorize', '/auth/token', '/auth/jwks'])
      expect((await ehr(path)).status).toBe(503);
    expect((await ehr('/ehr/log')).status).toBe(200);
  });

  test('makes one line of a batch slow or wrong and leaves the others alone', async () => {
    const { signIn, scenario } = inProcess();
    const { fhir } = await signIn('user=u-lv&patient=p1');
    await scenario({ match: 'CarePlan?patient=Patient/p1', delayMs: 60, status: 500 });
    const start = performance.now();
    const { entry } = await (
      await fhir('', batch('CarePlan?patient=Patient/p1', 'Patient/p1'))
    ).json();
    expect(performance.now() - start).toBeGreaterThan(50);
    expect(
      entry.map((one: { response: { status: string } }) =>
        Number.parseInt(one.response.status, 10),
      ),
    ).toEqual([500, 200]);
  });

  test('that breaks the line of a batch breaks the whole answer', async () => {
    const { signIn, scenario } = inProcess();
    const { fhir } = await signIn('user=u-lv&patient=p1');
    await scenario('{"match":"CarePlan","then":"reset"}');
    await expect(fhir('', batch('CarePlan?patient=p1', 'Patient/p1'))).rejects.toThrow(
      /connection was closed/,
    );
  });

  test('hangs until the caller gives up', async () => {
    const { signIn, scenario } = inProcess();
    const { fhir } = await signIn('user=u-lv&patient=p1');
    await scenario('{"match":"Patient/p1","then":"hang"}');
    await expect(fhir('Patient/p1', { signal: AbortSignal.timeout(50) })).rejects.toThrow(
      /aborted|timeout/i,
    );
  });

  test('cuts the answer in the middle', async () => {
    const { signIn, scenario } = inProcess();
    const { fhir } = await signIn('user=u-lv&patient=p1');
    await scenario('{"match":"Patient/p1","then":"truncate"}');
    const response = await fhir('Patient/p1');
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow();
  });
});

describe('Over real sockets', () => {
  let sandbox: Sandbox;
  let real: ReturnType<typeof client>;
  beforeEach(async () => {
    sandbox = createSandbox({ port: 0, appPort: 0, appDir });
    await sandbox.listen();
    real = client(sandbox, request => fetch(request));
  });
  afterEach(() => sandbox.close());

  test('the ports are free ones, and localhost works in both address families', async () => {
    const { port } = new URL(sandbox.ehrOrigin);
    expect(Number(port)).toBeGreaterThan(0);
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect((await fetch(`http://${host}:${port}/fhir/metadata`)).status, host).toBe(200);
    }
    expect((await fetch(`${sandbox.appOrigin}/index.html`)).status).toBe(200);
    expect((await fetch(sandbox.appOrigin.replace('127.0.0.1', 'localhost'))).status).toBe(200);
  });

  test('the date is the session’s and not the machine’s', async () => {
    const { fhir } = await real.signIn('user=u-lv&patient=p1&now=2026-11-23T10:00Z');
    expect((await fhir('Patient/p1')).headers.get('date')).toMatch(/^Mon, 23 Nov 2026 10:00/);
  });

  test.each(['reset', 'rst', 'fin'])(
    '%s: no byte of an answer comes, and nothing was done',
    async then => {
      const { fhir } = await real.signIn('user=u-lv&patient=p1');
      const before = sandbox.store.all('Task').length;
      await real.scenario(`{"match":"POST /fhir/Task","then":"${then}"}`);
      await expect(fhir('Task', { method: 'POST', body: task })).rejects.toThrow();
      expect(sandbox.store.all('Task')).toHaveLength(before);
      expect((await real.log()).at(-1)).toMatchObject({
        method: 'POST',
        path: '/fhir/Task',
        status: 0,
      });
    },
  );

  test('commit-then-drop: the server did it, and the client cannot know', async () => {
    const { fhir } = await real.signIn('user=u-lv&patient=p1');
    const before = sandbox.store.all('Task').length;
    await real.scenario('{"match":"POST /fhir/Task","then":"commit-then-drop"}');
    await expect(fhir('Task', { method: 'POST', body: task })).rejects.toThrow();
    expect(sandbox.store.all('Task')).toHaveLength(before + 1);
  });

  test('afterMs: the deed is done while its answer still waits', async () => {
    const { fhir } = await real.signIn('user=u-lv&patient=p1');
    const before = sandbox.store.all('Task').length;
    await real.scenario('{"match":"POST /fhir/Task","afterMs":60000}');
    const given = new AbortController();
    const answer = fhir('Task', { method: 'POST', body: task, signal: given.signal });
    await vi.waitFor(() => expect(sandbox.store.all('Task')).toHaveLength(before + 1));
    given.abort();
    await expect(answer).rejects.toThrow(/abort/i);
  });

  test('truncate: status and headers are right, the body ends too early', async () => {
    const { fhir } = await real.signIn('user=u-lv&patient=p1');
    await real.scenario('{"match":"Patient/p1","then":"truncate"}');
    const response = await fhir('Patient/p1');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('fhir+json');
    await expect(response.text()).rejects.toThrow();
  });

  test('hang: nothing comes, and closing the sandbox does not wait for it', async () => {
    const { fhir } = await real.signIn('user=u-lv&patient=p1');
    await real.scenario('{"match":"Patient/p1","then":"hang"}');
    const waiting = fhir('Patient/p1').then(
      () => 'answered',
      () => 'ended',
    );
    expect(
      await Promise.race([waiting, new Promise(resolve => setTimeout(resolve, 100, 'silent'))]),
    ).toBe('silent');
    await sandbox.close();
    expect(await waiting).toBe('ended');
  });

  test('a busy port is refused', async () => {
    const { port } = new URL(sandbox.ehrOrigin);
    const second = createSandbox({ port: Number(port), appPort: 0, appDir });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('The journal page', () => {
  test('starts with the doctor on call and Maja, marked as a demo, without a line of inline script', async () => {
    const { ehr } = inProcess();
    const response = await ehr('/');
    expect(response.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    expect(response.headers.get('content-security-policy')).toContain('http://127.0.0.1:8081');
    const text = await response.text();
    expect(text).toContain('Demo – bare testpersoner');
    expect(text).toMatch(/value="u-lv"[^>]* selected/);
    expect(text).toMatch(/value="p1" selected/);
    expect(text).toMatch(/value="ETREAT" selected/);
    expect(text).toContain('<iframe title="Sideplan" allow="clipboard-write"');
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style=|onclick|sandbox=/);
  });

  test('brings back what its address says, and says what it does not understand', async () => {
    const { ehr } = inProcess();
    const text = await (
      await ehr('/?user=u-gp&patient=p2&patient2=p3&now=2026-11-23T10:00')
    ).text();
    expect(text).toMatch(/value="u-gp"[^>]* selected/);
    expect(text).toMatch(/data-chart="patient2"[\s\S]*value="p3" selected/);
    expect(text).toContain('mandag 23. november 2026');
    expect(await (await ehr('/?now=soon')).text()).toContain('now=soon is not a time');
    expect(await (await ehr('/?patient=p77')).text()).toContain('Det finnes ingen pasient p77.');
    const evil = await (await ehr(`/?user=${encodeURIComponent('"><script>x</script>')}`)).text();
    expect(evil).not.toContain('<script>x');
  });

  test('shows a diagnosis only to who may see it', async () => {
    const { ehr } = inProcess();
    const chart = async (user: string) => (await ehr(`/ehr/chart?user=${user}&patient=p1`)).json();
    expect((await chart('u-lv')).diagnoses.length).toBeGreaterThan(0);
    expect((await chart('u-nav')).diagnoses).toEqual([]);
  });

  test('never says of an empty list that there is none', async () => {
    const script = await (await inProcess().ehr('/ehr/workspace.js')).text();
    expect(script).toContain('er ikke registrert, eller ikke vist for denne brukeren.');
    expect(script).not.toMatch(/\bingen/i);
  });

  test('answers under its own name only', async () => {
    const sandbox = createSandbox({ port: 8080, appPort: 8081, appDir });
    expect((await sandbox.fetch(new Request('http://evil.test:8080/ehr/log'))).status).toBe(421);
  });
});

describe('The web app’s files', () => {
  test('come with the headers that keep a browser safe', async () => {
    const { app } = inProcess();
    const { headers, status } = await app('/index.html');
    expect(status).toBe(200);
    const csp = headers.get('content-security-policy') ?? '';
    for (const part of [
      "default-src 'none'",
      "connect-src 'self' http://localhost:8080",
      "frame-src 'self' http://localhost:8080",
      "frame-ancestors 'self' http://localhost:8080",
      "trusted-types 'none'",
    ]) {
      expect(csp).toContain(part);
    }
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('permissions-policy')).toContain('clipboard-write=(self)');
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await app('/assets/index-a1B2c3D4.js')).headers.get('cache-control')).toContain(
      'immutable',
    );
  });

  test('are configured for the ports that run', async () => {
    const { app } = inProcess();
    expect(await (await app('/sideplan.config.json')).json()).toEqual({
      issuers: [
        {
          iss: 'http://localhost:8080/fhir',
          clientId: 'sideplan',
          label: 'Fjordvik journal (sandkasse)',
        },
      ],
      allowInsecureLoopback: true,
      locale: 'nb',
    });
  });

  test.each([
    '/..%2fbeside.txt',
    '/%2e%2e/beside.txt',
    '/assets/..%2f..%2fbeside.txt',
    '/%5c..%5cbeside.txt',
    '/assets',
    '/none.js',
  ])('do not include %s', async path => {
    const response = await inProcess().app(path);
    expect([400, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('not the app');
  });

  test('cannot be written to', async () => {
    expect((await inProcess().app('/index.html', { method: 'POST' })).status).toBe(405);
  });
});

const patient = (id: string) => ({
  resourceType: 'Patient',
  id,
  name: [{ family: 'Loaded', given: ['Ada'] }],
  birthDate: '1950-01-02',
});

describe('Patients from files', () => {
  test('join the demo’s, are open to every user, and never replace one of theirs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sideplan-data-'));
    const condition = {
      resourceType: 'Condition',
      id: 'c-1',
      subject: { reference: 'Patient/ada' },
      code: { text: 'Migrene' },
    };
    writeFileSync(join(folder, 'a.json'), JSON.stringify(patient('ada')));
    writeFileSync(join(folder, 'b.json'), JSON.stringify(patient('p1')));
    writeFileSync(join(folder, 'c.json'), JSON.stringify(condition));
    const ofOtherP1 = { ...condition, id: 'c-2', subject: { reference: 'Patient/p1' } };
    writeFileSync(join(folder, 'd.json'), '{ broken');
    writeFileSync(join(folder, 'e.json'), JSON.stringify(ofOtherP1));
    const sandbox = createSandbox({ port: 8080, appPort: 8081, appDir, dataPath: folder });
    const { problems } = await sandbox.loaded();
    expect(problems.join('\n')).toMatch(/d\.json/);
    expect(problems.join('\n')).toMatch(/Patient\/p1 has the id of a demo patient/);
    const { ehr, signIn } = client(sandbox);
    expect(await (await ehr('/')).text()).toContain('value="ada"');
    expect((await (await ehr('/ehr/chart?user=u-nav&patient=ada')).json()).diagnoses).toEqual([
      'Migrene',
    ]);
    const { fhir } = await signIn('user=u-lv&patient=p1');
    expect(JSON.stringify(await (await fhir('Patient/p1')).json())).toContain('Testdal');
    expect(sandbox.store.at('Condition/c-2')).toBeUndefined();
  });
});

describe('In front of another FHIR server', () => {
  test('passes on what the scopes allow, and keeps links below its own base', async () => {
    const seen: string[] = [];
    const upstream = createServer((incoming, outgoing) => {
      const base = `http://${incoming.headers.host}/r4`;
      seen.push(`${incoming.method} ${incoming.url} ${incoming.headers['if-match'] ?? ''}`.trim());
      outgoing.setHeader('Content-Type', 'application/fhir+json');
      outgoing.setHeader('ETag', 'W/"3"');
      outgoing.setHeader('Location', `${base}/Task/1/_history/3`);
      const patients = ['x1', 'x2'].map(id => ({
        fullUrl: `${base}/Patient/${id}`,
        resource: { resourceType: 'Patient', id, name: [{ family: 'Upstream', given: [id] }] },
      }));
      const link = [
        { relation: 'next', url: `${base}?_getpages=7` },
        { relation: 'other', url: `${base}-old/Patient` },
      ];
      outgoing.end(
        JSON.stringify({ resourceType: 'Bundle', type: 'searchset', link, entry: patients }),
      );
    });
    await new Promise<void>(resolve => void upstream.listen(0, '127.0.0.1', resolve));
    const address = upstream.address();
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/r4`;
    const it = inProcess({ upstreamFhir: base });
    expect(await (await it.ehr('/')).text()).toContain('x1 Upstream');

    const { fhir, response } = await it.signIn(
      'user=u-lv&patient=x1',
      'launch patient/Patient.rs patient/Task.u',
    );
    expect(Math.abs(Date.parse(response.headers.get('date') ?? '') - Date.now())).toBeLessThan(
      5000,
    );
    const found = await fhir('Patient?name=a%7Cb');
    const bundle = await found.json();
    expect(bundle.link.map((one: { url: string }) => one.url)).toEqual([
      'http://localhost:8080/fhir?_getpages=7',
      `${base}-old/Patient`,
    ]);
    expect(bundle.entry.map((one: { fullUrl: string }) => one.fullUrl)).toEqual([
      'http://localhost:8080/fhir/Patient/x1',
    ]);
    expect((await fhir('?_getpages=7')).status).toBe(200);
    const put = await fhir('Task/1', {
      method: 'PUT',
      body: '{"resourceType":"Task","for":{"reference":"Patient/x1"}}',
      headers: { 'If-Match': 'W/"2"' },
    });
    expect(put.headers.get('etag')).toBe('W/"3"');
    expect(put.headers.get('location')).toBe('http://localhost:8080/fhir/Task/1/_history/3');
    expect(seen).toContain('PUT /r4/Task/1 W/"2"');
    expect(seen).toContain('GET /r4/Patient?name=a%7Cb');
    const asked = seen.length;
    expect((await fhir('Patient/x2')).status).toBe(403);
    expect((await fhir('Observation?patient=x1')).status).toBe(403);
    expect(
      (
        await fhir('Task/1', {
          method: 'PUT',
          body: '{"resourceType":"Task","for":{"reference":"Patient/x2"}}',
        })
      ).status,
    ).toBe(403);
    expect(seen).toHaveLength(asked);

    await new Promise(resolve => upstream.close(resolve));
    upstream.closeAllConnections();
    const down = await fhir('Patient/x1');
    expect(down.status).toBe(502);
    expect(await down.json()).toMatchObject({ resourceType: 'OperationOutcome' });
  });
});
