import { useId } from 'preact/hooks';
import { AskOnce } from '../confirm/AskOnce.tsx';
import { sayChanges, sayChangesCount } from '../shell/words/changes-words.ts';
import { mayReturn, senderText, waitingOf } from './changes-view.ts';
import { undecided, whyNotRest } from './gaps.ts';
import type { Shown } from './Row.tsx';

/** What concerns all of it: the rest at once where that is safe, and on to the review. */
export function Bottom(props: Shown & { readonly review: () => void }) {
  const { sending, changes, answering, gaps, list, review } = props;
  const id = useId();
  const rest = undecided(sending, answering.decisions.value);
  const readable = rest.filter(({ flags, source }) => flags.length === 0 && source.version);
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
      {saved === 'saved' && !nothing && (
        <p class="muted" data-outbox-state="draft">
          {sayChanges('draft.saved')}
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
      {mayReturn(changes, sending) && (
        <AskOnce
          label={sayChanges('return.do')}
          question={sayChanges('return.ask', { avsender: senderText(sending) })}
          yes={sayChanges('return.yes')}
          act={() => {
            for (const change of waitingOf(sending))
              answering.decide(change, {
                outcome: 'return',
                value: undefined,
                reason: RETURNED,
              });
            review();
            return Promise.resolve(undefined);
          }}
        />
      )}
    </div>
  );
}

/** Written in the record, in the record's language. */
const RETURNED = 'Ikke min pasient lenger';
