import { CopyText } from '../confirm/CopyText.tsx';
import { timeText } from '../shell/dates.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import type { Saved } from './autosave.ts';
import { plainText } from './draft.ts';
import type { Filling } from './filling.ts';

/** Whether what is written is on this machine; said only when it is so, and loudly when it is not (W24). */
export function DraftLine({ filling }: { readonly filling: Filling }) {
  const saved = filling.autosave.saved.value;
  const everSaved = saved.state === 'saved' || saved.state === 'saving';
  return (
    <>
      <p class="muted draft-line" data-outbox-state={saved.state === 'saved' ? 'draft' : undefined}>
        {savedText(saved)}
      </p>
      {/* Once: the time of every save would be read out with every word that is written. */}
      <output class="unseen">{everSaved ? sayEvaluation('draft.live') : ''}</output>
      {saved.state === 'not-saved' && (
        <div class="not-saved">
          <p role="alert">{sayEvaluation(`draft.not-saved.${saved.why}`)}</p>
          <CopyText
            text={plainText(
              filling.occasion.form,
              filling.items.value,
              filling.written.value ? filling.message.value : undefined,
            )}
            folded
          />
        </div>
      )}
    </>
  );
}

function savedText(saved: Saved): string {
  if (saved.state === 'saving') return sayEvaluation('draft.saving');
  return saved.state === 'saved' ? sayEvaluation('draft.saved', { kl: timeText(saved.at) }) : '';
}
