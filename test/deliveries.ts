import { expect } from 'vitest';
import type { Proposal, Write } from '../src/fhir/proposal.ts';
import type { Session } from '../src/fhir/session.ts';
import type { Attempt } from '../src/outbox/attempt.ts';
import { deliver } from '../src/outbox/deliver.ts';
import type { Delivered, Steps } from '../src/outbox/delivered.ts';
import type { Resource } from '../src/sandbox/types.ts';
import type { Bench } from './bench.ts';

export interface Sending {
  /** One attempt, knowing what those before it left, as the outbox does. */
  readonly attempt: () => Promise<Delivered>;
  /** Attempts until a person must look or it is there. */
  readonly untilSettled: (most?: number) => Promise<Delivered>;
  readonly steps: () => Steps;
  /** The outbox was told this much before the program ended. */
  readonly forgetAllButSteps: () => void;
}

/** One proposal on its way, attempt after attempt. */
export function sending(
  session: Session,
  proposal: Proposal,
  more: Partial<Attempt> = {},
): Sending {
  let { before = 0, unsure = false, steps = {} } = more;
  const attempt = async () => {
    const delivered = await deliver(session, proposal, {
      ours: () => false,
      decided: new Map(),
      ...more,
      before,
      unsure,
      steps,
      async keep(kept) {
        steps = kept;
        await Promise.resolve();
      },
    });
    before += 1;
    if ('unsure' in delivered) ({ unsure } = delivered);
    return delivered;
  };
  return {
    attempt,
    steps: () => steps,
    forgetAllButSteps() {
      unsure = true;
      before += 1;
    },
    async untilSettled(most = 12) {
      for (let tries = 1; tries < most; tries += 1) {
        const delivered = await attempt();
        if (delivered.kind !== 'later') return delivered;
      }
      return attempt();
    },
  };
}

const isCopy = (write: Write, proposal: Proposal) => (resource: Resource) =>
  write.kind === 'new' &&
  (JSON.stringify(resource['identifier'] ?? '').includes(write.uuid) ||
    (resource.resourceType === 'Provenance' && resource['recorded'] === proposal.pressed));

/** What the store holds of each new resource of the proposal. */
export function copiesOf(it: Bench, proposal: Proposal): readonly (readonly Resource[])[] {
  return proposal.writes.flatMap(write =>
    write.kind === 'new'
      ? [
          it.sandbox.store
            .all(String(write.resource['resourceType']))
            .filter(isCopy(write, proposal)),
        ]
      : [],
  );
}

export const countsOf = (it: Bench, proposal: Proposal): readonly number[] =>
  copiesOf(it, proposal).map(copies => copies.length);

/** Each new resource once, each change made, every reference leading to something that is there. */
export function expectWhole(it: Bench, proposal: Proposal): void {
  const copies = copiesOf(it, proposal);
  expect(copies.map(each => each.length)).toEqual(copies.map(() => 1));
  for (const write of proposal.writes) {
    if (write.kind === 'changed') expectSet(it, write.ref, write.sets);
  }
  const references = copies.flat().flatMap(referencesIn);
  expect(references.length).toBeGreaterThan(0);
  expect(references.filter(each => it.sandbox.store.at(each) === undefined)).toEqual([]);
}

export function expectSet(
  it: Bench,
  ref: string,
  sets: readonly { readonly at: string; readonly value: unknown }[],
): void {
  const there = it.sandbox.store.at(ref);
  for (const { at, value } of sets) {
    if (at.startsWith('extension:')) expect(there?.['extension']).toContainEqual(value);
    else expect(there?.[at]).toEqual(value);
  }
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === 'reference' && typeof each === 'string' ? [each] : referencesIn(each),
  );
}

/** The sandbox's own records of what was asked, one line each, without what came before the session. */
export const writesAsked = async (it: Bench): Promise<readonly string[]> =>
  (await it.asked()).filter(line => /^(?:POST|PUT) \/fhir/.test(line));
