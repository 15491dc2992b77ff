import { type Change, isWaiting, type Outcome, type Party, type Sending } from './change.ts';
import type { Rule } from './listed.ts';

/** What the GP decided about one change, on the version that was on screen. */
export interface Decided {
  readonly outcome: Outcome;
  /** What is set instead, for `adjust`. */
  readonly value: string | undefined;
  /** Sent to whoever asked. Never empty for anything but `accept`. */
  readonly reason: string | undefined;
  readonly version: string;
}

/** Somebody is asked to put a discrepancy right. */
export interface Action {
  /** `Task/id` of the change. */
  readonly change: string;
  readonly rule: Rule;
  /** Who: a pharmacy or the home care, and by name where the record names exactly one. */
  readonly whom: { readonly kind: 'pharmacy' | 'home-care' } & Party;
  /** «Be Fjordvik apotek endre rullen: …» */
  readonly words: string;
}

export interface Reply {
  readonly sending: Sending;
  /** By `Task/id`. */
  readonly decisions: ReadonlyMap<string, Decided>;
  readonly actions: readonly Action[];
}

export type DecidedChange = readonly [Change, Decided];

/** What is decided and still waits, and is as it was when it was decided: anything else is nobody's to send. */
export const decidedIn = ({ sending, decisions }: Reply): readonly DecidedChange[] =>
  sending.changes.flatMap((change): readonly DecidedChange[] => {
    const what = decisions.get(change.source.ref);
    return what && isWaiting(change) && what.version === change.source.version
      ? [[change, what]]
      : [];
  });
