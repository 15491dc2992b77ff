import type { Goal } from '../record/plans/goals.ts';
import type { InfoClass } from '../record/plans/info-class.ts';
import type { Measure } from '../record/plans/measures.ts';
import type { PlanDetails } from '../record/plans/plan-details.ts';

/** One half of an individual plan: its goals, each with what is done for it, and what is done for none of them. */
export interface Half {
  readonly infoClass: InfoClass;
  readonly goals: readonly Goal[];
  readonly measuresOf: (goal: Goal) => readonly Measure[];
  readonly loose: readonly Measure[];
}

/**
 * The two halves (S13). A measure stands in the half its own class says, never in the other: a health measure for a goal
 * that others share repeats the goal among health information, and a shared measure for a health goal stands alone.
 */
export function halvesOf({ goals, measures }: PlanDetails): readonly Half[] {
  return (['health', 'other'] as const).map(infoClass => {
    const own = measures.filter(measure => measure.infoClass === infoClass);
    const shown = goals.filter(
      goal =>
        goal.infoClass === infoClass ||
        (infoClass === 'health' && own.some(measure => serves(goal)(measure))),
    );
    return {
      infoClass,
      goals: shown,
      measuresOf: (goal: Goal) => own.filter(serves(goal)),
      loose: own.filter(measure => !shown.some(goal => serves(goal)(measure))),
    };
  });
}

const serves = (goal: Goal) => (measure: Measure) =>
  goal.ref !== undefined && measure.goals.includes(goal.ref);
