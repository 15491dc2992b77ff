import type { Evaluation } from '../record/plans/evaluations.ts';
import type { Goal } from '../record/plans/goals.ts';
import type { Measure } from '../record/plans/measures.ts';
import { useNow } from '../shell/now.ts';
import { Text } from '../shell/Text.tsx';
import { goalView, measureView } from './goals-view.ts';

interface Props {
  readonly goals: readonly Goal[];
  readonly evaluations: readonly Evaluation[];
  /** What is done for each goal, where that is shown with it. */
  readonly measuresOf?: (goal: Goal) => readonly Measure[];
}

/** Goals in the patient's own words, with how far each has come. */
export function Goals({ goals, evaluations, measuresOf }: Props) {
  return (
    <ul class="plain goals">
      {goals.map((goal, index) => {
        const { text, quoted, facts, score } = goalView(goal, evaluations);
        return (
          <li key={goal.ref ?? index} class="goal">
            <p class={quoted ? 'own-words' : ''}>
              <Text of={text} />
            </p>
            {score !== undefined && <progress max={10} value={score} aria-hidden="true" />}
            <MutedFacts facts={facts} />
            {measuresOf && <Measures measures={measuresOf(goal)} />}
          </li>
        );
      })}
    </ul>
  );
}

export function Measures({ measures }: { readonly measures: readonly Measure[] }) {
  const now = useNow();
  if (measures.length === 0) return null;
  return (
    <ul class="plain measures">
      {measures.map((measure, index) => {
        const { text, facts } = measureView(measure, now);
        return (
          <li key={index}>
            <Text of={text} />
            <MutedFacts facts={facts} />
          </li>
        );
      })}
    </ul>
  );
}

/** «nådd · egen skår 7 av 10 · frist 07.01.2027» */
function MutedFacts({ facts }: { readonly facts: readonly string[] }) {
  if (facts.length === 0) return null;
  return (
    <p class="muted">
      <Text of={facts.join(' · ')} />
    </p>
  );
}
