import type { FhirRequest } from '../types.ts';
import { refuse } from './outcome.ts';

const LARGEST_BODY = 10_000_000;

const JSON_TYPES = /^(application\/fhir\+json|application\/json|text\/json)$/;
const JSON_OR_ANY =
  /^(application\/fhir\+json|application\/json|application\/json-patch\+json|text\/json|application\/\*|\*\/\*)$/;
const JSON_FORMATS = new Set(['json', 'application/json', 'application/fhir+json', 'text/json']);

const plain = (mediaType: string) => (mediaType.split(';')[0] ?? '').trim().toLowerCase();

/** FHIR R4, 3.1.0.1.11: JSON only here; 406 tells the client so. A Binary may be asked for as itself. */
export function notAcceptable(
  request: Request,
  path: string,
  query: URLSearchParams,
): Response | undefined {
  const format = query.get('_format');
  if (format !== null) {
    // An unescaped `+` in `_format=application/fhir+json` arrives as a blank.
    const wanted = plain(format.replace(' ', '+'));
    return JSON_FORMATS.has(wanted)
      ? undefined
      : refuse(406, 'not-supported', `_format=${format} is not offered, only JSON.`);
  }
  const accept = request.headers.get('accept');
  if (!accept || path.startsWith('Binary/')) return undefined;
  if (accept.split(',').some(one => JSON_OR_ANY.test(plain(one)))) return undefined;
  return refuse(
    406,
    'not-supported',
    `Accept: ${accept} is not offered, only application/fhir+json.`,
  );
}

export interface ReadBody {
  readonly body: unknown;
  readonly form: URLSearchParams;
}

/** The body of one interaction, or the refusal: 413 too large, 415 not JSON, 400 not parseable. */
export async function bodyOf(request: Request, path: string): Promise<ReadBody | Response> {
  const none = new URLSearchParams();
  if (request.method === 'GET' || request.method === 'HEAD') return { body: undefined, form: none };
  const text = await request.text();
  if (text.length > LARGEST_BODY) return refuse(413, 'too-long', 'The body is larger than 10 MB.');
  if (text === '') return { body: undefined, form: none };

  const type = plain(request.headers.get('content-type') ?? '');
  if (/(^|\/)_search$/.test(path)) {
    return type === 'application/x-www-form-urlencoded'
      ? { body: undefined, form: new URLSearchParams(text) }
      : refuse(415, 'not-supported', 'A search by POST is application/x-www-form-urlencoded.');
  }
  const isJson =
    JSON_TYPES.test(type) || (request.method === 'PATCH' && type === 'application/json-patch+json');
  if (!isJson) {
    return refuse(
      415,
      'not-supported',
      `Content-Type ${type || 'is missing'}; send application/fhir+json.`,
    );
  }
  try {
    const body: unknown = JSON.parse(text);
    return { body, form: none };
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return refuse(400, 'structure', `The body is not valid JSON. ${why}`);
  }
}

export const isPatchOrWrite = ({ method }: FhirRequest) =>
  method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE';
