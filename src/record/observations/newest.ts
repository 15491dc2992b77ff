import type { FhirDate } from '../model.ts';

/**
 * Newest first, and what has no date we can read last. Each date is read once: in a list of thousands, reading dates is
 * most of sorting them.
 */
export function newestOf<T extends { readonly at: FhirDate | undefined }>(
  items: readonly T[],
): readonly T[] {
  return items
    .map(item => ({ item, moment: momentOf(item.at) }))
    .toSorted((a, b) => b.moment - a.moment || 0)
    .map(({ item }) => item);
}

/** Milliseconds since 1970, for order and drawing only: a date without a time counts from midnight UTC. */
export function momentOf(date: FhirDate | undefined): number {
  const moment = Date.parse(date ?? '');
  return Number.isNaN(moment) ? Number.NEGATIVE_INFINITY : moment;
}
