import { withoutGaps } from '../demo/fhir.ts';
import type { DemoPatient } from '../demo/source.ts';
import { FHIR_JSON, refusal } from '../store/outcome.ts';
import type { Access, Resource, Visibility } from '../types.ts';

/** A patient's national id, FNR or D-number. */
export interface NationalId {
  readonly system: string;
  readonly value: string;
}

/** One question to a source, once token, blocking and role have been checked. */
export interface Question {
  readonly request: Request;
  /** Below the source's base: `Patient/$getMedication`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** `http://localhost:8080/kj` */
  readonly base: string;
  readonly access: Access;
  /** Undefined: a patient from a file, of whom no source knows anything. */
  readonly story: DemoPatient | undefined;
  /** How the source names the patient inside resources: never by the EHR's own id. */
  readonly subject: { readonly identifier: NationalId; readonly display: string };
  /** What this user may see of the EHR's copy, and so of the source's. */
  readonly sees: (resource: Resource) => Visibility;
  /** The source does not answer for this patient just now. */
  readonly silent: boolean;
  /** Throws 400 when nobody is named, and 403 when somebody else than the token's patient is. */
  readonly demandPatient: (named: Partial<NationalId> | undefined) => void;
}

export interface Source {
  /** A role that is not granted this FHIR type on the patient is not answered. */
  readonly type: string;
  readonly answer: (question: Question) => Promise<Response>;
}

export function fhirAnswer(body: Resource, headers: Readonly<Record<string, string>> = {}) {
  return new Response(JSON.stringify(withoutGaps(body)), {
    headers: { ...FHIR_JSON, 'Cache-Control': 'no-store', ...headers },
  });
}

export function jsonAnswer(body: unknown, status = 200) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}

export function demandMethod({ request, path }: Question, method: string): void {
  if (request.method !== method)
    throw refusal(405, 'not-supported', `${path} is asked with ${method}.`);
}

export function notHere({ base, path }: Question): Error {
  return refusal(404, 'not-found', `There is no ${path} at ${base}.`);
}

/** The body of a search by POST: the only place a search may name the patient (FHIR R4 3.1.1.1; HL7 Norway best practice). */
export async function formOf({ request }: Question): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded'))
    throw refusal(415, 'not-supported', 'A search by POST is application/x-www-form-urlencoded.');
  return new URLSearchParams(await request.text());
}

/** The body as JSON, or 400. */
export async function jsonOf({ request }: Question): Promise<unknown> {
  try {
    const body: unknown = JSON.parse(await request.text());
    return body;
  } catch {
    throw refusal(400, 'structure', 'The body is not valid JSON.');
  }
}

/** `patient.identifier=<system>|<value>` */
export function patientIn(form: URLSearchParams): Partial<NationalId> | undefined {
  const [system, value] = (form.get('patient.identifier') ?? '').split('|');
  return system && value ? { system, value } : undefined;
}

/** The header carries the number alone: NHN's sources tell FNR and D-number apart themselves. */
export function patientInHeader({ request }: Question): Partial<NationalId> | undefined {
  const value = request.headers.get('nhn-patient-nin');
  return value === null ? undefined : { value };
}

/** A whole number from 1 in a search, or 400. */
export function countIn(form: URLSearchParams, name: string, usual: number): number {
  const text = form.get(name);
  if (text === null) return usual;
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw refusal(400, 'value', `${name} must be a whole number from 1.`);
  return Number(text);
}
