import type { CriticalItem, Plan } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';

/** Critical information (7517#8) points to a crisis plan, and no acute plan is on screen. */
export function crisisPlanMissing(
  critical: Reading<CriticalItem>,
  plans: Reading<Plan>,
  shown: Plan | undefined,
): boolean {
  if (critical.state === 'loading' || plans.state === 'loading') return false;
  if (shown?.kind === 'acute') return false;
  return critical.items.some(
    ({ saysCrisisPlan, currency, flags }) =>
      saysCrisisPlan && currency !== 'over' && !flags.includes('negated'),
  );
}
