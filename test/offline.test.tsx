// What the panel may still show when the journal is silent (docs/decisions/0016; SAFETY 5.3; SCREENS 3.5 «Offline»).
import 'fake-indexeddb/auto';
import { fireEvent, screen, within } from '@testing-library/preact';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { whyNot } from '../src/evaluation/evaluation-view.ts';
import { badgeTitle } from '../src/extension/badge.ts';
import { bench } from './bench.ts';
import { type Desk, openDesk } from './offline-desk.tsx';

// Each test reads a whole record twice.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const FOUR_HOURS = { offlineCopyHours: 4 };
const HOUR_MS = 3_600_000;
const SILENCE = { kind: 'discovery-unreachable' };

let desk: Desk | undefined;
// All code is there before the first test, so that none is still on its way when the last is over.
beforeAll(async () => {
  await import('../src/other-rooms.tsx');
  await (await bench()).record();
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  vi.stubGlobal('reportError', (error: unknown) => expect.unreachable(String(error)));
});
afterEach(async () => {
  desk?.close();
  vi.useRealTimers();
  // What was begun when the panel was closed still needs this Chrome.
  await new Promise(resolve => {
    setTimeout(resolve, 50);
  });
});
afterAll(() => vi.unstubAllGlobals());

/** Maja was open, the panel was closed, and the network went. */
async function opensOnce(...wanted: Parameters<typeof openDesk>): Promise<Desk> {
  desk = await openDesk(...wanted);
  await desk.openOnline();
  await desk.kept();
  desk.close();
  return desk;
}

const page = () => document.body.textContent;
const showsMaja = () => vi.waitFor(() => expect(page()).toContain('Døgnenhet DPS'), 20_000);
const hex = (bytes: Iterable<number>) =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

/** Everything on the disk and in the clear, as text; bytes as text and as numbers. */
const clear = async (of: Desk) =>
  [...(await of.rows()), of.chrome.storage.local.held, Object.entries(window.localStorage)]
    .map(one =>
      JSON.stringify(one, (_, value: unknown) =>
        value instanceof Uint8Array ? `${new TextDecoder().decode(value)} ${hex(value)}` : value,
      ),
    )
    .join('\n');

describe('A copy is kept', () => {
  test.each(['policy', 'package'] as const)('where the organisation’s %s says so', async from => {
    const at = await opensOnce(FOUR_HOURS, from);
    expect(await at.rows()).toHaveLength(1);
  });

  test.each([
    ['nobody says so', {}, 'policy'],
    ['only the person at this browser has said so', FOUR_HOURS, 'own'],
    ['what is said is no whole number of hours up to a day', { offlineCopyHours: 25 }, 'policy'],
  ] as const)('never where %s', async (_, rules, from) => {
    desk = await openDesk(rules, from);
    await desk.openOnline();
    await showsMaja();
    await vi.waitFor(() => expect(page()).toContain('Overfølsom'), 20_000);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(await desk.rows()).toEqual([]);
  });

  test('sealed: neither name, number nor key is on the disk, and the key is in memory only', async () => {
    const at = await opensOnce(FOUR_HOURS);
    const text = await clear(at);
    expect(text).not.toMatch(/Maja|Testdal|128507|Døgnenhet|Patient/);
    const [row] = await at.rows();
    const key = at.chrome.storage.session.held[`copy.${String(row?.['id'])}`] as number[];
    expect(key).toHaveLength(32);
    expect(text).not.toContain(hex(key));
    expect(text).not.toContain(key.join(','));
  });
});

describe('When the journal cannot be reached', () => {
  test('the patient of this tab is shown as last read, with its age above it and in every section', async () => {
    const at = await opensOnce(FOUR_HOURS);
    vi.setSystemTime(Date.now() + 3 * HOUR_MS);
    await at.openOffline();
    await showsMaja();
    expect(page()).toContain('Uten nett. Viser lagret utgave fra kl. 20.15.');
    for (const name of ['contacts', 'plan']) {
      const section = document.querySelector(`[data-section="${name}"]`);
      expect(section?.getAttribute('data-stale')).toBe('true');
      expect(section?.getAttribute('data-fetched-at')).toMatch(/T19:15/);
    }
    expect(page()).toContain('Hentet kl. 20.15 – kan være utdatert');
    const strip = within(document.querySelector<HTMLElement>('header .offline')!);
    expect(strip.getByRole('button', { name: 'Prøv igjen' })).toBeTruthy();
    const said = at.chrome.action.setTitle.mock.lastCall as unknown as [{ title: string }];
    expect(said[0].title).toBe(badgeTitle('failed', 'nb'));
  });

  test('the medicines, which are not in the copy, could not be read; nobody says there are none', async () => {
    const at = await opensOnce(FOUR_HOURS);
    await at.openOffline();
    await showsMaja();
    const medicines = await vi.waitFor(() => {
      const found = document.querySelector('[data-section="medication"]');
      expect(found?.getAttribute('data-state')).toBe('failed');
      return found;
    }, 20_000);
    expect(medicines?.textContent).toContain('kunne ikke hente');
    expect(medicines?.textContent).not.toMatch(/Ingen|Hentet/);
    expect(medicines?.getAttribute('data-stale')).toBeNull();
  });

  test('nothing can be written, and the button says why', async () => {
    const at = await opensOnce(FOUR_HOURS);
    const before = (await at.ehr.asked()).length;
    await at.openOffline();
    await showsMaja();
    const begin = await screen.findByRole('button', { name: 'Ny evaluering' }, { timeout: 20_000 });
    expect(begin.getAttribute('aria-disabled')).toBe('true');
    expect(page()).toContain('Dette er en lagret kopi. Det kan ikke skrives noe');
    fireEvent.click(begin);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(whyNot('copy', { state: 'loading' }, [])).toContain('lagret kopi');
    expect((await at.ehr.asked()).length).toBe(before);
  });

  test('another tab in front empties the panel at once', async () => {
    const at = await opensOnce(FOUR_HOURS);
    await at.openOffline();
    await showsMaja();
    at.chrome.activate(1, 11);
    expect(page()).not.toMatch(/Maja|Døgnenhet|lagret utgave/);
  });

  test('a copy that gets too old while it is looked at is taken away, and what stopped the launch is said', async () => {
    const at = await opensOnce(FOUR_HOURS);
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: Date.now() });
    await at.openOffline();
    await showsMaja();
    vi.advanceTimersByTime(4 * HOUR_MS);
    expect(page()).not.toMatch(/Maja|Døgnenhet/);
    expect(at.stopped()).toEqual(SILENCE);
  });

  test('logging out of a copy needs no network, and leaves none', async () => {
    const at = await opensOnce(FOUR_HOURS);
    await at.openOffline();
    await showsMaja();
    await at.logOut();
    expect(page()).not.toContain('Maja');
    expect(at.stopped()).toEqual({ kind: 'logged-out' });
    await vi.waitFor(async () => expect(await at.rows()).toEqual([]), 20_000);
  });
});

/** The launch screen says what stopped it, and the copy is gone, or is left for whose it is. */
async function silent(at: Desk, left: number) {
  await at.openOffline();
  expect(at.stopped()).toEqual(SILENCE);
  expect(page()).not.toMatch(/Maja|Døgnenhet/);
  await vi.waitFor(async () => expect(await at.rows()).toHaveLength(left), 20_000);
}

describe('Nothing is shown', () => {
  test('of a copy that is too old, and it is erased', async () => {
    const at = await opensOnce(FOUR_HOURS);
    vi.setSystemTime(Date.now() + 4 * HOUR_MS);
    await silent(at, 0);
    expect(Object.keys(at.chrome.storage.session.held)).toEqual(['launch.10']);
  });

  test('of a copy from a time that has not come yet: the clock has been put back', async () => {
    const at = await opensOnce(FOUR_HOURS);
    vi.setSystemTime(Date.now() - HOUR_MS);
    await silent(at, 0);
  });

  test('of a copy whose key is gone with the browser, and it is erased', async () => {
    const at = await opensOnce(FOUR_HOURS);
    const [row] = await at.rows();
    await at.chrome.storage.session.remove(`copy.${String(row?.['id'])}`);
    await silent(at, 0);
  });

  test('of a copy that somebody has altered or moved', async () => {
    const at = await opensOnce(FOUR_HOURS);
    const row = await at.kept();
    // Made younger than it is.
    await at.put({ ...row, since: Date.now() - 1 });
    await silent(at, 0);
  });

  test.each([
    ['another patient', { patient: 'f00d' }],
    ['another user', { who: 'f00d' }],
    ['another journal', { iss: 'http://localhost:8080/fhir/' }],
  ])('beside a tab that was opened with %s', async (_, other) => {
    const at = await opensOnce(FOUR_HOURS);
    await at.chrome.storage.session.set({ 'launch.10': { ...at.remembered(), ...other } });
    await silent(at, 'iss' in other ? 0 : 1);
  });

  test('beside a tab that nothing was opened with', async () => {
    const at = await opensOnce(FOUR_HOURS);
    at.chrome.activate(1, 11);
    await at.openOffline();
    expect(at.stopped()).toEqual({ kind: 'window-needed' });
    expect(page()).not.toContain('Maja');
  });

  test('where the journal has just handed over another chart, also when one tries again', async () => {
    const at = await opensOnce(FOUR_HOURS);
    const { iss } = at.remembered();
    const handed = { iss, launch: 'another launch', at: Date.now() };
    // Left by the worker while no panel was there to be told.
    Object.assign(at.chrome.storage.session.held, { 'handed.10': handed });
    await silent(at, 1);
    await at.proceed();
    expect(at.stopped()).toEqual({ kind: 'window-needed' });
    expect(page()).not.toContain('Maja');
  });

  test('once somebody has logged out, also beside a tab that was opened before', async () => {
    desk = await openDesk(FOUR_HOURS);
    await desk.openOnline();
    await desk.kept();
    const remembered = desk.remembered();
    await desk.logOut();
    await vi.waitFor(async () => expect(await desk?.rows()).toEqual([]), 20_000);
    expect(
      Object.keys(desk.chrome.storage.session.held).filter(key => key !== 'launch.10'),
    ).toEqual([]);
    desk.close();
    await desk.chrome.storage.session.set({ 'launch.10': remembered });
    await desk.openOffline();
    expect(desk.stopped()).toEqual({ kind: 'window-needed' });
  });

  test('once the policy no longer says so', async () => {
    const at = await opensOnce(FOUR_HOURS);
    const { offlineCopyHours: _, ...rest } = at.chrome.storage.managed.held;
    await at.chrome.storage.local.set({ policy: { value: rest } });
    await silent(at, 0);
  });

  test('once the patient has blocked this person', async () => {
    const at = await opensOnce(FOUR_HOURS);
    const outcome = { issue: [{ code: 'forbidden', details: { coding: [{ code: 'blocked' }] } }] };
    await at.openOnline(() => Response.json(outcome, { status: 403 }));
    await vi.waitFor(async () => expect(await at.rows()).toEqual([]), 20_000);
    at.close();
    await silent(at, 0);
  });

  test('where the journal answers, and refuses', async () => {
    const at = await opensOnce(FOUR_HOURS);
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 403 })));
    await at.openOffline();
    expect(at.stopped()).toEqual({ kind: 'discovery-refused', status: 403 });
    expect(page()).not.toContain('Maja');
  });

  test('after the screen was locked: whoever comes next has not logged in', async () => {
    const at = await openDesk({ ...FOUR_HOURS, idleMinutes: 1 });
    desk = at;
    await at.openOnline();
    await at.kept();
    at.close();
    vi.useFakeTimers({
      toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
      now: Date.now(),
    });
    await at.openOffline();
    await showsMaja();
    await vi.advanceTimersByTimeAsync(70_000);
    expect(document.documentElement.dataset['locked']).toBe('true');
    vi.useRealTimers();
    await vi.waitFor(async () => expect(await at.rows()).toEqual([]), 20_000);
    delete document.documentElement.dataset['locked'];
  });
});
