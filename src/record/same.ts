import type { Flag, Shared } from './reading.ts';

/**
 * What two sources both have, as one item with the other's in `also`. Only by exact identifier and the same type of
 * resource, never by similarity; an identifier that one source gives to two things (a requisition number) names neither.
 * A doubt that either source raises stays. Nothing is lost: the items and their `also` are all there were.
 */
export function oneOfEach<T extends Shared<T>>(items: readonly T[]): readonly T[] {
  // Thousands of one source: no two are the same thing.
  if (new Set(items.map(({ source }) => source.from)).size < 2) return items;
  const named = new Map<string, T[]>();
  const keysOf = ({ source, identifiers }: T) =>
    identifiers.map(identifier => `${source.ref.split('/')[0]}|${identifier}`);
  for (const item of items)
    for (const key of new Set(keysOf(item))) named.set(key, [...(named.get(key) ?? []), item]);
  const taken = new Set<T>();
  return items.flatMap(item => {
    if (taken.has(item)) return [];
    const same = keysOf(item)
      .flatMap(key => namesOne(named.get(key) ?? []))
      .filter(other => !taken.has(other));
    const all = [...new Set([item, ...same])];
    for (const each of all) taken.add(each);
    return all.length > 1 ? [together(all)] : all;
  });
}

const namesOne = <T extends Shared<T>>(items: readonly T[]) =>
  new Set(items.map(({ source }) => source.from)).size === items.length ? items : [];

/** The first that could be read speaks for them. */
function together<T extends Shared<T>>(all: readonly T[]): T {
  const isUnreadable = ({ flags }: T) => flags.includes('unreadable');
  const [main, ...also] = all.toSorted((a, b) => Number(isUnreadable(a)) - Number(isUnreadable(b)));
  if (!main) throw new Error('nothing to put together');
  const doubts = also.flatMap(({ flags }) => flags).filter(flag => flag !== 'unreadable');
  const flags: readonly Flag[] = [...new Set([...main.flags, ...doubts])];
  return { ...main, flags, also };
}
