import type { z } from 'zod/mini';
import { isRaw, type Raw } from '../fhir/ask.ts';
import { localRef, refOf, type Shelf } from '../fhir/references.ts';
import type { Session } from '../fhir/session.ts';
import { once } from './once.ts';
import type { Flag, Item, SetAside, Source } from './reading.ts';

/** Whose record this is, in every form a reference may name them. */
export interface Whose {
  readonly session: Session;
  /** `system|value` of the patient's own identifiers, for logical references. Empty until Patient has been read. */
  readonly identifiers: ReadonlySet<string>;
}

export interface Sifted<T> {
  readonly items: readonly T[];
  readonly setAside: readonly SetAside[];
}

/** How one resource type becomes an item: its wire shape, the meaning, and what to show when it cannot be read. */
export interface Reader<Shape extends z.ZodMiniType, T extends Item> {
  readonly shape: Shape;
  readonly item: (wire: z.output<Shape>, about: Item, raw: Raw) => T;
  readonly unreadable: (about: Item, raw: Raw) => T;
}

/**
 * Reads what can be read and names the rest: one bad entry never hides its neighbours, and nothing is dropped.
 *
 * Order matters. The raw JSON is looked at for modifiers and for whose it is before any schema touches it.
 */
export function sift<Shape extends z.ZodMiniType, T extends Item>(
  reader: Reader<Shape, T>,
  resources: readonly Raw[],
  whose: Whose,
): Sifted<T> {
  const items: T[] = [];
  const setAside: SetAside[] = [];
  for (const raw of resources) {
    const stranger = notAbout(raw, whose);
    if (stranger) setAside.push({ ref: refOf(raw), why: stranger });
    else if (isWithdrawn(raw)) setAside.push({ ref: refOf(raw), why: 'withdrawn' });
    else items.push(read(reader, raw, whose.session.label));
  }
  return { items, setAside };
}

function read<Shape extends z.ZodMiniType, T extends Item>(
  reader: Reader<Shape, T>,
  raw: Raw,
  from: string,
): T {
  const doubts = uninterpretable(raw);
  const flags: Flag[] = doubts.length > 0 ? ['uninterpretable'] : [];
  const about: Item = {
    source: sourceOf(raw, from),
    identifiers: identifiersIn(raw),
    flags,
    why: doubts,
  };
  const unreadable = (why: readonly string[]) =>
    reader.unreadable({ ...about, flags: [...flags, 'unreadable'], why: [...doubts, ...why] }, raw);
  const parsed = reader.shape.safeParse(raw);
  if (!parsed.success)
    return unreadable(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    );
  try {
    return reader.item(parsed.data, about, raw);
  } catch (error) {
    // Something nobody thought of in one resource, and a whole section would never be shown.
    return unreadable([String(error)]);
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

export function sourceOf(raw: Raw, from: string): Source {
  const meta = isRaw(raw['meta']) ? raw['meta'] : {};
  return {
    from,
    ref: refOf(raw),
    version: textOf(meta['versionId']),
    lastUpdated: textOf(meta['lastUpdated']),
  };
}

/** R4 `identifier` (a list, or one) and DocumentReference's `masterIdentifier`; without a system it names nothing. */
function identifiersIn(raw: Raw): readonly string[] {
  return [raw['masterIdentifier'], raw['identifier']]
    .flat()
    .filter(isRaw)
    .filter(({ system, value }) => textOf(system) && textOf(value))
    .map(identifierKey);
}

/**
 * Is this about somebody else, or nobody (SAFETY TM23, C04, C15)? Relative, absolute, versioned and contained
 * references and logical identifiers are understood; a near miss (`Patient/p10`, another base) is a stranger.
 */
export function notAbout(raw: Raw, whose: Whose): 'other-patient' | 'no-patient' | undefined {
  const subject = raw['subject'] ?? raw['patient'];
  if (!isRaw(subject)) return 'no-patient';
  const literal = subject['reference'];
  if (typeof literal === 'string' && literal.startsWith('#'))
    return containedPatientIs(raw, literal.slice(1), whose) ? undefined : 'other-patient';
  if (typeof literal === 'string')
    return localRef(whose.session.iss, literal) === whose.session.patient
      ? undefined
      : 'other-patient';
  if (!isRaw(subject['identifier'])) return 'no-patient';
  return whose.identifiers.has(identifierKey(subject['identifier'])) ? undefined : 'other-patient';
}

function containedPatientIs(raw: Raw, id: string, whose: Whose): boolean {
  const contained = Array.isArray(raw['contained']) ? raw['contained'].filter(isRaw) : [];
  const patient = contained.find(resource => resource['id'] === id);
  const identifiers = patient?.['identifier'];
  return (
    Array.isArray(identifiers) &&
    identifiers.filter(isRaw).some(found => whose.identifiers.has(identifierKey(found)))
  );
}

export const identifierKey = (identifier: Raw) =>
  `${textOf(identifier['system']) ?? ''}|${textOf(identifier['value']) ?? ''}`;

/** `entered-in-error` means it was never true (R4). It is counted, and not shown. */
export function isWithdrawn(raw: Raw): boolean {
  if (raw['status'] === 'entered-in-error' || raw['docStatus'] === 'entered-in-error') return true;
  const verification = raw['verificationStatus'];
  const codings = isRaw(verification) ? verification['coding'] : undefined;
  return (
    Array.isArray(codings) &&
    codings.filter(isRaw).some(coding => coding['code'] === 'entered-in-error')
  );
}

/** Deeper than any real resource; beyond it we would rather flag than overflow the stack. */
const DEEPEST = 60;

/**
 * What in this resource may change its meaning in a way we do not know (R4, «modifierExtension», `implicitRules`).
 * Looked for in the raw JSON, at every depth: a schema that strips unknown keys would strip the very word «not».
 */
export const uninterpretable = once((raw): readonly string[] => {
  const doubts = new Set<string>();
  const walk = (value: unknown, depth: number) => {
    if (depth > DEEPEST) {
      doubts.add('nested too deeply');
      return;
    }
    if (Array.isArray(value)) {
      for (const item of value) walk(item, depth + 1);
      return;
    }
    if (!isRaw(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const present = Array.isArray(inner) ? inner.length > 0 : inner !== undefined;
      if (key === 'modifierExtension' && present) doubts.add('modifierExtension');
      if (key === 'implicitRules' && inner) doubts.add('implicitRules');
      walk(inner, depth + 1);
    }
  };
  walk(raw, 0);
  if (isSubset(raw)) doubts.add('SUBSETTED');
  return [...doubts];
});

/** R4 `SUBSETTED`: the server left elements out, and what is missing may be the one that says «not». */
function isSubset(raw: Raw): boolean {
  const tags = isRaw(raw['meta']) ? raw['meta']['tag'] : undefined;
  return Array.isArray(tags) && tags.filter(isRaw).some(({ code }) => code === 'SUBSETTED');
}

/**
 * A shelf that hands out only what is this patient's, true and understood. What a plan refers to is as much about
 * somebody as the plan is. Teams are handed out with their doubts, which are said on every row.
 */
export function ownShelf(all: Shelf, whose: Whose): Shelf {
  return {
    missing: all.missing,
    find(reference, within) {
      const found = all.find(reference, within);
      if (!found || (!('subject' in found) && !('patient' in found))) return found;
      if (notAbout(found, whose) || isWithdrawn(found)) return undefined;
      const doubtful = found['resourceType'] !== 'CareTeam' && uninterpretable(found).length > 0;
      return doubtful ? undefined : found;
    },
  };
}
