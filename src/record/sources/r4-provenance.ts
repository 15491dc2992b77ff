import { isRaw, type Raw } from '../../fhir/ask.ts';
import type { Answer } from '../../fhir/failure.ts';
import { localRef, type Shelf } from '../../fhir/references.ts';
import type { Found } from '../../fhir/searchset.ts';
import { type Provenance, provenanceReader } from '../news/provenance.ts';
import { type Part, partOf, siftAnswer } from '../parts.ts';
import type { Whose } from '../sift.ts';

/**
 * The history of this patient and of what is theirs: `own`, the references it was asked by.
 *
 * R4 Provenance has no subject. It is about whomever its targets are about, so one that names none of ours is a
 * stranger like any other.
 */
export function provenanceParts(
  whose: Whose,
  answers: readonly Answer<Found>[],
  shelf: Shelf,
  own: readonly string[],
): readonly Part<Provenance>[] {
  const { iss, label, patient } = whose.session;
  const reader = provenanceReader(iss, shelf);
  const subjected = (raw: Raw): Raw => {
    const targets = [raw['target']].flat().filter(isRaw);
    const isOurs = targets.some(({ reference }) => {
      const ref = typeof reference === 'string' ? localRef(iss, reference) : undefined;
      return ref !== undefined && own.includes(ref);
    });
    return isOurs ? { ...raw, subject: { reference: patient } } : raw;
  };
  return answers.map(answer => {
    const ours = answer.ok
      ? { ...answer, value: { ...answer.value, matches: answer.value.matches.map(subjected) } }
      : answer;
    return partOf(label, 'Provenance', ours, siftAnswer(reader, ours, whose), true);
  });
}
