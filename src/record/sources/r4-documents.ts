import type { Answer } from '../../fhir/failure.ts';
import type { Found } from '../../fhir/searchset.ts';
import { documentReader, type PatientDocument } from '../documents/documents.ts';
import { type Part, partOf } from '../parts.ts';
import type { Whose } from '../sift.ts';
import { siftInTurns } from '../sift-in-turns.ts';

/** Every document a FHIR server has about the patient, plans among them: here they can be opened. */
export async function documentParts(
  whose: Whose,
  answer: Answer<Found>,
): Promise<readonly Part<PatientDocument>[]> {
  const { label, iss } = whose.session;
  const sifted = await siftInTurns(documentReader(iss), answer, whose);
  return [partOf(label, 'DocumentReference', answer, sifted, true)];
}
