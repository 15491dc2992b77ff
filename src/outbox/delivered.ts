import type { Raw } from '../fhir/ask.ts';
import type { Setting } from '../fhir/proposal.ts';

/** How one attempt to deliver a proposal ended. Only `acked` is success, and only after the server was asked. */
export type Delivered =
  /** Everything is on the server, seen there. `versions`: `Type/id|versionId` of the shared resources it changed. */
  | {
      readonly kind: 'acked';
      readonly refs: readonly string[];
      readonly versions: readonly string[];
    }
  /** Not now. `unsure`: the server may have done it; look before it is sent again. */
  | {
      readonly kind: 'later';
      readonly unsure: boolean;
      readonly why: 'unreachable' | 'timeout' | 'busy' | 'server-error' | 'not-understood';
      readonly afterSeconds: number | undefined;
    }
  /** Only a new login, or a person, makes trying sensible; `unsure` as above. */
  | { readonly kind: 'signed-out'; readonly unsure: boolean }
  /** Somebody else changed what this changes. Nothing, or nothing more, was written. */
  | { readonly kind: 'conflict'; readonly conflicts: readonly Conflict[] }
  /** The server will not have it, or nobody can say whether it is there: a person must look. */
  | { readonly kind: 'needs-human'; readonly reason: Reason }
  /** The session ended meanwhile; `unsure` as above. */
  | { readonly kind: 'cancelled'; readonly unsure: boolean };

export interface Reason {
  readonly why:
    | 'refused'
    | 'not-permitted'
    | 'gone'
    | 'several-there'
    | 'cannot-tell'
    | 'half-done'
    | 'unreadable'
    | 'other-there';
  readonly status: number | undefined;
  /** The server's own sentences (OperationOutcome), as text. */
  readonly says: readonly string[];
}

export interface Conflict {
  readonly ref: string;
  /** The version that is there now, whole. Undefined: it is gone. */
  readonly theirs: Raw | undefined;
  /** As the person saw it. */
  readonly read: Raw;
  readonly mine: readonly Setting[];
}

/** What an earlier attempt got done, where there is no transaction: kept durably after every step. */
export type Steps = Readonly<Record<string, string>>;

/** What a person decided about a conflict: leave the shared resource as it is now, or set mine on the newest version. */
export type Choice = 'leave-theirs' | 'set-mine';
