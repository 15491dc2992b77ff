import type { Plan, PlanKind, PlanStanding } from '../record/model.ts';
import { newestFirst } from '../record/when.ts';
import { dayOf } from '../shell/dates.ts';

/** Which plan the acute tab shows, and which others the doctor must know of (docs/fhir.md, CarePlan). */
export interface PlanChoice {
  readonly shown: Plan | undefined;
  /** Other plans for a crisis: never hidden, never merged. */
  readonly also: readonly Plan[];
  /** Those among them that are as good a choice: same kind, in force alike, from the same day. */
  readonly alike: readonly Plan[];
}

const KINDS: readonly PlanKind[] = ['acute', 'self-treatment', 'other'];
/** A plan that has ended or been replaced, a draft or one that starts later is listed, and never followed. */
const STANDINGS: readonly PlanStanding[] = ['in-force', 'expired', 'doubtful'];

export function choosePlan(plans: readonly Plan[]): PlanChoice {
  const crisis = plans.filter(({ kind }) => KINDS.includes(kind)).toSorted(byChoice);
  const shown = crisis.find(({ standing }) => STANDINGS.includes(standing));
  const also = crisis.filter(plan => plan !== shown && matters(plan, shown));
  return { shown, also, alike: also.filter(plan => shown && isAlike(plan, shown)) };
}

/** Which of two from one day came last, no date tells: whoever reads must know of both (SAFETY HZ08). */
const isAlike = (a: Plan, b: Plan) =>
  a.kind === b.kind &&
  a.standing === b.standing &&
  !a.document === !b.document &&
  (a.from && dayOf(a.from)) === (b.from && dayOf(b.from));

/** A paper copy of the plan on screen is listed under Planer; a newer paper must be known of here. */
function matters({ kind, document, from }: Plan, shown: Plan | undefined): boolean {
  if (!shown) return true;
  if (kind === 'other') return false;
  if (!document) return true;
  const date = document.date ?? from;
  return date === undefined || shown.from === undefined || dayOf(date) > dayOf(shown.from);
}

/** Kind, then one with content (a document has none), then standing, then one we can read safely, then the newest. */
function byChoice(a: Plan, b: Plan): number {
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    Number(a.document !== undefined) - Number(b.document !== undefined) ||
    place(a.standing) - place(b.standing) ||
    a.flags.length - b.flags.length ||
    newestFirst(newest(a), newest(b))
  );
}

const place = (standing: PlanStanding) => {
  const index = STANDINGS.indexOf(standing);
  return index < 0 ? STANDINGS.length : index;
};

const newest = ({ from, source }: Plan) => `${from ? dayOf(from) : ''}|${source.lastUpdated ?? ''}`;
