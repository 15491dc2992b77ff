import type { CriticalItem } from '../model.ts';
import type { Assertion } from '../parts.ts';

/** A list that holds nothing but statements of «none» (or of «not known») says just that. */
export function assertionIn(items: readonly CriticalItem[]): Assertion {
  const telling = items.filter(({ flags }) => flags.length === 0);
  if (telling.length < items.length) return undefined;
  if (items.every(({ none }) => none !== undefined)) return 'asserted-none';
  return items.every(({ unknownStated }) => unknownStated) ? 'asserted-unknown' : undefined;
}
