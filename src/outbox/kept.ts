import type { ReadonlySignal } from '@preact/signals';
import type { Proposal } from '../fhir/proposal.ts';
import type { Choice, Conflict, Reason } from './delivered.ts';

/** `data-outbox-state` on screen (CONTRACT). */
type OutboxState =
  | 'draft'
  | 'queued'
  | 'sending'
  | 'acked'
  | 'ambiguous'
  | 'conflict'
  | 'needs-human';

/** One act of this author for the patient in context, on its way. */
export interface OutboxItem {
  readonly id: string;
  /** Undefined: it lies here, and cannot be opened (tampered with, or its key is gone). */
  readonly proposal: Proposal | undefined;
  readonly state: OutboxState;
  /** False: nothing of it is on disk; it lives as long as this page (`sendUnkept`). */
  readonly kept: boolean;
  readonly attempts: number;
  /** When it was pressed, and when the server was seen to have it; ISO instants. */
  readonly since: string;
  readonly acked: string | undefined;
  /** When it is tried again by itself. */
  readonly nextAt: string | undefined;
  /** Why the last attempt did not succeed, for `queued` and `ambiguous`. */
  readonly waiting:
    | 'unreachable'
    | 'timeout'
    | 'busy'
    | 'server-error'
    | 'not-understood'
    | 'signed-out'
    | 'behind-another'
    | undefined;
  readonly reason: Reason | undefined;
  readonly conflicts: readonly Conflict[];
  /** Waited longer than a person would expect (SAFETY 5.3: four hours): said loudly, never deleted. */
  readonly overdue: boolean;
}

/** Whether it is on disk now. `why` in English, for the log of what happened; the screen has its own words. */
export type Kept =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'denied' | 'full' | 'broken' | 'not-signed-in' };

type Storage =
  | { readonly state: 'opening' }
  /** `server`: the key that opens what lies here is with the server. `device`: it lies beside it (decision 13). */
  | { readonly state: 'open'; readonly key: 'server' | 'device' }
  /** Nothing can be kept on this machine: a cross-site frame without storage, a full disk, no signed-in person. */
  | { readonly state: 'denied'; readonly why: 'denied' | 'full' | 'broken' | 'not-signed-in' };

/** What is written and not yet seen on the server: one per session, gone with it; what it keeps is not. */
export interface Outbox {
  readonly storage: ReadonlySignal<Storage>;
  /** This author's, for this patient, oldest first. Acknowledged ones stay until the page is left. */
  readonly items: ReadonlySignal<readonly OutboxItem[]>;
  /** What else waits on this machine: counts, never content. */
  readonly elsewhere: ReadonlySignal<{ readonly myOtherPatients: number; readonly others: number }>;
  /** Something that lay here is gone (S09): said once. */
  readonly lost: ReadonlySignal<boolean>;
  /** Resolves when the proposal is durably on disk, before anything is sent. `ok: false`: nothing was kept or sent. */
  readonly put: (proposal: Proposal) => Promise<Kept>;
  /** The person chose to send without a copy here: memory only, until it has arrived or the page is left. */
  readonly sendUnkept: (proposal: Proposal) => void;
  /** `too-late`: it is being sent or may have arrived; then it is the server's and not ours to take back. */
  readonly withdraw: (id: string) => Promise<'withdrawn' | 'too-late'>;
  /** Tries again now. Rejects where the disk does not take it: then it waits for a person as before. */
  readonly again: (id: string) => Promise<void>;
  readonly decide: (id: string, choice: Choice) => Promise<void>;
  /** A person has seen to it some other way, and says so: removed here. Only for `needs-human`. */
  readonly settle: (id: string) => Promise<void>;
  readonly drafts: Drafts;
  /** No sending while the panel is hidden or the patient frozen; resumes by the same call. */
  readonly pause: (paused: boolean) => void;
}

/** One unfinished text per author, patient and plan; `name` tells several kinds apart («evaluation»). */
export interface Drafts {
  readonly find: (about: DraftOf) => Promise<Draft | undefined>;
  /** Durable when resolved. A later call wins over an earlier one that is still on its way. */
  readonly save: (about: DraftOf, content: Readonly<Record<string, unknown>>) => Promise<Kept>;
  readonly drop: (about: DraftOf) => Promise<void>;
}

export interface DraftOf {
  readonly name: string;
  readonly plan: string;
}

export interface Draft {
  readonly content: Readonly<Record<string, unknown>>;
  /** ISO instant. */
  readonly saved: string;
}
