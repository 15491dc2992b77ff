/** All or nothing (FHIR R4, RESTful API §3.1.0.11.2 Transaction Processing Rules). */
import type { FhirRequest, FhirResponse, Resource } from '../types.ts';
import { type Entry, named, responseBundle, responseEntry } from './entries.ts';
import { isResource } from './json.ts';
import type { Memory } from './memory.ts';
import { FHIR_JSON, type Issue, Refusal, refusal, responseOf } from './outcome.ts';
import { readQuery } from './query.ts';
import { keyOf, referencesIn } from './references.ts';
import { interactionOf } from './request.ts';
import { rewritten } from './rewrite.ts';
import { matching } from './search.ts';
import type { View } from './view.ts';
import { oneMatch } from './write.ts';

export interface TransactionPlace {
  readonly memory: Memory;
  readonly view: View;
  /** False: as a server that calls it a transaction and lets each entry stand or fall by itself. */
  readonly whole: boolean;
  /** Performs one entry; `id` is the one a created resource is to get. */
  readonly perform: (
    request: FhirRequest,
    id: string | undefined,
    check: (test: () => void) => void,
  ) => FhirResponse;
}

/** FHIR R4: the order in which entries are done, whatever the order they are written in. */
const ORDER = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET'];

export function transaction(
  place: TransactionPlace,
  entries: readonly Entry[],
  standIns: readonly (FhirResponse | undefined)[],
): FhirResponse {
  let current: Entry | undefined;
  const during = <T>(entry: Entry, work: () => T): T => {
    current = entry;
    return work();
  };
  try {
    return place.memory.attempt(() => {
      demandDistinct(entries);
      const ids = new Map<number, string>();
      const keys = new Map<string, string>();
      for (const entry of entries) during(entry, () => name(place, entry, ids, keys));
      const responses = new Map<number, FhirResponse>();
      const checks: (() => void)[] = [];
      const run = (entry: Entry): void =>
        during(entry, () => {
          const check = (test: () => void): number => checks.push(() => during(entry, test));
          const perform = () =>
            standIn(standIns[entry.at]) ??
            place.perform(
              resolved(place, entry, keys),
              ids.get(entry.at),
              place.whole ? check : test => test(),
            );
          responses.set(entry.at, place.whole ? perform() : alone(perform));
        });
      const ordered = inOrder(entries);
      for (const entry of ordered.filter(each => each.request.method !== 'GET')) run(entry);
      for (const check of checks) check();
      for (const entry of ordered.filter(each => each.request.method === 'GET')) run(entry);
      const body = responseBundle(
        'transaction',
        entries.flatMap(({ at }) => {
          const response = responses.get(at);
          return response ? [responseEntry(response)] : [];
        }),
      );
      return { status: 200, headers: FHIR_JSON, body };
    });
  } catch (problem) {
    if (!(problem instanceof Refusal) || !current) throw problem;
    return { status: problem.status, headers: FHIR_JSON, body: named(current, problem) };
  }
}

function alone(perform: () => FhirResponse): FhirResponse {
  try {
    return perform();
  } catch (problem) {
    if (problem instanceof Refusal) return responseOf(problem);
    throw problem;
  }
}

function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort(
    (a, b) => ORDER.indexOf(a.request.method) - ORDER.indexOf(b.request.method),
  );
}

/** A fault put in the place of one entry fails the whole, as it would in life. */
function standIn(response: FhirResponse | undefined): FhirResponse | undefined {
  if (response === undefined || response.status < 400) return response;
  const { body } = response;
  const issues = isResource(body) && Array.isArray(body['issue']) ? (body['issue'] as Issue[]) : [];
  const unsaid: Issue = {
    severity: 'error',
    code: 'not-supported',
    diagnostics: `Answered with ${response.status}.`,
  };
  throw new Refusal(response.status, issues.length > 0 ? issues : [unsaid]);
}

/** Decides beforehand what each entry will be called, so that the others can point at it. */
function name(
  place: TransactionPlace,
  { at, fullUrl, request }: Entry,
  ids: Map<number, string>,
  keys: Map<string, string>,
): void {
  const interaction = interactionOf(request);
  const known = (key: string): void => {
    if (fullUrl !== undefined) keys.set(fullUrl, key);
  };
  if (interaction.kind === 'update') known(`${interaction.type}/${interaction.id}`);
  if (interaction.kind !== 'create' && interaction.kind !== 'update-matching') return;
  const { type } = interaction;
  const condition = request.headers.get('If-None-Exist');
  const params =
    interaction.kind === 'create'
      ? condition === null
        ? undefined
        : new URLSearchParams(condition.replace(/^.*\?/, ''))
      : interaction.params;
  const existing =
    params && oneMatch(place, type, params, interaction.kind === 'create' ? 'c' : 'u');
  const given =
    interaction.kind === 'update-matching' && isResource(request.body)
      ? request.body.id
      : undefined;
  const id = existing?.id ?? given ?? place.memory.newId(type);
  ids.set(at, id);
  known(`${type}/${id}`);
}

function resolved(
  place: TransactionPlace,
  entry: Entry,
  keys: ReadonlyMap<string, string>,
): FhirRequest {
  const body = rewritten(
    entry.request.body,
    (url, field) => keys.get(url) ?? (field === 'reference' ? conditional(place, url) : undefined),
  );
  const dangling = referencesIn(body).find(each => each.startsWith('urn:'));
  if (dangling !== undefined) {
    throw refusal(400, 'not-found', `No entry of the transaction is called ${dangling}.`);
  }
  return { ...entry.request, body };
}

/** `Practitioner?identifier=..` as a reference: exactly one match, or the transaction fails. */
function conditional(place: TransactionPlace, url: string): string | undefined {
  const [, type, query] = /^([A-Z][A-Za-z]+)\?(.+)$/.exec(url) ?? [];
  if (type === undefined || query === undefined) return undefined;
  place.view.demand(type, 's');
  const asked = readQuery(type, new URLSearchParams(query), place.view.world);
  if (asked.ignored.length > 0) throw new Refusal(400, asked.ignored);
  const found: readonly Resource[] = matching(place.memory, place.view, asked).shown;
  const [only] = found;
  if (only && found.length === 1) return keyOf(only);
  throw refusal(
    412,
    'multiple-matches',
    `The reference ${url} has ${found.length} matches, not one.`,
  );
}

/** FHIR R4: a resource may stand in a transaction once. */
function demandDistinct(entries: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const { request, fullUrl, at } of entries) {
    const condition = request.headers.get('If-None-Exist');
    const names = [
      ...(fullUrl === undefined ? [] : [`fullUrl ${fullUrl}`]),
      ...(/^(PUT|DELETE)$/.test(request.method)
        ? [`address ${request.path}?${request.query}`]
        : []),
      ...(condition === null ? [] : [`condition ${request.path}?${condition}`]),
    ];
    for (const each of names) {
      if (seen.has(each)) {
        const says = `Two entries have the same ${each}.`;
        throw refusal(400, 'duplicate', says, `Bundle.entry[${at}]`);
      }
      seen.add(each);
    }
  }
}
