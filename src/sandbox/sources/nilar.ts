import { systems, volven } from '../demo/fhir.ts';
import { results } from '../demo/results.ts';
import { organization } from '../demo/source.ts';
import type { Resource } from '../types.ts';
import { pagedSearch } from './paged-search.ts';
import type { Question, Source } from './source.ts';

/** Norsk laboratoriekodeverk (Volven 7280), for the analyses whose code is certain; the rest have their name. */
const nlk: readonly (readonly [RegExp, string])[] = [
  [/ALAT/, 'NPU19651'],
  [/^CRP$/, 'NPU19748'],
  [/^Ferritin$/, 'NPU19763'],
  [/^HbA1c$/, 'NPU27300'],
  [/^Hemoglobin$/, 'NOR05172'],
  [/^INR$/, 'NPU01685'],
  [/^Kalium$/, 'NPU03230'],
  [/^Kreatinin$/, 'NPU18016'],
  [/^Leukocytter$/, 'NPU02593'],
  [/^TSH$/, 'NPU03577'],
];

const NILAR = 'http://nhn.no/fhir/nilar/StructureDefinition/';

/** Pasientens prøvesvar (FHIR.md 10): the laboratory's own answers, of which the EHR holds copies. */
export function nilar(): Source {
  return { type: 'DiagnosticReport', answer: pagedSearch('DiagnosticReport', find) };
}

function find(question: Question, form: URLSearchParams) {
  const { story } = question;
  const seen = (story ? results(story) : [])
    .map(({ resource }) => resource)
    .filter(resource => question.sees(resource) === 'show');
  const reports = seen.filter(({ resourceType }) => resourceType === 'DiagnosticReport');
  const withResults = form.getAll('_include').includes('DiagnosticReport:result');
  const answers = new Map(
    seen
      .filter(({ resourceType }) => resourceType === 'Observation')
      .map(resource => [`Observation/nilar-${resource.id}`, observation(question, resource)]),
  );
  return {
    matches: reports
      .sort((a, b) => String(b['effectiveDateTime']).localeCompare(String(a['effectiveDateTime'])))
      .map(resource => report(question, resource)),
    includes: (match: Resource) =>
      withResults ? referencesIn(match['result']).flatMap(ref => answers.get(ref) ?? []) : [],
  };
}

function report(question: Question, resource: Resource): Resource {
  return {
    ...atLaboratory(question, resource, 'NilarDiagnosticReport'),
    result: referencesIn(resource['result']).map(reference => ({
      reference: reference.replace('Observation/', 'Observation/nilar-'),
    })),
  };
}

function observation(question: Question, resource: Resource): Resource {
  const name = textOf(resource['code']);
  const [, code] = nlk.find(([pattern]) => pattern.test(name)) ?? [];
  return {
    ...atLaboratory(question, resource, 'NilarObservation'),
    code: { coding: code ? [volven(7280, code, name)] : undefined, text: name },
  };
}

function atLaboratory({ subject }: Question, resource: Resource, profile: string): Resource {
  const { orgnr, name } = organization('org-hf');
  return {
    ...resource,
    id: `nilar-${resource.id}`,
    meta: { ...resource.meta, profile: [NILAR + profile] },
    subject,
    performer: [
      { identifier: { system: systems.orgnr, value: orgnr }, display: `${name}, laboratoriet` },
    ],
  };
}

function referencesIn(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap(one =>
    typeof one === 'object' && one !== null && 'reference' in one ? String(one.reference) : [],
  );
}

const textOf = (code: unknown) =>
  typeof code === 'object' && code !== null && 'text' in code ? String(code.text) : '';
