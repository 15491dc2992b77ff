import { isRaw } from '../fhir/ask.ts';
import { localRef } from '../fhir/references.ts';

/** What a server may add or write anew without the content being another. */
const ITS_OWN: ReadonlySet<string> = new Set(['meta', 'id', 'text']);

/**
 * Does `theirs` hold everything that `mine` says? A server may add (a narrative, an extension, an absolute address, a
 * version in a reference) but not take away or say otherwise.
 */
export function sameContent(theirs: unknown, mine: unknown, base: string): boolean {
  return isRaw(mine)
    ? Object.entries(mine).every(
        ([name, value]) =>
          ITS_OWN.has(name) || (isRaw(theirs) && holds(theirs[name], value, name, base)),
      )
    : holds(theirs, mine, '', base);
}

function holds(theirs: unknown, mine: unknown, name: string, base: string): boolean {
  if (Array.isArray(mine))
    return (
      Array.isArray(theirs) &&
      theirs.length >= mine.length &&
      mine.every((each: unknown) => theirs.some((other: unknown) => holds(other, each, name, base)))
    );
  if (isRaw(mine))
    return (
      isRaw(theirs) &&
      Object.entries(mine).every(([field, value]) => holds(theirs[field], value, field, base))
    );
  if (theirs === mine) return true;
  if (typeof theirs !== 'string' || typeof mine !== 'string') return false;
  if (name === 'reference') {
    // Where what is referred to ended is another matter (links.ts).
    if (mine.startsWith('urn:uuid:')) return true;
    const local = localRef(base, mine);
    return local !== undefined && local === localRef(base, theirs);
  }
  return isInstant(mine) && isInstant(theirs) && Date.parse(mine) === Date.parse(theirs);
}

/** A time with a zone: a server may write the same instant in another zone. */
const isInstant = (text: string) => /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text);
