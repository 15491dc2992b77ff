import type { Answer } from '../../fhir/failure.ts';
import type { Found } from '../../fhir/searchset.ts';
import { documentReader, type PatientDocument } from '../documents/documents.ts';
import { type Part, partOf, siftAnswer } from '../parts.ts';
import type { Whose } from '../sift.ts';

/** Every document a FHIR server has about the patient, plans among them: here they can be opened. */
export function documentParts(
  whose: Whose,
  answer: Answer<Found>,
): readonly Part<PatientDocument>[] {
  const { label, iss } = whose.session;
  const sifted = siftAnswer(documentReader(iss), answer, whose);
  return [partOf(label, 'DocumentReference', answer, sifted, true)];
}
