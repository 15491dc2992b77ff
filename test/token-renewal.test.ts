import { describe, expect, test } from 'vitest';
import { ask } from '../src/fhir/ask.ts';
import { send } from '../src/fhir/egress.ts';
import { authorizationOf, type Renewed } from '../src/launch/authorization.ts';
import { renew } from '../src/launch/renew.ts';
import { TokenResponse, tokensIn } from '../src/launch/token-response.ts';
import { type Bench, bench } from './bench.ts';

const scope = 'openid fhirUser launch offline_access patient/*.rs';
const token = 'POST /auth/token';
/** The sandbox's tokens live ten minutes; a minute before the end they are renewed. */
const NEARLY_OVER = 570_000;
const OVER = 700_000;

const five = [
  'Patient/p1',
  'Flag?patient=p1',
  'Goal?patient=p1',
  'List?patient=p1',
  'Consent?patient=p1',
];
const askFive = ({ session }: Bench) => Promise.all(five.map(address => ask(session, address)));
const renewals = async ({ asked }: Bench) =>
  (await asked()).filter(line => line === token).length - 1;
const whatCame = (answers: Awaited<ReturnType<typeof askFive>>) => [
  ...new Set(answers.map(answer => (answer.ok ? 'answer' : answer.failure.kind))),
];

describe('a login that can be renewed', () => {
  test('T05 refresh-single-flight: five questions near its end renew it once, and all are answered', async () => {
    const it = await bench({ scope });
    it.pass(NEARLY_OVER);
    expect(whatCame(await askFive(it))).toEqual(['answer']);
    expect(await renewals(it)).toBe(1);
  });

  test('is not renewed before its time', async () => {
    const it = await bench({ scope });
    it.pass(500_000);
    expect(whatCame(await askFive(it))).toEqual(['answer']);
    expect(await renewals(it)).toBe(0);
  });

  test('goes on through the evening, each time with the refresh token it was last given', async () => {
    const it = await bench({ scope });
    for (let turn = 1; turn <= 4; turn += 1) {
      it.pass(NEARLY_OVER);
      expect(whatCame(await askFive(it))).toEqual(['answer']);
      expect(await renewals(it)).toBe(turn);
    }
  });

  test('is renewed once when the server no longer knows the token, and every question is asked again', async () => {
    const it = await bench({ scope });
    await it.scenario({ match: '/fhir/', status: 401, times: 5 });
    expect(whatCame(await askFive(it))).toEqual(['answer']);
    expect(await renewals(it)).toBe(1);
  });

  test('T10 401-storm: a server that refuses everything is asked twice at most, and renewed at once only', async () => {
    const it = await bench({ scope });
    await it.scenario({ match: '/fhir/', status: 401 });
    expect(whatCame(await askFive(it))).toEqual(['signed-out']);
    const first = (await it.asked()).filter(line => line.includes('/fhir/Goal'));
    expect(first).toHaveLength(2);
    expect(whatCame(await askFive(it))).toEqual(['signed-out']);
    const second = (await it.asked()).filter(line => line.includes('/fhir/Goal'));
    expect(second).toHaveLength(3);
    expect(await renewals(it)).toBe(1);
  });

  test('T07 expiry-mid-write: what was being saved is sent again unchanged, and only once', async () => {
    const it = await bench({ scope });
    const sent: string[] = [];
    const session = {
      ...it.session,
      fetch: async (request: Request) => {
        const { method, headers } = request;
        sent.push(`${method} ${headers.get('if-match')} ${await request.text()}`);
        return new Response('', { status: sent.length === 1 ? 401 : 200 });
      },
    };
    const body = '{"resourceType":"Task"}';
    const headers = { 'if-match': 'W/"1"' };
    const init = { method: 'PUT', body, headers, timeoutMs: 1000 };
    expect((await send(session, 'Task/t1', init)).status).toBe(200);
    expect(sent).toEqual([`PUT W/"1" ${body}`, `PUT W/"1" ${body}`]);
  });
});

describe('T04 refresh-transient: when the login cannot be renewed just now', () => {
  test.each([
    ['is in trouble', { status: 503 }],
    ['breaks the connection', { then: 'reset' }],
    ['answers with a web page', { status: 200, body: '<html></html>' }],
    ['answers with an error it should not', { status: 400, body: { error: 'invalid_request' } }],
  ])(
    'because the login server %s, the token in hand is used, and it is tried again',
    async (_, fault) => {
      const it = await bench({ scope });
      await it.scenario({ match: token, times: 1, ...fault });
      it.pass(NEARLY_OVER);
      expect(whatCame(await askFive(it))).toEqual(['answer']);
      expect(await renewals(it)).toBe(1);
      it.pass(5_000);
      expect(whatCame(await askFive(it))).toEqual(['answer']);
      expect(await renewals(it)).toBe(2);
      it.pass(OVER);
      expect(whatCame(await askFive(it))).toEqual(['answer']);
    },
  );

  test('and the token in hand is dead too, the server is «not reached», not «signed out»', async () => {
    const it = await bench({ scope });
    await it.scenario({ match: token, times: 1, status: 503 });
    it.pass(OVER);
    expect(whatCame(await askFive(it))).toEqual(['unreachable']);
    expect(await renewals(it)).toBe(1);
    it.pass(5_000);
    expect(whatCame(await askFive(it))).toEqual(['answer']);
  });

  test('because the login is over, it says so, and the dead refresh token is not sent again', async () => {
    const it = await bench({ scope });
    await it.scenario({ match: token, status: 400, body: { error: 'invalid_grant' } });
    it.pass(OVER);
    expect(whatCame(await askFive(it))).toEqual(['signed-out']);
    expect(whatCame(await askFive(it))).toEqual(['signed-out']);
    expect(await renewals(it)).toBe(1);
  });

  test('because the server gave no means, the token is used until the server refuses it', async () => {
    const it = await bench();
    it.pass(NEARLY_OVER);
    expect(whatCame(await askFive(it))).toEqual(['answer']);
    it.pass(OVER);
    expect(whatCame(await askFive(it))).toEqual(['signed-out']);
    expect(await renewals(it)).toBe(0);
  });
});

describe('T06 refresh-other-patient: a renewed login', () => {
  test.each([
    ['for another patient', { patient: 'p2' }, 'patient-changed'],
    ['for a patient nobody can name', { patient: '' }, 'patient-changed'],
    ['with wider rights', { scope: 'launch patient/*.cruds' }, 'scope-changed'],
    ['with other rights', { scope: 'launch patient/CarePlan.rs' }, 'scope-changed'],
  ])('%s ends the view, and nothing is read with it', async (_, bodyPatch, kind) => {
    const it = await bench({ scope });
    await it.scenario({ match: token, bodyPatch });
    it.pass(NEARLY_OVER);
    expect(whatCame(await askFive(it))).toEqual(['cancelled']);
    expect(it.over()).toEqual({ kind });
    expect((await it.asked()).filter(line => / \/fhir.*p1/.test(line))).toEqual([]);
  });

  test.each([
    ['that repeats the patient in another form', { patient: 'Patient/p1' }],
    ['that says nothing of the patient or the rights', { patient: null, scope: null }],
    ['that names only the rights to data', { scope: 'patient/*.rs' }],
  ])('%s goes on', async (_, bodyPatch) => {
    const it = await bench({ scope });
    await it.scenario({ match: token, bodyPatch });
    it.pass(NEARLY_OVER);
    expect(whatCame(await askFive(it))).toEqual(['answer']);
    expect(it.over()).toBeUndefined();
  });
});

describe('T03 opaque-token: a token the server says little about', () => {
  const opaque = { access_token: 'v1.opaque!!.tok', refresh_token: 'r-1' };
  const outcome: Renewed = {
    kind: 'renewed',
    tokens: { access: 'v1.second!!.tok', refresh: 'r-2', lifetimeMs: 300_000 },
  };

  test.each([
    ['without a lifetime', opaque, 300],
    ['with a lifetime that is none', { ...opaque, expires_in: -1 }, 300],
    ['with a lifetime written as text', { ...opaque, expires_in: '900' }, 900],
  ])('%s is renewed a minute before it is taken to end', async (_, answer, seconds) => {
    let elapsed = 1_000_000;
    const held = authorizationOf(
      tokensIn(TokenResponse.parse(answer)),
      async () => outcome,
      () => {},
      () => elapsed,
    );
    elapsed += (seconds - 61) * 1000;
    expect(await held.token()).toBe('v1.opaque!!.tok');
    elapsed += 2_000;
    expect(await held.token()).toBe('v1.second!!.tok');
  });

  test('keeps its refresh token where the server does not give a new one each time', async () => {
    const at = { token: 'https://login.example/token', clientId: 'sideplan' };
    const granted = { patient: 'Patient/p1', scopes: [] };
    const forms: string[] = [];
    const fetch = async (_: unknown, init?: RequestInit) => {
      forms.push(await new Response(init?.body ?? null).text());
      return Response.json({ access_token: 'v1.second!!.tok', token_type: 'bearer' });
    };
    const renewed = await renew('r-1', at, granted, fetch, () => {});
    expect(renewed).toMatchObject({ tokens: { access: 'v1.second!!.tok', refresh: 'r-1' } });
    expect(forms).toEqual(['grant_type=refresh_token&refresh_token=r-1&client_id=sideplan']);
  });
});

test('T11 logout: when the tokens are handed in, none is left, and one that comes late is handed in too', async () => {
  let elapsed = 0;
  const tokens = { access: 'a-2', refresh: 'r-2', lifetimeMs: 600_000 };
  const held = authorizationOf(
    { access: 'a-1', refresh: 'r-1', lifetimeMs: 600_000 },
    async () => {
      await new Promise(resolve => setTimeout(resolve, 5));
      return { kind: 'renewed', tokens };
    },
    () => {},
    () => elapsed,
  );
  elapsed = NEARLY_OVER;
  const late = held.token();
  expect(await held.surrender()).toEqual(['r-2', 'a-2']);
  await late;
  expect(await held.token()).toBe('');
  expect(await held.instead('a-2')).toBeUndefined();
});
