import { isRaw, type Raw } from '../fhir/ask.ts';
import type { Answer } from '../fhir/failure.ts';
import type { NewResource, Write } from '../fhir/proposal.ts';
import { refOf } from '../fhir/references.ts';
import { allPages } from '../fhir/searchset.ts';
import { askTogether, type Question } from '../fhir/together.ts';
import { versionOf } from '../fhir/write.ts';
import { aboutTheSame } from './about.ts';
import { sightOf } from './changed-there.ts';
import type { Conflict, Delivered } from './delivered.ts';
import { type Delivery, markDone, outstanding, typeOf } from './delivery.ts';
import { endingOfReading, needsHuman } from './endings.ts';
import { carries, identified, identifierToken, isNamed, isPutThere, URN } from './outgoing.ts';
import { sameContent } from './same-content.ts';

/**
 * Read before write (SAFETY 1.4, send rule 2): marks as done what is there already, by our id or our identifier, and
 * finds the versions changes can be set on. Undefined: what is still outstanding may be sent.
 */
export async function look(
  delivery: Delivery,
  wanted: readonly Write[] = outstanding(delivery),
): Promise<Delivered | undefined> {
  // Provenance has no identifier and is found by what it is about, so that must be found first.
  const first = wanted.filter(one => one.kind === 'changed' || typeOf(one) !== 'Provenance');
  const ended = (await lookAt(delivery, first)) ?? (await lookAt(delivery, without(wanted, first)));
  if (ended) return ended;
  delivery.unsure = false;
  return undefined;
}

const without = (all: readonly Write[], some: readonly Write[]) =>
  all.filter(one => !some.includes(one));

async function lookAt(
  delivery: Delivery,
  wanted: readonly Write[],
): Promise<Delivered | undefined> {
  const asked = wanted.map(one => ({ one, questions: questionsFor(delivery, one) }));
  const answers = [
    ...(await askTogether(
      delivery.session,
      asked.flatMap(({ questions }) => questions),
    )),
  ];
  const conflicts: Conflict[] = [];
  for (const { one, questions } of asked) {
    const own = answers.splice(0, questions.length);
    const seen =
      one.kind === 'changed'
        ? sightOf(delivery, one, own[0])
        : await lookFor(delivery, one, questions, own);
    if (seen && 'mine' in seen) conflicts.push(seen);
    else if (seen) return seen;
  }
  return conflicts.length > 0 ? { kind: 'conflict', conflicts } : undefined;
}

function questionsFor(delivery: Delivery, one: Write): readonly Question[] {
  const type = typeOf(one);
  if (one.kind === 'changed') return [{ type, address: one.ref }];
  const byId = { type, address: `${type}/${one.uuid}` };
  const search = searchFor(delivery, one);
  // Where nothing of what it is about is there, Provenance is not there either, and nobody need be asked.
  if (type === 'Provenance' && search === undefined) return [];
  return [
    ...(isPutThere(delivery, one) ? [byId] : []),
    // Also where it would be found by id: an earlier attempt may have met a server that did not say it takes ours.
    ...(search === undefined ? [] : [{ type, address: `${type}?${search}` }]),
  ];
}

function searchFor(delivery: Delivery, one: NewResource): string | undefined {
  const type = typeOf(one);
  if (isNamed(type)) return `identifier=${encodeURIComponent(identifierToken(one.uuid))}`;
  if (type !== 'Provenance') return undefined;
  const about = targetsOf(delivery, one);
  return about.length === 0 ? undefined : `target=${about.map(encodeURIComponent).join(',')}`;
}

/**
 * What it is about and where that is: our own new ones that are there, which nobody else's is about. Only where it has
 * none, what it shares with others: by that, two evaluations pressed in one second cannot be told apart.
 */
function targetsOf(delivery: Delivery, { resource }: NewResource): readonly string[] {
  const { target } = resource;
  const named = (Array.isArray(target) ? target : []).flatMap((each: unknown) =>
    isRaw(each) && typeof each['reference'] === 'string' ? each['reference'] : [],
  );
  const ours = named.filter(each => each.startsWith(URN));
  if (ours.length === 0) return named;
  return ours.flatMap(each => delivery.done.get(each.slice(URN.length))?.ref ?? []);
}

async function lookFor(
  delivery: Delivery,
  one: NewResource,
  questions: readonly Question[],
  answers: readonly Answer<Raw>[],
): Promise<Delivered | undefined> {
  const found = new Map<string, Raw>();
  // Of Provenance nothing was asked only where it cannot be there.
  let known = questions.length > 0 || typeOf(one) === 'Provenance';
  for (const [index, answer] of answers.entries()) {
    const isSearch = questions[index]?.address.includes('?');
    if (!answer.ok) {
      if (answer.failure.kind === 'not-found') continue;
      const ended = endingOfReading(delivery, answer.failure);
      if (ended) return ended;
      known = false;
      continue;
    }
    if (!isSearch) {
      found.set(refOf(answer.value), answer.value);
      continue;
    }
    const pages = await allPages(delivery.session, typeOf(one), answer);
    if (!pages.ok) return endingOfReading(delivery, pages.failure) ?? needsHuman('cannot-tell');
    const { matches, gaps } = pages.value;
    for (const each of matches) if (isOurs(delivery, one, each)) found.set(refOf(each), each);
    if (gaps.length > 0) known = false;
  }
  const [there, ...more] = found.values();
  if (there && more.length > 0) return needsHuman('several-there');
  if (!there) return absent(delivery, one, known);
  if (!aboutTheSame(delivery.session, there, one.resource) || !isOurs(delivery, one, there))
    return needsHuman('other-there');
  markDone(delivery, one, { ref: refOf(there), version: versionOf(there) });
  return undefined;
}

/** By the identifier, where it has one: what was added or answered since does not make it another. */
const isOurs = (delivery: Delivery, one: NewResource, there: Raw) =>
  carries(there, one.uuid) || sameContent(there, identified(one), delivery.session.iss);

/** At most one plain POST goes out by itself; where it cannot be found again, a person must look (SAFETY 4). */
function absent(delivery: Delivery, one: NewResource, known: boolean): Delivered | undefined {
  if (!delivery.started.has(one.uuid)) return undefined;
  if (!known || isNamed(typeOf(one))) return needsHuman('cannot-tell');
  delivery.started.delete(one.uuid);
  return undefined;
}
