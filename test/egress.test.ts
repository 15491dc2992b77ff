import { describe, expect, test, vi } from 'vitest';
import { ask } from '../src/fhir/ask.ts';
import { readOffer } from '../src/fhir/capability.ts';
import { withinBase } from '../src/fhir/egress.ts';
import { localRef } from '../src/fhir/references.ts';
import { grants } from '../src/fhir/scopes.ts';
import { serverClock } from '../src/fhir/session.ts';
import { askTogether } from '../src/fhir/together.ts';
import { bench } from './bench.ts';

const base = 'https://ehr.example/fhir';

describe('T08 egress: the token goes nowhere but to the journal server', () => {
  test.each([
    'https://evil.example/fhir/Patient/p1',
    'https://ehr.example/fhir2/Patient/p1',
    'https://ehr.example/fhir/../other/Patient',
    'https://ehr.example:8443/fhir/Patient/p1',
    'http://ehr.example/fhir/Patient/p1',
    'https://someone@ehr.example/fhir/Patient/p1',
    '//evil.example/fhir/Patient',
    '/other/Patient',
    'javascript:alert(1)',
  ])('%s is refused', address => {
    expect(withinBase(base, address)).toBeUndefined();
  });

  test.each([
    ['Patient/p1', `${base}/Patient/p1`],
    [`${base}/Patient?_page=2`, `${base}/Patient?_page=2`],
    [base, base],
    ['?_page=2', `${base}/?_page=2`],
  ])('%s is below it', (address, url) => {
    expect(withinBase(base, address)).toBe(url);
  });

  test('a «next» link to another server is not followed, and nothing is sent there', async () => {
    const { session } = await bench();
    const asked: string[] = [];
    Object.assign(session, {
      fetch: async (request: Request) => {
        asked.push(request.url);
        return Response.json({});
      },
    });
    expect(await ask(session, 'https://evil.example/fhir?page=2')).toEqual({
      ok: false,
      failure: { kind: 'foreign-address' },
    });
    expect(asked).toEqual([]);
  });

  test('T09 every request refuses redirects, caches nothing and carries no cookies', async () => {
    const { session } = await bench();
    let sent: Request | undefined;
    Object.assign(session, {
      fetch: async (request: Request) => {
        sent = request;
        return Response.json({ resourceType: 'Patient' });
      },
    });
    await ask(session, 'Patient/p1');
    expect(sent?.redirect).toBe('error');
    expect(sent?.cache).toBe('no-store');
    expect(sent?.credentials).toBe('omit');
    expect(sent?.referrerPolicy).toBe('no-referrer');
    expect(sent?.headers.get('authorization')).toMatch(/^Bearer /);
  });

  test('what the issuer wants on every call is sent along, but never instead of the token', async () => {
    const { session } = await bench();
    let sent: Request | undefined;
    Object.assign(session, {
      headers: { 'x-tenant': 'legevakt', authorization: 'Basic x' },
      fetch: async (request: Request) => {
        sent = request;
        return Response.json({ resourceType: 'Patient' });
      },
    });
    await ask(session, 'Patient/p1');
    expect(sent?.headers.get('x-tenant')).toBe('legevakt');
    expect(sent?.headers.get('authorization')).toBe(
      `Bearer ${await session.authorization?.token()}`,
    );
  });

  test('asking a server what it offers needs no token, and is as careful as every other call', async () => {
    let sent: Request | undefined;
    await readOffer(
      base,
      async request => {
        sent = request;
        return Response.json({});
      },
      {},
    );
    expect(sent?.url).toBe(`${base}/metadata`);
    expect(sent?.headers.get('authorization')).toBeNull();
    expect(sent?.redirect).toBe('error');
    expect(sent?.cache).toBe('no-store');
    expect(sent?.credentials).toBe('omit');
    expect(sent?.referrerPolicy).toBe('no-referrer');
  });
});

describe('R24 not-fhir-200, R25 truncated: answers that are no answers', () => {
  const blocked = '{"issue":[{"code":"forbidden","details":{"coding":[{"code":"blocked"}]}}]}';

  test.each([
    ['a login page', '<!doctype html><html>Logg inn</html>', 200, 'not-understood'],
    ['an empty body', '', 200, 'not-understood'],
    ['a list', '[]', 200, 'not-understood'],
    ['JSON cut in the middle', '{"resourceType":"Bun', 200, 'not-understood'],
    ['a server in trouble', '<html>nginx</html>', 502, 'server-error'],
    ['a server that is busy', '', 429, 'busy'],
    ['an ended session', '', 401, 'signed-out'],
    ['a missing right', '{}', 403, 'not-permitted'],
    ['something gone', '', 410, 'not-found'],
    ['something the server cannot do', '', 405, 'not-supported'],
    ['a server that gave up waiting', '', 408, 'timeout'],
    ['something held back', '{"issue":[{"code":"suppressed"}]}', 403, 'withheld'],
    ['a patient who has blocked the user', blocked, 403, 'blocked'],
  ])('%s', async (_, body, status, kind) => {
    const { session } = await bench();
    Object.assign(session, { fetch: async () => new Response(body, { status }) });
    expect(await ask(session, 'Patient/p1')).toMatchObject({ ok: false, failure: { kind } });
  });

  test('a busy server says when to come back', async () => {
    const { session } = await bench();
    const headers = { 'retry-after': '30' };
    Object.assign(session, { fetch: async () => new Response('', { status: 503, headers }) });
    expect(await ask(session, 'Patient/p1')).toEqual({
      ok: false,
      failure: { kind: 'busy', retryAfterSeconds: 30 },
    });
  });

  test('a server that never answers is a timeout, and one that is not there is unreachable', async () => {
    const { session } = await bench();
    Object.assign(session, { fetch: never });
    expect(await ask(session, 'Patient/p1', { timeoutMs: 20 })).toEqual({
      ok: false,
      failure: { kind: 'timeout' },
    });
    Object.assign(session, { fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    expect(await ask(session, 'Patient/p1')).toEqual({
      ok: false,
      failure: { kind: 'unreachable' },
    });
  });

  test('when the session ends, a request under way is stopped', async () => {
    const { session } = await bench();
    const end = new AbortController();
    let sent: Request | undefined;
    const fetch = (request: Request) => {
      sent = request;
      return never(request);
    };
    Object.assign(session, { signal: end.signal, fetch });
    const answer = ask(session, 'Patient/p1');
    await vi.waitFor(() => expect(sent).toBeDefined());
    end.abort();
    expect(await answer).toEqual({ ok: false, failure: { kind: 'cancelled' } });
    expect(sent?.signal.aborted).toBe(true);
  });

  test('a byte order mark in front is no hindrance', async () => {
    const { session } = await bench();
    Object.assign(session, { fetch: async () => new Response('\uFEFF{"resourceType":"Patient"}') });
    expect(await ask(session, 'Patient/p1')).toMatchObject({ ok: true });
  });

  test('after the session has ended, an answer is «cancelled» and nothing else', async () => {
    const { session } = await bench();
    const end = new AbortController();
    Object.assign(session, { signal: end.signal });
    const answer = ask(session, 'Patient/p1');
    end.abort();
    expect(await answer).toEqual({ ok: false, failure: { kind: 'cancelled' } });
  });
});

describe('many questions in one', () => {
  const questions = [
    { type: 'Flag', address: 'Flag?patient=p1' },
    { type: 'Consent', address: 'Consent?patient=p1' },
  ];

  test('when the session has ended, it is not asked again one by one', async () => {
    const { session } = await bench();
    await session.offer;
    const asked: string[] = [];
    Object.assign(session, {
      fetch: async (request: Request) => {
        asked.push(request.method);
        return new Response('', { status: 401 });
      },
    });
    expect(await askTogether(session, questions)).toMatchObject([
      { failure: { kind: 'signed-out' } },
      { failure: { kind: 'signed-out' } },
    ]);
    expect(asked).toEqual(['POST']);
  });

  test('a question the batch refuses is not asked again', async () => {
    const { session } = await bench();
    await session.offer;
    const asked: string[] = [];
    const entry = questions.map(() => ({ response: { status: '403 Forbidden' } }));
    Object.assign(session, {
      fetch: async (request: Request) => {
        asked.push(request.method);
        return Response.json({ resourceType: 'Bundle', type: 'batch-response', entry });
      },
    });
    expect(await askTogether(session, questions)).toMatchObject([
      { failure: { kind: 'not-permitted' } },
      { failure: { kind: 'not-permitted' } },
    ]);
    expect(asked).toEqual(['POST']);
  });

  test('what the server says it does not have is not asked for', async () => {
    const { session } = await bench();
    const resource = [{ type: 'Flag' }];
    const metadata = { resourceType: 'CapabilityStatement', rest: [{ mode: 'server', resource }] };
    const offer = readOffer(base, async () => Response.json(metadata), {});
    const asked: string[] = [];
    const fetch = async (request: Request) => {
      asked.push(`${request.method} ${request.url.slice(session.iss.length)}`);
      return Response.json({ resourceType: 'Bundle' });
    };
    expect(await askTogether({ ...session, offer, fetch }, questions)).toMatchObject([
      { ok: true },
      { failure: { kind: 'not-supported' } },
    ]);
    expect(asked).toEqual(['GET /Flag?patient=p1']);
  });

  test('a question the batch leaves out is asked on its own', async () => {
    const { session } = await bench();
    await session.offer;
    const asked: string[] = [];
    const entry = [
      { resource: { resourceType: 'Bundle', id: 'flags' }, response: { status: '200' } },
    ];
    Object.assign(session, {
      fetch: async (request: Request) => {
        asked.push(`${request.method} ${request.url.slice(session.iss.length)}`);
        return request.method === 'POST'
          ? Response.json({ resourceType: 'Bundle', type: 'batch-response', entry })
          : Response.json({ resourceType: 'Bundle', id: 'consents' });
      },
    });
    expect(await askTogether(session, questions)).toMatchObject([
      { value: { id: 'flags' } },
      { value: { id: 'consents' } },
    ]);
    expect(asked.slice(1)).toEqual(['GET /Consent?patient=p1']);
  });
});

describe('C15 reference-forms: references in all their forms', () => {
  test.each([
    ['Patient/p1', 'Patient/p1'],
    ['Patient/p1/_history/3', 'Patient/p1'],
    [`${base}/Patient/p1`, 'Patient/p1'],
    [`${base}/Patient/p1/_history/3`, 'Patient/p1'],
    ['https://other.example/fhir/Patient/p1', undefined],
    ['#p', undefined],
    ['urn:uuid:4f9c0b5e-0000-4000-8000-000000000000', undefined],
    ['Patient/p1/Observation', undefined],
    ['patient/p1', undefined],
    [undefined, undefined],
  ])('%s is %s', (reference, local) => {
    expect(localRef(base, reference)).toBe(local);
  });
});

describe('what the granted scopes allow', () => {
  test.each([
    ['patient/Flag.rs', 's', true],
    ['patient/Flag.r', 's', false],
    ['patient/Flag.read', 's', true],
    ['patient/*.read', 'r', true],
    ['user/Flag.cruds', 'u', true],
    ['patient/Flag.write', 'r', false],
    ['patient/Flag.rs?category=x', 's', true],
    ['patient/Flagg.rs', 's', false],
    ['openid', 's', false],
  ] as const)('%s, %s: %s', (scope, right, allowed) => {
    expect(grants([scope], 'Flag', right)).toBe(allowed);
  });
});

test('the page tells the time by the server, and small differences are noise', () => {
  const clock = serverClock(() => Date.parse('2026-11-21T10:00:00Z'));
  const heard = (date: string) => clock.heard(new Response('', { headers: { date } }));
  heard('Sat, 21 Nov 2026 10:00:01 GMT');
  expect(clock.now().toISOString()).toBe('2026-11-21T10:00:00.000Z');
  heard('Sat, 21 Nov 2026 19:15:00 GMT');
  expect(clock.now().toISOString()).toBe('2026-11-21T19:15:00.000Z');
  clock.heard(new Response(''));
  expect(clock.now().toISOString()).toBe('2026-11-21T19:15:00.000Z');
});

/** A server that keeps one waiting until one gives up. */
const never = (request: Request) =>
  new Promise<Response>((_, reject) => {
    request.signal.addEventListener('abort', () => reject(request.signal.reason));
  });
