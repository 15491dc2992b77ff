// Who may speak to the extension, and what of it is heard (SAFETY TM14, TM15; CATALOGUE E02–E04).
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Heard, heard, mayAsk } from '../src/extension/heard.ts';
import { chromeDouble } from './chrome-double.ts';

const ORIGIN = 'https://journal.example';
const ISS = 'https://fhir.example/r4';
const configuration = {
  issuers: [
    { iss: ISS, clientId: 'c', label: 'Journalen', ehrOrigins: [ORIGIN] },
    { iss: 'https://other.example/fhir', clientId: 'c', label: 'En annen' },
  ],
};
const launch = { iss: ISS, launch: 'opaque' };

/** A page somebody looks at, in the EHR's tab, with our own script in it. */
const sender = {
  id: 'ourselves',
  origin: ORIGIN,
  frameId: 0,
  documentLifecycle: 'active',
  tab: { id: 10, windowId: 1 },
} as chrome.runtime.MessageSender;

const isHeard = (message: unknown, from: Partial<chrome.runtime.MessageSender> = {}) => {
  const it = heard(message, { ...sender, ...from }, 'ourselves');
  return it !== undefined && mayAsk(it, configuration);
};

afterEach(() => vi.unstubAllGlobals());

describe('What the journal’s page may say', () => {
  test('is a launch for its own server, or whose chart is on screen', () => {
    expect(isHeard(launch)).toBe(true);
    expect(isHeard({ context: 'opaque' })).toBe(true);
    expect(isHeard({ context: null })).toBe(true);
  });

  test('is never more than that: a message that carries a patient is not heard', () => {
    expect(isHeard({ ...launch, patient: 'p1' })).toBe(false);
    expect(isHeard({ context: 'opaque', name: 'Maja' })).toBe(false);
    expect(isHeard({ ...launch, context: 'opaque' })).toBe(false);
    expect(isHeard({ context: 'x'.repeat(2001) })).toBe(false);
    expect(isHeard({ iss: ISS, launch: '' })).toBe(false);
  });

  test('is never a launch for a server that is not its own', () => {
    expect(isHeard({ iss: 'https://other.example/fhir', launch: 'opaque' })).toBe(false);
    expect(isHeard({ iss: 'https://evil.example/fhir', launch: 'opaque' })).toBe(false);
    expect(isHeard({ iss: `${ISS}/`, launch: 'opaque' })).toBe(true);
  });
});

/** Whether a page of this origin is heard where it has been configured. */
const at = (origin: string) =>
  mayAsk({ said: { context: null }, origin, tab: 1, window: 1 } satisfies Heard, {
    issuers: [{ iss: ISS, ehrOrigins: [origin] }],
  });

describe('E02 external, E04 sender: nobody else is heard', () => {
  test.each([
    ['another extension', { id: 'another' }],
    ['a page of an origin nobody has configured', { origin: 'https://evil.example' }],
    ['a page whose origin only begins like the journal’s', { origin: `${ORIGIN}.evil.example` }],
    ['a page without an origin of its own', { origin: 'null' }],
    ['a frame inside the journal’s page', { frameId: 3 }],
    ['a page that is only being prepared', { documentLifecycle: 'prerender' }],
    ['a page that lies in the back/forward cache', { documentLifecycle: 'cached' }],
    ['something that is in no tab', { tab: undefined }],
  ])('%s', (_, from) => {
    expect(isHeard(launch)).toBe(true);
    expect(isHeard(launch, from as Partial<chrome.runtime.MessageSender>)).toBe(false);
  });

  test('an unencrypted page is heard on this very machine only, however it is configured', () => {
    expect(at('http://localhost:8080')).toBe(true);
    expect(at('http://journal.example')).toBe(false);
    expect(at('http://localhost.evil.example')).toBe(false);
  });
});

/** A random message may by chance be a launch; from the right page that is no fuzz any more. */
const isOurs = (said: unknown) => heard(said, sender, 'ourselves') !== undefined;

describe('E03 fuzz', () => {
  /** Anything JSON can carry, with the words of our own messages thrown in. */
  const message = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom('iss', 'launch', 'context', 'sideplan', 'patient', '__proto__'),
      fc.oneof(fc.jsonValue(), fc.constant(ISS), fc.constant('x'.repeat(2001)), fc.string()),
    ),
  );
  const from = fc.record(
    {
      id: fc.constantFrom('ourselves', 'another', undefined),
      origin: fc.oneof(fc.constantFrom(ORIGIN, 'null', undefined), fc.webUrl(), fc.string()),
      frameId: fc.constantFrom(0, 0, 1, undefined),
      documentLifecycle: fc.constantFrom('active', 'active', 'prerender', undefined),
      tab: fc.constantFrom({ id: 10, windowId: 1 }, { windowId: 1 }, undefined),
    },
    { requiredKeys: [] },
  );

  test('10,000 random messages to the worker: nothing is kept, nothing is opened, nothing is answered', async () => {
    const chrome = chromeDouble({ policy: configuration });
    const complain = vi.fn();
    vi.stubGlobal('reportError', complain);
    await import('../src/extension/worker.ts');
    chrome.runtime.onInstalled.happens({});
    await vi.waitFor(() => expect(chrome.action.setTitle).toHaveBeenCalled());
    const before = JSON.stringify([chrome.storage.local.held, chrome.storage.session.held]);

    let ours = 0;
    fc.assert(
      fc.property(message, from, (said, sent) => {
        if (isOurs(said)) ours += 1;
        else
          for (const answer of chrome.runtime.onMessage.happens(said, sent))
            expect(answer).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
    await new Promise(resolve => setTimeout(resolve));
    expect(ours).toBeLessThan(2000);
    expect(chrome.sidePanel.open).not.toHaveBeenCalled();
    expect(complain).not.toHaveBeenCalled();
    expect(JSON.stringify([chrome.storage.local.held, chrome.storage.session.held])).toBe(before);

    // And the handler that was silent all the while does hear the journal.
    chrome.runtime.onMessage.happens(launch, sender);
    await vi.waitFor(() => expect(chrome.storage.session.held['handed.10']).toMatchObject(launch));
    expect(chrome.sidePanel.open).toHaveBeenCalledWith({ windowId: 1 });
  }, 30_000);
});
