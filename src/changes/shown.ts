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
  /** Undefined: the medication list is not read yet. */
  readonly list: readonly Medicine[] | undefined;
}
