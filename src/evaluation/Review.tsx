import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Drafted, Lack } from '../record/evaluating/evaluating.ts';
import { propose } from '../record/evaluating/propose.ts';
import { useRecord } from '../record/record.ts';
import { Text } from '../shell/Text.tsx';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { placeId } from './answers.ts';
import { DraftLine } from './DraftLine.tsx';
import { whomOf } from './evaluation-view.ts';
import type { Filling } from './filling.ts';
import { lackedText, lackText, placeOfLack } from './lacks.ts';
import { Message } from './Message.tsx';
import { canTell, completeTexts, messageTrouble, withoutText } from './review-view.ts';
import { Send } from './Send.tsx';

interface Props {
  readonly filling: Filling;
  readonly sent: (id: string, kept: boolean) => void;
}

/** What is with, what is missing, what is written and to whom; and then the press (S07). */
export function Review({ filling, sent }: Props) {
  const { session, patient } = useRecord();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    heading.current?.scrollIntoView({ block: 'center' });
  }, []);
  const { occasion, items, missing, message, tellDoctor, pages, go } = filling;
  const whom = whomOf(patient.value);
  const lacks = missing.value;
  const lastTitle = pages.at(-1)?.text ?? sayEvaluation('step.unnamed');
  const drafted = (): Drafted =>
    propose(
      occasion,
      session,
      items.value,
      { message: message.value, tellDoctor: tellDoctor.value && canTell(occasion) },
      session.clock.now(),
    );
  const trouble = messageTrouble(filling);
  const ready = lacks.length === 0 && trouble === undefined;
  const summary = useComputed(() => (missing.value.length === 0 ? drafted().summary : []));
  const not = withoutText(occasion, session.label);
  return (
    <div class="evaluation review">
      <h3 ref={heading} tabIndex={-1} class="step-title">
        <Text of={sayEvaluation('eval.review.title', { navn: whom.name })} />
      </h3>
      <DraftLine filling={filling} />
      <h4 class="heading">{sayEvaluation('review.complete')}</h4>
      <ul class="checked">
        {completeTexts(filling).map(text => (
          <li key={text}>
            <span aria-hidden="true">✓</span> <Text of={text} />
          </li>
        ))}
        {lacks.map(lack => (
          <li key={`${lack.linkId}|${lack.about ?? ''}`} class="warn">
            <span aria-hidden="true">!</span>{' '}
            <button type="button" class="more" onClick={() => goTo(lack)}>
              <Text of={missingText(lack)} />
            </button>
          </li>
        ))}
      </ul>
      <output class={ready ? 'muted' : 'warn'}>
        {lacks.length > 0
          ? sayEvaluation('review.lacks', { n: lacks.length })
          : (trouble ?? sayEvaluation('review.ready'))}
      </output>
      <Message filling={filling} />
      {summary.value.length > 0 && (
        <>
          <h4 class="heading">{sayEvaluation('review.summary', { kilde: session.label })}</h4>
          <ul class="written">
            {summary.value.map(({ words }, index) => (
              <li key={index}>
                <Text of={words} />
              </li>
            ))}
          </ul>
        </>
      )}
      {not && <p class="flag">{not}</p>}
      <Send filling={filling} whom={whom} ready={ready} drafted={drafted} sent={sent} />
      <div class="buttons">
        <button
          type="button"
          class="ds-button"
          data-variant="secondary"
          aria-label={sayEvaluation('step.backTo', { tittel: lastTitle.toLowerCase() })}
          onClick={() => go(pages.length - 1)}
        >
          {sayEvaluation('step.back')}
        </button>
      </div>
    </div>
  );

  function missingText(lack: Lack): string {
    const hva = lackedText(lack, occasion);
    return lack.why === 'unanswered'
      ? sayEvaluation('eval.missing', { hva })
      : `${hva}: ${lackText(lack)}`;
  }

  function goTo(lack: Lack): void {
    const place = placeOfLack(lack, occasion, items.value);
    const page = pages.findIndex(({ linkId }) => linkId === place?.[0]?.linkId);
    go(Math.max(page, 0), place && placeId(place));
  }
}
