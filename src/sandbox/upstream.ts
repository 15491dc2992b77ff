import type { SandboxStore } from './sandbox.ts';
import { outcome } from './smart/outcome.ts';
import {
  asEntry,
  type Fields,
  fieldsOf,
  listOf,
  no,
  onlyOwn,
  ownEntry,
  refused,
} from './smart/upstream-guard.ts';
import type { Access, FhirRequest, FhirResponse, Intercept, SandboxPatient } from './types.ts';

export interface Upstream extends SandboxStore {
  /** The first twenty patients, for the EHR page's chooser. */
  readonly patients: () => Promise<readonly SandboxPatient[]>;
}

const PASSED_ON = [
  'accept',
  'content-type',
  'if-match',
  'if-none-match',
  'if-none-exist',
  'if-modified-since',
  'prefer',
];
const PASSED_BACK = ['etag', 'last-modified', 'location', 'content-location', 'retry-after'];

/**
 * An existing FHIR R4 server behind our authorization server (`npm start -- --fhir URL`).
 *
 * Scopes and patient are checked where it is cheap: by type, and by the references that name a
 * patient. A server that is to hold anything real needs its own access control.
 */
export function upstreamStore(upstreamBase: string, ownBase: string): Upstream {
  const base = upstreamBase.replace(/\/+$/, '');

  async function send({ method, path, query, headers, body }: FhirRequest): Promise<FhirResponse> {
    const search = query.size > 0 ? `?${query}` : '';
    const sent = new Headers();
    for (const name of PASSED_ON) {
      const value = headers.get(name);
      if (value !== null) sent.set(name, value);
    }
    if (!sent.has('accept') || sent.get('accept') === '*/*')
      sent.set('accept', 'application/fhir+json');
    // An upstream that answers gzip is unpacked by fetch; its length then no longer holds.
    const init: RequestInit = { method, headers: sent, redirect: 'manual' };
    if (body !== undefined) {
      if (!sent.has('content-type')) sent.set('content-type', 'application/fhir+json');
      init.body = JSON.stringify(body).replaceAll(`"${ownBase}/`, `"${base}/`);
    }
    try {
      const response = await fetch(`${base}${path ? `/${path}` : ''}${search}`, init);
      const text = await response.text();
      return { status: response.status, headers: answered(response.headers), body: parsed(text) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return no(
        502,
        'transient',
        `The FHIR server behind the sandbox, ${base}, does not answer. ${why}`,
      );
    }
  }

  // `http://x/fhir` is not the base of `http://x/fhir-old/Patient/1`.
  const ours = (text: string) =>
    text === base || /^[/?]/.test(text.startsWith(base) ? text.slice(base.length) : '')
      ? ownBase + text.slice(base.length)
      : text;

  function answered(headers: Headers): Record<string, string> {
    const kept = PASSED_BACK.flatMap(name => {
      const value = headers.get(name);
      return value === null ? [] : [[name, ours(value)] as const];
    });
    return Object.fromEntries(kept);
  }

  /** Paging links, full URLs and absolute references must stay below our base, or the client rightly refuses them. */
  function parsed(text: string): unknown {
    if (text === '') return undefined;
    try {
      const body: unknown = JSON.parse(text, (_, value: unknown) =>
        typeof value === 'string' ? ours(value) : value,
      );
      return body;
    } catch {
      return outcome('transient', 'The FHIR server behind the sandbox did not answer with JSON.');
    }
  }

  async function handle(
    request: FhirRequest,
    access: Access,
    intercept?: Intercept,
  ): Promise<FhirResponse> {
    if (request.path === 'metadata') return send(request);
    if (request.path === '' && request.method === 'POST') return batch(request, access, intercept);
    const refusal = refused(request, access);
    if (refusal) return refusal;
    return onlyOwn(await send(request), access);
  }

  /** Entries a fault rule or a scope takes are cut out; the rest goes upstream as one Bundle, in order. */
  async function batch(
    request: FhirRequest,
    access: Access,
    intercept?: Intercept,
  ): Promise<FhirResponse> {
    const bundle = fieldsOf(request.body);
    const entries = listOf(bundle['entry']);
    const taken = await Promise.all(
      entries.map(async entry => {
        const single = asRequest(entry);
        return (await intercept?.(single)) ?? refused(single, access);
      }),
    );
    const broken = taken.find(answer => answer !== undefined);
    // A transaction stands or falls as one.
    if (broken && bundle['type'] === 'transaction') return broken;
    const rest = entries.filter((_, index) => taken[index] === undefined);
    const answer: FhirResponse =
      rest.length === 0
        ? { status: 200, headers: {}, body: { resourceType: 'Bundle', type: 'batch-response' } }
        : await send({ ...request, body: { ...bundle, entry: rest } });
    if (answer.status !== 200) return answer;
    const answers = listOf(fieldsOf(answer.body)['entry']).map(entry => ownEntry(entry, access));
    const merged = taken.map(own => (own ? asEntry(own) : (answers.shift() ?? {})));
    return { ...answer, body: { ...fieldsOf(answer.body), entry: merged } };
  }

  async function patients(): Promise<readonly SandboxPatient[]> {
    const query = new URLSearchParams({ _count: '20' });
    const request = {
      method: 'GET',
      path: 'Patient',
      query,
      headers: new Headers(),
      body: undefined,
    };
    const { status, body } = await send(request);
    if (status !== 200) return [];
    return listOf(fieldsOf(body)['entry']).flatMap(entry => {
      const { resourceType, id, name, birthDate } = fieldsOf(entry['resource']);
      if (resourceType !== 'Patient' || typeof id !== 'string') return [];
      const born = typeof birthDate === 'string' ? birthDate : 'ukjent';
      return [{ id, patientId: id, name: nameOf(listOf(name)[0] ?? {}) || id, born }];
    });
  }

  return { handle, patients, load: () => undefined, at: () => undefined, all: () => [] };
}

function asRequest(entry: Fields): FhirRequest {
  const { method, url } = fieldsOf(entry['request']);
  const [path = '', search = ''] = String(url).replace(/^\//, '').split('?', 2);
  return {
    method: String(method),
    path,
    query: new URLSearchParams(search),
    headers: new Headers(),
    body: entry['resource'],
  };
}

function nameOf(name: Fields): string {
  if (typeof name['text'] === 'string') return name['text'];
  const given = Array.isArray(name['given']) ? name['given'].join(' ') : '';
  return `${given} ${typeof name['family'] === 'string' ? name['family'] : ''}`.trim();
}
