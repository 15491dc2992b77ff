import { isRaw, type Raw } from '../fhir/ask.ts';
import type { Answer } from '../fhir/failure.ts';
import type { ChangedResource } from '../fhir/proposal.ts';
import { refOf } from '../fhir/references.ts';
import { versionOf } from '../fhir/write.ts';
import { aboutTheSame } from './about.ts';
import type { Conflict, Delivered } from './delivered.ts';
import { baseOf, type Delivery, markDone } from './delivery.ts';
import { endingOfReading, needsHuman } from './endings.ts';
import { contentOf } from './outgoing.ts';
import { sameContent } from './same-content.ts';

/**
 * A shared resource as it is now: changed as we would change it, still as the person saw it, newer by this author's own
 * hand or with the person's consent (then ours is set on that), or somebody else's, which is a conflict and no merge.
 */
export function sightOf(
  delivery: Delivery,
  one: ChangedResource,
  answer: Answer<Raw> | undefined,
): Delivered | Conflict | undefined {
  const { session, attempt, bases, started } = delivery;
  const mayMove = attempt.decided.get(one.ref) === 'set-mine';
  if (!answer?.ok) {
    const failure = answer?.failure ?? { kind: 'unreachable' as const };
    if (failure.kind !== 'not-found')
      return endingOfReading(delivery, failure) ?? needsHuman('unreadable');
    return mayMove ? needsHuman('gone') : conflictOf(one, undefined);
  }
  const theirs = answer.value;
  if (refOf(theirs) !== one.ref || !aboutTheSame(session, theirs, one.read))
    return needsHuman('other-there');
  const version = versionOf(theirs);
  // Without a version nothing can be changed safely, and what came in part may not be sent back as the whole.
  if (version === undefined || isSubsetted(theirs)) return needsHuman('unreadable');
  const holds = () => sameContent(theirs, contentOf(delivery, one), session.iss);
  if (version === baseOf(delivery, one).version) {
    if (started.has(one.ref)) started.delete(one.ref);
    return undefined;
  }
  const isDone = holds();
  bases.set(one.ref, { resource: theirs, version, moved: true });
  // Sent on a newer version than was read, and unanswered: then what was to be set says whether it is there.
  if (isDone || ((mayMove || started.has(one.ref)) && holds())) {
    markDone(delivery, one, { ref: one.ref, version });
    return undefined;
  }
  if (mayMove || attempt.ours(`${one.ref}|${version}`)) return undefined;
  bases.delete(one.ref);
  return conflictOf(one, theirs);
}

const conflictOf = (one: ChangedResource, theirs: Raw | undefined): Conflict => ({
  ref: one.ref,
  theirs,
  read: one.read,
  mine: one.sets,
});

function isSubsetted(resource: Raw): boolean {
  const { meta } = resource;
  const tags: readonly unknown[] = isRaw(meta) && Array.isArray(meta['tag']) ? meta['tag'] : [];
  return tags.some(tag => isRaw(tag) && tag['code'] === 'SUBSETTED');
}
