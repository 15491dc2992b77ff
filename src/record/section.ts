import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { knownFrom, type Meaning, type Part } from './parts.ts';
import type { Item, Known, Missing, Reading } from './reading.ts';

/** One section of the record: what every source that has such things contributed, read as one. */
export interface Section<T extends Item> {
  readonly reading: ReadonlySignal<Reading<T>>;
  /** What one source says now, in the place of what it said before. */
  readonly put: (from: string, parts: readonly Part<T>[]) => void;
  /** What this source alone contributes; undefined while it has not answered or where it is not asked. */
  readonly of: (from: string) => Known<T> | undefined;
  /** The sources that are asked, by name; those that have answered. */
  readonly expected: readonly string[];
}

/**
 * A section of the record, fed by the `expected` sources in the order of their weight.
 *
 * What has arrived is shown at once and marked as not yet everything. But «nothing recorded» is only said when every
 * source has answered: until then the section is still loading (SAFETY HZ04).
 */
export function openSection<T extends Item>(
  expected: readonly string[],
  now: () => Date,
  meaning: Partial<Meaning<T>> = {},
): Section<T> {
  const given = signal<ReadonlyMap<string, readonly Part<T>[]>>(new Map());
  const reading = computed((): Reading<T> => {
    const parts = expected.flatMap(from => given.value.get(from) ?? []);
    const waiting = expected.filter(from => !given.value.has(from));
    if (parts.length === 0) return { state: 'loading', from: waiting };
    const known = knownFrom(parts, now(), meaning);
    if (waiting.length === 0) return known;
    if (known.items.length === 0 && known.failure?.kind !== 'blocked')
      return { state: 'loading', from: waiting };
    const late = waiting.map((from): Missing => ({ what: from, from, why: 'waiting' }));
    return { ...known, gaps: [...known.gaps, ...late] };
  });
  return {
    expected,
    reading,
    put(from, parts) {
      given.value = new Map(given.value).set(from, parts);
    },
    of(from) {
      const parts = given.value.get(from);
      return parts && knownFrom(parts, now(), meaning);
    },
  };
}
