import { isWaiting, type Sending, type Standing } from '../record/changes/change.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import { dateText } from '../shell/dates.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import { keyOf, senderText } from './changes-view.ts';

const STAGES = ['sent', 'delivered', 'read', 'answered'] as const;

interface Props {
  readonly sending: Sending;
  readonly changes: Changes;
}

/** How far it has come, as far as the source says it: sent, delivered, read, answered; and the reply's own way back. */
export function Stages({ sending, changes }: Props) {
  const at = STAGES.findIndex(stage => stage === standingOf(sending));
  const replies = changes.messages.filter(({ about }) => about.includes(keyOf(sending)));
  return (
    <>
      {at >= 0 && (
        <ol class="stages">
          {STAGES.map((stage, index) => (
            <li
              key={stage}
              aria-current={index === at ? 'step' : undefined}
              data-reached={index <= at}
            >
              <span aria-hidden="true">{index <= at ? '✓' : '○'}</span>{' '}
              {sayChanges(`stage.${stage}`)}
            </li>
          ))}
        </ol>
      )}
      {replies.map(({ ref, to, sent, read }) => (
        <p key={ref} class="muted" data-item-id={ref}>
          <Text
            of={`${sayChanges('sent.done', {
              avsender: to ?? senderText(sending),
              dato: sent ? dateText(sent) : sayChanges('sending.undated'),
            })}, ${read ? sayChanges('sent.readAt', { dato: dateText(read) }) : sayChanges('sent.unread')}`}
          />
        </p>
      ))}
    </>
  );
}

/** That of the task for all of it, unless a change of it says that it is still waiting. */
function standingOf({ task, changes }: Sending): Standing | undefined {
  const waiting = changes.filter(isWaiting).map(({ standing }) => standing);
  if (waiting.length === 0) return task?.standing ?? changes[0]?.standing;
  if (task && isWaiting(task)) return task.standing;
  return waiting[0];
}
