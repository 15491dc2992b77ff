import { deleteDB, type IDBPDatabase, openDB } from 'idb';
import { z } from 'zod/mini';
import { copyKey, forgetCopyKey, forgetCopyKeys, keepCopyKey } from '../extension/copy-keys.ts';
import { Sealed, seal, unseal } from '../outbox/sealed.ts';
import { Copy, isOver } from './copy.ts';

/** Whose copy: the issuer, and the digests of patient and person under it. */
export interface Owner {
  readonly iss: string;
  readonly patient: string;
  readonly who: string;
}

/** A database of its own, so that erasing it touches nothing that waits to be sent. */
const NAME = 'sideplan.offline';
const STORE = 'copies';

const Row = z.object({ id: z.string(), since: z.number(), sealed: Sealed });
type Row = z.output<typeof Row>;

const idOf = ({ patient, who }: Owner) => `${patient}.${who}`;
const about = ({ iss, patient, who }: Owner, since: number) => ['copy 1', iss, patient, who, since];

/** Seals a copy under a key of its own and puts it in the place of the former. Nothing is kept once `ended`. */
export async function keepCopy(owner: Owner, copy: Copy, ended: AbortSignal): Promise<void> {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const sealed = await seal(await forText(raw), copy, about(owner, copy.since));
  if (ended.aborted) return;
  const id = idOf(owner);
  await using(async database => {
    await database.put(STORE, { id, since: copy.since, sealed } satisfies Row);
  });
  if (!ended.aborted) await keepCopyKey(id, raw);
}

/** The copy, if it is young enough and its key is still there. Otherwise it is erased. */
export async function findCopy(owner: Owner, hours: number): Promise<Copy | undefined> {
  const id = idOf(owner);
  const row = Row.safeParse(await using(database => database.get(STORE, id)));
  const key = await copyKey(id);
  if (row.success && key && !isOver(row.data.since, hours)) {
    const { sealed, since } = row.data;
    try {
      return Copy.parse(await unseal(await forText(key), sealed, about(owner, since)));
    } catch {
      // Altered, moved, of another version, or with another key: none of these is the patient's.
    }
  }
  await eraseCopy(id);
  return undefined;
}

/** Erases what is too old or can no longer be opened; everything where no copies may be kept (any longer). */
export async function sweepCopies(hours: number | undefined): Promise<void> {
  if (hours === undefined) return eraseCopies();
  const rows = await using(database => database.getAll(STORE));
  for (const found of rows) {
    const row = Row.safeParse(found);
    // Not as we write them: nobody knows what it is, and it is not left lying.
    if (!row.success) return eraseCopies();
    const { id, since } = row.data;
    if (isOver(since, hours) || !(await copyKey(id))) await eraseCopy(id);
  }
}

/** All of them, whoever's: the keys first, because what a browser deletes can stay on the disk for a while. */
export async function eraseCopies(): Promise<void> {
  await forgetCopyKeys();
  await deleteDB(NAME);
}

async function eraseCopy(id: string): Promise<void> {
  await forgetCopyKey(id);
  await using(database => database.delete(STORE, id));
}

/** Closed after each use, so that erasing never waits for a reader. */
async function using<T>(work: (database: IDBPDatabase) => Promise<T>): Promise<T> {
  const database = await openDB(NAME, 1, {
    upgrade: made => void made.createObjectStore(STORE, { keyPath: 'id' }),
  });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

const forText = (raw: BufferSource) =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
