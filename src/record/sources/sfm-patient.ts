import { isRaw, type Raw } from '../../fhir/ask.ts';
import { identifierKey, type Whose } from '../sift.ts';
import type { MedicationDocument } from './sfm-document.ts';

/** Whether the document is about our patient, by national identifier: no other source knows the EHR's own ids. */
export const isTheirs = (document: MedicationDocument, whose: Whose): boolean =>
  identifiersOf(subjectOf(document)).some(identifier =>
    whose.identifiers.has(identifierKey(identifier)),
  );

/**
 * A line with its patient named by identifier, as `sift` knows people, instead of by the document's own `urn:uuid:`.
 * In somebody else's document every line is that person's.
 */
export function underTheirId(raw: Raw, document: MedicationDocument, whose: Whose): Raw {
  const { subject } = raw;
  const named = isTheirs(document, whose) ? patientAt(document, subject) : subjectOf(document);
  if (!named) return raw;
  const known = identifiersOf(named);
  const identifier =
    known.find(each => whose.identifiers.has(identifierKey(each))) ?? known[0] ?? {};
  return { ...raw, subject: { identifier } };
}

/** Whom the document says it is about; where it does not say, the only person in it. */
function subjectOf(document: MedicationDocument): Raw | undefined {
  const { composition, resources } = document;
  if (composition?.subject) return patientAt(document, composition.subject);
  const [only, ...others] = resources.filter(({ resourceType }) => resourceType === 'Patient');
  return others.length === 0 ? only : undefined;
}

function patientAt({ around }: MedicationDocument, reference: unknown): Raw | undefined {
  if (!isRaw(reference) || typeof reference['reference'] !== 'string') return undefined;
  const { reference: literal } = reference;
  const found = around.find({ reference: literal });
  return found?.['resourceType'] === 'Patient' ? found : undefined;
}

function identifiersOf(patient: Raw | undefined): readonly Raw[] {
  const identifiers = patient?.['identifier'];
  return Array.isArray(identifiers) ? identifiers.filter(isRaw) : [];
}
