import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { OutboxItem } from '../outbox/kept.ts';
import { useRecord } from '../record/record.ts';
import { Text } from '../shell/Text.tsx';
import { sayConfirm } from '../shell/words/confirm-words.ts';
import { ItemActions } from './ItemActions.tsx';
import { statusView } from './status-view.ts';
import { useSeconds } from './use-seconds.ts';
import './confirm.css';

/** What a room shows by itself: the tray then leaves saying it aloud, and its state for tests, to the room. */
const shownByRooms = signal<readonly string[]>([]);
export const isShownByRoom = (id: string): boolean => shownByRooms.value.includes(id);

interface Props {
  readonly item: OutboxItem;
}

/** One act on its way, for the room it was done in: how far it has come, and what can be done about it. */
export function SendStatus({ item }: Props) {
  const { id } = item;
  // Before it is painted: otherwise both say it for a moment.
  useLayoutEffect(() => {
    shownByRooms.value = [...shownByRooms.value, id];
    return () => {
      shownByRooms.value = shownByRooms.value.filter(each => each !== id);
    };
  }, [id]);
  return (
    <div class="send-status" data-outbox-state={item.state}>
      <SendSteps item={item} aloud />
      <ItemActions item={item} />
    </div>
  );
}

const MARKS = { done: '✓', now: '…', ahead: '○', not: '!' } as const;

/** The three steps and their facts. `aloud`: a change is told once, as a status message (WCAG 4.1.3). */
export function SendSteps({ item, aloud }: Props & { readonly aloud: boolean }) {
  const { session } = useRecord();
  const now = useSeconds(item.nextAt !== undefined);
  const view = statusView(item, session.label, now);
  const spoken = useRef(view.sentence);
  // Trying again is nothing new: it would be told every few seconds, all evening.
  if (item.state !== 'sending' || item.attempts <= 1) spoken.current = view.sentence;
  return (
    <>
      <ol class="send-steps">
        {view.steps.map(({ text, is }) => (
          <li key={text} data-step={is} aria-current={is === 'now' ? 'step' : undefined}>
            <span aria-hidden="true">{MARKS[is]}</span> <Text of={text} />
          </li>
        ))}
      </ol>
      {aloud && <output class="unseen">{spoken.current}</output>}
      {view.warnings.map(text => (
        <p key={text} class="send-warning">
          {text}
        </p>
      ))}
      {view.facts.length > 0 && <p class="send-facts">{view.facts.join(' ')}</p>}
      {view.says.length > 0 && (
        <>
          <p class="muted">{sayConfirm('send.says')}</p>
          <ul class="send-says">
            {view.says.map(text => (
              <li key={text}>
                <Text of={text} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
