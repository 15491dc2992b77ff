/** Result sets that stand still while their pages are read. */
import type { Access } from '../types.ts';
import { refusal } from './outcome.ts';

interface Page<T> {
  readonly token: string;
  readonly set: T;
  readonly offset: number;
}

export interface Pages<T> {
  /** Keeps a result set for the caller and names it with an opaque token. */
  readonly keep: (set: T, access: Access) => string;
  /** Throws when the set is gone, or is someone else's. */
  readonly open: (token: string, offset: string | null, access: Access) => Page<T>;
}

/** Older sets are forgotten first; a reader of a forgotten one is told to search again. */
const MOST_SETS = 1000;

export function createPages<T>(): Pages<T> {
  const sets = new Map<string, { set: T; owner: string }>();
  let last = 0;

  return {
    keep: (set, access) => {
      last += 1;
      const token = `s${last}`;
      sets.set(token, { set, owner: ownerOf(access) });
      const [oldest] = sets.keys();
      if (sets.size > MOST_SETS && oldest !== undefined) sets.delete(oldest);
      return token;
    },
    open: (token, offset, access) => {
      const kept = sets.get(token);
      if (!kept) throw refusal(410, 'not-found', 'This page is no longer kept; search again.');
      // Trap: a page link is not a key. Who follows it needs the same rights as who searched.
      if (kept.owner !== ownerOf(access)) {
        throw refusal(403, 'forbidden', 'This page belongs to another session.');
      }
      if (!/^\d+$/.test(offset ?? '')) throw refusal(400, 'value', 'This page link is broken.');
      return { token, set: kept.set, offset: Number(offset) };
    },
  };
}

function ownerOf(access: Access): string {
  const { user, patient, purpose, scopes } = access;
  return JSON.stringify([user, patient, purpose, [...scopes].sort()]);
}
