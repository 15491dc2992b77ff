/** A store with two patients, and people to ask it as. Only the public surface of the store is used. */
import { createStore, type Store, type StoreOptions } from '../src/sandbox/store/store.ts';
import type { Access, FhirResponse, Intercept, Resource } from '../src/sandbox/types.ts';

export const BASE = 'http://localhost:8080/fhir';
export const NOW = new Date('2026-11-21T20:15:00.000Z');

export function access(scopes: string, rest: Partial<Access> = {}): Access {
  return {
    user: 'u-lv',
    patient: undefined,
    scopes: scopes.split(' '),
    purpose: 'TREAT',
    now: () => NOW,
    ...rest,
  };
}

/** Everything, about everyone. */
export const machine = access('system/*.cruds');
/** Everything about Kari (p1), as SMART v2 and as v1. */
export const withKari = access('patient/*.cruds', { patient: 'p1' });
export const withKariV1 = access('patient/*.*', { patient: 'p1' });

export const KARI = { reference: 'Patient/p1' };
export const OLA = { reference: 'Patient/p2' };

export const SEEDS: readonly Resource[] = [
  {
    resourceType: 'Patient',
    id: 'p1',
    name: [{ given: ['Kari'], family: 'Ås' }],
    birthDate: '1990-02-28',
  },
  {
    resourceType: 'Patient',
    id: 'p2',
    name: [{ given: ['Øystein'], family: 'Næss' }],
    birthDate: '1971',
  },
  {
    resourceType: 'Practitioner',
    id: 'd1',
    name: [{ given: ['Liv'], family: 'Lege' }],
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.4', value: '9000001' }],
  },
  {
    resourceType: 'PractitionerRole',
    id: 'r1',
    practitioner: { reference: 'Practitioner/d1' },
    organization: { reference: 'Organization/o1' },
  },
  { resourceType: 'Organization', id: 'o1', name: 'Fjordvik DPS' },
  plan('c1', { careTeam: [{ reference: 'CareTeam/t1' }], period: { start: '2026-03' } }),
  plan('c2', { status: 'revoked', period: { start: '2024-01-01', end: '2025-01-01' } }),
  plan('c3', { subject: OLA }),
  {
    resourceType: 'CareTeam',
    id: 't1',
    subject: KARI,
    participant: [{ member: { reference: 'PractitionerRole/r1' } }],
  },
];

export function plan(id: string, rest: Record<string, unknown> = {}): Resource {
  return { resourceType: 'CarePlan', id, status: 'active', intent: 'plan', subject: KARI, ...rest };
}

export function task(rest: Record<string, unknown> = {}): Resource {
  return { resourceType: 'Task', status: 'requested', intent: 'order', for: KARI, ...rest };
}

export interface Answer extends FhirResponse {
  readonly body: Body | undefined;
}

/** Loose on purpose: a test reads what it asks about, and fails when it is not there. */
export interface Body {
  readonly resourceType: string;
  readonly id: string;
  readonly meta: { versionId: string; lastUpdated: string; tag?: { code: string }[] };
  readonly total?: number;
  readonly link: { relation: string; url: string }[];
  readonly entry?: {
    fullUrl?: string;
    resource?: Body;
    search?: { mode: string };
    response?: { status: string; location?: string; etag?: string; outcome?: Body };
    request?: { method: string; url: string };
  }[];
  readonly issue: {
    severity: string;
    code: string;
    diagnostics: string;
    expression?: string[];
    details?: { coding: { system: string; code: string }[] };
  }[];
  readonly [element: string]: unknown;
}

export interface Bench {
  readonly store: Store;
  readonly ask: (
    who: Access,
    line: string,
    body?: unknown,
    headers?: Record<string, string>,
    intercept?: Intercept,
  ) => Promise<Answer>;
}

/** `ask(withKari, 'GET CarePlan?patient=p1')` */
export function bench(
  options: Partial<StoreOptions> = {},
  seeds: readonly Resource[] = SEEDS,
): Bench {
  const store = createStore({ baseUrl: BASE, now: () => NOW, ...options });
  store.load(seeds);
  return {
    store,
    ask: async (who, line, body, headers = {}, intercept) => {
      const [method = '', url = ''] = line.split(/ (.*)/);
      const [path = '', query = ''] = url.replace(`${BASE}/`, '').split(/\?(.*)/);
      const request = {
        method,
        path,
        query: new URLSearchParams(query),
        headers: new Headers(headers),
        body,
      };
      return (await store.handle(request, who, intercept)) as Answer;
    },
  };
}

/** The references of a searchset's entries of one mode, in order. */
export function refs({ body }: Answer, mode = 'match'): string[] {
  return (body?.entry ?? [])
    .filter(each => each.search?.mode === mode)
    .map(each => `${each.resource?.resourceType}/${each.resource?.id}`);
}

export function notices({ body }: Answer): Body['issue'] {
  return (body?.entry ?? [])
    .filter(each => each.search?.mode === 'outcome')
    .flatMap(each => each.resource?.issue ?? []);
}

export function link({ body }: Answer, relation: string): string | undefined {
  return body?.link.find(each => each.relation === relation)?.url;
}

export function entry(method: string, url: string, resource?: unknown, more = {}): object {
  const { fullUrl, ...request } = more as Record<string, unknown>;
  return {
    ...(fullUrl === undefined ? {} : { fullUrl }),
    ...(resource === undefined ? {} : { resource }),
    request: { method, url, ...request },
  };
}

export function bundle(type: string, entries: readonly object[]): object {
  return { resourceType: 'Bundle', type, entry: entries };
}
