import type { Session } from '../../fhir/session.ts';
import { authorOf, made, to } from '../evaluating/act.ts';
import type { Sending } from './change.ts';
import { partyOf } from './party.ts';
import type { Changes } from './read-changes.ts';

/** In reply: sent, and not said to be read until somebody says so (`received`). */
export function replyMessage(
  { author, messages }: Changes,
  session: Session,
  { task, changes, sender }: Sending,
  message: string,
  pressed: string,
) {
  const about = [...new Set([task, ...changes].flatMap(each => each?.source.ref ?? []))];
  const evaluations = [task, ...changes]
    .flatMap(each => each?.cause ?? [])
    .filter(ref => ref.startsWith('QuestionnaireResponse/'));
  const before = messages.filter(each => each.about.some(ref => evaluations.includes(ref)));
  const whom = partyOf(sender);
  return made({
    resourceType: 'Communication',
    partOf: task ? [to(task.source.ref)] : [],
    inResponseTo: before.map(({ ref }) => to(ref)),
    status: 'in-progress',
    priority: 'routine',
    subject: to(session.patient),
    topic: { text: 'Svar fra fastlege om endringer i behandlingen' },
    about: about.map(ref => to(ref)),
    sent: pressed,
    recipient: whom ? [whom] : [],
    sender: authorOf(author),
    payload: [{ contentString: message }],
  });
}
