/** Which interaction a request is (FHIR R4, RESTful API §3.1.0). */
import { isKept, isResourceType } from '../r4/table.ts';
import type { FhirRequest } from '../types.ts';
import { isObject } from './json.ts';
import { refusal } from './outcome.ts';

export type Interaction =
  | { readonly kind: 'capabilities' }
  | { readonly kind: 'bundle' }
  | { readonly kind: 'search'; readonly type: string; readonly params: URLSearchParams }
  | { readonly kind: 'create'; readonly type: string }
  | { readonly kind: 'update-matching'; readonly type: string; readonly params: URLSearchParams }
  | { readonly kind: 'delete-matching'; readonly type: string; readonly params: URLSearchParams }
  | { readonly kind: 'type-history'; readonly type: string }
  | {
      readonly kind: 'read' | 'update' | 'delete' | 'history' | 'everything';
      readonly type: string;
      readonly id: string;
    }
  | {
      readonly kind: 'vread';
      readonly type: string;
      readonly id: string;
      readonly version: string;
    };

export function interactionOf(request: FhirRequest): Interaction {
  const method = request.method.toUpperCase();
  const [type = '', id = '', operation = '', version = '', ...more] = request.path
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map(decode);
  if (more.length > 0) throw unknownAddress(request);
  demandJson(request);
  if (type === 'metadata' && id === '' && method === 'GET') return { kind: 'capabilities' };
  if (type === '') {
    if (method === 'POST') return { kind: 'bundle' };
    throw refusal(400, 'not-supported', 'Searching across all types is not supported.');
  }
  demandKept(type);
  switch (`${method} ${shapeOf(id, operation, version)}`) {
    case 'GET type':
      return { kind: 'search', type, params: request.query };
    case 'POST type/_search':
      return { kind: 'search', type, params: withForm(request) };
    case 'POST type':
      return { kind: 'create', type };
    case 'PUT type':
      return { kind: 'update-matching', type, params: request.query };
    case 'DELETE type':
      return { kind: 'delete-matching', type, params: request.query };
    case 'GET type/_history':
      return { kind: 'type-history', type };
    case 'GET type/id':
      return { kind: 'read', type, id };
    case 'PUT type/id':
      return { kind: 'update', type, id };
    case 'DELETE type/id':
      return { kind: 'delete', type, id };
    case 'GET type/id/_history':
      return { kind: 'history', type, id };
    case 'GET type/id/_history/version':
      return { kind: 'vread', type, id, version };
    case 'GET type/id/$everything':
      if (type === 'Patient') return { kind: 'everything', type, id };
      throw unknownAddress(request);
    default:
      throw unknownAddress(request);
  }
}

/** The `Prefer` header: `return=minimal`, `handling=strict` (FHIR R4, RESTful API §3.1.0.1.8). */
export function preference(request: FhirRequest, name: 'return' | 'handling'): string | undefined {
  const parts = (request.headers.get('Prefer') ?? '').split(/[;,]/).map(each => each.trim());
  return parts.find(each => each.startsWith(`${name}=`))?.slice(name.length + 1);
}

function shapeOf(id: string, operation: string, version: string): string {
  if (id === '') return 'type';
  if (id === '_search' || id === '_history') return operation === '' ? `type/${id}` : '?';
  if (!/^[A-Za-z0-9\-.]{1,64}$/.test(id)) return '?';
  if (operation === '') return 'type/id';
  if (version !== '') return operation === '_history' ? 'type/id/_history/version' : '?';
  return operation === '_history' || operation === '$everything' ? `type/id/${operation}` : '?';
}

function demandKept(type: string): void {
  if (isKept(type)) return;
  if (isResourceType(type)) {
    throw refusal(
      404,
      'not-supported',
      `${type} is an R4 resource type that this server does not keep.`,
    );
  }
  throw refusal(404, 'not-found', `${type} is not an R4 resource type.`);
}

/** FHIR R4, RESTful API §3.1.0.1.11: JSON only, in and out. */
function demandJson(request: FhirRequest): void {
  const format = request.query.get('_format') ?? request.headers.get('Accept') ?? '';
  const accepts = format === '' || /json|\*\/\*|application\/\*/.test(format);
  if (!accepts)
    throw refusal(406, 'not-supported', `This server answers in JSON, not in ${format}.`);
  const sent = request.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (sent === undefined || request.method === 'GET' || request.method === 'DELETE') return;
  const isForm = request.path.endsWith('_search') && sent === 'application/x-www-form-urlencoded';
  if (isForm || sent === 'application/fhir+json' || sent === 'application/json') return;
  throw refusal(415, 'not-supported', `The body must be application/fhir+json, not ${sent}.`);
}

/** A form body as the HTTP layer gives it: text, URLSearchParams or an object of strings. */
function withForm(request: FhirRequest): URLSearchParams {
  const all = new URLSearchParams(request.query);
  for (const [name, value] of formOf(request.body)) all.append(name, value);
  return all;
}

function formOf(body: unknown): URLSearchParams {
  if (body instanceof URLSearchParams) return body;
  if (typeof body === 'string') return new URLSearchParams(body);
  if (!isObject(body)) return new URLSearchParams();
  const pairs = Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(each => [name, String(each)]),
  );
  return new URLSearchParams(pairs);
}

function unknownAddress(request: FhirRequest): Error {
  const where = `${request.method.toUpperCase()} ${request.path}`;
  const status = request.method.toUpperCase() === 'PATCH' ? 405 : 404;
  return refusal(status, 'not-supported', `${where} is not an interaction of this server.`);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
