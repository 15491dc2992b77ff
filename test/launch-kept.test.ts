import { describe, expect, test } from 'vitest';
import { freshState, keep, type Pending, take, usableStorage } from '../src/launch/pending.ts';
import { isBearer, patientIn, TokenResponse, tokensIn } from '../src/launch/token-response.ts';

const pending: Pending = {
  way: 'frame',
  nonce: 'n',
  iss: 'https://journal.example/fhir',
  launch: 'l',
  expected: 'digest',
  scope: 'openid',
  notes: { key: 'of the library’s own' },
  issuer: {
    iss: 'https://journal.example/fhir',
    clientId: 'c',
    label: 'Journalen',
    headers: { 'x-role': 'r' },
  },
  endpoints: {
    authorize: 'a',
    token: 't',
    jwks: 'j',
    revocation: 'r',
    issuer: 'i',
    appState: 's',
    namesItself: true,
    scopesV2: false,
  },
  sources: [
    { kind: 'kj', base: 'https://kj.example', label: 'KJ', headers: { a: 'b' }, sendToken: true },
  ],
  locale: 'en',
  idleMinutes: 5,
};

/** A browser's storage, as far as a launch uses it. */
function storage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage & { kept: Map<string, string> };
}

describe('a login under way', () => {
  test('is at hand when the code comes back, once', () => {
    const at = storage();
    keep(at, 'page.1', pending);
    keep(at, 'page.2', { ...pending, launch: 'another' });
    expect(take(at, 'page.1')).toEqual(pending);
    expect(take(at, 'page.1')).toBeUndefined();
    expect(take(at, 'page.2')?.launch).toBe('another');
    expect(at.kept.size).toBe(0);
  });

  test('is known with what need not be there left out', () => {
    const { launch: _, expected: __, locale: ___, idleMinutes: ____, ...least } = pending;
    const { headers: _____, ...issuer } = least.issuer;
    const endpoints = { authorize: 'a', token: 't', namesItself: true, scopesV2: false };
    const at = storage();
    keep(at, 's', { ...least, issuer, endpoints });
    expect(take(at, 's')).toEqual({ ...least, issuer, endpoints });
  });

  test.each(['page', 'frame', 'window'] as const)('by way of a %s is one', way => {
    const at = storage();
    keep(at, 's', { ...pending, way });
    expect(take(at, 's')?.way).toBe(way);
    expect(freshState(way)).toMatch(new RegExp(`^${way}\\.[0-9a-f-]{36}$`));
    expect(freshState(way)).not.toBe(freshState(way));
  });

  test.each([
    ['no JSON', '{'],
    ['nothing', 'null'],
    ['another way', JSON.stringify({ ...pending, way: 'post' })],
    ['no issuer', JSON.stringify({ ...pending, issuer: undefined })],
    [
      'an issuer without a name',
      JSON.stringify({ ...pending, issuer: { iss: 'i', clientId: 'c' } }),
    ],
    ['no endpoints', JSON.stringify({ ...pending, endpoints: {} })],
    [
      'a source of a kind we do not know',
      JSON.stringify({ ...pending, sources: [{ ...pending.sources[0], kind: 'x' }] }),
    ],
    [
      'a source that does not say whether the token may go there',
      JSON.stringify({ ...pending, sources: [{ ...pending.sources[0], sendToken: undefined }] }),
    ],
    ['a language we do not have', JSON.stringify({ ...pending, locale: 'sv' })],
  ])('that is %s is none, and is gone', (_, text) => {
    const at = storage();
    at.setItem('sideplan.pending.s', text);
    expect(take(at, 's')).toBeUndefined();
    expect(at.kept.size).toBe(0);
  });

  test('is not known where storage is denied', () => {
    expect(take(undefined, 's')).toBeUndefined();
    const sessionStorage = storage();
    expect(usableStorage({ sessionStorage } as unknown as Window)).toBe(sessionStorage);
    expect(sessionStorage.kept.size).toBe(0);
    const denied = {
      get sessionStorage(): Storage {
        throw new DOMException('denied', 'SecurityError');
      },
    };
    expect(usableStorage(denied as unknown as Window)).toBeUndefined();
    const full = Object.assign(storage(), {
      setItem() {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
    expect(usableStorage({ sessionStorage: full } as unknown as Window)).toBeUndefined();
  });
});

const answer = (more: object = {}) => TokenResponse.parse({ access_token: 'a', ...more });

describe('what came with a token', () => {
  test.each([
    [600, 600_000],
    ['600', 600_000],
    [undefined, 300_000],
    [0, 300_000],
    [-1, 300_000],
    ['soon', 300_000],
    ['Infinity', 300_000],
    [1, 1_000],
  ])('lives %s seconds: %i ms', (seconds, lifetimeMs) => {
    expect(tokensIn(answer({ expires_in: seconds }))).toEqual({
      access: 'a',
      refresh: undefined,
      lifetimeMs,
    });
  });

  test('can be renewed where the server gave what it takes', () => {
    expect(tokensIn(answer({ refresh_token: 'r' })).refresh).toBe('r');
    expect(tokensIn(answer({ refresh_token: '' })).refresh).toBeUndefined();
  });

  test.each([
    [{ access_token: '' }],
    [{ access_token: undefined }],
    [{ access_token: 1 }],
    [{ expires_in: true }],
    [{ refresh_token: 1 }],
    [{ patient: 1 }],
    [{ token_type: 1 }],
    [{ scope: 1 }],
    [{ id_token: 1 }],
    [{ purpose_of_use: 1 }],
  ])('%j is no token', more => {
    expect(TokenResponse.safeParse({ access_token: 'a', ...more }).success).toBe(false);
  });

  test('everything else that came is kept', () => {
    const all = {
      token_type: 'x',
      scope: 's',
      patient: 'p',
      id_token: 'i',
      purpose_of_use: 'TREAT',
      more: 1,
    };
    expect(answer(all)).toEqual({ access_token: 'a', ...all });
  });

  test('is used only if it is a bearer token', () => {
    expect(
      ['Bearer', 'bearer', undefined, 'DPoP'].map(type => isBearer(answer({ token_type: type }))),
    ).toEqual([true, true, true, false]);
  });

  test.each([
    ['p1', 'Patient/p1'],
    ['Patient/p1', 'Patient/p1'],
    ['aA0-.', 'Patient/aA0-.'],
    ['x'.repeat(64), `Patient/${'x'.repeat(64)}`],
    ['x'.repeat(65), undefined],
    ['Group/Patient/p1', undefined],
    ['p1/', undefined],
    ['p_1', undefined],
    ['', undefined],
    ['Patient/', undefined],
    [undefined, undefined],
  ])('is for the patient %s: %s', (patient, ref) => {
    expect(patientIn(answer({ patient }))).toBe(ref);
  });
});
