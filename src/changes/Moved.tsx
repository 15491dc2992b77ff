import { useEffect, useRef } from 'preact/hooks';
import { type Change, isWaiting } from '../record/changes/change.ts';
import { useNow } from '../shell/now.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import type { Answering } from './answering.ts';
import { answeredBy, begunText, chosenText, nameOfChange, standingText } from './changes-view.ts';

interface Props {
  readonly changes: readonly Change[];
  readonly answering: Answering;
}

/** Both sides of each change that is no longer as it was when it was decided here. Nothing was sent, and nothing is chosen for anybody (S23). */
export function Moved({ changes, answering }: Props) {
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const mine = answering.decisions.value;
  const written = answering.begun.value;
  const answered = changes.some(({ standing }) => standing === 'answered');
  return (
    <section class="moved" data-conflict="">
      <h4 ref={heading} tabIndex={-1} class="warn">
        {sayChanges(answered ? 'moved.title' : 'moved.changed')}
      </h4>
      <ul>
        {changes.map(change => {
          const { answer, source } = change;
          const own = mine.get(source.ref);
          const begun = written.get(source.ref);
          const theirs = [
            standingText(change),
            answer?.reason,
            answer && answeredBy(answer, now),
          ].filter(Boolean);
          return (
            <li key={source.ref}>
              <p class="strong">
                <Text of={nameOfChange(change)} />
              </p>
              <p>
                <Text of={sayChanges('moved.theirs', { hva: theirs.join(', ') })} />
              </p>
              {own && (
                <p>
                  <Text of={sayChanges('moved.mine', { hva: chosenText(own) })} />
                </p>
              )}
              {begun && !isWaiting(change) && (
                <p>
                  <Text of={sayChanges('moved.begun', { hva: begunText(begun) })} />
                </p>
              )}
            </li>
          );
        })}
      </ul>
      <div class="buttons">
        <button
          type="button"
          class="ds-button"
          data-variant="secondary"
          onClick={() => {
            for (const change of changes) {
              answering.undo(change);
              if (!isWaiting(change)) answering.write(change, undefined);
            }
          }}
        >
          {sayChanges('moved.seen')}
        </button>
      </div>
    </section>
  );
}
