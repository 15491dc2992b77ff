import { type IDBPDatabase, type IDBPTransaction, wrap } from 'idb';

/** One database per origin and storage partition. */
const NAME = 'sideplan';

const STORES = ['items', 'ledger', 'drafts', 'keys', 'counters'] as const;
type Store = (typeof STORES)[number];

/**
 * What makes version n+1 out of version n. A new shape of rows is a new step too, even an empty one: that is what keeps
 * an older Sideplan from touching what it cannot read.
 */
export type Step = (database: IDBDatabase, transaction: IDBTransaction) => void;

export const STEPS: readonly Step[] = [
  database => {
    for (const store of STORES)
      database.createObjectStore(store, { keyPath: store === 'counters' ? 'owner' : 'id' });
  },
];

type Reading = IDBPTransaction<unknown, Store[]>;
export type Writing = IDBPTransaction<unknown, Store[], 'readwrite'>;

/** The database, opened when it is needed and again when it was closed underneath us. */
export interface Database {
  /** Rejects where nothing can be read; `problemOf` says why. */
  readonly read: <T>(work: (transaction: Reading) => Promise<T>) => Promise<T>;
  /**
   * Resolves when it is on the medium (`durability: 'strict'`, IndexedDB 3.0), all of it. Rejects when none of it is.
   * The work awaits nothing but the transaction's own requests, or it would be over underneath.
   */
  readonly write: <T>(work: (transaction: Writing) => Promise<T>) => Promise<T>;
  readonly close: () => void;
}

export interface DatabaseEvents {
  /** It was made anew: whatever lay here before is gone. */
  readonly made: () => void;
  /** Closed by another tab that upgrades or deletes it, or by the browser. */
  readonly taken: () => void;
}

/** Another tab holds an older version and does not let go. It is tried again at the next use. */
const BLOCKED_MS = 5_000;

export function databaseOf(
  factory: () => IDBFactory,
  events: DatabaseEvents,
  steps: readonly Step[] = STEPS,
): Database {
  let opened: Promise<IDBPDatabase> | undefined;
  let closed = false;

  function connection(): Promise<IDBPDatabase> {
    if (closed) return Promise.reject(new DOMException('The outbox is closed', 'AbortError'));
    const forget = () => {
      opened = undefined;
    };
    opened ??= open(factory, steps, events, forget).catch((error: unknown) => {
      forget();
      throw error;
    });
    return opened;
  }

  /** A connection that was closed between two uses says so at the next: once more, with a new one. */
  async function using<T>(work: (database: IDBPDatabase) => Promise<T>): Promise<T> {
    const database = await connection();
    try {
      return await work(database);
    } catch (error) {
      if (!isClosed(error)) throw error;
      if ((await opened) === database) opened = undefined;
      return work(await connection());
    }
  }

  return {
    read: work => using(database => work(database.transaction([...STORES]))),
    write: work => using(database => written(database, work)),
    close() {
      closed = true;
      opened?.then(
        database => database.close(),
        () => undefined,
      );
    },
  };
}

async function written<T>(database: IDBPDatabase, work: (transaction: Writing) => Promise<T>) {
  const transaction = database.transaction([...STORES], 'readwrite', { durability: 'strict' });
  // Heard at once, or a transaction that fails before we wait for it is an error nobody handled.
  const done = transaction.done.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  let result: T;
  try {
    result = await work(transaction);
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It is over already, and that is why the work failed.
    }
    const failed = await done;
    // The transaction knows that the disk is full; its last request knows only that it was called off.
    throw failed && isFull(failed.error) ? failed.error : error;
  }
  const failed = await done;
  if (failed) throw failed.error;
  return result;
}

function open(
  factory: () => IDBFactory,
  steps: readonly Step[],
  events: DatabaseEvents,
  forget: () => void,
): Promise<IDBPDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory().open(NAME, steps.length);
    const database = wrap(request);
    let late: ReturnType<typeof setTimeout> | undefined;
    let gaveUp = false;
    request.addEventListener('upgradeneeded', ({ oldVersion }) => {
      const { result, transaction } = request;
      if (!transaction) return;
      for (const step of steps.slice(oldVersion)) step(result, transaction);
      if (oldVersion === 0) transaction.addEventListener('complete', () => events.made());
    });
    request.addEventListener('blocked', () => {
      late = setTimeout(() => {
        gaveUp = true;
        reject(new DOMException('Another tab holds an older version', 'TimeoutError'));
      }, BLOCKED_MS);
    });
    database.then(
      found => {
        clearTimeout(late);
        if (!found) return reject(new DOMException('No database', 'UnknownError'));
        if (gaveUp) return found.close();
        // A newer Sideplan in another tab, or somebody clearing the storage: never stand in the way (M05).
        const taken = () => {
          found.close();
          forget();
          events.taken();
        };
        found.addEventListener('versionchange', taken);
        found.addEventListener('close', taken);
        return resolve(found);
      },
      (error: unknown) => {
        clearTimeout(late);
        reject(error instanceof Error ? error : new Error('No database'));
      },
    );
  });
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '');
const isFull = (error: unknown) => nameOf(error) === 'QuotaExceededError';
const isClosed = (error: unknown) => nameOf(error) === 'InvalidStateError';

/** A newer version than ours is `VersionError`, and «broken»: it is left as it is (S08). */
export function problemOf(error: unknown): 'denied' | 'full' | 'broken' {
  if (isFull(error)) return 'full';
  return nameOf(error) === 'SecurityError' ? 'denied' : 'broken';
}
