import { useEffect, useMemo } from 'preact/hooks';
import { AskOnce } from '../confirm/AskOnce.tsx';
import { useOutbox } from '../confirm/outbox-context.ts';
import type { Draft } from '../outbox/kept.ts';
import type { Occasion } from '../record/evaluating/evaluating.ts';
import { useRecord } from '../record/record.ts';
import { momentText } from '../shell/dates.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { type DraftContent, readDraft } from './draft.ts';
import { planLabel, takesText } from './evaluation-view.ts';
import { draftOf, openStart } from './starting.ts';

interface Props {
  readonly begin: (occasion: Occasion, draft: DraftContent | undefined) => void;
}

/** Which plan, read anew and whole; and what became of the last time somebody began. A draft is never just applied. */
export function Start({ begin }: Props) {
  const record = useRecord();
  const { drafts } = useOutbox();
  const start = useMemo(
    () => openStart(record, drafts, occasion => begin(occasion, undefined)),
    [record, drafts, begin],
  );
  useEffect(() => start.again(), [start]);
  const { plans, chosen, choose, again } = start;
  const read = start.read.value;
  return (
    <div class="evaluation">
      {plans.length > 1 && (
        <div class="field">
          <label class="field-label" for="evaluering-plan">
            {sayEvaluation('start.plan')}
          </label>
          <select
            id="evaluering-plan"
            value={String(plans.findIndex(plan => plan === chosen.value))}
            onChange={event => {
              const plan = plans[Number(event.currentTarget.value)];
              if (plan) choose(plan);
            }}
          >
            {plans.map((plan, index) => (
              <option key={`${plan.source.from}|${plan.source.ref}`} value={String(index)}>
                {planLabel(plan)}
              </option>
            ))}
          </select>
        </div>
      )}
      {read.state === 'reading' && <output>{sayEvaluation('start.reading')}</output>}
      {read.state === 'failed' && (
        <>
          <p class="field-wrong" role="alert">
            {sayEvaluation('start.failed')}
          </p>
          <button type="button" class="ds-button" data-variant="secondary" onClick={again}>
            {sayEvaluation('start.again')}
          </button>
        </>
      )}
      {read.state === 'read' && <Ready {...read} begin={begin} />}
    </div>
  );
}

interface ReadyProps extends Props {
  readonly occasion: Occasion;
  readonly draft: Draft | undefined;
}

function Ready({ occasion, draft, begin }: ReadyProps) {
  const { session } = useRecord();
  const outbox = useOutbox();
  const why = takesText(occasion.takes, session.label);
  if (why)
    return (
      <p class="flag" role="alert">
        {why}
      </p>
    );
  if (!draft)
    return (
      <button type="button" class="ds-button" onClick={() => begin(occasion, undefined)}>
        {sayEvaluation('start.go')}
      </button>
    );
  const content = readDraft(draft.content);
  const tid = momentText(new Date(draft.saved), session.clock.now());
  const anew = async (): Promise<undefined> => {
    await outbox.drafts.drop(draftOf(occasion));
    begin(occasion, undefined);
  };
  return (
    <div class="draft-offer" data-outbox-state="draft">
      <output class="strong">{sayEvaluation('draft.found', { tid })}</output>
      {!content && <p class="flag">{sayEvaluation('draft.unreadable')}</p>}
      {content && content.planVersion !== occasion.version && (
        <p class="flag">{sayEvaluation('draft.moved')}</p>
      )}
      <div class="buttons">
        {content && (
          <button type="button" class="ds-button" onClick={() => begin(occasion, content)}>
            {sayEvaluation('draft.continue')}
          </button>
        )}
        <AskOnce
          label={sayEvaluation('draft.anew')}
          question={sayEvaluation('draft.anew.ask')}
          yes={sayEvaluation('draft.anew.yes')}
          act={anew}
        />
      </div>
    </div>
  );
}
