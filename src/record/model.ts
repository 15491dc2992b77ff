import type { Raw } from '../fhir/ask.ts';
import type { PlanDetails } from './plans/plan-details.ts';
import type { Item, Shared } from './reading.ts';

/** A FHIR date or instant exactly as the source wrote it: `2026`, `2026-11`, `2026-11-12`, `2026-11-12T14:20:00+01:00`. */
export type FhirDate = string;

export interface Patient extends Item {
  readonly name: string | undefined;
  readonly sex: 'female' | 'male' | 'other' | undefined;
  readonly born: FhirDate | undefined;
  /** True without a date, or the date. */
  readonly deceased: FhirDate | boolean;
  readonly ids: readonly PatientId[];
  /** A synthetic test person: numbers must not be callable. */
  readonly test: boolean;
  /** Language name, when an interpreter is needed. */
  readonly interpreter: string | undefined;
  readonly inactive: boolean;
  /** This record was merged into another. */
  readonly replaced: boolean;
}

export interface PatientId {
  readonly kind: 'fnr' | 'dnr' | 'other';
  readonly value: string;
}

export type PlanKind = 'acute' | 'self-treatment' | 'treatment' | 'individual' | 'zone' | 'other';

/** In force, or why not. `replaced`: a newer plan says so. `doubtful`: a status or intent we do not know. */
export type PlanStanding =
  | 'in-force'
  | 'expired'
  | 'not-yet'
  | 'ended'
  | 'replaced'
  | 'draft'
  | 'doubtful';

export type LineKind =
  | 'do-now'
  | 'avoid'
  | 'admit-if'
  | 'triggers'
  | 'coping'
  | 'helps'
  | 'worsens'
  | 'matters-most'
  | 'afterwards'
  | 'capacity'
  | 'practical'
  | 'measure';

export interface PlanLine {
  readonly kind: LineKind;
  /** Undefined: there is a line here, but the source does not give it as text. Its place is kept. */
  readonly text: string | undefined;
  /** `doNotPerform`: this is something NOT to do, whatever its kind. */
  readonly not: boolean;
  /** Started, done, cancelled …: the source's own status code, when it is anything but ordinary. */
  readonly status: string | undefined;
}

export interface Zone extends Item {
  readonly level: 'green' | 'yellow' | 'red' | undefined;
  readonly condition: string | undefined;
  /** What to do in this zone, and what not to do (`not`), in order. */
  readonly lines: readonly PlanLine[];
  /** The zone plan's own standing: a revoked zone is not in force though its plan is. */
  readonly standing: PlanStanding;
}

export interface Plan extends Shared<Plan> {
  readonly kind: PlanKind;
  readonly title: string | undefined;
  /** The version people say aloud, «7». */
  readonly version: string | undefined;
  readonly standing: PlanStanding;
  readonly from: FhirDate | undefined;
  readonly until: FhirDate | undefined;
  readonly author: string | undefined;
  readonly summary: string | undefined;
  readonly lines: readonly PlanLine[];
  readonly zones: readonly Zone[];
  /** Plans this one takes the place of: `CarePlan/id` on the same source. */
  readonly replaces: readonly string[];
  /** Goals, measures, who and when: read after whom to call. `unread`: the plan as a whole could not be read. */
  readonly details: PlanDetails | 'waiting' | 'unread';
  readonly evaluated: FhirDate | undefined;
  readonly evaluatedWith: string | undefined;
  readonly nextEvaluation: FhirDate | undefined;
  readonly approvedByPatient: FhirDate | undefined;
  /** `unread`: the plan names a care team that the server did not show us. */
  readonly contacts: Contacts | 'unread';
  /** A plan that exists only as a document: where it came from, no content. */
  readonly document:
    | { readonly date: FhirDate | undefined; readonly restricted: boolean }
    | undefined;
}

export interface Contacts {
  readonly team: string | undefined;
  readonly people: readonly Contact[];
  readonly never: readonly NeverCall[];
  /** Teams the plan names that the server did not show us: there may be more people to call. */
  readonly unreadTeams: number;
  /** False: whom the patient does not want called could not be checked (Consent did not answer). */
  readonly denialsKnown: boolean;
}

export interface NeverCall {
  readonly who: string;
  readonly why: string | undefined;
}

export interface Contact extends Item {
  /** 1 = the plan's first choice. */
  readonly rank: number;
  readonly name: string | undefined;
  readonly role: string | undefined;
  readonly organization: string | undefined;
  /** «Ring når …» */
  readonly purpose: string | undefined;
  readonly confirmed: FhirDate | undefined;
  /** `unread`: the plan names this contact but the server did not show the details. */
  readonly numbers: readonly PhoneNumber[] | 'unread';
  /** `unknown`: no hours given, which is never the same as open. */
  readonly hours: readonly OpenHours[] | 'unknown';
  /** Text about exceptions, holidays. */
  readonly hoursNote: string | undefined;
  /** The participation or the role has ended, or is inactive: shown, not callable. */
  readonly ended: boolean;
  readonly neverCall: boolean;
}

export interface PhoneNumber {
  readonly value: string;
  readonly kind: 'phone' | 'sms' | 'pager';
  /** False: old, ended, or an inactive role. Shown struck through. */
  readonly current: boolean;
}

/** The meaning of R4 `availableTime`: an end before its start runs over midnight. Times are minutes after midnight. */
export interface OpenHours {
  /** 1 = Monday … 7 = Sunday. Empty in the source means every day. */
  readonly days: readonly number[];
  readonly allDay: boolean;
  readonly opens: number;
  readonly closes: number;
}

export type CriticalKind =
  | 'hypersensitivity'
  | 'anaesthesia'
  | 'condition'
  | 'treatment'
  | 'implant'
  | 'limits-of-care'
  | 'procedure-change'
  | 'infection'
  /** Received, and not critical information: listed below it so that the count adds up. */
  | 'other';

export interface CriticalItem extends Shared<CriticalItem> {
  readonly kind: CriticalKind;
  readonly text: string | undefined;
  readonly details: readonly string[];
  readonly severity: 'high' | 'low' | undefined;
  readonly certainty: 'confirmed' | 'presumed' | 'suspected' | 'refuted' | 'unknown';
  /** Current, over, withdrawn, or unknown (shown as current, with a warning). */
  readonly currency: 'current' | 'over' | 'unknown';
  readonly validUntil: FhirDate | undefined;
  /** Past its valid-until date: shown all the same, marked. */
  readonly expired: boolean;
  readonly recorded: FhirDate | undefined;
  readonly by: string | undefined;
  /** This is a statement that there is none: «no known allergy», and how wide it is. */
  readonly none: 'allergy' | Allergen | undefined;
  /** This is a statement that nobody knows: «no information about allergies». */
  readonly unknownStated: boolean;
  /** What a hypersensitivity is to, where that is said. */
  readonly allergens: readonly Allergen[];
  /** 7517#8: the patient has a psychiatric crisis plan somewhere. */
  readonly saysCrisisPlan: boolean;
  /** As it came: what only the list of critical information shows is read from it there (critical-details.ts). */
  readonly resource: Raw;
}

export type Allergen = 'drug' | 'food' | 'environment';

export type MedicineGroup =
  | 'regular'
  | 'course'
  | 'as-needed'
  | 'supplement'
  | 'vaccine'
  | 'paused'
  | 'stopped'
  /** In use, but the source does not say how it is used. */
  | 'unspecified';

export interface Medicine extends Shared<Medicine> {
  readonly group: MedicineGroup;
  /** Undefined: the name could not be read; the row is kept and says so. */
  readonly substance: string | undefined;
  readonly product: string | undefined;
  readonly atc: string | undefined;
  readonly form: string | undefined;
  readonly strength: string | undefined;
  /** Exactly as the source wrote it, line breaks included. */
  readonly dose: readonly string[];
  /** Beside the dose: where, how, what to tell the patient. */
  readonly instructions: readonly string[];
  /** There is a dose, or part of one, as codes and numbers only: not shown here, never «not given». */
  readonly doseNotInWords: boolean;
  readonly indication: string | undefined;
  readonly started: FhirDate | undefined;
  /** When its period of use ends or ended. */
  readonly until: FhirDate | undefined;
  /** Its period of use is over, though its status says it is in use. */
  readonly past: boolean;
  /** For group `stopped`: stopped, completed as planned, or never given. */
  readonly ending: 'stopped' | 'completed' | 'not-given' | undefined;
  readonly changed: FhirDate | undefined;
  readonly changedBy: string | undefined;
  readonly stoppedBecause: string | undefined;
  readonly notes: readonly string[];
  /** On Pasientens legemiddelliste. */
  readonly onPll: boolean;
  /** In the pharmacy's multidose bags, or given loose; undefined where the source does not say. */
  readonly multidose: boolean | undefined;
  /** The prescription behind it in Reseptformidleren: Volven 7408, its words, and the last day it is valid. */
  readonly prescription:
    | {
        readonly status: string | undefined;
        readonly words: string | undefined;
        readonly until: FhirDate | undefined;
      }
    | undefined;
  /** What the pharmacy last gave out on it. */
  readonly handedOut:
    | { readonly on: FhirDate | undefined; readonly what: string | undefined }
    | undefined;
  /** An older prescription in a chain, whose head is listed beside it. */
  readonly superseded: boolean;
  /** What kind of statement this is: a list entry, a prescription, a vaccination. */
  readonly origin: 'statement' | 'request' | 'immunization';
  /** A proposal, plan or draft rather than something in use. */
  readonly tentative: string | undefined;
}

/** The list's own header: when it was gone through, by whom, and remarks that concern the whole list. */
export interface MedicationHeader {
  readonly reconciled: FhirDate | undefined;
  readonly by: string | undefined;
  readonly notes: readonly string[];
}
