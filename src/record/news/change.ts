import type { PatientDocument } from '../documents/documents.ts';
import type { Contact, CriticalItem, FhirDate, Medicine, Plan } from '../model.ts';
import type { Analysis } from '../observations/results.ts';
import type { Evaluation } from '../plans/evaluations.ts';
import type { Shared } from '../reading.ts';
import type { Provenance } from './provenance.ts';

/** What has arrived, changed or ended since somebody last looked. */
export type Change = Subject & {
  readonly at: FhirDate;
  /** The source that says so, and what it says it of: `Type/id`. */
  readonly from: string;
  readonly ref: string;
  readonly by: string | undefined;
  /** The same event as the source's history tells it. */
  readonly told: readonly Provenance[];
};

type Subject =
  | { readonly kind: 'critical' | 'condition'; readonly how: How; readonly item: CriticalItem }
  | { readonly kind: 'medicine'; readonly how: How; readonly item: Medicine }
  | { readonly kind: 'contact'; readonly how: How; readonly item: Contact }
  | { readonly kind: 'confirmation'; readonly items: readonly Contact[] }
  | { readonly kind: 'plan'; readonly how: How; readonly item: Plan }
  | {
      readonly kind: 'evaluation';
      readonly item: Evaluation | undefined;
      readonly plan: Plan | undefined;
    }
  | { readonly kind: 'document'; readonly how: How; readonly item: PatientDocument }
  | { readonly kind: 'result'; readonly item: Analysis }
  /** Told by the source's history alone. */
  | { readonly kind: 'event' };

/** `changed`: written again by its source, which does not say what is different. */
export type How = 'new' | 'changed' | 'over';

/** Most consequential first (SCREENS 3.2, rule 6). What only a history tells may be anything, so it is not last. */
const ORDER: readonly Change['kind'][] = [
  'critical',
  'medicine',
  'contact',
  'event',
  'plan',
  'evaluation',
  'condition',
  'result',
  'document',
  'confirmation',
];

/** Among critical information, what one acts on first. */
const CRITICAL_ORDER: readonly CriticalItem['kind'][] = ['hypersensitivity', 'limits-of-care'];

export function rankOf(change: Change): number {
  if (change.kind !== 'critical') return ORDER.indexOf(change.kind);
  const index = CRITICAL_ORDER.indexOf(change.item.kind);
  return index < 0 ? 0 : index - CRITICAL_ORDER.length;
}

/** A thing that is new, as the source with the newest word of it has it. */
export interface Found<T> {
  readonly item: T;
  readonly at: FhirDate;
  readonly isOwnDate: boolean;
}

/** Where a change stands, and when it was made. */
export const placed = ({ item: { source }, at }: Found<Shared<unknown>>) => ({
  at,
  from: source.from,
  ref: source.ref,
  told: [],
});
