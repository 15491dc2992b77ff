import type { Shared } from '../reading.ts';
import { momentOf, newestOf } from './newest.ts';
import type { Observed } from './observation.ts';

/** Answers about the same analyte, or measurements of the same kind, newest first. */
export interface Series<T> {
  readonly newest: T;
  readonly older: readonly T[];
}

/**
 * Puts together what has a code in common, system and all; without a code, what has exactly the same name and specimen
 * in the same source. What cannot be read stands alone, so that it hides nothing that can.
 */
export function seriesOf<T extends Observed & Shared<Observed>>(
  items: readonly T[],
): readonly Series<T>[] {
  const groups: T[][] = [];
  const groupOf = new Map<string, T[]>();
  for (const item of newestOf(items)) {
    const keys = keysOf(item);
    const known = keys.map(key => groupOf.get(key)).find(Boolean);
    const group = known ?? [];
    if (!known) groups.push(group);
    group.push(item);
    for (const key of keys) if (!groupOf.has(key)) groupOf.set(key, group);
  }
  return groups.flatMap(([newest, ...older]) => (newest ? [{ newest, older }] : []));
}

function keysOf(item: Observed & Shared<Observed>): readonly string[] {
  const { source, flags, name, specimen } = item;
  if (flags.includes('unreadable')) return [source.ref];
  const codes = [item, ...(item.also ?? [])].flatMap(each => each.codes);
  if (codes.length > 0) return codes;
  return name ? [`${source.from}|${name}|${specimen ?? ''}`] : [`${source.from}|${source.ref}`];
}

export interface Trend {
  /** Oldest first, at most twelve. */
  readonly points: readonly { readonly moment: number; readonly number: number }[];
  readonly first: Observed;
  readonly last: Observed;
  /** Values of the series that are not drawn: another unit, words, a limit, or a doubt. */
  readonly left: number;
}

const MOST_POINTS = 12;

/** A line through numbers of the newest unit only; undefined where there are fewer than two. */
export function trendOf<T extends Observed>({ newest, older }: Series<T>): Trend | undefined {
  const all = [newest, ...older];
  const { unit } = all.find(isDrawable)?.value ?? {};
  const same = all.filter(item => isDrawable(item) && item.value.unit === unit);
  const drawn = same.slice(0, MOST_POINTS).toReversed();
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (!first || !last || drawn.length < 2) return undefined;
  const points = drawn.map(({ at, value }) => ({
    moment: momentOf(at),
    number: value.number ?? 0,
  }));
  return { points, first, last, left: all.length - same.length };
}

const isDrawable = ({ at, value, flags, standing }: Observed) =>
  value.number !== undefined &&
  Number.isFinite(momentOf(at)) &&
  flags.length === 0 &&
  standing !== 'cancelled' &&
  standing !== 'registered';
