/** Literal references (FHIR R4, References §2.3.0.1): relative, absolute on our base, or someone else's. */
import { isResourceType } from '../r4/table.ts';
import type { Resource } from '../types.ts';
import { isObject } from './json.ts';

const RELATIVE =
  /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;

export interface LocalReference {
  readonly type: string;
  readonly id: string;
  /** `Patient/p1` */
  readonly key: string;
  readonly version: string | undefined;
}

/** Undefined for contained (`#a`), `urn:` and other servers' references. */
export function localReference(reference: string, baseUrl: string): LocalReference | undefined {
  const tail = reference.startsWith(`${baseUrl}/`)
    ? reference.slice(baseUrl.length + 1)
    : reference;
  const [, type, id, version] = RELATIVE.exec(tail) ?? [];
  if (type === undefined || id === undefined || !isResourceType(type)) return undefined;
  return { type, id, key: `${type}/${id}`, version };
}

/** The type a reference names, also on another server: `https://other/fhir/Patient/1` -> Patient. */
export function typeNamedBy(reference: string): string | undefined {
  const [, type] =
    /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[^/]+)?$/.exec(reference) ?? [];
  return type !== undefined && isResourceType(type) ? type : undefined;
}

export function keyOf(resource: Resource): string {
  return `${resource.resourceType}/${resource.id ?? ''}`;
}

/** Every literal reference anywhere in a resource, contained resources and extensions too. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === 'reference' && typeof each === 'string' ? [each] : referencesIn(each),
  );
}
