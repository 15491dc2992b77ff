import { readOffer } from '../fhir/capability.ts';
import type { Proposal, Write } from '../fhir/proposal.ts';
import type { Session } from '../fhir/session.ts';
import { patientOf } from './about.ts';
import { asSteps, stoppedBefore } from './as-steps.ts';
import { asTransaction } from './as-transaction.ts';
import type { Attempt } from './attempt.ts';
import type { Delivered } from './delivered.ts';
import { begin, type Delivery, keyOf, outstanding, typeOf } from './delivery.ts';
import { needsHuman } from './endings.ts';
import { writesOf } from './outgoing.ts';
import { look } from './there-already.ts';
import { verify } from './verify.ts';

/**
 * One attempt to bring one proposal to one server, so that it is there once and whole (SAFETY 1.4).
 *
 * The ladder, by what the server says of itself: one transaction, else one write after the other; each new resource
 * under our own UUID (`PUT`, `If-None-Match: *`), else on condition that it is not there (`If-None-Exist`), else sent
 * plainly, once, and then only looked for. Only what the server was seen to have is `acked`.
 *
 * Throws where the proposal is not this session's to send, or cannot be sent at all: the queue must have known.
 */
export async function deliver(
  session: Session,
  proposal: Proposal,
  attempt: Attempt,
): Promise<Delivered> {
  demandBound(session, proposal);
  const writes = writesOf(proposal, attempt.decided);
  const offer = await offerOf(session);
  const delivery = begin(session, offer, attempt, writes);
  if (session.signal.aborted) return stoppedBefore(delivery);
  const impossible = writes.some(one => !isTaken(delivery, one));
  if (impossible) return needsHuman('refused');
  return (
    (mustLook(delivery) ? await look(delivery) : undefined) ??
    (await send(delivery)) ??
    (await verify(delivery)) ??
    acked(delivery)
  );
}

/** Never sent in another's name, to another server or about another patient (SAFETY HZ02, TM47). */
function demandBound({ iss, user, patient }: Session, { bound, writes }: Proposal): void {
  if (bound.iss !== iss || bound.sub !== user.sub || bound.patient !== patient)
    throw new Error('The proposal is bound to another server, author or patient than the session');
  for (const one of writes) {
    const whose = patientOf(iss, one.kind === 'new' ? one.resource : one.read);
    if (whose !== undefined && whose !== patient)
      throw new Error(`A write of the proposal is about another patient: ${typeOf(one)}`);
    if (one.kind === 'changed' && !/^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(one.ref))
      throw new Error('A changed resource is named by its reference, Type/id');
    if (one.kind === 'changed' && one.version === '')
      throw new Error('What has no version is never changed');
  }
}

/** It may not have had time to describe itself at launch; which way to write is worth asking once more. */
async function offerOf(session: Session) {
  const offer = await session.offer;
  return offer.known ? offer : await readOffer(session.iss, session.fetch, session.headers);
}

/** Said beforehand, so that not half of it is written before the server refuses the rest. */
function isTaken({ offer }: Delivery, one: Write): boolean {
  const type = typeOf(one);
  if (one.kind === 'changed') return offer.takes(type, 'update');
  return offer.takes(type, 'create') || (offer.updateCreate(type) && offer.takes(type, 'update'));
}

function mustLook({ attempt, unsure }: Delivery): boolean {
  const moves = [...attempt.decided.values()].includes('set-mine');
  return attempt.before > 0 || unsure || moves || Object.keys(attempt.steps).length > 0;
}

function send(delivery: Delivery): Promise<Delivered | undefined> {
  if (outstanding(delivery).length === 0) return Promise.resolve(undefined);
  return delivery.offer.transaction ? asTransaction(delivery) : asSteps(delivery);
}

function acked({ writes, done }: Delivery): Delivered {
  const all = writes.map(one => ({ one, at: done.get(keyOf(one)) }));
  return {
    kind: 'acked',
    refs: all.flatMap(({ at }) => at?.ref ?? []),
    versions: all.flatMap(({ one, at }) =>
      one.kind === 'changed' && at?.version !== undefined ? `${at.ref}|${at.version}` : [],
    ),
  };
}
