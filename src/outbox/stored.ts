import { z } from 'zod/mini';
import type { Proposal } from '../fhir/proposal.ts';
import { checked, either } from '../fhir/shapes.ts';
import type { Choice, Conflict, Reason, Steps } from './delivered.ts';

/** What became of an act so far. Kept sealed: a server's sentences and other people's versions tell of the patient. */
export interface Progress {
  readonly steps: Steps;
  readonly decided: Readonly<Record<string, Choice>>;
  readonly reason: Reason | undefined;
  readonly conflicts: readonly Conflict[];
  /** Of an acknowledged act: `Type/id|versionId` of the shared resources it changed. */
  readonly versions: readonly string[];
}

export const NOTHING_YET: Progress = {
  steps: {},
  decided: {},
  reason: undefined,
  conflicts: [],
  versions: [],
};

const Raw = z.looseObject({});
const Settings = z.array(
  z.object({ at: z.string(), value: z.unknown(), label: z.string(), words: z.string() }),
);

const StoredProposal = z.object({
  id: z.string(),
  what: z.literal(['evaluation', 'answer', 'notice']),
  bound: z.object({
    iss: z.string(),
    sub: z.string(),
    patient: checked(
      (value): value is `Patient/${string}` =>
        typeof value === 'string' && value.startsWith('Patient/'),
    ),
    plan: z.optional(z.string()),
    planVersion: z.optional(z.string()),
  }),
  pressed: z.string(),
  writes: z.array(
    either(
      z.object({ kind: z.literal('new'), uuid: z.string(), resource: Raw }),
      z.object({
        kind: z.literal('changed'),
        ref: z.string(),
        version: z.string(),
        read: Raw,
        sets: Settings,
      }),
    ),
  ),
  words: z.string(),
});

/** A proposal as it was kept. Throws on any other shape: then it is not what was kept. */
export function proposalIn(value: unknown): Proposal {
  const { bound, ...rest } = StoredProposal.parse(value);
  const { iss, sub, patient, plan, planVersion } = bound;
  return { ...rest, bound: { iss, sub, patient, plan, planVersion } };
}

const Refs = z.catchall(z.object({}), z.string());
const StoredProgress = z.object({
  steps: Refs,
  decided: z.catchall(z.object({}), z.literal(['leave-theirs', 'set-mine'])),
  reason: z.optional(
    z.object({
      why: z.literal([
        'refused',
        'not-permitted',
        'gone',
        'several-there',
        'cannot-tell',
        'half-done',
        'unreadable',
        'other-there',
      ]),
      status: z.optional(z.number()),
      says: z.array(z.string()),
    }),
  ),
  conflicts: z.array(
    z.object({ ref: z.string(), theirs: z.optional(Raw), read: Raw, mine: Settings }),
  ),
  versions: z.array(z.string()),
});

/** Progress as it was kept. Throws on any other shape. */
export function progressIn(value: unknown): Progress {
  const { reason, conflicts, ...rest } = StoredProgress.parse(value);
  return {
    ...rest,
    reason: reason && { why: reason.why, status: reason.status, says: reason.says },
    conflicts: conflicts.map(({ ref, theirs, read, mine }) => ({ ref, theirs, read, mine })),
  };
}
