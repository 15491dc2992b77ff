/** References between the entries of a transaction (FHIR R4, RESTful API §3.1.0.11.2). */
import { isObject } from './json.ts';

/** What a reference to another entry, or a conditional reference, becomes; undefined = leave it. */
export type Resolve = (url: string, field: string) => string | undefined;

/**
 * Trap: only references and uris are rewritten. An `Identifier.value` may hold the same urn:uuid on purpose
 * (RFC 3986 identifiers), and must be stored as it was written.
 */
const URI_FIELD = /^(reference|url|uri|valueUri|valueUrl|valueUuid|valueOid|valueCanonical)$/;

export function rewritten<T>(value: T, resolve: Resolve): T {
  return walk(value, '', resolve) as T;
}

function walk(value: unknown, name: string, resolve: Resolve): unknown {
  if (Array.isArray(value)) return value.map(each => walk(each, name, resolve));
  if (typeof value === 'string') {
    if (name === 'div') return linksIn(value, resolve);
    return URI_FIELD.test(name) ? (resolve(value, name) ?? value) : value;
  }
  if (!isObject(value)) return value;
  const pairs = Object.entries(value).map(([field, each]) => [field, walk(each, field, resolve)]);
  return Object.fromEntries(pairs);
}

/** FHIR R4: also `<a href>` and `<img src>` in the narrative. */
function linksIn(div: string, resolve: Resolve): string {
  return div.replace(/(href|src)="([^"]+)"/g, (whole, name: string, url: string) => {
    const found = resolve(url, name);
    return found === undefined ? whole : `${name}="${found}"`;
  });
}
