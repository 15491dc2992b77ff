import type { Access, FhirServer, SandboxPatient } from '../types.ts';

/** What the mock journal itself shows of a patient, beside the sidebar. */
export interface Chart {
  readonly name: string;
  readonly born: string;
  readonly note: string;
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
  const current = encounters.find(encounter => encounter['status'] === 'in-progress');
  const reason = listOf(current?.['reasonCode']).map(textOf).find(Boolean);
  return {
    name: patient.name,
    born: patient.born,
    note: reason ?? 'Ingen åpen kontakt med kontaktårsak.',
    diagnoses: conditions
      .filter(one => one['resourceType'] === 'Condition')
      .flatMap(one => lineOf(fieldsOf(one['code'])) ?? []),
  };
}

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
