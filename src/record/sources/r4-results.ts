import type { Answer } from '../../fhir/failure.ts';
import { refOf } from '../../fhir/references.ts';
import type { Found } from '../../fhir/searchset.ts';
import { kindOfObservation } from '../observations/observation.ts';
import { analysisReader, answersIn, type Result, reportReader } from '../observations/results.ts';
import { only, type Part, partOf } from '../parts.ts';
import type { Whose } from '../sift.ts';
import { siftInTurns } from '../sift-in-turns.ts';

/** Reports and answers from a FHIR server; and every Observation that is no measurement, so that the count adds up. */
export async function resultParts(
  whose: Whose,
  reports: Answer<Found>,
  observations: Answer<Found>,
): Promise<readonly Part<Result>[]> {
  const { label, iss } = whose.session;
  const inReports = answersIn(reports.ok ? reports.value.matches : [], iss);
  const mine = only(
    observations,
    raw => kindOfObservation(raw, inReports.has(refOf(raw))) !== 'measurement',
  );
  const atHand = new Set(observations.ok ? observations.value.matches.map(refOf) : []);
  const [analyses, read] = await Promise.all([
    siftInTurns(analysisReader(inReports), mine, whose),
    siftInTurns(reportReader(iss, atHand), reports, whose),
  ]);
  return [
    partOf(label, 'Observation', mine, analyses, true),
    partOf(label, 'DiagnosticReport', reports, read, false),
  ];
}
