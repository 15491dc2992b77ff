import { useId } from 'preact/hooks';
import { useRecord } from '../record/record.ts';
import { sayChanges, sayChangesCount } from '../shell/words/changes-words.ts';
import { waitingOf, whomOf } from './changes-view.ts';
import { undecided, whyNotRest } from './gaps.ts';
import type { Shown } from './shown.ts';

/** What concerns all of it: the rest at once where that is safe, and on to the review. */
export function Bottom(props: Shown & { readonly review: () => void }) {
  const { sending, changes, answering, gaps, list, review } = props;
  const id = useId();
  const { patient } = useRecord();
  const rest = undecided(sending, answering.decisions.value);
  const begun = answering.begun.value;
  // Where somebody is writing why not, nothing is accepted over their head.
  const readable = rest.filter(
    ({ flags, source }) => flags.length === 0 && source.version && !begun.has(source.ref),
  );
  const whyNot = whyNotRest(sending, answering, gaps, changes.seenTo, list);
  const nothing = rest.length === waitingOf(sending).length;
  const saved = answering.saved.value;
  return (
    <div class="bottom">
      {readable.length > 0 && (
        <>
          <button
            type="button"
            class="ds-button"
            data-variant="secondary"
            aria-label={`${sayChangesCount('rest.do', readable.length)} ${sayChanges('rest.for', { navn: whomOf(patient.value).name })}`}
            aria-disabled={whyNot !== undefined}
            aria-describedby={whyNot ? `${id}-rest` : undefined}
            onClick={() => {
              if (whyNot) return;
              for (const change of readable)
                answering.decide(change, {
                  outcome: 'accept',
                  value: undefined,
                  reason: undefined,
                });
            }}
          >
            {sayChangesCount('rest.do', readable.length)}
          </button>
          {whyNot && (
            <p id={`${id}-rest`} class="muted">
              {whyNot}
            </p>
          )}
        </>
      )}
      {saved === 'saved' && (
        <p class="muted" data-outbox-state="draft">
          {sayChanges(nothing ? 'draft.begun' : 'draft.saved')}
        </p>
      )}
      {saved === 'not-saved' && (
        <p class="warn" role="alert">
          {sayChanges('draft.not-saved')}
        </p>
      )}
      <button
        type="button"
        class="ds-button"
        aria-disabled={nothing}
        aria-describedby={nothing ? `${id}-nothing` : undefined}
        onClick={() => nothing || review()}
      >
        {sayChanges('review.do')}
      </button>
      {nothing && (
        <p id={`${id}-nothing`} class="muted">
          {sayChanges('review.nothing')}
        </p>
      )}
    </div>
  );
}
