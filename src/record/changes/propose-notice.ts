import type { Proposal } from '../../fhir/proposal.ts';
import type { Session } from '../../fhir/session.ts';
import { NO_PLAN } from '../../fhir/shapes.ts';
import { authorOf, made, to } from '../evaluating/act.ts';
import { localTime } from '../local-time.ts';
import { keyOf, type Sending } from './change.ts';
import { noticeInWords } from './notice-words.ts';
import { receiverOf, sideOf } from './overdue.ts';
import { partyOf } from './party.ts';
import type { Changes } from './read-changes.ts';
import { OVERDUE } from './read-messages.ts';

interface DraftedNotice {
  readonly proposal: Proposal;
  readonly message: string;
}

/**
 * The same id whoever tells it and wherever from, so that two who tell it make one message (RFC 9562, 5.8: UUID version
 * 8, from SHA-256 of issuer and task).
 */
export async function noticeId({ iss }: Pick<Session, 'iss'>, task: string): Promise<string> {
  const named = new TextEncoder().encode(JSON.stringify([OVERDUE, iss, task]));
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', named)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * One message between whoever asked and whoever has not answered. No task is changed, so that an answer that is being
 * written still holds; and no Provenance, because the second of two who tell it would claim the first one's message.
 * Throws where nobody is known to have signed in.
 */
export async function proposeNotice(
  changes: Changes,
  session: Session,
  sending: Sending,
  now: Date,
): Promise<DraftedNotice> {
  const { sub } = session.user;
  if (sub === undefined) throw new Error('Nobody is known to have signed in');
  const pressed = localTime(now);
  const message = noticeInWords(changes, sending, now);
  const { author, mine } = changes;
  const { task, sender } = sending;
  const both = sideOf(changes, sending) === 'sender' ? [] : [sender];
  const recipient = [...both, receiverOf(changes, sending)].flatMap(party =>
    mine.has(party.ref ?? '') ? [] : (partyOf(party) ?? []),
  );
  const about = [...new Set([task, ...sending.changes].flatMap(each => each?.source.ref ?? []))];
  const resource = {
    resourceType: 'Communication',
    partOf: task ? [to(task.source.ref)] : [],
    status: 'in-progress',
    category: [{ coding: [{ system: NO_PLAN, code: OVERDUE }], text: 'Over fristen' }],
    priority: 'routine',
    subject: to(session.patient),
    topic: { text: 'Endringer i behandlingen er ikke besvart innen fristen' },
    about: about.map(ref => to(ref)),
    sent: pressed,
    recipient,
    sender: authorOf(author),
    payload: [{ contentString: message }],
  };
  return {
    message,
    proposal: {
      id: crypto.randomUUID(),
      what: 'notice',
      bound: {
        iss: session.iss,
        sub,
        patient: session.patient,
        // It waits for no answer, and no answer waits for it.
        plan: undefined,
        planVersion: undefined,
      },
      pressed,
      writes: [made(resource, await noticeId(session, keyOf(sending)))],
      words: message,
    },
  };
}
