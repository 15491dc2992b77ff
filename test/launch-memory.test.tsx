import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { digest, forget, lastLogout, markLogout, recall, remember } from '../src/launch/memory.ts';

const iss = 'https://journal.example/fhir';
const launched = { iss, launch: 'l', patient: 'digest', who: 'user', logout: 'before' };

const denied = () => {
  throw new DOMException('denied', 'SecurityError');
};

beforeEach(() => {
  window.history.replaceState(null, '', '/launch.html?code=c&state=s#/planer');
  window.sessionStorage.clear();
  window.localStorage.clear();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a frame', () => {
  test('remembers its launch through a reload, and nothing of the login is left in the address', () => {
    remember(window, launched);
    expect(recall(window.history)).toEqual(launched);
    expect(window.location.href).toMatch(/\/index\.html#\/planer$/);
    const least = { iss, patient: 'digest', who: 'user' };
    remember(window, least);
    expect(recall(window.history)).toEqual(least);
  });

  test.each([
    [null],
    [{}],
    [{ sideplan: {} }],
    [{ sideplan: { ...launched, iss: 1 } }],
    [{ sideplan: { ...launched, patient: undefined } }],
    [{ sideplan: { ...launched, who: undefined } }],
    [{ sideplan: { ...launched, launch: 1 } }],
    [{ sideplan: { ...launched, logout: 1 } }],
  ])('does not take %j for a launch', state => {
    window.history.replaceState(state, '', '');
    expect(recall(window.history)).toBeUndefined();
  });

  test('forgets it, and what of ours lies in the tab, and nobody else’s', () => {
    remember(window, launched);
    window.sessionStorage.setItem('sideplan.pending.s', 'x');
    window.sessionStorage.setItem('journal', 'theirs');
    window.sessionStorage.setItem('not.sideplan.', 'theirs');
    forget(window);
    expect(recall(window.history)).toBeUndefined();
    expect(window.history.state).toBeNull();
    expect(window.location.href).toMatch(/\/index\.html$/);
    expect(Object.keys(window.sessionStorage).toSorted()).toEqual(['journal', 'not.sideplan.']);
  });

  test('forgets also where it is denied storage', () => {
    remember(window, launched);
    vi.spyOn(window, 'sessionStorage', 'get').mockImplementation(denied);
    forget(window);
    expect(window.history.state).toBeNull();
  });
});

describe('a logout', () => {
  test('is marked for every window of the same person, each time anew', () => {
    expect(lastLogout(window, 'user')).toBeUndefined();
    markLogout(window, 'user');
    const first = lastLogout(window, 'user');
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(lastLogout(window, 'another')).toBeUndefined();
    markLogout(window, 'user');
    expect(lastLogout(window, 'user')).not.toBe(first);
    expect(Object.keys(window.localStorage)).toEqual(['sideplan.logout.user']);
  });

  test('where storage is denied is of this page alone', () => {
    vi.spyOn(window, 'localStorage', 'get').mockImplementation(denied);
    expect(() => markLogout(window, 'user')).not.toThrow();
    expect(lastLogout(window, 'user')).toBeUndefined();
  });
});

test('issuer and patient are remembered as a digest of both', async () => {
  expect(await digest('a', 'b')).toBe(
    '0eab8a0a3380abf4c7d1fb0b43b66aafbb64a4b953e4eb2dccca579461912d0c',
  );
  expect(await digest('a', 'b')).not.toBe(await digest('a', 'c'));
});
