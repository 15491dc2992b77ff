import type { Raw } from '../fhir/ask.ts';

/**
 * Reads each resource once, however many rows refer to it: what came is never changed, and the same team, person and
 * unit is met again in every plan. Forgotten together with the resource.
 */
export function once<T extends object>(read: (raw: Raw) => T): (raw: Raw) => T {
  const known = new WeakMap<Raw, T>();
  return raw => {
    const found = known.get(raw) ?? read(raw);
    known.set(raw, found);
    return found;
  };
}
