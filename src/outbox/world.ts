/** What the outbox needs of the browser. Each part may be missing: a cross-site frame may be denied any of them. */
export interface World {
  /** Throws where storage is denied. */
  readonly indexedDB: () => IDBFactory;
  /** Web Locks: one sender over all tabs. Undefined: none here, and the server's own checks are the only guard. */
  readonly locks: Locks | undefined;
  /** Tells the other tabs of this origin that something has changed, and hears when they do. */
  readonly channel: (heard: () => void) => Channel;
  /** One bit that outlives the database: something lay there. */
  readonly mark: Mark;
  /** Asks that the browser should not clear us away when the disk is full. */
  readonly persist: () => void;
  /** Milliseconds by this machine's clock. It is for waiting only, never for what is written. */
  readonly now: () => number;
  readonly random: () => number;
  /** Returns how to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** The network is back, or somebody looks at the page again. Returns how to stop listening. */
  readonly revived: (run: () => void) => () => void;
}

export interface Locks {
  readonly request: <T>(
    name: string,
    options: { readonly signal: AbortSignal },
    held: () => Promise<T>,
  ) => Promise<T>;
}

export interface Channel {
  readonly tell: () => void;
  readonly close: () => void;
}

export interface Mark {
  readonly read: () => boolean;
  readonly write: (something: boolean) => void;
}

const CHANNEL = 'sideplan.outbox';

export const browserWorld = (window: Window & typeof globalThis): World => ({
  indexedDB: () => window.indexedDB,
  locks: locksOf(window),
  channel: heard => channelOf(window, heard),
  mark: markOf(window),
  persist() {
    // It may be denied, and it may be missing; then we are no worse off than before.
    void window.navigator.storage?.persist?.().catch(() => false);
  },
  now: () => Date.now(),
  random: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  after(ms, run) {
    const timer = window.setTimeout(run, ms);
    return () => window.clearTimeout(timer);
  },
  revived(run) {
    const looked = () => {
      if (window.document.visibilityState === 'visible') run();
    };
    window.addEventListener('online', run);
    window.document.addEventListener('visibilitychange', looked);
    return () => {
      window.removeEventListener('online', run);
      window.document.removeEventListener('visibilitychange', looked);
    };
  },
});

function locksOf({ navigator }: Window): Locks | undefined {
  const locks: LockManager | undefined = navigator.locks;
  if (!locks) return undefined;
  return {
    async request(name, options, held) {
      let granted = false;
      try {
        return await locks.request(name, options, () => {
          granted = true;
          return held();
        });
      } catch (error) {
        // A frame that may not store may not lock either; and then nothing lies here that another tab could send too.
        const denied = error instanceof DOMException && error.name === 'SecurityError';
        if (granted || !denied) throw error;
        return await held();
      }
    },
  };
}

function channelOf(window: Window & typeof globalThis, heard: () => void): Channel {
  try {
    const channel = new window.BroadcastChannel(CHANNEL);
    channel.addEventListener('message', heard);
    return {
      // Nothing is said but that something changed: whose, each tab reads for itself.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only
      tell: () => channel.postMessage('changed'),
      close: () => channel.close(),
    };
  } catch {
    return { tell() {}, close() {} };
  }
}

function markOf(window: Window): Mark {
  return {
    read() {
      try {
        return window.localStorage.getItem(CHANNEL) !== null;
      } catch {
        return false;
      }
    },
    write(something) {
      try {
        if (something) window.localStorage.setItem(CHANNEL, '1');
        else window.localStorage.removeItem(CHANNEL);
      } catch {
        // Denied: then a database that vanishes between two launches is not noticed (decision 13).
      }
    },
  };
}
