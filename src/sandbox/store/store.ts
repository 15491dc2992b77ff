/** The in-memory FHIR R4 server of the sandbox: a strict, honest stand-in for an EHR's. */
import type {
  Access,
  FhirRequest,
  FhirResponse,
  FhirServer,
  Intercept,
  Policy,
  Resource,
} from '../types.ts';
import { type Abilities, ALL_ABILITIES, heard, notAble, raced } from './abilities.ts';
import { capabilityStatement, type OAuthAddresses } from './capability.ts';
import { type Entry, entriesOf, responseBundle, responseEntry } from './entries.ts';
import { everything } from './everything.ts';
import { createMemory } from './memory.ts';
import { FHIR_JSON, Refusal, refusal, responseOf } from './outcome.ts';
import { createPages } from './paging.ts';
import { instanceHistory, read, typeHistory, vread } from './read.ts';
import { interactionOf, preference } from './request.ts';
import { search } from './search.ts';
import type { Found, SearchPlace } from './searchset.ts';
import { transaction } from './transaction.ts';
import { createView, type View } from './view.ts';
import {
  create,
  oneMatch,
  remove,
  removeMatching,
  update,
  updateMatching,
  type WritePlace,
} from './write.ts';

export interface StoreOptions {
  /** Without a slash at the end: `http://localhost:8080/fhir`. */
  readonly baseUrl: string;
  readonly policy?: Policy;
  /** The clock of seeds and of `/metadata`; a write takes the clock of the session that writes. */
  readonly now?: () => Date;
  readonly oauth?: OAuthAddresses;
  /** What it can do just now; all of it unless told. */
  readonly abilities?: () => Abilities;
  /** Matches on a page when the search does not say; 50. */
  readonly pageSize?: number;
}

interface StoredVersion {
  readonly versionId: string;
  readonly lastUpdated: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Undefined = deleted. */
  readonly resource: Resource | undefined;
}

export interface Store extends FhirServer {
  /** Takes seeds as they are, unchecked; fills in id, version and time where they are missing. */
  readonly load: (resources: readonly Resource[]) => void;
  readonly at: (ref: string) => Resource | undefined;
  readonly all: (type?: string) => readonly Resource[];
  /** Oldest first. */
  readonly history: (ref: string) => readonly StoredVersion[];
}

export function createStore(options: StoreOptions): Store {
  const { policy, now = () => new Date(), pageSize = 50 } = options;
  const { abilities = () => ALL_ABILITIES } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const memory = createMemory(baseUrl);
  const place: SearchPlace = { memory, pages: createPages<Found>(), pageSize, baseUrl };

  /** Everything but bundles, at once: nothing can come between the steps of a transaction. */
  function perform(
    request: FhirRequest,
    view: View,
    id?: string,
    check: WritePlace['check'] = test => test(),
  ): FhirResponse {
    const asked = interactionOf(request);
    if (asked.kind !== 'capabilities') view.demandNotBlocked(view.access.patient);
    const refused = notAble(request, abilities(), key => memory.current(key) !== undefined);
    if (refused) throw refused;
    const writing: WritePlace = { memory, view, baseUrl, check };
    switch (asked.kind) {
      case 'capabilities':
        return ok(capabilityStatement(baseUrl, now().toISOString(), abilities(), options.oauth));
      case 'bundle':
        throw new Refusal(400, [
          {
            severity: 'error',
            code: 'not-supported',
            diagnostics: 'A bundle cannot hold a bundle.',
          },
        ]);
      case 'search': {
        const strict = preference(request, 'handling') === 'strict';
        return ok(search(place, view, asked.type, asked.params, strict));
      }
      case 'read':
        return read(memory, view, `${asked.type}/${asked.id}`, request);
      case 'vread':
        return vread(memory, view, `${asked.type}/${asked.id}`, asked.version, request);
      case 'history':
        return instanceHistory(memory, view, `${asked.type}/${asked.id}`, request.query, baseUrl);
      case 'type-history':
        return typeHistory(memory, view, asked.type, request.query, baseUrl);
      case 'everything':
        return everything(place, view, asked.id);
      case 'create':
        return create(writing, asked.type, request, id);
      case 'update':
        return update(writing, asked.type, asked.id, request);
      case 'update-matching':
        return updateMatching(writing, asked.type, asked.params, request, id);
      case 'delete':
        return remove(writing, asked.type, asked.id, request);
      case 'delete-matching':
        return removeMatching(writing, asked.type, asked.params, request);
      default:
        return asked satisfies never;
    }
  }

  /** Looks whether something is there under the address or the condition, for a server that looks too early. */
  function isMade(request: FhirRequest, view: View): boolean {
    const asked = interactionOf(request);
    if (asked.kind === 'update') return memory.current(`${asked.type}/${asked.id}`) !== undefined;
    const condition = request.headers.get('If-None-Exist');
    if (asked.kind !== 'create' || condition === null) return false;
    const params = new URLSearchParams(condition.replace(/^.*\?/, ''));
    try {
      return oneMatch({ memory, view }, asked.type, params, 'c') !== undefined;
    } catch {
      // Several, or not to be seen: refused again, with its reason, when it is written.
      return true;
    }
  }

  const asHeard = (requests: readonly FhirRequest[], view: View) =>
    raced(
      requests.map(each => heard(each, abilities())),
      abilities(),
      each => isMade(each, view),
    );

  async function batch(
    entries: readonly Entry[],
    view: View,
    intercept: Intercept | undefined,
  ): Promise<FhirResponse> {
    const answers: object[] = [];
    for (const { request } of entries) {
      const response =
        (await intercept?.(request)) ??
        refusing(() => memory.attempt(() => perform(request, view)));
      answers.push(responseEntry(response));
    }
    return ok(responseBundle('batch', answers));
  }

  async function bundle(
    request: FhirRequest,
    view: View,
    intercept: Intercept | undefined,
  ): Promise<FhirResponse> {
    view.demandNotBlocked(view.access.patient);
    const { kind, entries: sent } = entriesOf(request, baseUrl);
    const { transactions } = abilities();
    if (kind === 'transaction' && transactions === false)
      throw refusal(501, 'not-supported', 'This server has no transactions.');
    const requests = await asHeard(
      sent.map(each => each.request),
      view,
    );
    const entries = sent.map((each, at) => ({ ...each, request: requests[at] ?? each.request }));
    if (kind === 'batch') return batch(entries, view, intercept);
    const standIns: (FhirResponse | undefined)[] = [];
    for (const entry of entries) standIns.push(await intercept?.(entry.request));
    const performOne = (each: FhirRequest, id: string | undefined, check: WritePlace['check']) =>
      perform(each, view, id, check);
    const whole = transactions !== 'as-batch';
    return transaction({ memory, view, perform: performOne, whole }, entries, standIns);
  }

  async function handle(
    request: FhirRequest,
    access: Access,
    intercept?: Intercept,
  ): Promise<FhirResponse> {
    const standIn = await intercept?.(request);
    if (standIn) return standIn;
    try {
      const view = createView(memory, access, policy, baseUrl);
      const isBundle = interactionOf(request).kind === 'bundle';
      if (isBundle) return await bundle(request, view, intercept);
      const [one = request] = await asHeard([request], view);
      return memory.attempt(() => perform(one, view));
    } catch (problem) {
      if (problem instanceof Refusal) return responseOf(problem);
      throw problem;
    }
  }

  return {
    handle,
    load: resources => {
      for (const each of resources) memory.keep(each, 'PUT', now(), true);
    },
    at: ref => memory.current(ref),
    all: type => (type === undefined ? memory.types() : [type]).flatMap(memory.ofType),
    history: ref => memory.versions(ref),
  };
}

function ok(body: object): FhirResponse {
  return { status: 200, headers: FHIR_JSON, body };
}

function refusing(work: () => FhirResponse): FhirResponse {
  try {
    return work();
  } catch (problem) {
    if (problem instanceof Refusal) return responseOf(problem);
    throw problem;
  }
}
