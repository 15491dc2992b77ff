import type { Raw } from '../fhir/ask.ts';
import type { ServerOffer } from '../fhir/capability.ts';
import type { ChangedResource, Write } from '../fhir/proposal.ts';
import type { Session } from '../fhir/session.ts';
import type { Attempt } from './attempt.ts';

/** Where a write ended: `Type/id`, and the version where it was said. */
export interface Done {
  readonly ref: string;
  readonly version: string | undefined;
}

/** The version of a shared resource that is changed: as the person read it, or a newer one it is set on instead. */
export interface Base {
  readonly resource: Raw;
  readonly version: string;
  readonly moved: boolean;
}

/** One attempt, as it goes. */
export interface Delivery {
  readonly session: Session;
  readonly offer: ServerOffer;
  readonly attempt: Attempt;
  /** All that is to be there in the end, each after what it refers to. */
  readonly writes: readonly Write[];
  readonly done: Map<string, Done>;
  /** Sent, and could not be told from a second copy if it were sent again: looked for, never sent blindly. */
  readonly started: Set<string>;
  readonly bases: Map<string, Base>;
  /** Shown whole, and about the right patient, in a 2xx answer of this attempt. */
  readonly answered: Set<string>;
  unsure: boolean;
}

/** How a write is named in `Steps`: its UUID, or the reference of what it changes. */
export const keyOf = (one: Write): string => (one.kind === 'new' ? one.uuid : one.ref);

export const typeOf = (one: Write): string =>
  one.kind === 'new' ? String(one.resource['resourceType']) : (one.ref.split('/')[0] ?? '');

const STARTED = '?';

export function begin(
  session: Session,
  offer: ServerOffer,
  attempt: Attempt,
  writes: readonly Write[],
): Delivery {
  const done = new Map<string, Done>();
  const started = new Set<string>();
  for (const [key, step] of Object.entries(attempt.steps)) {
    const [ref = '', version] = step.split('|');
    if (step === STARTED) started.add(key);
    else done.set(key, { ref, version });
  }
  return {
    session,
    offer,
    attempt,
    writes,
    done,
    started,
    bases: new Map(),
    answered: new Set(),
    unsure: attempt.unsure || started.size > 0,
  };
}

export const outstanding = ({ writes, done }: Delivery): readonly Write[] =>
  writes.filter(one => !done.has(keyOf(one)));

export const baseOf = ({ bases }: Delivery, one: ChangedResource): Base =>
  bases.get(one.ref) ?? { resource: one.read, version: one.version, moved: false };

/** Keeps what is known now, so that a crash after this line forgets none of it. */
export function keepSteps({ attempt, done, started }: Delivery): Promise<void> {
  const steps: Record<string, string> = {};
  for (const key of started) steps[key] = STARTED;
  for (const [key, { ref, version }] of done)
    steps[key] = version === undefined ? ref : `${ref}|${version}`;
  return attempt.keep(steps);
}

export function markDone(delivery: Delivery, one: Write, done: Done): void {
  delivery.done.set(keyOf(one), done);
  delivery.started.delete(keyOf(one));
}
