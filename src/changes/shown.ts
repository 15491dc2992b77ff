import type { Sending } from '../record/changes/change.ts';
import type { Discrepancy } from '../record/changes/listed.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import type { Medicine } from '../record/model.ts';
import type { Answering } from './answering.ts';

/** One sending as it is shown, and what the person has decided about it. */
export interface Shown {
  readonly sending: Sending;
  readonly changes: Changes;
  readonly answering: Answering;
  readonly gaps: readonly Discrepancy[];
  /** Undefined: nobody has answered yet. */
  readonly list: List | undefined;
}

/** The medication list as far as it has been read. */
export interface List {
  readonly rows: readonly Medicine[];
  /** Every source gave all it has: what is not here is not in the list. */
  readonly whole: boolean;
}
