import type { Failure } from '../fhir/failure.ts';
import type { Remark } from '../fhir/searchset.ts';

/**
 * What we know about one part of the record right now (SAFETY 1.3, normative).
 *
 * «Nothing recorded» is one answer among nine. It is never the same as «could not read» or «still reading»: on a
 * clinician's screen that difference is the product.
 */
export type Reading<T> = { readonly state: 'loading' } | Known<T>;

export interface Known<T> {
  readonly state: Exclude<SectionState, 'loading'>;
  /** What is shown, flagged ones included. */
  readonly items: readonly T[];
  /** What was received and is not shown, each with its reason; named on screen, its content never is. */
  readonly setAside: readonly SetAside[];
  /** Why this may not be everything; empty = every page of every question arrived. */
  readonly gaps: readonly Missing[];
  /** The servers' own remarks, as text. */
  readonly remarks: readonly Remark[];
  /** By the server's clock. */
  readonly asOf: Date;
  /** Entries received. Conservation law: `items + setAside = received` (SAFETY 4). */
  readonly received: number;
  readonly withheld: Withheld | undefined;
  readonly failure: Failure | undefined;
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

export type Withheld = 'restricted' | 'reserved' | 'blocked' | 'unspecified';

/** A part of the answer that did not come. `what` is the FHIR type it was asked for. */
export interface Missing {
  readonly what: string;
  readonly why:
    | 'failed'
    | 'not-permitted'
    | 'not-supported'
    | 'withheld'
    | 'page-lost'
    | 'count-differs'
    | 'not-found';
}

export interface SetAside {
  readonly ref: string;
  readonly why: 'other-patient' | 'no-patient' | 'withdrawn';
}

/** `data-flag` on screen (CONTRACT): how an item differs from a plain fact. */
export type Flag = 'uninterpretable' | 'unreadable' | 'negated' | 'inactive' | 'contradiction';

/** Where one item came from. */
export interface Source {
  /** `Type/id`, or the type alone when the server gave no id. */
  readonly ref: string;
  readonly version: string | undefined;
  readonly lastUpdated: string | undefined;
}

/** What every item on screen has. */
export interface Item {
  readonly source: Source;
  readonly flags: readonly Flag[];
  /** For flagged items: what a programmer or the sender needs to know, in English, e.g. `modifierExtension`. */
  readonly why: readonly string[];
}
