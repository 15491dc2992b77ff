// The panel around the app: whom it listens to, and what it remembers of a tab (CATALOGUE E03, E04, E09; SAFETY TM22).
import fc from 'fast-check';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openPanel, type Panel } from '../src/panel.ts';
import { chromeDouble } from './chrome-double.ts';

const ORIGIN = 'https://journal.example';
const ISS = 'https://fhir.example/r4';
const configuration = {
  issuers: [{ iss: ISS, clientId: 'c', label: 'Journalen', ehrOrigins: [ORIGIN] }],
};
const remembered = { iss: ISS, launch: 'this launch', patient: 'digest', who: 'digest' };

const from = (tab: number, windowId = 1) => ({
  id: 'ourselves',
  origin: ORIGIN,
  frameId: 0,
  documentLifecycle: 'active',
  tab: { id: tab, windowId },
});

let chrome: ReturnType<typeof chromeDouble>;
let panel: Panel;
const reload = vi.fn();
beforeEach(async () => {
  reload.mockReset();
  chrome = chromeDouble({ policy: configuration });
  await chrome.storage.session.set({ 'launch.10': remembered });
  panel = await openPanel(window, reload);
});
afterEach(() => vi.unstubAllGlobals());

const shown = () => panel.tab.shown.value.kind;
const says = (message: unknown, sender: object = from(10)) =>
  chrome.runtime.onMessage.happens(message, sender);

describe('The patient this tab was opened with', () => {
  test('is what the journal’s page goes on showing, until it says otherwise', () => {
    panel.opened();
    says({ context: 'this launch' });
    expect(shown()).toBe('ours');
    says({ context: 'another launch' });
    expect(shown()).toBe('another');
    says({ context: null });
    expect(shown()).toBe('nobody');
  });

  test('is remembered for this tab only', async () => {
    panel.opened();
    await vi.waitFor(() => expect(chrome.storage.session.held['launch.10']).toEqual(remembered));
    chrome.activate(1, 11);
    await openPanel(window, reload);
    expect(window.history.state).toBeNull();
  });

  test('is forgotten when somebody logs out', async () => {
    panel.opened();
    panel.stopped({ kind: 'logged-out' });
    await vi.waitFor(() => expect(chrome.storage.session.held['launch.10']).toBeUndefined());
    expect(window.history.state).toBeNull();
  });

  test('E04, E09: is not touched by what is said in another tab or another window', () => {
    panel.opened();
    says({ context: 'another launch' }, from(11));
    says({ context: null }, from(10, 2));
    says({ iss: ISS, launch: 'another launch' }, from(20, 2));
    expect(shown()).toBe('ours');
  });
});

const hand = (tab: number, launch: string) =>
  chrome.storage.session.set({ [`handed.${tab}`]: { iss: ISS, launch, at: Date.now() } });

describe('A launch that is handed over', () => {
  test('opens the panel anew, and is still there for it', async () => {
    panel.opened();
    await hand(10, 'another launch');
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
    expect(chrome.storage.session.held['handed.10']).toMatchObject({ launch: 'another launch' });
  });

  test('C11 that somebody asks for in the panel is opened once, and nothing is left to lead back to the former patient', async () => {
    panel.opened();
    says({ context: 'another launch' });
    let left: object = {};
    reload.mockImplementation(() => {
      left = { ...chrome.storage.session.held };
    });
    await panel.tab.reopen();
    await new Promise(resolve => {
      setTimeout(resolve, 20);
    });
    expect(reload).toHaveBeenCalledOnce();
    expect(left).toMatchObject({ 'handed.10': { launch: 'another launch' } });
    expect(left).not.toHaveProperty(['launch.10']);
    expect(chrome.storage.session.held['handed.10']).toMatchObject({ launch: 'another launch' });
  });

  test('for the patient already open changes nothing', async () => {
    panel.opened();
    await hand(10, 'this launch');
    await vi.waitFor(() => expect(chrome.storage.session.held['handed.10']).toBeUndefined());
    expect(reload).not.toHaveBeenCalled();
  });

  test('for a tab nobody is looking at waits', async () => {
    panel.opened();
    await hand(11, 'another launch');
    await new Promise(resolve => {
      setTimeout(resolve, 20);
    });
    expect(reload).not.toHaveBeenCalled();
    expect(chrome.storage.session.held['handed.11']).toMatchObject({ launch: 'another launch' });
  });
});

/** Anything JSON can carry, and our own words with something wrong in them. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({ iss: fc.constant(ISS), launch: fc.constantFrom('', 7, null, 'x'.repeat(2001)) }),
  fc.record({ context: fc.constantFrom('', 7, {}, 'x'.repeat(2001)) }),
  fc.record({ context: fc.constant('another launch'), patient: fc.string() }),
);

test('E03 fuzz: 10,000 random messages to the panel change nothing, and none is answered', () => {
  panel.opened();
  const before = JSON.stringify(chrome.storage.session.held);
  const sender = fc.constantFrom(from(10), from(11), {}, { ...from(10), frameId: 4 });
  fc.assert(
    fc.property(odd, sender, (said, sent) => {
      for (const answer of says(said, sent)) expect(answer).toBeUndefined();
    }),
    { numRuns: 10_000 },
  );
  expect(shown()).toBe('ours');
  expect(reload).not.toHaveBeenCalled();
  expect(JSON.stringify(chrome.storage.session.held)).toBe(before);
  says({ context: 'another launch' });
  expect(shown()).toBe('another');
}, 30_000);
