import type { Plan, PlanKind, PlanStanding } from '../record/model.ts';
import type { Goal } from '../record/plans/goals.ts';
import type { PlanDetails } from '../record/plans/plan-details.ts';
import { newestFirst } from '../record/when.ts';
import { dateText, dayOf } from '../shell/dates.ts';
import { t } from '../shell/words/words.ts';

/** Plans that hold now, or may; and those that do not. What is current comes first, however many there are. */
export interface PlanList {
  readonly current: readonly Plan[];
  readonly idle: readonly Plan[];
}

const CURRENT: readonly PlanStanding[] = ['in-force', 'doubtful'];
const STANDINGS: readonly PlanStanding[] = [
  'in-force',
  'doubtful',
  'expired',
  'not-yet',
  'draft',
  'replaced',
  'ended',
];
const KINDS: readonly PlanKind[] = [
  'acute',
  'self-treatment',
  'treatment',
  'individual',
  'other',
  'zone',
];

/** `shown`: the plan on the acute tab, which is current for whoever has nothing newer. */
export function planList(plans: readonly Plan[], shown: Plan | undefined): PlanList {
  const sorted = plans.toSorted(
    (a, b) =>
      Number(b === shown) - Number(a === shown) ||
      STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) ||
      Number(a.document !== undefined) - Number(b.document !== undefined) ||
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
      newestFirst(startOf(a), startOf(b)),
  );
  const isCurrent = (plan: Plan) => plan === shown || CURRENT.includes(plan.standing);
  return { current: sorted.filter(isCurrent), idle: sorted.filter(plan => !isCurrent(plan)) };
}

const startOf = ({ from }: Plan) => (from ? dayOf(from) : '');

/**
 * A plan's name in the address (`#/plan/…`): the same for the same plan however the list is ordered, and nothing one
 * can read a patient or a diagnosis from (SAFETY S11). FNV-1a, 32 bits.
 */
export function planKey({ source: { from, ref } }: Plan): string {
  let hash = 0x811c9dc5;
  for (const character of `${from}|${ref}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}

/** Where the focus goes back to when the plan is closed. */
export const rowId = (key: string) => `plan-${key}`;

export const detailsIn = ({ details }: Plan): PlanDetails | undefined =>
  typeof details === 'string' ? undefined : details;

export const goalsIn = (plans: readonly Plan[]): readonly Goal[] =>
  plans.flatMap(plan => detailsIn(plan)?.goals ?? []);

/** «Sandkassen, sist endret 12.11.2026 av Tuva Poliklin» */
export function sourceText(plan: Plan): string {
  const { from: source, lastUpdated } = plan.source;
  const who = detailsIn(plan)?.updatedBy;
  if (!lastUpdated) return t('plan.source.undated', { source });
  const date = dateText(lastUpdated);
  return who ? t('plan.source.by', { source, date, who }) : t('plan.source', { source, date });
}

/** What a plan says of itself beside its content: another edition, or the same elsewhere. */
export const editionTexts = ({ flags, also = [], source }: Plan): readonly string[] => [
  ...(flags.includes('contradiction') ? [t('plan.differs', { source: source.from })] : []),
  ...also.map(copy => t('plan.same', { source: sourceText(copy) })),
];
