import type { Raw } from '../../fhir/ask.ts';
import type { Failure } from '../../fhir/failure.ts';
import type { Proposal } from '../../fhir/proposal.ts';
import type { Goal } from '../plans/goals.ts';
import type { Form, ResponseItem } from './form.ts';

/** What an evaluation starts from: the plan and its goals, read anew and whole, and who is to be told. */
export interface Occasion {
  readonly form: Form;
  readonly plan: Raw;
  /** `CarePlan/id` and the version it was read at. */
  readonly ref: string;
  readonly version: string | undefined;
  readonly planTitle: string | undefined;
  /** As the record names the patient; the message to the GP says it. */
  readonly patientName?: string | undefined;
  /** The goals that are being worked on, in the plan's order, with the resource behind each. */
  readonly goals: readonly { readonly goal: Goal; readonly raw: Raw }[];
  /** Whom the plan names: candidates for «til stede», with their organization. */
  readonly people: readonly Present[];
  /** The patient's GP; undefined where the record names none. */
  readonly doctor: { readonly ref: string | undefined; readonly name: string } | undefined;
  /** Who is logged in, as the resources name them: `PractitionerRole/..`, name and organization where known. */
  readonly author: Author;
  /** Answers filled in beforehand: date, goals, measures. */
  readonly initial: readonly ResponseItem[];
  /** What the server takes of this, decided before the person starts. */
  readonly takes: Takes;
  /** Whether the patient's own scores can be stored as measurements too (Observation); they are among the answers anyway. */
  readonly takesScores?: boolean;
}

export interface Present {
  readonly ref: string | undefined;
  readonly name: string;
  readonly organization: string | undefined;
  readonly organizationRef: string | undefined;
  /** Outside the author's own unit: at least one makes «involverte instanser» (A24). Undefined: not known. */
  readonly outside: boolean | undefined;
}

export interface Author {
  readonly ref: string | undefined;
  readonly name: string | undefined;
  readonly organizationRef: string | undefined;
  readonly organization: string | undefined;
}

/** `whole`: everything. `less`: what is in `without` is not written, and is said. `document`: only as a document. */
export type Takes =
  | { readonly how: 'whole' }
  | { readonly how: 'less'; readonly without: readonly Part[] }
  | { readonly how: 'document' }
  /** Nothing can be written here: no right to (`not-permitted`), or the server takes none of it (`not-supported`). */
  | { readonly how: 'nothing'; readonly why: 'not-permitted' | 'not-supported' };

export type Part = 'meeting' | 'goals' | 'plan' | 'tasks' | 'message' | 'provenance';

export type Began =
  | { readonly ok: true; readonly occasion: Occasion }
  | { readonly ok: false; readonly failure: Failure };

/** What stands between the answers and sending them. */
export interface Lack {
  readonly linkId: string;
  readonly why:
    | 'unanswered'
    | 'not-a-date'
    | 'too-long'
    | 'out-of-range'
    | 'not-a-number'
    | 'in-the-past';
  /** Which of several, for questions asked once per goal or change. */
  readonly about: string | undefined;
}

export interface Drafted {
  readonly proposal: Proposal;
  /** What will be written, one line each, in the order it is shown on the review page. */
  readonly summary: readonly {
    readonly part: Part | 'answers' | 'document';
    readonly words: string;
  }[];
}
