import type { Raw } from '../fhir/ask.ts';
import type { Answer } from '../fhir/failure.ts';
import type { Write } from '../fhir/proposal.ts';
import { refOf } from '../fhir/references.ts';
import { askTogether } from '../fhir/together.ts';
import { etagOf, versionOf, write } from '../fhir/write.ts';
import { aboutTheSame } from './about.ts';
import type { Delivered } from './delivered.ts';
import { baseOf, type Delivery, type Done, keepSteps, keyOf, typeOf } from './delivery.ts';
import { endingOf, endingOfReading, later, needsHuman } from './endings.ts';
import { relinked } from './links.ts';
import { carries, contentOf, isNamed, isPlain, URN, whereIs } from './outgoing.ts';
import { sameContent } from './same-content.ts';

/**
 * Asks the server, on its own base, for what it said it has (SAFETY 1.4, send rule 4; TM45). Undefined: it is there,
 * with our id or identifier, and about the right patient. What it has lost is sent again the next time.
 */
export async function verify(delivery: Delivery): Promise<Delivered | undefined> {
  const asked = delivery.writes.flatMap(one => {
    const done = delivery.done.get(keyOf(one));
    return done ? [{ one, done }] : [];
  });
  const answers = await askTogether(
    delivery.session,
    asked.map(({ one, done }) => ({ type: typeOf(one), address: done.ref })),
  );
  const endings: (Delivered | undefined)[] = [];
  for (const [index, { one, done }] of asked.entries())
    endings.push(
      seen(delivery, one, done, answers[index]) ?? (await mended(delivery, one, answers[index])),
    );
  const ended = endings.find(each => each?.kind === 'needs-human') ?? endings.find(Boolean);
  if (ended) await keepSteps(delivery);
  return ended;
}

/** What points past its own companions is made to point at them, on the version that was seen. */
async function mended(
  delivery: Delivery,
  one: Write,
  answer: Answer<Raw> | undefined,
): Promise<Delivered | undefined> {
  if (one.kind !== 'new' || !answer?.ok) return undefined;
  const { session } = delivery;
  const right = relinked(session.iss, answer.value, one.resource, urn =>
    urn.startsWith(URN) ? whereIs(delivery, urn.slice(URN.length)) : undefined,
  );
  if (!right) return undefined;
  const version = versionOf(answer.value);
  if (version === undefined) return needsHuman('half-done');
  const address = refOf(answer.value);
  const ifMatch = etagOf(version);
  const written = await write(session, { method: 'PUT', address, body: right, ifMatch });
  if (written.kind === 'done') return undefined;
  const moved = written.kind === 'refused' && [409, 412].includes(written.status);
  return moved ? later(delivery, 'busy') : endingOf(delivery, written);
}

function seen(
  delivery: Delivery,
  one: Write,
  { ref }: Done,
  answer: Answer<Raw> | undefined,
): Delivered | undefined {
  const { session, done } = delivery;
  const lost = () => {
    // A plain POST that was answered and is not there cannot be told from one that is on its way.
    if (one.kind === 'new' && isPlain(delivery, one)) delivery.started.add(one.uuid);
    done.delete(keyOf(one));
    delivery.unsure = true;
    return later(delivery, 'not-understood');
  };
  if (!answer?.ok) {
    const failure = answer?.failure ?? { kind: 'unreachable' as const };
    if (failure.kind === 'not-found') return lost();
    delivery.unsure = true;
    const ended = endingOfReading(delivery, failure);
    // Who may write it and not read it has the server's own answer, if that showed it whole.
    return ended ?? (delivery.answered.has(keyOf(one)) ? undefined : needsHuman('cannot-tell'));
  }
  const there = answer.value;
  if (refOf(there) !== ref) return lost();
  const meant = one.kind === 'new' ? one.resource : one.read;
  if (!aboutTheSame(session, there, meant)) return needsHuman('other-there');
  const version = versionOf(there);
  if (one.kind === 'changed') {
    const made = done.get(one.ref)?.version;
    // Somebody may have changed it since; that ours was there first, the answer to ours said.
    const wasMade = made !== undefined && version !== baseOf(delivery, one).version;
    if (!wasMade && !sameContent(there, contentOf(delivery, one), session.iss)) return lost();
    done.set(one.ref, { ref, version: made ?? version });
    return undefined;
  }
  const isOurs =
    carries(there, one.uuid) ||
    ref === `${typeOf(one)}/${one.uuid}` ||
    !isNamed(typeOf(one)) ||
    sameContent(there, contentOf(delivery, one), session.iss);
  return isOurs ? undefined : needsHuman('other-there');
}
