import { AskOnce } from '../confirm/AskOnce.tsx';
import { CopyText } from '../confirm/CopyText.tsx';
import { LONGEST_MESSAGE } from '../record/evaluating/lacking.ts';
import { Text } from '../shell/Text.tsx';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import type { Filling } from './filling.ts';
import { canTell, hasChanges, messageTrouble } from './review-view.ts';

/** The text to the GP: made from the answers, and anybody's to change before it is sent. */
export function Message({ filling }: { readonly filling: Filling }) {
  const { occasion, message, messageIsOld, written, writeMessage, tellDoctor, tell, autosave } =
    filling;
  const { doctor } = occasion;
  if (!doctor) return <p class="flag">{sayEvaluation('review.doctor.missing')}</p>;
  if (!canTell(occasion))
    return (
      <section>
        <p class="flag">{sayEvaluation('review.message.elsewhere')}</p>
        <CopyText text={message.value} folded />
      </section>
    );
  const trouble = messageTrouble(filling);
  return (
    <section>
      <h4 class="heading">
        <Text of={sayEvaluation('review.doctor', { navn: doctor.name })} />
      </h4>
      <label class="option">
        <input
          type="checkbox"
          checked={tellDoctor.value}
          onChange={event => tell(event.currentTarget.checked)}
        />
        {sayEvaluation('eval.notifyGp')}
      </label>
      {!tellDoctor.value && hasChanges(filling) && (
        <p class="flag">{sayEvaluation('review.message.changes')}</p>
      )}
      {tellDoctor.value && (
        <div class="field">
          <label class="field-label" for="evaluering-melding">
            {sayEvaluation('review.message')}
          </label>
          <p class="muted" id="evaluering-melding-regel">
            {sayEvaluation('review.doctor.rule')}
          </p>
          <textarea
            id="evaluering-melding"
            rows={8}
            aria-describedby={`evaluering-melding-regel evaluering-melding-tegn${trouble ? ' evaluering-melding-feil' : ''}`}
            aria-invalid={trouble ? true : undefined}
            value={message.value}
            onInput={event => writeMessage(event.currentTarget.value)}
            onBlur={autosave.now}
          />
          <p class="muted" id="evaluering-melding-tegn">
            {sayEvaluation('review.message.count', {
              n: message.value.length,
              maks: LONGEST_MESSAGE,
            })}
          </p>
          {trouble && (
            // Told aloud where the review sums up what is in the way.
            <p class="field-wrong" id="evaluering-melding-feil">
              {trouble}
            </p>
          )}
          {messageIsOld.value && <p class="flag">{sayEvaluation('review.message.stale')}</p>}
          {written.value && (
            <AskOnce
              label={sayEvaluation('review.message.anew')}
              question={sayEvaluation('review.message.anew.ask')}
              yes={sayEvaluation('review.message.anew.yes')}
              act={() => {
                writeMessage(undefined);
                return Promise.resolve(undefined);
              }}
            />
          )}
        </div>
      )}
    </section>
  );
}
