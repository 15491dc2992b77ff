import type { Proposal, Write } from '../../fhir/proposal.ts';
import type { Session } from '../../fhir/session.ts';
import { localTime } from '../local-time.ts';
import { actionTask } from './action-task.ts';
import { decidedIn, type Reply } from './answer.ts';
import { answerOrigin } from './answer-origin.ts';
import { answerInWords } from './answer-words.ts';
import { answeredTask, parentTask } from './answered-task.ts';
import type { Changes } from './read-changes.ts';
import { replyMessage } from './reply-message.ts';

export interface DraftedAnswer {
  readonly proposal: Proposal;
  /** The text to the sender. */
  readonly message: string;
}

/**
 * Everything one answer writes, fixed as it is now: each decided change on its version, the task for all of them, what
 * others are asked to do, the text to the sender, and who decided (docs/fhir.md, «Changes to confirm»). Pure but for
 * the ids it draws. Throws where nothing may be answered: who may, and on which version, is asked before.
 */
export function proposeAnswer(
  changes: Changes,
  session: Session,
  reply: Reply,
  now: Date,
): DraftedAnswer {
  const { sending } = reply;
  const { sub } = session.user;
  const decided = decidedIn(reply);
  if (sub === undefined || changes.takes.answer !== 'yes' || decided.length === 0)
    throw new Error('Nothing can be answered in this session');
  const pressed = localTime(now);
  const message = answerInWords(changes, reply, now);
  const children = decided.map(([change, what]) => answeredTask(changes, change, what, pressed));
  const parent = parentTask(reply, decided, pressed);
  const tasks = changes.takes.tasks
    ? reply.actions.map(action => actionTask(changes, session, action, pressed))
    : [];
  const text = changes.takes.message
    ? [replyMessage(changes, session, sending, message, pressed)]
    : [];
  const writes: readonly Write[] = [...children, ...parent, ...tasks, ...text];
  const root = sending.task ?? sending.changes[0];
  return {
    message,
    proposal: {
      id: crypto.randomUUID(),
      what: 'answer',
      bound: {
        iss: session.iss,
        sub,
        patient: session.patient,
        // What is answered together is answered in order, as acts about one plan are.
        plan: root?.source.ref,
        planVersion: root?.source.version,
      },
      pressed,
      writes: changes.takes.provenance
        ? [...writes, answerOrigin(changes, writes, pressed)]
        : writes,
      words: message,
    },
  };
}
