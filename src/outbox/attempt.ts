import type { Proposal } from '../fhir/proposal.ts';
import type { Session } from '../fhir/session.ts';
import type { Choice, Delivered, Steps } from './delivered.ts';

/** What one attempt to deliver must know of those before it. */
export interface Attempt {
  /** How many attempts there were before this one. */
  readonly before: number;
  /** An earlier attempt may have arrived: read before anything is written. */
  readonly unsure: boolean;
  readonly steps: Steps;
  /** Resolves when the steps are on disk. Rejects when they could not be kept: then go no further. */
  readonly keep: (steps: Steps) => Promise<void>;
  /** Whether `Type/id|versionId` was written by an earlier act of this author about this patient. */
  readonly ours: (refVersion: string) => boolean;
  /** By reference of the changed resource. */
  readonly decided: ReadonlyMap<string, Choice>;
}

/** One attempt: one proposal, one server. */
export type Deliver = (
  session: Session,
  proposal: Proposal,
  attempt: Attempt,
) => Promise<Delivered>;
