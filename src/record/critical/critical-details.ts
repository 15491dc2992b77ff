import { z } from 'zod/mini';
import { isRaw, type Raw } from '../../fhir/ask.ts';
import type { Shelf } from '../../fhir/references.ts';
import { Codeable, list, Reference, text, valueIn, volven, wording } from '../../fhir/shapes.ts';
import { actorName } from '../actors.ts';
import type { CriticalItem, FhirDate } from '../model.ts';

/** What the list of critical information shows beside the facts of the first screen (FHIR.md 4.2). */
export interface CriticalDetails {
  readonly by: string | undefined;
  /** When it was last changed, where the source keeps that apart from when it was recorded. */
  readonly updated: FhirDate | undefined;
  /** Whose word it is: Volven 7498's number, else as the source says it. */
  readonly informationSource: string | undefined;
  /** R4 security labels that ask for care on screen: `R`, `V`, `ETH` (SAFETY R28). */
  readonly labels: readonly string[];
}

export const detailsOf = ({ by, resource }: CriticalItem): CriticalDetails => ({
  by: by ?? whoIn(resource),
  updated: valueEnding(resource, 'updatedDateTime'),
  informationSource: informationSource(resource),
  labels: labelsIn(resource),
});

/** Deeper than any real resource (as in sift.ts). */
const DEEPEST = 60;

/** Every coding of a resource, wherever it stands; what it contains is somebody else's. */
export function codingsIn(
  value: unknown,
  depth = 0,
): readonly { readonly system: string; readonly code: string }[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap(item => codingsIn(item, depth + 1));
  if (!isRaw(value)) return [];
  const { system, code, contained: _, ...rest } = value;
  const own = typeof system === 'string' && typeof code === 'string' ? [{ system, code }] : [];
  return [...own, ...Object.values(rest).flatMap(inner => codingsIn(inner, depth + 1))];
}

const Extensions = list(
  z.looseObject({
    url: text,
    valueCodeableConcept: z.optional(Codeable),
    valueReference: z.optional(Reference),
  }),
);

/** Extensions whose address ends so: of the Kj profiles' addresses only the end is known to us. */
export function extensionsEnding(raw: Raw, ending: string) {
  const parsed = Extensions.safeParse(raw['extension']);
  const end = ending.toLowerCase();
  return parsed.success
    ? parsed.data.filter(({ url }) => url?.toLowerCase().endsWith(end) === true)
    : [];
}

export const valueEnding = (raw: Raw, ending: string) =>
  extensionsEnding(raw, ending).map(valueIn).find(Boolean);

/** Kjernejournal's own list of sources has the numbers of Volven 7498. */
const isInformationSource = ({ system = '' }: { readonly system?: string | undefined }) =>
  volven(system) === '7498' || system.endsWith('/SourceOfInformation');

function informationSource(raw: Raw): string | undefined {
  const code = codingsIn(raw).find(isInformationSource)?.code;
  if (/^[1-7]$/.test(code ?? '')) return code;
  const [said] = extensionsEnding(raw, 'SourceOfInformation');
  return wording(said?.valueCodeableConcept) ?? code;
}

const MARKED: ReadonlySet<string> = new Set(['R', 'V', 'ETH']);

function labelsIn(raw: Raw): readonly string[] {
  const meta = isRaw(raw['meta']) ? raw['meta'] : {};
  const labels = codingsIn(meta['security'])
    .filter(({ system }) => /\/v3-(?:Confidentiality|ActCode)$/.test(system))
    .map(({ code }) => code);
  return [...new Set(labels)].filter(code => MARKED.has(code));
}

/** Whoever recorded it, by the element each type has for that; else whoever changed it last. */
function whoIn(raw: Raw): string | undefined {
  const [updater] = extensionsEnding(raw, '/updater');
  const named = [
    ...['recorder', 'author', 'asserter', 'performer'].flatMap(name => raw[name] ?? []),
    updater?.valueReference,
  ].map(who => (isRaw(who) && isRaw(who['actor']) ? who['actor'] : who));
  const inside = containedIn(raw);
  for (const who of named) {
    const reference = Reference.safeParse(who);
    const name = reference.success ? actorName(reference.data, inside) : undefined;
    if (name) return name;
  }
  return undefined;
}

/** Only what the resource carries inside itself: nothing is asked for to learn who wrote it. */
function containedIn(raw: Raw): Shelf {
  const contained = [raw['contained']].flat().filter(isRaw);
  return {
    missing: () => [],
    find: reference =>
      contained.find(
        ({ id }) => typeof id === 'string' && id !== '' && reference?.reference === `#${id}`,
      ),
  };
}
