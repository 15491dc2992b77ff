import type { Access, FhirRequest, FhirResponse } from '../types.ts';
import { outcome } from './outcome.ts';
import { covers, type Interaction } from './scopes.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Level, type and letter; then, for a token bound to a patient, the patient named in path and body. */
export function refused(
  request: FhirRequest,
  { scopes, patient }: Access,
): FhirResponse | undefined {
  const [type = '', id] = request.path.split('/');
  const letter = letterOf(request.method, id);
  // The next page of a search is opaque at most servers (`?_getpages=`); its entries are checked as they come.
  if (type === '' && request.method === 'GET') return undefined;
  const wide = covers(scopes, 'user', type, letter);
  if (wide) return undefined;
  if (!patient || !covers(scopes, 'patient', type, letter)) {
    return no(403, 'forbidden', `The granted scopes do not cover ${request.method} ${type}.`);
  }
  const otherPatient = type === 'Patient' && id !== undefined && id !== patient;
  const about = request.body === undefined ? [] : patientsIn(fieldsOf(request.body));
  if (otherPatient || about.some(one => one !== patient)) {
    return no(403, 'forbidden', 'The token is for another patient.');
  }
  return undefined;
}

function letterOf(method: string, id: string | undefined): Interaction {
  switch (method) {
    case 'POST':
      return 'c';
    case 'PUT':
    case 'PATCH':
      return 'u';
    case 'DELETE':
      return 'd';
    default:
      return id === undefined ? 's' : 'r';
  }
}

/** What comes back about somebody else is not passed on under patient-level scopes. */
export function onlyOwn(answer: FhirResponse, access: Access): FhirResponse {
  const body = fieldsOf(answer.body);
  if (body['resourceType'] !== 'Bundle') {
    return isForeign(body, access)
      ? no(403, 'forbidden', 'The token is for another patient.')
      : answer;
  }
  const entry = listOf(body['entry']).filter(one => !isForeign(fieldsOf(one['resource']), access));
  return { ...answer, body: { ...body, ...('entry' in body ? { entry } : {}) } };
}

export function ownEntry(entry: Fields, access: Access): Fields {
  const resource = fieldsOf(entry['resource']);
  if (!entry['resource']) return entry;
  const { status, body } = onlyOwn({ status: 200, headers: {}, body: resource }, access);
  return status === 200 ? { ...entry, resource: body } : asEntry({ status, headers: {}, body });
}

function isForeign(resource: Fields, { patient, scopes }: Access): boolean {
  const type = resource['resourceType'];
  if (typeof type !== 'string' || type === 'OperationOutcome') return false;
  const may = (level: 'patient' | 'user') =>
    covers(scopes, level, type, 'r') || covers(scopes, level, type, 's');
  if (may('user')) return false;
  return !may('patient') || patientsIn(resource).some(one => one !== patient);
}

/** The patients a resource is about. */
function patientsIn(resource: Fields): readonly string[] {
  if (resource['resourceType'] === 'Patient')
    return typeof resource['id'] === 'string' ? [resource['id']] : [];
  return [
    resource['subject'],
    resource['patient'],
    resource['for'],
    resource['beneficiary'],
  ].flatMap(element => {
    const reference = fieldsOf(element)['reference'];
    const [, id] =
      /(?:^|\/)Patient\/([^/]+)/.exec(typeof reference === 'string' ? reference : '') ?? [];
    return id ? [id] : [];
  });
}

export const asEntry = ({ status, body }: FhirResponse): Fields => ({
  response: { status: String(status), outcome: body },
});

export const no = (status: number, code: string, text: string): FhirResponse => ({
  status,
  headers: {},
  body: outcome(code, text),
});

export const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : [];

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? { ...value } : {};
