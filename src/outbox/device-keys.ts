import { z } from 'zod/mini';
import { checked } from '../fhir/shapes.ts';
import type { Database } from './database.ts';
import { CURVE, isDue, isOut, kidOf, type RecoveryKey } from './recovery-key.ts';

const Key = checked((value): value is CryptoKey => value instanceof CryptoKey);
const Kept = z.object({
  id: z.string(),
  owner: z.string(),
  made: z.string(),
  publicKey: Key,
  privateKey: Key,
});

/**
 * Keys that lie beside what they open. The browser will not hand the private half to a script, but its bytes are on
 * the disk in the clear (SAFETY D10): obfuscation, against the next user and not against a thief.
 */
export const deviceKeys = {
  async read(database: Database, owner: string): Promise<readonly RecoveryKey[]> {
    const found: unknown[] = await database.read(transaction =>
      transaction.objectStore('keys').getAll(),
    );
    return found.flatMap(one => {
      const { data } = Kept.safeParse(one);
      if (data?.owner !== owner) return [];
      const { id: kid, made, publicKey, privateKey } = data;
      return { kid, made, publicKey, privateKey };
    });
  },

  /** The same keys and a new one, where the newest has served its time. */
  async withFresh(
    database: Database,
    owner: string,
    keys: readonly RecoveryKey[],
    now: Date,
  ): Promise<readonly RecoveryKey[]> {
    if (!isDue(keys, now)) return keys;
    const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
    const { publicKey, privateKey } = pair;
    const kid = await kidOf(publicKey);
    const made = now.toISOString();
    await database.write(transaction =>
      transaction.objectStore('keys').put({ id: kid, owner, made, publicKey, privateKey }),
    );
    return [...keys, { kid, made, publicKey, privateKey }];
  },

  /** Those are destroyed that have nothing left to open, and that no page can still be sealing with. */
  async prune(
    database: Database,
    owner: string,
    needed: ReadonlySet<string>,
    now: Date,
  ): Promise<void> {
    const keys = await deviceKeys.read(database, owner);
    const spent = keys.filter(key => isOut(key, now) && !needed.has(key.kid));
    if (spent.length === 0) return;
    await database.write(async transaction => {
      for (const { kid } of spent) await transaction.objectStore('keys').delete(kid);
    });
  },
};
