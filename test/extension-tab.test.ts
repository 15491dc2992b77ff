// The tab the panel belongs to (SAFETY TM22; CATALOGUE C11, C12, E09).
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handOver, onHanded, takeHanded } from '../src/extension/handed.ts';
import { type Tab, watchTab } from '../src/extension/tab.ts';
import { chromeDouble } from './chrome-double.ts';

let chrome: ReturnType<typeof chromeDouble>;
let tab: Tab;
beforeEach(async () => {
  chrome = chromeDouble();
  tab = await watchTab();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const beside = () => tab.beside.value.kind;

describe('C11 tab-switch', () => {
  test('another tab in front hides the patient in the same turn, and the own one brings it back', () => {
    expect(beside()).toBe('ours');
    chrome.activate(1, 11);
    expect(beside()).toBe('away');
    chrome.activate(1, 10);
    expect(beside()).toBe('ours');
  });

  test('a page that changed while another tab was in front is still not known when one comes back', () => {
    chrome.activate(1, 11);
    chrome.tabs.onUpdated.happens(10, { url: 'https://journal.example/2' }, {});
    chrome.activate(1, 10);
    expect(beside()).toBe('moved');
    tab.confirm();
    expect(beside()).toBe('ours');
  });

  test('any loading counts where the address may not be seen, and only another address where it may', () => {
    chrome.tabs.onUpdated.happens(10, { status: 'loading' }, { url: 'https://journal.example/' });
    expect(beside()).toBe('ours');
    chrome.tabs.onUpdated.happens(10, { title: 'Journal' }, {});
    expect(beside()).toBe('ours');
    chrome.tabs.onUpdated.happens(10, { status: 'loading' }, {});
    expect(beside()).toBe('moved');
  });

  test.each(['onRemoved', 'onDetached'] as const)('a tab that is gone (%s) hides it', how => {
    chrome.tabs[how].happens(10, {});
    expect(beside()).toBe('away');
  });

  test('what the journal’s page says of its charts counts before its address, and another tab before both', () => {
    tab.opened('this launch');
    tab.say('another launch');
    expect(tab.beside.value).toEqual({ kind: 'other', launch: 'another launch' });
    tab.say(null);
    expect(beside()).toBe('none');
    chrome.tabs.onUpdated.happens(10, { url: 'https://journal.example/2' }, {});
    expect(beside()).toBe('moved');
    tab.say('this launch');
    expect(beside()).toBe('ours');
    chrome.activate(1, 11);
    expect(beside()).toBe('away');
  });

  test('a journal that says whose chart it shows is not believed to show somebody who was picked without it', () => {
    tab.opened(undefined);
    tab.say('some launch');
    expect(beside()).toBe('other');
  });

  test('the panel that is opened for another tab belongs to that one', async () => {
    chrome.activate(1, 11);
    await tab.take();
    expect([tab.id(), beside()]).toEqual([11, 'ours']);
    chrome.activate(1, 10);
    expect(beside()).toBe('away');
  });
});

describe('C12 two-windows, E09 cross-window-messages', () => {
  test('what happens in another window is nobody’s business here', () => {
    chrome.activate(2, 20);
    chrome.tabs.onUpdated.happens(20, { url: 'https://journal.example/2' }, {});
    chrome.tabs.onRemoved.happens(20, {});
    expect(beside()).toBe('ours');
  });

  test('a tab dragged into another window takes no patient with it', () => {
    chrome.activate(2, 10);
    expect(beside()).toBe('away');
  });
});

describe('A launch that is handed over', () => {
  const launch = { iss: 'https://fhir.example', launch: 'opaque' };

  test('is taken once, by its own tab', async () => {
    await handOver(10, launch);
    expect(await takeHanded(11)).toBeUndefined();
    expect(await takeHanded(10)).toEqual(launch);
    expect(await takeHanded(10)).toBeUndefined();
  });

  test('is too old after a minute: the journal may show somebody else by then', async () => {
    vi.useFakeTimers();
    await handOver(10, launch);
    vi.advanceTimersByTime(60_001);
    expect(await takeHanded(10)).toBeUndefined();
  });

  test('is told of when it comes, and not when it is taken', async () => {
    const told = vi.fn();
    onHanded(told);
    await handOver(10, launch);
    await takeHanded(10);
    expect(told.mock.calls).toEqual([[10]]);
  });
});
