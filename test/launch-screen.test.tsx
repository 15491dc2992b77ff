import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import type { LaunchFailure } from '../src/launch/failure.ts';
import { LaunchScreen } from '../src/launch/LaunchScreen.tsx';
import { sayLaunch } from '../src/shell/words/launch-words.ts';
import { speak } from '../src/shell/words/words.ts';

afterEach(() => speak('nb'));

/** One of each; a new kind does not compile before it is here. */
const failures: { readonly [K in LaunchFailure['kind']]: Extract<LaunchFailure, { kind: K }> } = {
  'not-launched': { kind: 'not-launched' },
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
  'window-needed': { kind: 'window-needed' },
  'window-blocked': { kind: 'window-blocked' },
  'window-closed': { kind: 'window-closed' },
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
