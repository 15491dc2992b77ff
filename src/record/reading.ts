import type { Failure } from '../fhir/failure.ts';
import type { Remark } from '../fhir/searchset.ts';

/**
 * What we know about one part of the record right now (SAFETY 1.3, normative).
 *
 * «Nothing recorded» is one answer among nine. It is never the same as «could not read» or «still reading»: on a
 * clinician's screen that difference is the product.
 */
export type Reading<T> =
  /** `from`: the sources that have not answered yet. */
  { readonly state: 'loading'; readonly from?: readonly string[] } | Known<T>;

export interface Known<T> {
  readonly state: Exclude<SectionState, 'loading'>;
  /** What is shown, flagged ones included. The same thing from two sources is one item (`also`). */
  readonly items: readonly T[];
  /** What was received and is not shown, each with its reason; named on screen, its content never is. */
  readonly setAside: readonly SetAside[];
  /** Why this may not be everything; empty = every page of every question to every source arrived. */
  readonly gaps: readonly Missing[];
  /** The sources' own remarks, as text. */
  readonly remarks: readonly Said[];
  /** By the server's clock: when the oldest of the answers came. */
  readonly asOf: Date;
  /** Entries received. Conservation law: `items + also + setAside = received` (SAFETY 4). */
  readonly received: number;
  readonly withheld: Withheld | undefined;
  readonly failure: Failure | undefined;
  /** The sources asked, by the names people call them. */
  readonly from: readonly string[];
  /** The source whose failure or refusal decides the state. */
  readonly failing: string | undefined;
}

export type SectionState =
  | 'loading'
  | 'present'
  | 'asserted-none'
  | 'asserted-unknown'
  | 'none-recorded'
  | 'withheld'
  | 'not-permitted'
  | 'not-supported'
  | 'failed';

/** `blocked-at-source`: the patient has blocked this user there, while the EHR shows what it has. */
export type Withheld = 'restricted' | 'reserved' | 'blocked' | 'blocked-at-source' | 'unspecified';

/** A remark, and which source made it. */
export interface Said extends Remark {
  readonly from: string;
}

/** A part of the answer that did not come. `what` is the FHIR type it was asked for. */
export interface Missing {
  readonly what: string;
  /** The source that did not give it. */
  readonly from: string;
  readonly why:
    | 'waiting'
    | 'failed'
    | 'not-permitted'
    | 'not-supported'
    | 'withheld'
    | 'page-lost'
    | 'count-differs'
    | 'not-found';
  /** For `withheld`: by whose wish, where that was said. */
  readonly withheld?: Withheld;
}

export interface SetAside {
  readonly ref: string;
  readonly why: 'other-patient' | 'no-patient' | 'withdrawn';
}

/** `data-flag` on screen (CONTRACT): how an item differs from a plain fact. */
export type Flag = 'uninterpretable' | 'unreadable' | 'negated' | 'inactive' | 'contradiction';

/** Where one item came from. */
export interface Source {
  /** What people call the source. */
  readonly from: string;
  /** `Type/id`, or the type alone when the server gave no id. */
  readonly ref: string;
  readonly version: string | undefined;
  readonly lastUpdated: string | undefined;
}

/** What every item on screen has. */
export interface Item {
  readonly source: Source;
  /** `system|value` of its own identifiers: what tells that two sources speak of the same thing. */
  readonly identifiers: readonly string[];
  readonly flags: readonly Flag[];
  /** For flagged items: what a programmer or the sender needs to know, in English, e.g. `modifierExtension`. */
  readonly why: readonly string[];
}

/** An item that other sources may have too, as they have it: what was merged is kept, never dropped. */
export interface Shared<T> extends Item {
  readonly also?: readonly T[];
}
