import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { createSandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';

/** A small public SMART client against the sandbox, without sockets. */
function bench(options: Partial<SandboxOptions> = {}) {
  let ahead = 0;
  const sandbox = createSandbox({
    port: 8080,
    appPort: 8081,
    appDir: '/nowhere',
    now: () => new Date(Date.now() + ahead),
    ...options,
  });
  const { ehrOrigin, appOrigin, fhirBase } = sandbox;
  const redirectUri = `${appOrigin}/index.html`;
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');

  const send = (path: string, init?: RequestInit) =>
    sandbox.fetch(new Request(new URL(path, ehrOrigin), { redirect: 'manual', ...init }));

  async function launch(query = 'user=u-lv&patient=p1') {
    const response = await send(`/ehr/launch?${query}`, {
      headers: { Accept: 'application/json' },
    });
    const { launch: handle } = await response.json();
    return String(handle);
  }

  /** `null` leaves a parameter out. */
  const authorizeQuery = (changes: Record<string, string | null>) => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'sideplan',
      redirect_uri: redirectUri,
      scope: 'launch openid fhirUser patient/*.rs',
      state: 'state-of-this-tab',
      aud: fhirBase,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    return query;
  };

  const authorize = async (changes: Record<string, string | null> = {}) =>
    send(`/auth/authorize?${authorizeQuery({ launch: await launch(), ...changes })}`);

  const post = (path: string, form: Record<string, string>) =>
    send(path, { method: 'POST', body: new URLSearchParams(form) });

  const exchange = (code: string, changes: Record<string, string> = {}) =>
    post('/auth/token', {
      grant_type: 'authorization_code',
      client_id: 'sideplan',
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
      ...changes,
    });

  const refresh = (token: string, changes: Record<string, string> = {}) =>
    post('/auth/token', {
      grant_type: 'refresh_token',
      client_id: 'sideplan',
      refresh_token: token,
      ...changes,
    });

  async function signIn(query?: string, changes: Record<string, string | null> = {}) {
    const code = answerOf(await authorize({ launch: await launch(query), ...changes })).get('code');
    const response = await exchange(code ?? '');
    return { response, ...(await response.json()) };
  }

  const read = (path: string, token?: string, init: Init = {}) =>
    send(`/fhir/${path}`, {
      ...init,
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...init.headers },
    });

  const pass = (ms: number) => {
    ahead += ms;
  };

  return {
    sandbox,
    send,
    launch,
    authorize,
    authorizeQuery,
    exchange,
    refresh,
    post,
    signIn,
    read,
    pass,
    redirectUri,
    fhirBase,
  };
}

/** Headers given by name: spread from a `Headers`, they would all be lost. */
interface Init extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
}

const answerOf = (response: Response) =>
  new URL(response.headers.get('location') ?? 'about:none').searchParams;

describe('Finding the authorization server', () => {
  test('anybody may read where to log in and what the server can do', async () => {
    const { read, fhirBase } = bench();
    const configuration = await (await read('.well-known/smart-configuration')).json();
    expect(configuration).toMatchObject({
      issuer: fhirBase,
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      authorization_response_iss_parameter_supported: true,
    });
    expect(configuration.capabilities).toEqual(
      expect.arrayContaining([
        'launch-ehr',
        'authorize-post',
        'context-banner',
        'permission-v1',
        'permission-v2',
      ]),
    );
    const metadata = await read('metadata');
    expect(metadata.status).toBe(200);
    const { rest } = await metadata.json();
    expect(JSON.stringify(rest[0].security)).toContain(configuration.token_endpoint);
  });

  test('a page on another origin may read discovery, keys, token and FHIR answers', async () => {
    const { send } = bench();
    const headers = {
      Origin: 'http://127.0.0.1:8081',
      'Access-Control-Request-Headers': 'authorization,if-match',
    };
    const preflight = await send('/fhir/Patient/p1', { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,if-match');
    for (const path of [
      '/fhir/.well-known/smart-configuration',
      '/auth/jwks',
      '/fhir/Patient/p1',
    ]) {
      const answer = await send(path, { headers });
      expect(answer.headers.get('access-control-allow-origin'), path).toBe('http://127.0.0.1:8081');
      expect(answer.headers.get('access-control-expose-headers'), path).toContain('ETag');
    }
    const launch = await send('/ehr/launch?user=u-lv&patient=p1', { headers });
    expect(launch.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('A launch from the EHR', () => {
  test('goes straight through: no cookie, no page, no ban on framing', async () => {
    const { authorize, redirectUri, fhirBase } = bench();
    const response = await authorize();
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(new RegExp(`^${redirectUri}\\?`));
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('x-frame-options')).toBeNull();
    expect(response.headers.get('content-security-policy')).toBeNull();
    const answer = answerOf(response);
    expect(answer.get('state')).toBe('state-of-this-tab');
    expect(answer.get('iss')).toBe(fhirBase);
    expect(answer.get('code')).toMatch(/^[\w-]{43}$/);
  });

  test('may also be posted as a form', async () => {
    const { send, launch, authorizeQuery } = bench();
    const body = authorizeQuery({ launch: await launch() });
    const response = await send('/auth/authorize', { method: 'POST', body });
    expect(answerOf(response).get('code')).toBeTruthy();
  });

  test('gives the patient, the user, and what the EHR knows of the situation', async () => {
    const { signIn } = bench();
    const tokens = await signIn('user=u-lv&patient=p1&purpose=ETREAT&intent=evaluate&banner=false');
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      patient: 'p1',
      purpose_of_use: 'ETREAT',
      intent: 'evaluate',
      need_patient_banner: false,
      scope: 'launch openid fhirUser patient/*.rs',
    });
    expect(tokens.response.headers.get('cache-control')).toBe('no-store');
    expect(tokens.response.headers.get('pragma')).toBe('no-cache');
    expect(tokens.refresh_token).toBeUndefined();
    for (const { reference } of tokens.fhirContext ?? [])
      expect(reference).toMatch(/^[A-Z]\w+\/[\w-]+$/);
    const plain = await signIn();
    expect(plain.need_patient_banner).toBe(true);
    expect(plain).not.toHaveProperty('purpose_of_use');
    expect(plain).not.toHaveProperty('intent');
  });

  test('may reload its frame: the same handle logs in again', async () => {
    const { launch, authorize } = bench();
    const handle = await launch();
    expect(answerOf(await authorize({ launch: handle })).get('code')).toBeTruthy();
    expect(answerOf(await authorize({ launch: handle })).get('code')).toBeTruthy();
  });

  test('is refused with a handle that is twelve hours old, or never was', async () => {
    const { launch, authorize, pass } = bench();
    const handle = await launch();
    pass(12 * 3600_000 - 1000);
    expect(answerOf(await authorize({ launch: handle })).get('code')).toBeTruthy();
    pass(2000);
    const late = answerOf(await authorize({ launch: handle }));
    expect(late.get('error')).toBe('invalid_request');
    expect(late.get('error_description')).toMatch(/older than 12 hours/);
    expect(answerOf(await authorize({ launch: 'made-up' })).get('error')).toBe('invalid_request');
  });

  test('two charts side by side each keep their own patient', async () => {
    const { signIn, read } = bench();
    const [maja, olav] = [
      await signIn('user=u-lv&patient=p1'),
      await signIn('user=u-lv&patient=p2'),
    ];
    expect([maja.patient, olav.patient]).toEqual(['p1', 'p2']);
    expect((await read('Patient/p1', maja.access_token)).status).toBe(200);
    expect((await read('Patient/p2', olav.access_token)).status).toBe(200);
    expect((await read('Patient/p2', maja.access_token)).status).toBeGreaterThanOrEqual(403);
  });
});

describe('An authorization request is refused', () => {
  test.each([
    ['the client is unknown', { client_id: 'somebody' }],
    ['the client is missing', { client_id: null }],
    ['the address to return to is another site', { redirect_uri: 'https://evil.test/' }],
    [
      'the address to return to has a query added',
      { redirect_uri: 'http://127.0.0.1:8081/index.html?x=1' },
    ],
    [
      'the address to return to is another page of the app',
      { redirect_uri: 'http://127.0.0.1:8081/launch.html' },
    ],
    ['the address to return to is missing', { redirect_uri: null }],
  ])('with a page and never a redirect when %s', async (_, changes) => {
    const response = await bench().authorize(changes);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  test.each([
    ['state is missing', { state: null }, 'invalid_request', /state/],
    [
      'it asks for a token directly',
      { response_type: 'token' },
      'unsupported_response_type',
      /code/,
    ],
    ['aud is another server', { aud: 'http://localhost:9999/fhir' }, 'invalid_request', /aud/],
    ['aud is missing', { aud: null }, 'invalid_request', /aud/],
    [
      'PKCE is missing',
      { code_challenge: null, code_challenge_method: null },
      'invalid_request',
      /PKCE/,
    ],
    ['PKCE is plain', { code_challenge_method: 'plain' }, 'invalid_request', /S256/],
    ['the PKCE method is not said', { code_challenge_method: null }, 'invalid_request', /S256/],
    ['the challenge is no digest', { code_challenge: 'short' }, 'invalid_request', /digest/],
    ['no scope is asked for', { scope: null }, 'invalid_scope', /scope/],
    [
      'a launch comes without the scope launch',
      { scope: 'patient/*.rs' },
      'invalid_scope',
      /launch/,
    ],
  ])('with a redirect that says why when %s', async (_, changes, error, why) => {
    const { authorize, fhirBase } = bench();
    const response = await authorize(changes);
    expect(response.status).toBe(303);
    const answer = answerOf(response);
    expect(answer.get('error')).toBe(error);
    expect(answer.get('error_description')).toMatch(why);
    expect(answer.get('iss')).toBe(fhirBase);
    expect(answer.get('code')).toBeNull();
    expect(answer.get('state')).toBe('state' in changes ? null : 'state-of-this-tab');
  });

  test('when a parameter comes twice', async () => {
    const { send, launch, authorizeQuery } = bench();
    const query = authorizeQuery({ launch: await launch() });
    const response = await send(`/auth/authorize?${query}&aud=https://evil.test`);
    expect(answerOf(response).get('error')).toBe('invalid_request');
  });

  test('a Chrome extension may return to its own address only when its id is registered', async () => {
    const redirect_uri = `https://${'a'.repeat(32)}.chromiumapp.org/smart`;
    expect((await bench().authorize({ redirect_uri })).status).toBe(400);
    const known = bench({ extensionIds: ['a'.repeat(32)] });
    expect((await known.authorize({ redirect_uri })).headers.get('location')).toContain(
      `${redirect_uri}?code=`,
    );
  });
});

async function choose(choice: Record<string, string>) {
  const it = bench();
  const scope = 'openid launch/patient patient/*.rs user/*.rs';
  const page = await it.send(`/auth/authorize?${it.authorizeQuery({ scope })}`);
  const pending = /name="pending" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const send = () => it.post('/auth/choose', { pending, answer: 'yes', ...choice });
  return { ...it, page, send };
}

describe('A launch without the EHR', () => {
  test('shows a page nobody may frame, where user and patient are chosen', async () => {
    const { page, send, exchange } = await choose({
      user: 'u-gp',
      patient: 'p2',
      purpose: 'TREAT',
    });
    expect(page.status).toBe(200);
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' http://127.0.0.1:8081",
    );
    const tokens = await (await exchange(answerOf(await send()).get('code') ?? '')).json();
    expect(tokens).toMatchObject({ patient: 'p2', purpose_of_use: 'TREAT' });
    expect(tokens.scope).toContain('launch/patient');
  });

  test('without a patient gives no patient and no patient-level scopes', async () => {
    const { send, exchange } = await choose({ user: 'u-led', patient: '' });
    const tokens = await (await exchange(answerOf(await send()).get('code') ?? '')).json();
    expect(tokens).not.toHaveProperty('patient');
    expect(tokens.scope).toBe('openid user/*.rs');
  });

  test('can be called off, and the page works once only', async () => {
    const { send } = await choose({ answer: 'no' });
    expect(answerOf(await send()).get('error')).toBe('access_denied');
    expect((await send()).status).toBe(400);
  });

  test('that must not show a page is told that login is required', async () => {
    const { send, authorizeQuery } = bench();
    const response = await send(`/auth/authorize?${authorizeQuery({ prompt: 'none' })}`);
    expect(answerOf(response).get('error')).toBe('login_required');
  });
});

const codeOf = async (it: ReturnType<typeof bench>) =>
  answerOf(await it.authorize()).get('code') ?? '';

describe('The code', () => {
  test('works once; used again, the tokens made from it die', async () => {
    const it = bench();
    const code = await codeOf(it);
    const { access_token } = await (await it.exchange(code)).json();
    expect((await it.read('Patient/p1', access_token)).status).toBe(200);
    const again = await it.exchange(code);
    expect(again.status).toBe(400);
    expect(await again.json()).toMatchObject({ error: 'invalid_grant' });
    expect((await it.read('Patient/p1', access_token)).status).toBe(401);
  });

  test('is too old after sixty seconds', async () => {
    const it = bench();
    const [young, old] = [await codeOf(it), await codeOf(it)];
    it.pass(59_000);
    expect((await it.exchange(young)).status).toBe(200);
    it.pass(2000);
    expect((await it.exchange(old)).status).toBe(400);
  });

  test.each([
    ['the wrong verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
    [
      'another of the app’s addresses',
      { redirect_uri: 'http://localhost:8081/index.html' },
      'invalid_grant',
    ],
    ['an unknown client', { client_id: 'somebody' }, 'invalid_client'],
    ['no client', { client_id: '' }, 'invalid_request'],
    ['no verifier', { code_verifier: '' }, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('is not exchanged with %s', async (_, changes, error) => {
    const it = bench();
    const response = await it.exchange(await codeOf(it), changes);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ error });
  });

  test('is burnt by a wrong verifier', async () => {
    const it = bench();
    const code = await codeOf(it);
    await it.exchange(code, { code_verifier: 'x'.repeat(43) });
    expect((await it.exchange(code)).status).toBe(400);
  });

  test('is not taken as JSON or with a made-up secret', async () => {
    const it = bench();
    const json = await it.send('/auth/token', {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(await json.json()).toMatchObject({ error: 'invalid_request' });
    const secret = await it.send('/auth/token', {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'sideplan' }),
      headers: { Authorization: 'Basic c2lkZXBsYW46eA==' },
    });
    expect(secret.status).toBe(401);
  });
});

describe('Scopes', () => {
  test('that are unknown, or do not fit, are not granted', async () => {
    const { signIn } = bench();
    const asked =
      'launch patient/Observation.rs?category=laboratory patient/CarePlan.read patient/Task.cu patient/*.* ' +
      'patient/Observation.sr patient/Nonsense.rs system/*.rs patient/CarePlan.x admin launch/patient';
    expect((await signIn(undefined, { scope: asked })).scope).toBe(
      'launch patient/Observation.rs?category=laboratory patient/CarePlan.read patient/Task.cu patient/*.* launch/patient',
    );
  });

  test('can be limited for one user', async () => {
    const { signIn } = bench({
      limitScopes: (user, scopes) =>
        user.id === 'u-amb' ? scopes.filter(one => !one.includes('Task')) : scopes,
    });
    const scope = 'launch patient/CarePlan.rs patient/Task.rs';
    expect((await signIn('user=u-amb&patient=p1', { scope })).scope).toBe(
      'launch patient/CarePlan.rs',
    );
    expect((await signIn('user=u-gp&patient=p1', { scope })).scope).toBe(scope);
  });
});

describe('Who logged in', () => {
  test('is signed, with Norwegian letters whole, by a key that can be fetched', async () => {
    const { sandbox, signIn, fhirBase } = bench();
    const { id_token } = await signIn('user=u-dho&patient=p3', { nonce: 'n-1' });
    const keys = createRemoteJWKSet(new URL('http://localhost:8080/auth/jwks'), {
      [customFetch]: (url, init) => sandbox.fetch(new Request(url, init)),
    });
    const currentDate = new Date('2026-11-21T20:15:10+01:00');
    const { payload, protectedHeader } = await jwtVerify(id_token, keys, {
      issuer: fhirBase,
      audience: 'sideplan',
      currentDate,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({
      name: 'Geir Målmo',
      preferred_username: 'u-dho',
      sub: 'u-dho',
      nonce: 'n-1',
      fhirUser: `${fhirBase}/Practitioner/u-dho`,
      'helseid://claims/hpr/hpr_number': '222299010',
    });
    expect(payload.iat).toBeCloseTo(Date.parse('2026-11-21T20:15:00+01:00') / 1000, -1);
  });

  test('has no HPR number when the person has none, and is not told without openid', async () => {
    const { signIn } = bench();
    const { id_token } = await signIn('user=u-nav&patient=p1');
    const claims = JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url').toString());
    expect(Object.keys(claims)).not.toContain('helseid://claims/hpr/hpr_number');
    expect(
      await signIn('user=u-nav&patient=p1', { scope: 'launch patient/*.rs' }),
    ).not.toHaveProperty('id_token');
  });
});

describe('Refreshing', () => {
  const scope = 'launch offline_access patient/CarePlan.rs patient/Task.rs';

  test('gives new tokens with the same patient; the old refresh token, used again, ends them all', async () => {
    const it = bench();
    const first = await it.signIn(undefined, { scope });
    const second = await (await it.refresh(first.refresh_token)).json();
    expect(second).toMatchObject({ patient: 'p1', scope });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await it.read('CarePlan', second.access_token)).status).toBe(200);
    const reused = await it.refresh(first.refresh_token);
    expect(await reused.json()).toMatchObject({ error: 'invalid_grant' });
    expect((await it.read('CarePlan', second.access_token)).status).toBe(401);
    expect((await it.refresh(second.refresh_token)).status).toBe(400);
  });

  test('may ask for less, never for more', async () => {
    const it = bench();
    const { refresh_token } = await it.signIn(undefined, { scope });
    const more = await it.refresh(refresh_token, {
      scope: 'patient/CarePlan.rs patient/Observation.rs',
    });
    expect(await more.json()).toMatchObject({ error: 'invalid_scope' });
    const less = await (await it.refresh(refresh_token, { scope: 'patient/CarePlan.rs' })).json();
    expect(less.scope).toBe('patient/CarePlan.rs');
    expect((await it.read('CarePlan', less.access_token)).status).toBe(200);
    expect((await it.read('Task', less.access_token)).status).toBe(403);
  });

  test('needs the client it was given to', async () => {
    const it = bench();
    const { refresh_token } = await it.signIn(undefined, { scope });
    expect((await it.refresh(refresh_token, { client_id: 'somebody' })).status).toBe(401);
  });
});

describe('Tokens', () => {
  test('are needed for everything but the capability statement', async () => {
    const { read, signIn, pass } = bench();
    const none = await read('Patient/p1');
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer realm="[^"]+"$/);
    expect(await none.json()).toMatchObject({ resourceType: 'OperationOutcome' });
    const wrong = await read('Patient/p1', 'made-up');
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const { access_token } = await signIn();
    expect((await read('Patient/p1', access_token)).status).toBe(200);
    expect((await read(`Patient/p1?access_token=${access_token}`)).status).toBe(401);
    pass(601_000);
    expect((await read('Patient/p1', access_token)).status).toBe(401);
  });

  test('can be asked about and given back', async () => {
    const { signIn, post, read } = bench();
    const { access_token } = await signIn('user=u-gp&patient=p2');
    const about = async () =>
      (await post('/auth/introspect', { token: access_token, client_id: 'sideplan' })).json();
    expect(await about()).toMatchObject({
      active: true,
      patient: 'p2',
      sub: 'u-gp',
      client_id: 'sideplan',
    });
    expect(
      (await post('/auth/revoke', { token: access_token, client_id: 'sideplan' })).status,
    ).toBe(200);
    expect(await about()).toEqual({ active: false });
    expect((await read('Patient/p2', access_token)).status).toBe(401);
    expect(
      (await post('/auth/revoke', { token: 'nobody-knows', client_id: 'sideplan' })).status,
    ).toBe(200);
  });

  test('given back as refresh token take the access token along', async () => {
    const { signIn, post, read } = bench();
    const tokens = await signIn(undefined, { scope: 'launch online_access patient/*.rs' });
    await post('/auth/revoke', { token: tokens.refresh_token, client_id: 'sideplan' });
    expect((await read('Patient/p1', tokens.access_token)).status).toBe(401);
  });
});

describe('FHIR over HTTP', () => {
  const json = { 'Content-Type': 'application/fhir+json' };

  test.each([
    [
      'XML as body',
      'Task',
      { method: 'POST', body: '<Task/>', headers: { 'Content-Type': 'application/fhir+xml' } },
      415,
    ],
    ['broken JSON', 'Task', { method: 'POST', body: '{"resourceType":', headers: json }, 400],
    ['a wish for XML', 'Patient/p1', { headers: { Accept: 'application/fhir+xml' } }, 406],
    ['a wish for XML in the address', 'Patient/p1?_format=xml', {}, 406],
    ['an address that is not percent-encoded', 'Patient/%E0%A4', {}, 400],
  ])('answers %s with an OperationOutcome', async (_, path, init, status) => {
    const { signIn, read } = bench();
    const { access_token } = await signIn(undefined, { scope: 'launch patient/*.cruds' });
    const response = await read(path, access_token, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/fhir+json');
    expect(await response.json()).toMatchObject({ resourceType: 'OperationOutcome' });
  });

  test('finds the same by POST to _search as by GET', async () => {
    const { signIn, read } = bench();
    const { access_token } = await signIn();
    const found = await (await read('CarePlan?patient=p1', access_token)).json();
    const posted = await read('CarePlan/_search', access_token, {
      method: 'POST',
      body: new URLSearchParams({ patient: 'p1' }),
    });
    expect((await posted.json()).entry?.length).toBe(found.entry.length);
    expect(found.entry.length).toBeGreaterThan(0);
  });

  test('is never kept by a cache', async () => {
    const { signIn, read } = bench();
    const { access_token } = await signIn();
    expect((await read('Patient/p1', access_token)).headers.get('cache-control')).toContain(
      'no-store',
    );
  });
});
