import type { Raw } from '../../fhir/ask.ts';
import { rememberDecimals } from '../../fhir/decimals.ts';
import { type Answer, failed } from '../../fhir/failure.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { askTogether } from '../../fhir/together.ts';
import type { Intake, Put } from '../sections.ts';
import type { Whose } from '../sift.ts';
import type { PlansRead } from './r4-acute.ts';
import { documentParts } from './r4-documents.ts';
import { measurementParts } from './r4-measurements.ts';
import { loadPlanDetails, planQuestions } from './r4-plan-details.ts';
import { resultParts } from './r4-results.ts';
import { aboutPatient } from './r4-searches.ts';

const TYPES = ['DocumentReference', 'DiagnosticReport', 'Observation'] as const;

/**
 * Documents, results, measurements, evaluations and the rest of the plans: what nobody's first minute depends on, in
 * one wave.
 *
 * Observations are asked for once and sorted here: a search by category loses those without one, and counts twice where
 * a server does not know the parameter (SAFETY, FHIR safety checklist 16).
 */
export async function loadFurther(
  plain: Session,
  sections: Pick<
    Intake,
    'plans' | 'evaluations' | 'documents' | 'results' | 'measurements' | 'history'
  >,
  put: Put,
  known: Promise<Whose | undefined>,
  plans: PlansRead | undefined,
): Promise<void> {
  const whose = await known;
  if (!whose || !plans) return;
  const session: Session = { ...plain, parsed: rememberDecimals };
  const { label } = session;
  const further = planQuestions(session, await session.offer, plans, whose);
  const answers = await askTogether(session, [
    ...TYPES.map(type => ({ type, address: `${type}?${aboutPatient(session)}` })),
    ...further.questions,
  ]);
  const found = (type: (typeof TYPES)[number]) =>
    pagesOf(session, type, answers[TYPES.indexOf(type)]);
  const observations = found('Observation');
  await Promise.all([
    loadPlanDetails(plain, sections, put, whose, plans, further, answers.slice(TYPES.length)),
    found('DocumentReference')
      .then(documents => documentParts(whose, documents))
      .then(parts => put(() => sections.documents.put(label, parts))),
    Promise.all([found('DiagnosticReport'), observations])
      .then(([reports, all]) => resultParts(whose, reports, all))
      .then(parts => put(() => sections.results.put(label, parts))),
    observations
      .then(all => measurementParts(whose, all))
      .then(parts => put(() => sections.measurements.put(label, parts))),
  ]);
}

const pagesOf = (
  session: Session,
  type: string,
  answer: Answer<Raw> | undefined,
): Promise<Answer<Found>> => allPages(session, type, answer ?? failed({ kind: 'cancelled' }));
