import type { Raw } from '../../fhir/ask.ts';
import type { FhirDate } from '../model.ts';
import type { Item } from '../reading.ts';
import type { Risk } from './risk.ts';

export type Decision = 'accept' | 'adjust' | 'reject';

/** `return`: sent back, because the patient is no longer this doctor's. */
export type Outcome = Decision | 'return';

/** One change in a patient's treatment that the GP is asked to confirm: a Task (docs/fhir.md, «Changes to confirm»). */
export interface Change extends Item {
  /** Whole, as it was read: what is sent back is this with the answer set. */
  readonly raw: Raw;
  /** `Task/id` of the task for all of it; undefined: this one stands alone. */
  readonly parent: string | undefined;
  /** The sender's own words for it. */
  readonly what: string | undefined;
  /** Undefined: there was nothing before, or it is not said. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The sender's reason. */
  readonly because: string | undefined;
  /** «legemiddel», «oppfølging» */
  readonly kind: string | undefined;
  readonly risk: Risk;
  /** `MedicationStatement/id`, where the sender named the line of the list it concerns. */
  readonly medicine: string | undefined;
  readonly sender: Party;
  readonly owner: Party;
  readonly sent: FhirDate | undefined;
  readonly due: FhirDate | undefined;
  /** What set the deadline: «multidose, …». */
  readonly dueBecause: string | undefined;
  readonly standing: Standing;
  readonly answer: Answered | undefined;
  /** The plans and the evaluation it came from: `CarePlan/id`, `QuestionnaireResponse/id`. */
  readonly cause: readonly string[];
}

export interface Party {
  readonly ref: string | undefined;
  readonly name: string | undefined;
}

/**
 * How far it has come, by R4 Task.status: sent, delivered (`received`), read (`accepted`), answered. `over`: cancelled,
 * failed, put on hold. `unclear`: a status we do not know, which nobody answers here.
 */
export type Standing = 'sent' | 'delivered' | 'read' | 'answered' | 'over' | 'unclear';

export interface Answered {
  /** Undefined: it is done, and nothing says in a code what was decided. */
  readonly outcome: Outcome | undefined;
  /** The source's own words for where it stands. */
  readonly said: string | undefined;
  /** What the GP set instead. */
  readonly value: string | undefined;
  readonly reason: string | undefined;
  readonly by: string | undefined;
  readonly at: FhirDate | undefined;
}

/** What one sender asked at one time. `task`: the one task for all of it, with its own version. */
export interface Sending {
  readonly task: Change | undefined;
  readonly changes: readonly Change[];
  readonly sender: Party;
  readonly sent: FhirDate | undefined;
  readonly due: FhirDate | undefined;
  readonly dueBecause: string | undefined;
}

/** What names one sending: the task for all of it, `Task/id`. */
export const keyOf = ({ task, changes }: Pick<Sending, 'task' | 'changes'>): string =>
  (task ?? changes[0])?.source.ref ?? '';

export const isWaiting = ({ standing }: Pick<Change, 'standing'>): boolean =>
  standing === 'sent' || standing === 'delivered' || standing === 'read';

/** «furosemid 40 mg × 1 → furosemid 40 mg × 2»; of what is new, what it is. */
export function changeText({ from, to, what }: Pick<Change, 'from' | 'to' | 'what'>): string {
  if (from && to) return `${from} → ${to}`;
  return to ?? what ?? 'endring uten tekst';
}
