import type { Shared } from '../reading.ts';
import type { Reader } from '../sift.ts';
import { ObservationShape, type Observed, observed, unreadableObservation } from './observation.ts';

/** One measurement the patient made at home, or that was made at a visit (R4 Observation; VkpObservation). */
export interface Measurement extends Observed, Shared<Measurement> {}

export const measurementReader: Reader<typeof ObservationShape, Measurement> = {
  shape: ObservationShape,
  item: observed,
  unreadable: unreadableObservation,
};
