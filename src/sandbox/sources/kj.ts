import { criticalFacts } from '../demo/critical.ts';
import { oslo } from '../demo/fhir.ts';
import type { DemoPatient } from '../demo/source.ts';
import { accessIssue, type Issue, refusal } from '../store/outcome.ts';
import { INFO_TYPES, infoTypeOf, kjResource } from './kj-shape.ts';
import { searchset } from './searchset.ts';
import {
  demandMethod,
  fhirAnswer,
  jsonAnswer,
  jsonOf,
  notHere,
  patientInHeader,
  type Question,
  type Source,
} from './source.ts';

const TYPES = ['AllergyIntolerance', 'Condition', 'Procedure', 'Flag', 'Consent'];

/** Kjernejournal, critical information (FHIR.md 4): NHN's «critical-information» API. */
export const kj: Source = {
  type: 'AllergyIntolerance',
  answer: question => (question.path === 'status' ? status(question) : search(question)),
};

/** `POST /status {nin}`: asked first, needs no access basis. */
async function status(question: Question): Promise<Response> {
  demandMethod(question, 'POST');
  const value = ninIn(await jsonOf(question));
  question.demandPatient(value === undefined ? undefined : { value });
  const { story } = question;
  const facts = story ? criticalFacts(story) : [];
  const changed = facts.map(({ resource }) => [
    resource.resourceType.replace(/^./, first => first.toLowerCase()),
    resource.meta?.lastUpdated ?? '',
  ]);
  // Sorted by time, so that the newest of a type is the one that stays.
  const dateChanged = Object.fromEntries(
    changed.sort(([, a = ''], [, b = '']) => a.localeCompare(b)),
  );
  const restriction = restrictionOf(story);
  return jsonAnswer({
    hasCriticalInformation: facts.length > 0 || restriction !== undefined,
    lastChangedDateTime: restriction ?? changed.at(-1)?.[1],
    dateChanged,
    privacySetting: restriction ? 'restriction' : 'none',
  });
}

async function search(question: Question): Promise<Response> {
  const { path: type, query, base, request, story } = question;
  if (!TYPES.includes(type)) throw notHere(question);
  demandMethod(question, 'GET');
  question.demandPatient(patientInHeader(question));
  const basis = request.headers.get('nhn-access-basis');
  if (basis !== 'SAMTYKKE' && basis !== 'AKUTT' && basis !== 'UNNTAK')
    throw refusal(400, 'required', 'nhn-access-basis must be SAMTYKKE, AKUTT or UNNTAK.');
  const wanted = query.get('criticalInfoType') ?? undefined;
  const known = INFO_TYPES[type] ?? [];
  if (wanted !== undefined && !known.includes(wanted))
    throw refusal(400, 'value', `criticalInfoType of ${type} is one of ${known.join(', ')}.`);

  const restricted = restrictionOf(story) !== undefined;
  const facts = story && !restricted ? criticalFacts(story) : [];
  const matches = facts.filter(
    fact =>
      fact.resource.resourceType === type &&
      (wanted === undefined || infoTypeOf(fact) === wanted) &&
      question.sees(fact.resource) === 'show',
  );
  const self = `${base}/${type}${wanted ? `?criticalInfoType=${wanted}` : ''}`;
  return fhirAnswer(
    searchset(base, {
      matches: matches.map(fact => kjResource(fact, question)),
      notices: restricted ? [closed] : [],
      links: [{ relation: 'self', url: self }],
    }),
  );
}

/** What Jonas restricted was never made, so it stays closed whatever the basis: it must not look as if there were none. */
const closed: Issue = accessIssue('warning', 'suppressed', 'restricted', 'Sperret av pasienten');

/** When the patient closed it; the hour is that of the patient's history. */
function restrictionOf(story: DemoPatient | undefined): string | undefined {
  const entry = story?.critical.find(({ status: said }) => said === 'sperret');
  return entry && oslo(entry.date, '10:00');
}

function ninIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('nin' in body)) return undefined;
  return typeof body.nin === 'string' ? body.nin : undefined;
}
