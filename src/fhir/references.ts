import { isRaw, type Raw } from './ask.ts';
import { withinBase } from './egress.ts';
import type { Reference } from './shapes.ts';

/** `Type/id` of a raw resource, or the type alone when it has no id. */
export function refOf(resource: Raw): string {
  const type = typeof resource['resourceType'] === 'string' ? resource['resourceType'] : 'Resource';
  return typeof resource['id'] === 'string' ? `${type}/${resource['id']}` : type;
}

/** `Type/id`, where the id is no step of a path. */
const PLAIN = /^[A-Z][A-Za-z]+\/(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/**
 * The local form of a literal reference: relative, absolute below our base, or with a version
 * (R4, «References»). Undefined for another server's address, a fragment or a logical reference.
 */
export function localRef(base: string, reference: string | undefined): string | undefined {
  if (!reference || reference.startsWith('#') || reference.startsWith('urn:')) return undefined;
  // The usual way of writing one, of which there are hundreds: what it resolves to need not be worked out.
  if (PLAIN.test(reference)) return reference;
  const absolute = withinBase(base, reference);
  if (!absolute) return undefined;
  const root = new URL(base.endsWith('/') ? base : `${base}/`);
  const [type, id, ...rest] = new URL(absolute).pathname.slice(root.pathname.length).split('/');
  if (!type || !id || !/^[A-Z][A-Za-z]+$/.test(type) || !/^[A-Za-z0-9\-.]{1,64}$/.test(id))
    return undefined;
  const versioned = rest.length === 2 && rest[0] === '_history';
  return rest.length === 0 || versioned ? `${type}/${id}` : undefined;
}

/** Resources at hand, by reference: what came along in the answers, and what a resource carries inside itself. */
export interface Shelf {
  readonly find: (reference: Reference | undefined, within?: Raw) => Raw | undefined;
  /** References asked for and not at hand, worth one more round trip. */
  readonly missing: () => readonly string[];
}

export function shelf(base: string, resources: readonly Raw[]): Shelf {
  const byRef = new Map<string, Raw>();
  for (const resource of resources) byRef.set(refOf(resource), resource);
  const missing = new Set<string>();
  return {
    find(reference, within) {
      const literal = reference?.reference;
      if (literal?.startsWith('#')) return containedIn(within, literal.slice(1));
      const ref = localRef(base, literal);
      if (!ref) return undefined;
      const found = byRef.get(ref);
      if (!found) missing.add(ref);
      return found;
    },
    missing: () => [...missing],
  };
}

function containedIn(within: Raw | undefined, id: string): Raw | undefined {
  const contained = within?.['contained'];
  if (!Array.isArray(contained)) return undefined;
  return contained.filter(isRaw).find(resource => resource['id'] === id);
}
