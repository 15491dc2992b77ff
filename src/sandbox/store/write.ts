/** create, update and delete, conditional or not (FHIR R4, RESTful API §3.1.0.4 to .8). */
import type { FhirRequest, FhirResponse, Resource } from '../types.ts';
import { isObject, isResource } from './json.ts';
import type { Memory, Version } from './memory.ts';
import { FHIR_JSON, outcomeOf, Refusal, refusal } from './outcome.ts';
import { readQuery } from './query.ts';
import { etagOf, lastAlive, versionHeaders } from './read.ts';
import { preference } from './request.ts';
import { matching } from './search.ts';
import { validate } from './validate.ts';
import type { View } from './view.ts';

export interface WritePlace {
  readonly memory: Memory;
  readonly view: View;
  readonly baseUrl: string;
  /** Runs now, or at the end of a transaction when what the resource points at is there too. */
  readonly check: (test: () => void) => void;
}

/** `id` is given beforehand in a transaction, so that other entries can point at it. */
export function create(
  place: WritePlace,
  type: string,
  request: FhirRequest,
  id: string = place.memory.newId(type),
): FhirResponse {
  place.view.demand(type, 'c');
  const condition = request.headers.get('If-None-Exist');
  if (condition !== null) {
    const params = new URLSearchParams(condition.replace(/^.*\?/, ''));
    const existing = oneMatch(place, type, params, 'c');
    if (existing) return there(place, existing, request);
  }
  const resource = resourceIn(request, type);
  return put(place, { ...resource, id }, 'POST', request);
}

export function update(
  place: WritePlace,
  type: string,
  id: string,
  request: FhirRequest,
): FhirResponse {
  const key = `${type}/${id}`;
  const current = place.memory.current(key);
  place.view.demand(type, current ? 'u' : 'c');
  // Trap: without this, an update could bring a resource into the caller's reach from another record.
  const before = current ?? lastAlive(place.memory.versions(key));
  if (before) place.view.demandShown(before, current ? 'u' : 'c');
  demandExpected(place.memory.versions(key).at(-1), current, request);
  const resource = resourceIn(request, type);
  if (resource.id !== id) {
    const says = `The resource says id ${resource.id ?? '(none)'} and the address says ${id}.`;
    throw refusal(400, 'invalid', says, `${type}.id`);
  }
  return put(place, resource, 'PUT', request);
}

/** FHIR R4, conditional update: none -> create, one -> update, several -> 412. */
export function updateMatching(
  place: WritePlace,
  type: string,
  params: URLSearchParams,
  request: FhirRequest,
  newId?: string,
): FhirResponse {
  place.view.demand(type, 'u');
  const existing = oneMatch(place, type, params, 'u');
  const resource = resourceIn(request, type);
  if (existing?.id !== undefined) {
    if (resource.id !== undefined && resource.id !== existing.id) {
      throw refusal(
        400,
        'invalid',
        `The match is ${type}/${existing.id}, not ${type}/${resource.id}.`,
      );
    }
    return update(place, type, existing.id, withBody(request, { ...resource, id: existing.id }));
  }
  if (resource.id !== undefined) return update(place, type, resource.id, request);
  const plain = new Headers(request.headers);
  plain.delete('If-None-Exist');
  return create(place, type, { ...request, headers: plain }, newId);
}

export function remove(
  place: WritePlace,
  type: string,
  id: string,
  request: FhirRequest,
): FhirResponse {
  const key = `${type}/${id}`;
  place.view.demand(type, 'd');
  const current = place.memory.current(key);
  if (current) place.view.demandShown(current, 'd');
  demandExpected(place.memory.versions(key).at(-1), current, request);
  if (!current) return { status: 204, headers: {}, body: undefined };
  const version = place.memory.remove(key, place.view.access.now());
  return { status: 204, headers: version ? { ETag: etagOf(version) } : {}, body: undefined };
}

export function removeMatching(
  place: WritePlace,
  type: string,
  params: URLSearchParams,
  request: FhirRequest,
): FhirResponse {
  place.view.demand(type, 'd');
  const existing = oneMatch(place, type, params, 'd');
  if (existing?.id === undefined) return { status: 204, headers: {}, body: undefined };
  return remove(place, type, existing.id, request);
}

/** FHIR R4: a condition that matches several is refused with 412, and one that is not understood with 400. */
export function oneMatch(
  place: Pick<WritePlace, 'memory' | 'view'>,
  type: string,
  params: URLSearchParams,
  operation: 'c' | 'u' | 'd',
): Resource | undefined {
  const query = readQuery(type, params, place.view.world);
  // Trap: an ignored parameter would make «this one» mean «any of them».
  if (query.ignored.length > 0) throw new Refusal(400, query.ignored);
  if (query.criteria.length === 0) {
    throw refusal(400, 'invalid', 'A conditional write needs at least one search parameter.');
  }
  const { shown } = matching(place.memory, place.view, query, operation);
  if (shown.length > 1) {
    throw refusal(412, 'multiple-matches', `${shown.length} resources match ${params.toString()}.`);
  }
  return shown[0];
}

function put(
  place: WritePlace,
  resource: Resource,
  method: 'POST' | 'PUT',
  request: FhirRequest,
): FhirResponse {
  const { memory, view } = place;
  const existed = memory.current(`${resource.resourceType}/${resource.id ?? ''}`) !== undefined;
  const issues = validate(resource);
  if (issues.length > 0) {
    const status = issues.some(each => each.code === 'structure' || each.code === 'value')
      ? 400
      : 422;
    throw new Refusal(status, issues);
  }
  place.check(() => view.demandWritable(resource, existed ? 'u' : 'c'));
  const version = memory.keep(resource, method, view.access.now());
  const headers = versionHeaders(version);
  const location = `${place.baseUrl}/${version.type}/${version.id}/_history/${version.versionId}`;
  return existed
    ? written(200, headers, version, request)
    : written(201, { ...headers, Location: location }, version, request);
}

/** FHIR R4, conditional create with one match: nothing is written, and what is there is answered. */
function there(place: WritePlace, existing: Resource, request: FhirRequest): FhirResponse {
  place.view.demandShown(existing, 'c');
  const version = place.memory.versions(`${existing.resourceType}/${existing.id ?? ''}`).at(-1);
  if (!version) throw refusal(404, 'not-found', 'The match is gone.');
  const location = `${place.baseUrl}/${version.type}/${version.id}/_history/${version.versionId}`;
  return written(200, { ...versionHeaders(version), Location: location }, version, request);
}

function written(
  status: number,
  headers: Readonly<Record<string, string>>,
  version: Version,
  request: FhirRequest,
): FhirResponse {
  switch (preference(request, 'return')) {
    case 'minimal':
      return { status, headers, body: undefined };
    case 'OperationOutcome': {
      const diagnostics = `${version.type}/${version.id} is stored as version ${version.versionId}.`;
      const issue = { severity: 'information', code: 'informational', diagnostics } as const;
      return { status, headers: { ...headers, ...FHIR_JSON }, body: outcomeOf([issue]) };
    }
    default:
      return { status, headers: { ...headers, ...FHIR_JSON }, body: version.resource };
  }
}

/** FHIR R4, RESTful API §3.1.0.5.1: `If-Match: W/"3"` and `If-None-Match: *`. */
function demandExpected(
  last: Version | undefined,
  current: Resource | undefined,
  request: FhirRequest,
): void {
  if (request.headers.get('If-None-Match') === '*' && current) {
    throw refusal(412, 'duplicate', `${current.resourceType}/${current.id ?? ''} exists already.`);
  }
  const expected = request.headers.get('If-Match');
  if (expected === null) return;
  const named = /^(?:W\/)?"([^"]+)"$/.exec(expected.trim())?.[1];
  if (named === undefined)
    throw refusal(400, 'value', `If-Match ${expected} is not of the form W/"1".`);
  if (last && current && last.versionId === named) return;
  const is = last && current ? `is now version ${last.versionId}` : 'does not exist';
  throw refusal(
    412,
    'conflict',
    `The change was made to version ${named}, and the resource ${is}.`,
  );
}

function resourceIn(request: FhirRequest, type: string): Resource {
  const { body } = request;
  if (!isObject(body)) throw refusal(400, 'structure', 'The body is not a JSON object.');
  if (!isResource(body)) throw refusal(400, 'structure', 'The body has no resourceType.');
  if (body.resourceType !== type) {
    const says = `The body is a ${body.resourceType} and the address says ${type}.`;
    throw refusal(400, 'invalid', says, 'resourceType');
  }
  return body;
}

function withBody(request: FhirRequest, body: unknown): FhirRequest {
  return { ...request, body };
}
