import { z } from 'zod/mini';
import type { Database } from './database.ts';
import { deviceKeys } from './device-keys.ts';
import { readRows, removeRow } from './row.ts';

/** An act that arrived is remembered so long, for what it changed to be known as its author's own. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;

/** What is sealed names the key that opens it. */
const Sealed = z.object({ kid: z.string() });

/** Takes away what nobody needs any more: headers of what arrived long ago, and keys with nothing left to open. */
export async function sweep(database: Database, owner: string, now: Date): Promise<void> {
  const kids = await database.write(async transaction => {
    const found: unknown[] = await transaction.objectStore('items').getAll();
    const drafts: unknown[] = await transaction.objectStore('drafts').getAll();
    const oldest = new Date(now.getTime() - REMEMBERED_MS).toISOString();
    for (const { id, state, acked } of readRows(found, []).rows)
      if (state === 'acked' && acked !== undefined && acked < oldest)
        await removeRow(transaction, id);
    return [...found, ...drafts].flatMap(one => Sealed.safeParse(one).data?.kid ?? []);
  });
  await deviceKeys.prune(database, owner, new Set(kids), now);
}
