import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import type { Session } from '../src/fhir/session.ts';
import type { Deliver } from '../src/outbox/attempt.ts';
import type { Step } from '../src/outbox/database.ts';
import { deliver as realDeliver } from '../src/outbox/deliver.ts';
import type { OutboxItem } from '../src/outbox/kept.ts';
import { type OpenOutbox, openOutbox } from '../src/outbox/outbox.ts';
import type { Locks, World } from '../src/outbox/world.ts';

/** One workstation: a disk, a clock, and the tabs that are open on it. Its time stands still until it is passed. */
export interface Machine {
  /** The disk. Put another in its place and everything that lay there is gone. */
  disk: IDBFactory;
  /** What outlives the database: one bit in localStorage. */
  marked: boolean;
  readonly now: () => number;
  /** Time passes; what was to happen meanwhile happens once, late, as after sleep. */
  readonly pass: (ms: number) => void;
  /** Every row of a store, as a thief or a next user would find it. */
  readonly rows: (store: string) => Promise<readonly Stored[]>;
  readonly put: (store: string, row: object) => Promise<void>;
  readonly open: (session: Session, options?: TabOptions) => Tab;
}

export type Stored = Readonly<Record<string, unknown>>;

export interface TabOptions {
  readonly deliver?: Deliver;
  readonly steps?: readonly Step[];
  readonly indexedDB?: () => IDBFactory;
  readonly withoutLocks?: boolean;
}

export interface Tab {
  readonly outbox: OpenOutbox;
  /** Killed: nothing it was doing goes on, and nothing is put away. */
  readonly die: () => void;
  /** The panel is closed as a page is: its session ends. */
  readonly leave: () => Promise<void>;
  network: 'up' | 'down' | 'silent';
  /** The browser says that the network is back, or somebody looks at the page. */
  readonly revive: () => void;
  readonly item: (id: string) => OutboxItem | undefined;
  readonly state: (id: string) => string | undefined;
}

interface Waiting {
  readonly tab: object;
  readonly begin: () => void;
}

interface Timer {
  readonly tab: object;
  readonly at: number;
  readonly run: () => void;
}

export function machine(begin = Date.parse('2026-11-21T19:15:00Z')): Machine {
  let time = begin;
  let timers: Timer[] = [];
  const alive = new Set<object>();
  const listeners = new Map<object, () => void>();
  const held = new Map<string, Waiting[]>();

  /** Web Locks of all tabs: first come, first served, and given back by whoever dies. */
  function locksFor(tab: object): Locks {
    return {
      request: (name, { signal }, work) =>
        new Promise((resolve, reject) => {
          const queue = held.get(name) ?? [];
          held.set(name, queue);
          const waiting: Waiting = {
            tab,
            begin() {
              work()
                .then(resolve, reject)
                .finally(() => leaveQueue(name, waiting));
            },
          };
          signal.addEventListener('abort', () => {
            if (queue[0] === waiting) return;
            leaveQueue(name, waiting);
            reject(signal.reason);
          });
          if (signal.aborted) {
            reject(signal.reason);
            return;
          }
          queue.push(waiting);
          if (queue.length === 1) waiting.begin();
        }),
    };
  }

  function leaveQueue(name: string, waiting: Waiting) {
    const queue = held.get(name) ?? [];
    const at = queue.indexOf(waiting);
    if (at < 0) return;
    queue.splice(at, 1);
    if (at === 0) queue[0]?.begin();
  }

  const it: Machine = {
    disk: new IDBFactory(),
    marked: false,
    now: () => time,
    pass(ms) {
      time += ms;
      const due = timers.filter(({ at }) => at <= time);
      timers = timers.filter(({ at }) => at > time);
      for (const { run } of due) run();
    },
    rows: store => everyRow(it.disk, store),
    put: (store, row) => putRow(it.disk, store, row),
    open(session, options = {}) {
      const me = {};
      alive.add(me);
      const connections: IDBDatabase[] = [];
      const ended = new AbortController();
      const forgotten = new AbortController();
      session.signal.addEventListener('abort', () => ended.abort(), { signal: forgotten.signal });
      let revive: (() => void) | undefined;
      const world: World = {
        indexedDB: options.indexedDB ?? (() => diskOf(it, () => alive.has(me), connections)),
        locks: options.withoutLocks ? undefined : locksFor(me),
        channel(heard) {
          listeners.set(me, heard);
          return {
            tell() {
              if (!alive.has(me)) return;
              for (const [tab, listener] of listeners)
                if (tab !== me) setImmediate(() => alive.has(tab) && listener());
            },
            close: () => void listeners.delete(me),
          };
        },
        mark: {
          read: () => it.marked,
          write(something) {
            if (alive.has(me)) it.marked = something;
          },
        },
        persist() {},
        now: () => time,
        random: () => 0.5,
        after(ms, run) {
          const timer = { tab: me, at: time + ms, run };
          if (alive.has(me)) timers.push(timer);
          return () => {
            timers = timers.filter(other => other !== timer);
          };
        },
        revived(run) {
          revive = run;
          return () => {
            revive = undefined;
          };
        },
      };
      const mine: Session = {
        ...session,
        signal: ended.signal,
        clock: { now: () => new Date(time), heard() {} },
        fetch: request => {
          if (!alive.has(me) || tab.network === 'silent') return unanswered(request, ended.signal);
          if (tab.network === 'down') return Promise.reject(new TypeError('no network'));
          return session.fetch(request).then(answer => (alive.has(me) ? answer : never()));
        },
      };
      const outbox = openOutbox(mine, {
        deliver: options.deliver ?? realDeliver,
        world,
        ...(options.steps ? { steps: options.steps } : {}),
      });
      const tab: Tab = {
        outbox,
        network: 'up',
        die() {
          forgotten.abort();
          alive.delete(me);
          listeners.delete(me);
          timers = timers.filter(timer => timer.tab !== me);
          for (const connection of connections) connection.close();
          for (const [name, queue] of held)
            for (const waiting of queue.filter(one => one.tab === me)) leaveQueue(name, waiting);
        },
        async leave() {
          forgotten.abort();
          ended.abort();
          await outbox.close();
          alive.delete(me);
        },
        revive: () => revive?.(),
        item: id => outbox.items.value.find(one => one.id === id),
        state: id => tab.item(id)?.state,
      };
      return tab;
    },
  };
  return it;
}

const never = () => new Promise<never>(() => {});

/**
 * As `fetch` does it: nothing, until it is given up. The tab's own end is listened to beside the request's signal, which
 * is put together by `AbortSignal.any`: Node 20 may collect what it is put together from, and then says nothing.
 */
const unanswered = ({ signal }: Request, ended: AbortSignal) =>
  new Promise<never>((_, reject) => {
    for (const one of [signal, ended]) {
      if (one.aborted) reject(one.reason);
      one.addEventListener('abort', () => reject(one.reason));
    }
  });

/** A tab's own way to the disk, which ends when the tab does. */
function diskOf(it: Machine, isAlive: () => boolean, connections: IDBDatabase[]): IDBFactory {
  const { disk } = it;
  return new Proxy(disk, {
    get(target, name) {
      if (name !== 'open') return Reflect.get(target, name);
      return (...asked: Parameters<IDBFactory['open']>) => {
        if (!isAlive()) throw new DOMException('The tab is dead', 'UnknownError');
        const request = target.open(...asked);
        request.addEventListener('success', () => {
          if (isAlive()) connections.push(request.result);
          else request.result.close();
        });
        return request;
      };
    },
  });
}

function opened(disk: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = disk.open('sideplan');
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

async function everyRow(disk: IDBFactory, store: string): Promise<readonly Stored[]> {
  const database = await opened(disk);
  return new Promise((resolve, reject) => {
    const request = database.transaction(store).objectStore(store).getAll();
    request.addEventListener('success', () => {
      database.close();
      resolve(request.result);
    });
    request.addEventListener('error', () => reject(request.error));
  });
}

async function putRow(disk: IDBFactory, store: string, row: object): Promise<void> {
  const database = await opened(disk);
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, 'readwrite');
    transaction.objectStore(store).put(row);
    transaction.addEventListener('complete', () => {
      database.close();
      resolve();
    });
    transaction.addEventListener('error', () => reject(transaction.error));
  });
}

/** Waits for something to become so, for as long as a slow machine may need; says what did not. */
export async function until(what: () => boolean, said = what.toString()): Promise<void> {
  const end = Date.now() + 20_000;
  while (!what()) {
    if (Date.now() > end) throw new Error(`It never came to be: ${said}`);
    await new Promise(resolve => {
      setImmediate(resolve);
    });
  }
}

/** Long enough for everything that can happen without time passing to have happened. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1)
    await new Promise(resolve => {
      setTimeout(resolve, 2);
    });
}
