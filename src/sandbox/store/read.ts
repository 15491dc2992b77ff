/** read, vread and history (FHIR R4, RESTful API §3.1.0.2, .3 and .9). */
import type { FhirRequest, FhirResponse, Resource } from '../types.ts';
import type { Memory, Version } from './memory.ts';
import { FHIR_JSON, refusal } from './outcome.ts';
import { absent, type View } from './view.ts';

export function read(memory: Memory, view: View, key: string, request: FhirRequest): FhirResponse {
  view.demand(typeOf(key), 'r');
  const versions = memory.versions(key);
  const last = versions.at(-1);
  if (!last) throw absent(key);
  return answer(view, versions, last, request);
}

export function vread(
  memory: Memory,
  view: View,
  key: string,
  versionId: string,
  request: FhirRequest,
): FhirResponse {
  view.demand(typeOf(key), 'r');
  const versions = memory.versions(key);
  const version = versions.find(each => each.versionId === versionId);
  if (!version) throw absent(`${key}/_history/${versionId}`);
  return answer(view, versions, version, request);
}

function answer(
  view: View,
  versions: readonly Version[],
  version: Version,
  request: FhirRequest,
): FhirResponse {
  const shown = version.resource ?? lastAlive(versions);
  if (shown) view.demandShown(shown, 'r');
  if (!version.resource) {
    throw refusal(
      410,
      'deleted',
      `${version.type}/${version.id} was deleted at ${version.lastUpdated}.`,
    );
  }
  const headers = { ...FHIR_JSON, ...versionHeaders(version) };
  const known = request.headers
    .get('If-None-Match')
    ?.split(',')
    .map(each => each.trim());
  if (known?.includes(etagOf(version)) === true) return { status: 304, headers, body: undefined };
  return { status: 200, headers, body: version.resource };
}

export function instanceHistory(
  memory: Memory,
  view: View,
  key: string,
  query: URLSearchParams,
  baseUrl: string,
): FhirResponse {
  view.demand(typeOf(key), 'r');
  const versions = memory.versions(key);
  const shown = lastAlive(versions);
  if (!shown) throw absent(key);
  view.demandShown(shown, 'r');
  return historyOf(versions, query, `${baseUrl}/${key}/_history`, baseUrl);
}

/** SMART App Launch 2.2: type-level history needs the search letter, `s`. */
export function typeHistory(
  memory: Memory,
  view: View,
  type: string,
  query: URLSearchParams,
  baseUrl: string,
): FhirResponse {
  view.demand(type, 's');
  const all = memory.versionsOfType(type).filter(each => {
    const shown = each.resource ?? lastAlive(memory.versions(`${type}/${each.id}`));
    return shown !== undefined && view.look(shown, 's') === 'show';
  });
  return historyOf(all, query, `${baseUrl}/${type}/_history`, baseUrl);
}

/** FHIR R4, RESTful API §3.1.0.9: newest first, `_since` and `_count` honoured, offset in the `next` link. */
function historyOf(
  versions: readonly Version[],
  query: URLSearchParams,
  address: string,
  baseUrl: string,
): FhirResponse {
  const since = query.get('_since');
  const from = since === null ? -Infinity : Date.parse(since);
  const size = Number(query.get('_count') ?? 50);
  const offset = Number(query.get('_offset') ?? 0);
  if (Number.isNaN(from)) throw refusal(400, 'value', `_since=${since ?? ''} is not an instant.`);
  if (!Number.isInteger(size) || !Number.isInteger(offset) || size < 0 || offset < 0) {
    throw refusal(400, 'value', '_count must be a whole number.');
  }
  const all = versions
    .filter(each => Date.parse(each.lastUpdated) >= from)
    .map((version, at) => ({ version, at }))
    .sort((a, b) => later(b.version, a.version) || b.at - a.at)
    .map(each => each.version);
  const next = new URLSearchParams(query);
  next.set('_offset', String(offset + size));
  const link = [
    { relation: 'self', url: query.size > 0 ? `${address}?${query.toString()}` : address },
  ];
  if (size > 0 && offset + size < all.length) {
    link.push({ relation: 'next', url: `${address}?${next.toString()}` });
  }
  const entry = all.slice(offset, offset + size).map(each => historyEntry(each, baseUrl));
  const bundle = { resourceType: 'Bundle', type: 'history', total: all.length, link };
  const body = entry.length > 0 ? { ...bundle, entry } : bundle;
  return { status: 200, headers: FHIR_JSON, body };
}

function historyEntry(version: Version, baseUrl: string): object {
  const key = `${version.type}/${version.id}`;
  const status = { POST: '201 Created', PUT: '200 OK', DELETE: '204 No Content' }[version.method];
  return {
    fullUrl: `${baseUrl}/${key}`,
    ...(version.resource ? { resource: version.resource } : {}),
    request: { method: version.method, url: version.method === 'POST' ? version.type : key },
    response: { status, etag: etagOf(version), lastModified: version.lastUpdated },
  };
}

export function etagOf(version: Version): string {
  return `W/"${version.versionId}"`;
}

export function versionHeaders(version: Version): Readonly<Record<string, string>> {
  const modified = new Date(version.lastUpdated);
  return { ETag: etagOf(version), 'Last-Modified': modified.toUTCString() };
}

export function lastAlive(versions: readonly Version[]): Resource | undefined {
  return versions.findLast(each => each.resource)?.resource;
}

function later(a: Version, b: Version): number {
  return Date.parse(a.lastUpdated) - Date.parse(b.lastUpdated);
}

function typeOf(key: string): string {
  return key.split('/')[0] ?? '';
}
