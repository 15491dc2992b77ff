import { allPages } from '../../fhir/searchset.ts';
import { measurementReader } from '../observations/measurements.ts';
import { partOf, siftAnswer } from '../parts.ts';
import type { At, Contribution } from './at.ts';
import { exact, searchByPost } from './searched.ts';

/** Pasientens måledata: what the patient measures at home (FHIR.md 10; VkpObservation). */
export async function readPmd(given: At): Promise<Contribution> {
  const at = { ...given, session: exact(given.session) };
  const first = await searchByPost(at, 'Observation', { _count: '200' });
  const answer = await allPages(at.session, 'Observation', first);
  const sifted = siftAnswer(measurementReader, answer, at.whose);
  return { measurements: [partOf(at.session.label, 'Observation', answer, sifted, true)] };
}
