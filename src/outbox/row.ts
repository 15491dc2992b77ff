import { z } from 'zod/mini';
import type { Writing } from './database.ts';
import { Sealed, SealedKey } from './sealed.ts';

/**
 * One act as it lies on disk. The header says nothing of anybody: random ids, digests, times, counts and a state.
 * What it is about is in `body`, and what became of it in `progress`, both sealed under a key of its own, `key`.
 */
export const Row = z.looseObject({
  v: z.literal(1),
  id: z.string(),
  owner: z.string(),
  about: z.string(),
  /** Digest of the plan: acts about one plan are sent in the order of `seq`. */
  plan: z.optional(z.string()),
  seq: z.number(),
  /** One more at every change. The ledger must agree. */
  revision: z.number(),
  state: z.literal(['queued', 'sending', 'acked', 'ambiguous', 'conflict', 'needs-human']),
  attempts: z.number(),
  /** An attempt may have arrived. It stays so until it is acknowledged. */
  unsure: z.boolean(),
  /** ISO instants. */
  since: z.string(),
  acked: z.optional(z.string()),
  /** The last attempt, in this machine's milliseconds, and how long to wait from then. */
  tried: z.optional(z.number()),
  waitMs: z.number(),
  /** The server itself said how long (Retry-After). */
  told: z.boolean(),
  waiting: z.optional(
    z.literal(['unreachable', 'timeout', 'busy', 'server-error', 'not-understood', 'signed-out']),
  ),
  kid: z.string(),
  key: z.optional(SealedKey),
  body: z.optional(Sealed),
  progress: z.optional(Sealed),
});
export type Row = z.output<typeof Row>;

/** What each row's revision must be, in a store of its own: an old row put back is noticed (SAFETY TM50). */
const Entry = z.object({ id: z.string(), owner: z.string(), revision: z.number() });
type Entry = z.output<typeof Entry>;

/** A row that is not even a header: only who owns it, if that can be read. */
const Owned = z.object({ id: z.string(), owner: z.string(), about: z.optional(z.string()) });
export type Owned = z.output<typeof Owned>;

const Counter = z.object({ seq: z.number() });

export interface Rows {
  readonly rows: readonly Row[];
  /** Not in a shape we know. */
  readonly strange: readonly Owned[];
  readonly ledger: ReadonlyMap<string, Entry>;
}

export function readRows(items: readonly unknown[], entries: readonly unknown[]): Rows {
  const rows: Row[] = [];
  const strange: Owned[] = [];
  for (const item of items) {
    const row = Row.safeParse(item);
    if (row.success) rows.push(row.data);
    else {
      const owned = Owned.safeParse(item);
      if (owned.success) strange.push(owned.data);
    }
  }
  const ledger = entries.flatMap(entry => {
    const parsed = Entry.safeParse(entry);
    return parsed.success ? [[parsed.data.id, parsed.data] as const] : [];
  });
  return { rows, strange, ledger: new Map(ledger) };
}

/** Puts row and ledger, together or not at all. */
export async function putRow(transaction: Writing, row: Row): Promise<void> {
  const { id, owner, revision } = row;
  await transaction.objectStore('items').put(row);
  await transaction.objectStore('ledger').put({ id, owner, revision } satisfies Entry);
}

/** The sealed key goes with the row: from here on nothing opens what a disk may still hold of it. */
export async function removeRow(transaction: Writing, id: string): Promise<void> {
  await transaction.objectStore('items').delete(id);
  await transaction.objectStore('ledger').delete(id);
}

/** Whether the row still is as this page last knew it; false: another tab was faster. */
export async function isStill(transaction: Writing, { id, revision }: Row): Promise<boolean> {
  const entry = Entry.safeParse(await transaction.objectStore('ledger').get(id));
  return entry.success && entry.data.revision === revision;
}

/** The last number given to an act of this person, as it lies in the counters. */
export function seqIn(counter: unknown): number {
  const found = Counter.safeParse(counter);
  return found.success ? found.data.seq : 0;
}
