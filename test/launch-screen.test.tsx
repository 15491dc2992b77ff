import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LaunchFailure } from '../src/launch/failure.ts';
import { provenUser } from '../src/launch/identity.ts';
import { LaunchScreen } from '../src/launch/LaunchScreen.tsx';
import { launch } from '../src/launch/launch.ts';
import { recall, remember } from '../src/launch/memory.ts';
import { sayLaunch } from '../src/shell/words/launch-words.ts';
import { speak } from '../src/shell/words/words.ts';

afterEach(() => speak('nb'));

/** One of each; a new kind does not compile before it is here. */
const failures: { readonly [K in LaunchFailure['kind']]: Extract<LaunchFailure, { kind: K }> } = {
  'not-launched': { kind: 'not-launched' },
  'not-configured': { kind: 'not-configured' },
  'address-broken': { kind: 'address-broken', detail: 'no-iss' },
  'configuration-unreadable': { kind: 'configuration-unreadable', detail: 'HTTP 404' },
  'configuration-wrong': { kind: 'configuration-wrong', problems: ['issuers: missing', 'iss: x'] },
  'issuer-unknown': { kind: 'issuer-unknown', issuer: 'https://fremmed.example/fhir' },
  'issuer-insecure': { kind: 'issuer-insecure', issuer: 'http://journal.example/fhir' },
  'discovery-unreachable': { kind: 'discovery-unreachable' },
  'discovery-refused': { kind: 'discovery-refused', status: 503 },
  'discovery-wrong': { kind: 'discovery-wrong', detail: 'token_endpoint' },
  'pkce-missing': { kind: 'pkce-missing' },
  'endpoint-unsafe': { kind: 'endpoint-unsafe', endpoint: 'http://x.example' },
  denied: { kind: 'denied' },
  'authorization-failed': { kind: 'authorization-failed', code: 'server_error' },
  'state-unknown': { kind: 'state-unknown' },
  'issuer-mismatch': { kind: 'issuer-mismatch' },
  'token-unreachable': { kind: 'token-unreachable' },
  'token-refused': { kind: 'token-refused' },
  'token-wrong': { kind: 'token-wrong', detail: 'access_token' },
  'identity-unproven': { kind: 'identity-unproven', detail: 'nonce' },
  'no-patient': { kind: 'no-patient' },
  'patient-changed': { kind: 'patient-changed' },
  'scope-changed': { kind: 'scope-changed' },
  'logged-out': { kind: 'logged-out' },
  'logged-out-unconfirmed': { kind: 'logged-out-unconfirmed' },
  'logged-out-elsewhere': { kind: 'logged-out-elsewhere' },
  'window-needed': { kind: 'window-needed' },
  'window-blocked': { kind: 'window-blocked' },
  'window-closed': { kind: 'window-closed' },
  unexpected: { kind: 'unexpected', detail: 'TypeError' },
};

test.each(Object.values(failures))(
  '$kind says what happened, what to do, and its code',
  async failure => {
    for (const language of ['nb', 'en'] as const) {
      await speak(language);
      const { container, unmount } = render(
        <LaunchScreen failure={failure} proceed={undefined} say={sayLaunch} />,
      );
      expect(screen.getByRole('heading').textContent).not.toBe('');
      expect(container.querySelectorAll('p')).toHaveLength(3);
      expect(container.textContent).toContain(failure.kind);
      expect(container.textContent).not.toMatch(/[{}]/);
      for (const [name, value] of Object.entries(failure))
        if (name !== 'kind' && name !== 'detail')
          expect(container.textContent).toContain([value].flat().join('; '));
      unmount();
    }
  },
);

test('no two failures have the same title', () => {
  const titles = Object.values(failures).map(({ kind }) => sayLaunch(`launch.${kind}.title`, {}));
  expect(new Set(titles).size).toBe(titles.length);
});

test('the button goes on, once, however often it is pressed', () => {
  const proceed = vi.fn(() => new Promise<void>(() => {}));
  render(<LaunchScreen failure={failures['window-needed']} proceed={proceed} say={sayLaunch} />);
  const button = screen.getByRole('button', { name: 'Logg inn i eget vindu' });
  fireEvent.click(button);
  fireEvent.click(button);
  expect(proceed).toHaveBeenCalledTimes(1);
  expect(button.textContent).toBe('Åpner …');
});

test('the button can be pressed again when what it started broke', async () => {
  const said = vi.fn();
  vi.stubGlobal('reportError', said);
  const proceed = vi.fn(() => Promise.reject(new TypeError('broken')));
  render(<LaunchScreen failure={failures.unexpected} proceed={proceed} say={sayLaunch} />);
  fireEvent.click(screen.getByRole('button', { name: 'Prøv igjen' }));
  await vi.waitFor(() => expect(said).toHaveBeenCalled());
  fireEvent.click(await screen.findByRole('button', { name: 'Prøv igjen' }));
  await vi.waitFor(() => expect(said).toHaveBeenCalledTimes(2));
  expect(proceed).toHaveBeenCalledTimes(2);
  vi.unstubAllGlobals();
});

/** This page, opened at an address, on a network that knows only these answers. */
function pageAt(search: string, answers: Readonly<Record<string, object>>) {
  window.history.replaceState(null, '', `/launch.html${search}`);
  vi.spyOn(window, 'fetch').mockImplementation(async input => {
    const address = input instanceof Request ? input.url : String(input);
    const found = Object.entries(answers).find(([ending]) => address.endsWith(ending));
    return found ? Response.json(found[1]) : new Response('', { status: 503 });
  });
  return window;
}

describe('a launch', () => {
  const iss = 'https://journal.example/fhir';
  const configuration = { issuers: [{ iss, clientId: 'c', label: 'Journalen' }], locale: 'en' };
  const discovery = {
    authorization_endpoint: 'https://journal.example/authorize',
    token_endpoint: 'https://journal.example/token',
    code_challenge_methods_supported: ['S256'],
  };
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  test('that breaks in a way nobody thought of has a screen, in the language of the configuration', async () => {
    const said = vi.fn();
    vi.stubGlobal('reportError', said);
    vi.spyOn(crypto.subtle, 'digest').mockRejectedValue(new TypeError('no digest'));
    const answers = { 'config.json': configuration, 'smart-configuration': discovery };
    const launched = await launch(pageAt(`?iss=${iss}&launch=l`, answers));
    expect(launched).toMatchObject({
      kind: 'stopped',
      failure: { kind: 'unexpected', detail: 'Error' },
      locale: 'en',
      proceed: expect.any(Function),
    });
    expect(said).toHaveBeenCalledOnce();
  });

  test('that stops knows the language of the configuration', async () => {
    const launched = await launch(pageAt(`?iss=${iss}`, { 'config.json': configuration }));
    expect(launched).toMatchObject({ failure: { kind: 'discovery-refused' }, locale: 'en' });
  });

  test('leaves the open tab in the address', () => {
    window.history.replaceState(null, '', '/launch.html?iss=x#/legemidler');
    remember(window, { iss, patient: 'digest', who: 'user' });
    expect(window.location.href).toMatch(/\/index\.html#\/legemidler$/);
    expect(recall(window.history)).toEqual({ iss, patient: 'digest', who: 'user' });
  });
});

const part = (value: object) => btoa(JSON.stringify(value)).replaceAll('=', '');

test.each([
  ['a key that cannot be a key', { kty: 'RSA', n: '', e: 'AQAB' }],
  ['a key with a broken modulus', { kty: 'RSA', n: '@@', e: 'AQAB' }],
])('%s proves nobody', async (_, key) => {
  const token = `${part({ alg: 'RS256' })}.${part({ iss: 'i' })}.AAAA`;
  const endpoints = {
    authorize: '',
    token: '',
    jwks: 'https://journal.example/jwks',
    namesItself: false,
    scopesV2: false,
  };
  const expected = { endpoints, iss: 'i', clientId: 'c', nonce: 'n', now: new Date(0) };
  await expect(provenUser(token, expected, Promise.resolve({ keys: [key] }))).rejects.toMatchObject(
    { failure: { kind: 'identity-unproven' } },
  );
});

test('a launch that can be tried again says so, and one that cannot has no button', () => {
  const { unmount } = render(
    <LaunchScreen
      failure={failures['token-unreachable']}
      proceed={() => Promise.resolve()}
      say={sayLaunch}
    />,
  );
  expect(screen.getByRole('button', { name: 'Prøv igjen' })).toBeTruthy();
  unmount();
  render(<LaunchScreen failure={failures['not-launched']} proceed={undefined} say={sayLaunch} />);
  expect(screen.queryByRole('button')).toBeNull();
});
