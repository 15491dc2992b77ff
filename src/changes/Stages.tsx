import { isWaiting, keyOf, type Sending, type Standing } from '../record/changes/change.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import type { Message } from '../record/changes/read-messages.ts';
import { dateText } from '../shell/dates.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import { readText, senderText, toldText } from './changes-view.ts';

const STAGES = ['sent', 'delivered', 'read', 'answered'] as const;

interface Props {
  readonly sending: Sending;
  readonly changes: Changes;
}

/** How far it has come, as far as the source says it: sent, delivered, read, answered; and the reply's own way back. */
export function Stages({ sending, changes }: Props) {
  const at = stageOf(sending);
  const messages = changes.messages.filter(({ about }) => about.includes(keyOf(sending)));
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
      {messages.map(message => (
        <p key={message.ref} class="muted" data-item-id={message.ref}>
          <Text of={message.overdue ? toldText(message) : repliedText(message, sending)} />
        </p>
      ))}
    </>
  );
}

const repliedText = ({ to, sent, read }: Message, sending: Sending): string => {
  const done = sayChanges('sent.done', {
    avsender: to ?? senderText(sending),
    dato: sent ? dateText(sent) : sayChanges('sending.undated'),
  });
  return `${done}, ${readText(read)}`;
};

/**
 * The furthest any of it has come: who has answered one change has read the others. Answered is all of it, or none.
 */
function stageOf({ task, changes }: Sending): number {
  const reached = [task, ...changes].map(each => (each ? stageIn(each.standing) : -1));
  const furthest = Math.max(...reached);
  return changes.some(isWaiting) ? Math.min(furthest, STAGES.indexOf('read')) : furthest;
}

const stageIn = (standing: Standing): number => STAGES.findIndex(stage => stage === standing);
