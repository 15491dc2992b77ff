import { inNorwegian } from '../smart/clock.ts';
import type { Access, FhirServer, SandboxPatient } from '../types.ts';

/** What the mock journal itself shows of a patient, beside the sidebar. */
export interface Chart {
  readonly name: string;
  readonly born: string;
  /** The latest first. */
  readonly contacts: readonly string[];
  readonly diagnoses: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Read through the FHIR server as the user, so the journal too shows nobody more than they may see. */
export async function readChart(
  server: FhirServer,
  patient: SandboxPatient,
  access: Access,
): Promise<Chart> {
  const ask = async (
    path: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<readonly Fields[]> => {
    const request = {
      method: 'GET',
      path,
      query: new URLSearchParams(query),
      headers: new Headers(),
      body: undefined,
    };
    const { status, body } = await server.handle(request, access);
    if (status !== 200) return [];
    const answer = fieldsOf(body);
    return answer['resourceType'] === 'Bundle'
      ? listOf(answer['entry']).map(entry => fieldsOf(entry['resource']))
      : [answer];
  };
  const [conditions, encounters] = await Promise.all([
    ask('Condition', { patient: patient.patientId }),
    ask('Encounter', { patient: patient.patientId }),
  ]);
  return {
    name: patient.name,
    born: inNorwegian(patient.born),
    contacts: encounters
      .filter(isOf('Encounter'))
      .map(contactLine)
      .sort(latestFirst)
      .slice(0, 3)
      .map(({ line }) => line),
    diagnoses: conditions
      .filter(isOf('Condition'))
      .filter(isDiagnosis)
      .flatMap(one => lineOf(fieldsOf(one['code'])) ?? []),
  };
}

/** A searchset may also hold an OperationOutcome. */
const isOf = (type: string) => (resource: Fields) => resource['resourceType'] === type;

/** A plan's zones and an implant are Conditions too; a journal lists neither as a diagnosis. */
function isDiagnosis(condition: Fields): boolean {
  const codes = listOf(condition['category'])
    .flatMap(one => listOf(one['coding']))
    .map(one => one['code']);
  return (
    codes.length === 0 ||
    codes.includes('problem-list-item') ||
    codes.includes('encounter-diagnosis')
  );
}

function contactLine(encounter: Fields) {
  const period = fieldsOf(encounter['period']);
  const start = typeof period['start'] === 'string' ? period['start'] : '';
  const what = [...listOf(encounter['reasonCode']), ...listOf(encounter['type'])]
    .map(textOf)
    .find(Boolean);
  return {
    start,
    line: [inNorwegian(start.slice(0, 10)), what ?? 'Kontakt'].filter(Boolean).join(' '),
  };
}

const latestFirst = (one: { readonly start: string }, other: { readonly start: string }) =>
  other.start.localeCompare(one.start);

function lineOf(code: Fields): string | undefined {
  const text = textOf(code);
  const id = listOf(code['coding'])[0]?.['code'];
  return text && typeof id === 'string' && !text.includes(id) ? `${id} ${text}` : text;
}

function textOf(codeable: Fields): string | undefined {
  const display = codeable['text'] ?? listOf(codeable['coding'])[0]?.['display'];
  return typeof display === 'string' ? display : undefined;
}

const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : [];

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? { ...value } : {};
