import { unknownOffer } from '../../fhir/capability.ts';
import type { Session, SourceAddress } from '../../fhir/session.ts';
import type { PatientDocument } from '../documents/documents.ts';
import type { CriticalItem, MedicationHeader, Medicine, Plan } from '../model.ts';
import type { Provenance } from '../news/provenance.ts';
import type { Measurement } from '../observations/measurements.ts';
import type { Result } from '../observations/results.ts';
import type { Part } from '../parts.ts';
import type { Evaluation } from '../plans/evaluations.ts';
import type { Whose } from '../sift.ts';

/** A question about one patient to one source. */
export interface At {
  /** The source's own: its base, name and headers; the EHR's token only where the configuration lends it. */
  readonly session: Session;
  /** The same patient, known here by national identifier alone: another base's `Patient/p1` may be anybody. */
  readonly whose: Whose;
  /** Fødselsnummer or D-number. Travels in a body or a header, never in an address (SAFETY S11). */
  readonly nin: NationalId;
}

export interface NationalId {
  readonly system: string;
  readonly value: string;
}

/** What one source has to say, section by section. */
export interface Contribution {
  readonly plans?: readonly Part<Plan>[];
  readonly evaluations?: readonly Part<Evaluation>[];
  readonly critical?: readonly Part<CriticalItem>[];
  readonly medicines?: readonly Part<Medicine>[];
  readonly medicationHeader?: MedicationHeader;
  readonly documents?: readonly Part<PatientDocument>[];
  readonly results?: readonly Part<Result>[];
  readonly measurements?: readonly Part<Measurement>[];
  readonly history?: readonly Part<Provenance>[];
}

/** Speaks with one kind of source. What can go wrong is in the parts' answers; it does not reject. */
export type Adapter = (at: At) => Promise<Contribution>;

/** The session as this source sees it. */
export const sessionAt = (session: Session, source: SourceAddress): Session => ({
  ...session,
  iss: source.base,
  label: source.label,
  headers: source.headers,
  authorization: source.sendToken ? session.authorization : undefined,
  patient: NOBODY_HERE,
  scopes: ['patient/*.rs'],
  sources: [],
  // National services do not describe themselves in CapabilityStatements: they are asked what their documentation says.
  offer: Promise.resolve(unknownOffer),
});

/** No reference can name this: literal references of another base never mean our patient. */
const NOBODY_HERE = 'Patient/?' as const;
