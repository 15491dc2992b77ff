// As much of Chrome as the extension touches, in memory: what it was told can be looked at, and what happens can be made to.
import { vi } from 'vitest';

type Listener = (...args: never[]) => unknown;

function event() {
  const listeners: Listener[] = [];
  return {
    addListener: (listener: Listener) => void listeners.push(listener),
    /** What each listener answered. */
    happens: (...args: unknown[]) => listeners.map(listener => listener(...(args as never[]))),
  };
}

function area(name: string, all: ReturnType<typeof event>, held: Record<string, unknown> = {}) {
  const onChanged = event();
  const changed = (changes: object) => {
    if (Object.keys(changes).length === 0) return;
    onChanged.happens(changes);
    all.happens(changes, name);
  };
  return {
    held,
    onChanged,
    get: (keys?: string | string[]) =>
      Promise.resolve(
        Object.fromEntries(
          Object.entries(held).filter(([key]) => keys === undefined || [keys].flat().includes(key)),
        ),
      ),
    set(values: Record<string, unknown>) {
      // Chrome tells only of what has become another.
      const differing = Object.entries(values).filter(
        ([key, value]) => JSON.stringify(held[key]) !== JSON.stringify(value),
      );
      Object.assign(held, structuredClone(values));
      changed(Object.fromEntries(differing.map(([key, newValue]) => [key, { newValue }])));
      return Promise.resolve();
    },
    remove(key: string) {
      const was = key in held;
      delete held[key];
      changed(was ? { [key]: {} } : {});
      return Promise.resolve();
    },
  };
}

/** A Chrome of one window with one tab in front, put in the place of the global until the test is over. */
export function chromeDouble(
  options: { readonly policy?: Record<string, unknown>; readonly packaged?: unknown } = {},
) {
  const onChanged = event();
  const active = new Map([[1, 10]]);
  const scripts = new Map<string, { id: string; matches?: string[] }>();
  const double = {
    runtime: {
      id: 'ourselves',
      getURL: (path: string) => `chrome-extension://ourselves/${path}`,
      openOptionsPage: vi.fn(() => Promise.resolve()),
      onMessage: event(),
      onInstalled: event(),
      onStartup: event(),
    },
    storage: {
      onChanged,
      local: area('local', onChanged),
      session: area('session', onChanged),
      managed: area('managed', onChanged, options.policy),
    },
    windows: { WINDOW_ID_NONE: -1, getCurrent: () => Promise.resolve({ id: 1 }) },
    tabs: {
      TAB_ID_NONE: -1,
      query: ({ windowId }: { windowId?: number }) =>
        Promise.resolve(
          windowId !== undefined && !active.has(windowId)
            ? []
            : [{ id: active.get(windowId ?? 1) }],
        ),
      onActivated: event(),
      onDetached: event(),
      onRemoved: event(),
      onReplaced: event(),
      onUpdated: event(),
    },
    permissions: {
      given: new Set<string>(),
      contains: ({ origins }: { origins: string[] }) =>
        Promise.resolve(origins.every(origin => double.permissions.given.has(origin))),
      onAdded: event(),
      onRemoved: event(),
    },
    scripting: {
      scripts,
      getRegisteredContentScripts: () => Promise.resolve([...scripts.values()]),
      registerContentScripts: (given: { id: string }[]) => {
        for (const one of given) scripts.set(one.id, one);
        return Promise.resolve();
      },
      updateContentScripts: (given: { id: string }[]) => {
        for (const one of given) scripts.set(one.id, one);
        return Promise.resolve();
      },
      executeScript: vi.fn(() => Promise.resolve([])),
      unregisterContentScripts: () => {
        scripts.clear();
        return Promise.resolve();
      },
    },
    sidePanel: {
      open: vi.fn(() => Promise.resolve()),
      setPanelBehavior: vi.fn(() => Promise.resolve()),
    },
    action: {
      setBadgeText: vi.fn(() => Promise.resolve()),
      setBadgeBackgroundColor: vi.fn(() => Promise.resolve()),
      setBadgeTextColor: vi.fn(() => Promise.resolve()),
      setTitle: vi.fn(() => Promise.resolve()),
    },
    i18n: { getUILanguage: () => 'nb' },
    /** Somebody brings another tab to the front. */
    activate(windowId: number, tabId: number) {
      active.set(windowId, tabId);
      double.tabs.onActivated.happens({ windowId, tabId });
    },
  };
  vi.stubGlobal('chrome', double);
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(options.packaged ?? { issuers: [] })));
  return double;
}
