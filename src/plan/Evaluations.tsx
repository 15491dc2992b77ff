import type { ComponentChildren } from 'preact';
import type { Evaluation } from '../record/plans/evaluations.ts';
import type { Goal } from '../record/plans/goals.ts';
import { useRecord } from '../record/record.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { useNow } from '../shell/now.ts';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { Text } from '../shell/Text.tsx';
import { t } from '../shell/words/words.ts';
import { evaluationView, nextEvaluationText } from './evaluations-view.ts';
import { goalsIn } from './plan-list.ts';

const FRESH_HOURS = 24 * 30;

/** Evaluations so far, newest first, and when the next one is due (S05). `begin`: what begins a new one. */
export function Evaluations({ begin }: { readonly begin?: ComponentChildren }) {
  const { plans, evaluations } = useRecord();
  const now = useNow();
  const reading = evaluations.value;
  const all = plans.value.state === 'loading' ? [] : plans.value.items;
  const next = nextEvaluationText(all, reading.state === 'loading' ? [] : reading.items, now);
  return (
    <>
      <div class="heading">
        <h2>{t('eval.title')}</h2>
        {begin}
      </div>
      {next && <p class={next.overdue ? 'warn' : ''}>{next.text}</p>}
      <ReadingFrame
        section="evaluation"
        label={t('section.evaluations')}
        subject={{ what: t('section.evaluations') }}
        reading={reading}
        fresh={FRESH_HOURS}
        skeleton={2}
      >
        {({ items }) => <EvaluationList evaluations={items} goals={goalsIn(all)} />}
      </ReadingFrame>
    </>
  );
}

interface Props {
  readonly evaluations: readonly Evaluation[];
  readonly goals: readonly Goal[];
  /** True where the same evaluation has its own place elsewhere on the page. */
  readonly again?: boolean;
}

export function EvaluationList({ evaluations, goals, again = false }: Props) {
  return (
    <ul class="plain">
      {evaluations.map((evaluation, index) => {
        const content = <OneEvaluation evaluation={evaluation} goals={goals} />;
        const key = `${evaluation.source.from}|${evaluation.source.ref}|${index}`;
        return again ? (
          <li key={key} class="item">
            {content}
          </li>
        ) : (
          <ItemBox key={key} item={evaluation}>
            {content}
          </ItemBox>
        );
      })}
    </ul>
  );
}

function OneEvaluation({
  evaluation,
  goals,
}: {
  readonly evaluation: Evaluation;
  readonly goals: readonly Goal[];
}) {
  const { heading, facts, warnings, more } = evaluationView(evaluation, goals);
  return (
    <>
      <p>
        <Text of={heading} />
      </p>
      {facts.length > 0 && (
        <p class="muted">
          <Text of={facts.join(' · ')} />
        </p>
      )}
      {warnings.map(warning => (
        <p key={warning} class="warn">
          <Text of={warning} />
        </p>
      ))}
      {more.length > 0 && (
        <details class="ds-details fold">
          <summary>{t('eval.more')}</summary>
          {more.map(({ heading: part, lines }) => (
            <section key={part}>
              {part && <h3>{part}</h3>}
              <ul>
                {lines.map((line, index) => (
                  <li key={index}>
                    <Text of={line} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </details>
      )}
    </>
  );
}
