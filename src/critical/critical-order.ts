import type { CriticalItem, CriticalKind } from '../record/model.ts';
import type { Flag } from '../record/reading.ts';

/** Kinds in the order they can hurt when they are not known. */
const KINDS: readonly CriticalKind[] = [
  'hypersensitivity',
  'limits-of-care',
  'treatment',
  'condition',
  'infection',
  'implant',
  'anaesthesia',
  'procedure-change',
  'other',
];

/** Current until somebody says otherwise: doubt and an expiry date are warnings, never a reason to hide. */
export const isCurrent = ({ currency, certainty }: CriticalItem): boolean =>
  currency !== 'over' && certainty !== 'refuted';

/** An allergy or intolerance the patient has, as opposed to a statement about having none. */
export const isAllergy = (item: CriticalItem): boolean =>
  item.kind === 'hypersensitivity' && item.none === undefined && !item.unknownStated;

/** Critical information proper: what «KI n» counts. */
export const counts = (item: CriticalItem): boolean =>
  item.kind !== 'other' && isCurrent(item) && item.none === undefined && !item.unknownStated;

/**
 * What this item cannot be true together with, from whichever source: «no known allergies» and an active allergy
 * (HZ06). A narrower «none» is contradicted only by what it is about: no known drug allergy says nothing about nuts.
 */
export const contradicting = (
  item: CriticalItem,
  items: readonly CriticalItem[],
): readonly CriticalItem[] =>
  item.none !== undefined || isAllergy(item)
    ? items.filter(other => denies(item, other) || denies(other, item))
    : [];

const denies = ({ none }: CriticalItem, allergy: CriticalItem): boolean =>
  none !== undefined &&
  isAllergy(allergy) &&
  isCurrent(allergy) &&
  (none === 'allergy' || allergy.allergens.includes(none));

/** The allergy is believed; both are marked. */
export const flagsOn = (item: CriticalItem, items: readonly CriticalItem[]): readonly Flag[] =>
  contradicting(item, items).length > 0 && !item.flags.includes('contradiction')
    ? [...item.flags, 'contradiction']
    : item.flags;

/**
 * The decision not to resuscitate, beyond doubt, in every source that has it. Any other decision, and the bare name of
 * the category («HLR-minus og behandlingsavklaringer»), is not called so.
 */
export const isHlrMinus = ({ also = [], ...item }: CriticalItem): boolean =>
  [item, ...also].every(
    ({ kind, text, currency, expired, flags }) =>
      kind === 'limits-of-care' &&
      currency === 'current' &&
      !expired &&
      flags.length === 0 &&
      /^\s*hlr[\s-]*minus(?! og )/i.test(text ?? ''),
  );

/** Worst first. */
export const worstFirst = (items: readonly CriticalItem[]): readonly CriticalItem[] =>
  items.toSorted(bySeverity);

/** Severity, then kind; a statement of «none» after everything it might contradict. */
function bySeverity(a: CriticalItem, b: CriticalItem): number {
  return (
    severity(a) - severity(b) ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    Number(!isAllergy(a)) - Number(!isAllergy(b)) ||
    Number(a.severity === 'low') - Number(b.severity === 'low')
  );
}

function severity(item: CriticalItem): number {
  if (item.none !== undefined || item.unknownStated) return 3;
  return item.severity === 'high' ? 0 : 1;
}
