import { describe, expect, test } from 'vitest';
import { ask } from '../src/fhir/ask.ts';
import { withinBase } from '../src/fhir/egress.ts';
import { localRef } from '../src/fhir/references.ts';
import { grants } from '../src/fhir/scopes.ts';
import { serverClock } from '../src/fhir/session.ts';
import { bench } from './bench.ts';

const base = 'https://ehr.example/fhir';

describe('the token goes nowhere but to the journal server', () => {
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

  test('every request refuses redirects, caches nothing and carries no cookies', async () => {
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
    expect(sent?.headers.get('authorization')).toMatch(/^Bearer /);
  });
});

describe('answers that are no answers', () => {
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
  ])('%s', async (_, body, status, kind) => {
    const { session } = await bench();
    Object.assign(session, { fetch: async () => new Response(body, { status }) });
    expect(await ask(session, 'Patient/p1')).toMatchObject({ ok: false, failure: { kind } });
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

describe('references in all their forms', () => {
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
