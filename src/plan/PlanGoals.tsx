import type { Plan } from '../record/model.ts';
import { useRecord } from '../record/record.ts';
import { t } from '../shell/words/words.ts';
import { Goals } from './Goals.tsx';
import { planName } from './plan-head.ts';
import { detailsIn } from './plan-list.ts';

/** The goals of the plans that hold now, plan by plan (S05). */
export function PlanGoals({ plans }: { readonly plans: readonly Plan[] }) {
  const evaluations = useRecord().evaluations.value;
  const known = evaluations.state === 'loading' ? [] : evaluations.items;
  const waiting = plans.some(({ details }) => details === 'waiting');
  return (
    <>
      {waiting && <p class="muted">{t('plan.details.waiting')}</p>}
      {plans.map(plan => {
        const details = detailsIn(plan);
        if (!details || details.goals.length === 0) return null;
        const { goals, excerpt } = details;
        const name = planName(plan);
        return (
          <section key={`${plan.source.from}|${plan.source.ref}`}>
            <h2 class="heading">
              {excerpt
                ? t('plan.goals.in.shared', { plan: name })
                : t('plan.goals.in', { plan: name, n: goals.length })}
            </h2>
            <Goals goals={goals} evaluations={known} />
          </section>
        );
      })}
    </>
  );
}
