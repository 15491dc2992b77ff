import type { Raw } from '../fhir/ask.ts';
import type { Write } from '../fhir/proposal.ts';
import { localRef, refOf } from '../fhir/references.ts';
import { versionOf, write } from '../fhir/write.ts';
import { aboutTheSame } from './about.ts';
import type { Delivered } from './delivered.ts';
import {
  baseOf,
  type Delivery,
  keepSteps,
  keyOf,
  markDone,
  outstanding,
  typeOf,
} from './delivery.ts';
import { endingOf, later, mayBeDone } from './endings.ts';
import { carries, isNamed, isPlain, requestOf } from './outgoing.ts';
import { look } from './there-already.ts';

/** A shared resource may move under us this often within one attempt; then it is tried again later. */
export const MOST_ROUNDS = 3;

/** Statuses that ask us to look: is it there already, changed by somebody, or gone? */
const LOOK: ReadonlySet<number> = new Set([304, 404, 409, 410, 412]);
export const asksToLook = (status: number): boolean => LOOK.has(status);

/**
 * One write after the other, where a server has no transactions (SAFETY TM43): each can be sent again without a second
 * copy, and what is done is kept after each. A conflict is found before anything is written.
 */
export async function asSteps(delivery: Delivery): Promise<Delivered | undefined> {
  const ended = await look(
    delivery,
    outstanding(delivery).filter(({ kind }) => kind === 'changed'),
  );
  if (ended) return ended;
  for (const one of outstanding(delivery)) {
    const stopped = await step(delivery, one);
    if (stopped) return stopped;
  }
  return undefined;
}

async function step(delivery: Delivery, one: Write): Promise<Delivered | undefined> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    if (delivery.session.signal.aborted) return stoppedBefore(delivery);
    await keepStarted(delivery, [one]);
    const written = await write(delivery.session, requestOf(delivery, one));
    if (written.kind === 'done') {
      const ref = refIn(delivery, one, written.resource, written.location);
      if (ref === undefined) return await findDone(delivery, one);
      noteDone(delivery, one, ref, written.resource);
      await keepSteps(delivery);
      return undefined;
    }
    if (written.kind === 'refused' && !mayBeDone(written.status))
      await forgetStarted(delivery, [one]);
    if (written.kind !== 'refused' || !asksToLook(written.status))
      return endingOf(delivery, written);
    const before = versionAimedAt(delivery, one);
    const ended = await look(delivery, [one]);
    if (ended) return ended;
    if (delivery.done.has(keyOf(one))) {
      await keepSteps(delivery);
      return undefined;
    }
    if (versionAimedAt(delivery, one) === before) return unexplained(delivery, written);
  }
  return later(delivery, 'busy');
}

const versionAimedAt = (delivery: Delivery, one: Write) =>
  one.kind === 'changed' ? baseOf(delivery, one).version : undefined;

/** Nothing is on its way: what is there is known. */
export const stoppedBefore = ({ unsure, done }: Delivery): Delivered => ({
  kind: 'cancelled',
  unsure: unsure || done.size > 0,
});

/** A 409 may be two writes that met, and pass; one that stays, or any other we find no reason for, is a person's. */
export function unexplained(
  delivery: Delivery,
  refused: Parameters<typeof endingOf>[1] & { kind: 'refused' },
): Delivered {
  return refused.status === 409 && delivery.attempt.before < 3
    ? later(delivery, 'busy', refused.retryAfterSeconds)
    : endingOf(delivery, refused);
}

/** 2xx, but not where: an empty body, and a Location that is absent or on another server (CATALOGUE W18). */
async function findDone(delivery: Delivery, one: Write): Promise<Delivered | undefined> {
  const ended = await look(delivery, [one]);
  if (ended) return ended;
  if (!delivery.done.has(keyOf(one))) {
    delivery.unsure = true;
    return later(delivery, 'not-understood');
  }
  await keepSteps(delivery);
  return undefined;
}

/** Where a 2xx says it is, on our own base; undefined where it does not say, or says something else. */
export function refIn(
  { session }: Delivery,
  one: Write,
  resource: Raw | undefined,
  location: string | undefined,
): string | undefined {
  const type = typeOf(one);
  if (one.kind === 'changed') return isOther(resource, type, one.ref) ? undefined : one.ref;
  const said =
    resource?.['resourceType'] === type
      ? refOf(resource)
      : localRef(session.iss, location?.replace(/^\//, ''));
  return said?.startsWith(`${type}/`) ? said : undefined;
}

const isOther = (resource: Raw | undefined, type: string, ref: string) =>
  resource?.['resourceType'] === type && refOf(resource) !== ref;

/** What a 2xx brought: where it is, which version, and whether the answer already shows it whole. */
export function noteDone(
  delivery: Delivery,
  one: Write,
  ref: string,
  resource: Raw | undefined,
): void {
  const shown = resource?.['resourceType'] === typeOf(one) ? resource : undefined;
  markDone(delivery, one, { ref, version: shown && versionOf(shown) });
  const meant = one.kind === 'new' ? one.resource : one.read;
  if (!shown || !aboutTheSame(delivery.session, shown, meant)) return;
  if (one.kind === 'changed' || !isNamed(typeOf(one)) || carries(shown, one.uuid))
    delivery.answered.add(keyOf(one));
}

/** Those that could not be told from a second copy are on disk as sent before they are sent. */
export async function keepStarted(delivery: Delivery, writes: readonly Write[]): Promise<void> {
  const blind = writes.filter(one =>
    one.kind === 'changed' ? baseOf(delivery, one).moved : isPlain(delivery, one),
  );
  if (blind.length === 0) return;
  for (const one of blind) delivery.started.add(keyOf(one));
  await keepSteps(delivery);
}

export async function forgetStarted(delivery: Delivery, writes: readonly Write[]): Promise<void> {
  const known = writes.filter(one => delivery.started.delete(keyOf(one)));
  if (known.length > 0) await keepSteps(delivery);
}
