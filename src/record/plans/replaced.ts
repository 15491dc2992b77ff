import type { Plan, PlanStanding } from '../model.ts';

/** What a plan that takes another's place may be; a draft or one that starts later leaves the old one in force. */
const REPLACING: ReadonlySet<PlanStanding> = new Set(['in-force', 'expired', 'ended']);
const REPLACEABLE: ReadonlySet<PlanStanding> = new Set(['in-force', 'expired', 'doubtful']);

/** Plans of one source, those that another says it replaces marked so (R4 CarePlan.replaces). Two that name each other stand. */
export const withReplaced = (plans: readonly Plan[]): readonly Plan[] =>
  plans.map(plan => {
    const isReplaced = plans.some(
      other =>
        other.source.ref !== plan.source.ref &&
        other.replaces.includes(plan.source.ref) &&
        !plan.replaces.includes(other.source.ref) &&
        other.flags.length === 0 &&
        REPLACING.has(other.standing),
    );
    return isReplaced && REPLACEABLE.has(plan.standing) ? { ...plan, standing: 'replaced' } : plan;
  });
