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

/** «No known allergies» beside an active allergy: the allergy is believed, the other is marked (HZ06). */
export function flagsOn(item: CriticalItem, items: readonly CriticalItem[]): readonly Flag[] {
  const denied = item.none === 'allergy' && items.some(each => isAllergy(each) && isCurrent(each));
  return denied && !item.flags.includes('contradiction')
    ? [...item.flags, 'contradiction']
    : item.flags;
}

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
