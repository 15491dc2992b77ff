import type { Plan } from '../record/model.ts';
import type { Evaluation } from '../record/plans/evaluations.ts';
import type { PlanDetails } from '../record/plans/plan-details.ts';
import { Text } from '../shell/Text.tsx';
import { t } from '../shell/words/words.ts';
import { Goals, Measures } from './Goals.tsx';
import { type Half, halvesOf } from './halves-view.ts';

interface Props {
  readonly plan: Plan;
  readonly details: PlanDetails;
  readonly evaluations: readonly Evaluation[];
}

/** An individual plan in its two halves: what only health personnel see, and what other agencies share (S13). */
export function Halves({ plan, details, evaluations }: Props) {
  return (
    <>
      {halvesOf(details).map(half => {
        const summary = details.infoClass === half.infoClass ? plan.summary : undefined;
        if (!summary && half.goals.length + half.loose.length === 0) return null;
        return (
          <OneHalf key={half.infoClass} half={half} summary={summary} evaluations={evaluations} />
        );
      })}
    </>
  );
}

interface HalfProps {
  readonly half: Half;
  readonly summary: string | undefined;
  readonly evaluations: readonly Evaluation[];
}

function OneHalf({ half, summary, evaluations }: HalfProps) {
  const { infoClass, goals, measuresOf, loose } = half;
  return (
    <details class="ds-details fold half" open data-half={infoClass}>
      <summary>
        <span class="half-name">{t(`plan.half.${infoClass}`)}</span>{' '}
        <span class="muted">{t(`plan.half.${infoClass}.who`)}</span>
      </summary>
      {summary && (
        <p>
          <Text of={summary} />
        </p>
      )}
      <Goals goals={goals} evaluations={evaluations} measuresOf={measuresOf} />
      {loose.length > 0 && (
        <>
          <h3>{t('plan.measures.loose')}</h3>
          <Measures measures={loose} />
        </>
      )}
    </details>
  );
}
