/** The entries of a batch or transaction, each as a request of its own (FHIR R4, Bundle.entry.request). */
import type { FhirRequest, FhirResponse } from '../types.ts';
import { asList, isObject, type Json, textAt } from './json.ts';
import { outcomeOf, type Refusal, refusal } from './outcome.ts';

export interface Entry {
  readonly at: number;
  /** `PUT Task/t1` */
  readonly name: string;
  readonly fullUrl: string | undefined;
  readonly request: FhirRequest;
}

const HEADERS: Readonly<Record<string, string>> = {
  ifMatch: 'If-Match',
  ifNoneMatch: 'If-None-Match',
  ifNoneExist: 'If-None-Exist',
};

export function entriesOf(
  outer: FhirRequest,
  baseUrl: string,
): {
  readonly kind: 'batch' | 'transaction';
  readonly entries: readonly Entry[];
} {
  const { body } = outer;
  if (!isObject(body) || body['resourceType'] !== 'Bundle') {
    throw refusal(400, 'structure', 'The body is not a Bundle.');
  }
  const kind = body['type'];
  if (kind !== 'batch' && kind !== 'transaction') {
    throw refusal(400, 'value', 'Only a batch or a transaction can be posted here.', 'Bundle.type');
  }
  const entries = asList(body['entry']).map((each, at) => entryOf(each, at, outer, baseUrl));
  return { kind, entries };
}

function entryOf(entry: unknown, at: number, outer: FhirRequest, baseUrl: string): Entry {
  const where = `Bundle.entry[${at}].request`;
  const asked = isObject(entry) ? entry['request'] : undefined;
  const method = textAt(asked, 'method');
  const url = textAt(asked, 'url');
  if (!isObject(asked) || method === undefined || url === undefined) {
    throw refusal(400, 'required', `Entry ${at} has no request with method and url.`, where);
  }
  const address = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length + 1) : url;
  if (/^[a-z]+:/i.test(address)) {
    throw refusal(400, 'value', `Entry ${at} asks another server: ${url}.`, `${where}.url`);
  }
  const [path = '', ...query] = address.split('?');
  return {
    at,
    name: `${method} ${url}`,
    fullUrl: textAt(entry, 'fullUrl'),
    request: {
      method,
      path,
      query: new URLSearchParams(query.join('?')),
      headers: headersOf(asked, outer),
      body: isObject(entry) ? entry['resource'] : undefined,
    },
  };
}

/** `Prefer` on the bundle counts for each entry. */
function headersOf(asked: Json, outer: FhirRequest): Headers {
  const headers = new Headers();
  const prefer = outer.headers.get('Prefer');
  if (prefer !== null) headers.set('Prefer', prefer);
  for (const [field, header] of Object.entries(HEADERS)) {
    const value = textAt(asked, field);
    if (value !== undefined) headers.set(header, value);
  }
  return headers;
}

/** One response as an entry: a refusal goes into `response.outcome`. */
export function responseEntry(response: FhirResponse): object {
  const { status, headers, body } = response;
  const isOutcome = isObject(body) && body['resourceType'] === 'OperationOutcome';
  const modified = headers['Last-Modified'];
  return {
    ...(body !== undefined && !isOutcome ? { resource: body } : {}),
    response: {
      status: `${status} ${REASONS[status] ?? ''}`.trim(),
      ...(headers['Location'] === undefined ? {} : { location: headers['Location'] }),
      ...(headers['ETag'] === undefined ? {} : { etag: headers['ETag'] }),
      ...(modified === undefined ? {} : { lastModified: instantOf(body, modified) }),
      ...(isOutcome ? { outcome: body } : {}),
    },
  };
}

export function responseBundle(kind: string, entries: readonly object[]): object {
  const bundle = { resourceType: 'Bundle', type: `${kind}-response` };
  return entries.length > 0 ? { ...bundle, entry: entries } : bundle;
}

/** The refusal of one entry as the refusal of the whole transaction. */
export function named(entry: Entry, refused: Refusal): FhirResponse['body'] {
  const issues = refused.issues.map(issue => ({
    ...issue,
    diagnostics: `Entry ${entry.at} (${entry.name}): ${issue.diagnostics}`,
    expression: [`Bundle.entry[${entry.at}]`, ...(issue.expression ?? [])],
  }));
  return outcomeOf(issues);
}

/** Trap: an HTTP date has no milliseconds and is not an instant; the resource knows the instant itself. */
function instantOf(body: unknown, httpDate: string): string {
  const meta = isObject(body) ? body['meta'] : undefined;
  return textAt(meta, 'lastUpdated') ?? new Date(httpDate).toISOString();
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
