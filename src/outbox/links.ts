import { isRaw, type Raw } from '../fhir/ask.ts';
import { localRef } from '../fhir/references.ts';

/**
 * `there` with its references to the other resources of the same proposal as they must be; undefined where they are so.
 *
 * A server that takes a transaction apart gives out ids before it knows what it will make: what it did make then points
 * at what it did not. `written` has the references as `urn:uuid:`, `known` says where each of them is.
 */
export function relinked(
  base: string,
  there: Raw,
  written: Raw,
  known: (urn: string) => string | undefined,
): Raw | undefined {
  let differs = false;
  const walk = (theirs: unknown, ours: unknown): unknown => {
    if (Array.isArray(theirs) && Array.isArray(ours)) {
      const all: readonly unknown[] = ours;
      return theirs.map((each: unknown, index) => walk(each, all[index]));
    }
    if (!isRaw(theirs) || !isRaw(ours)) return theirs;
    const walked: Raw = Object.fromEntries(
      Object.entries(theirs).map(([name, each]): [string, unknown] => [
        name,
        walk(each, ours[name]),
      ]),
    );
    const { reference } = ours;
    const right = typeof reference === 'string' ? known(reference) : undefined;
    const { reference: is } = theirs;
    if (right === undefined || typeof is !== 'string' || localRef(base, is) === right)
      return walked;
    differs = true;
    return { ...walked, reference: right };
  };
  const linked = walk(there, written);
  return differs && isRaw(linked) ? linked : undefined;
}
