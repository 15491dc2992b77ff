import type { Answer } from '../../fhir/failure.ts';
import type { Found } from '../../fhir/searchset.ts';
import { type Measurement, measurementReader } from '../observations/measurements.ts';
import { kindOfObservation } from '../observations/observation.ts';
import { only, type Part, partOf } from '../parts.ts';
import type { Whose } from '../sift.ts';
import { siftInTurns } from '../sift-in-turns.ts';

/** What was measured: of all Observations, those the results do not count. */
export async function measurementParts(
  whose: Whose,
  observations: Answer<Found>,
): Promise<readonly Part<Measurement>[]> {
  const mine = only(observations, raw => kindOfObservation(raw) === 'measurement');
  const sifted = await siftInTurns(measurementReader, mine, whose);
  return [partOf(whose.session.label, 'Observation', mine, sifted, true)];
}
