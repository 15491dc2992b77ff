import { isRaw } from '../../fhir/ask.ts';
import { volven } from '../../fhir/shapes.ts';
import type { CriticalItem } from '../model.ts';
import { codingsIn } from './critical-details.ts';

/**
 * The same critical information from several sources as one row, the others' words kept in `also`.
 *
 * The same means: another source, the same kind, and either a shared identifier or the same code. Never alike: two
 * rows too many are seen and understood, one row too few is not. What says «none», or cannot be read safely, stands
 * by itself.
 */
export function mergeCritical(items: readonly CriticalItem[]): readonly CriticalItem[] {
  const [first] = items;
  if (items.every(({ source }) => source.from === first?.source.from)) return items;
  const rows: { readonly members: CriticalItem[]; readonly codes: Codes }[] = [];
  for (const item of items) {
    const codes: Codes = isMergeable(item) ? codesOf(item) : new Map();
    const row = isMergeable(item)
      ? rows.find(({ members, codes: theirs }) => {
          const [head] = members;
          return (
            head !== undefined &&
            isMergeable(head) &&
            head.kind === item.kind &&
            members.every(({ source }) => source.from !== item.source.from) &&
            (shareIdentifier(head, item) || sameCode([head, theirs], [item, codes]))
          );
        })
      : undefined;
    if (row) row.members.push(item);
    else rows.push({ members: [item], codes });
  }
  return rows.flatMap(({ members }) => asOne(members));
}

/** What is recorded beside critical information is not sorted, so neither is it merged. */
const isMergeable = ({ kind, none, unknownStated, flags }: CriticalItem) =>
  kind !== 'other' &&
  none === undefined &&
  !unknownStated &&
  flags.every(flag => flag === 'inactive');

const shareIdentifier = (one: CriticalItem, other: CriticalItem) =>
  one.identifiers.some(identifier => other.identifiers.includes(identifier));

/** What it is, by code system (Volven lists by number). */
type Codes = ReadonlyMap<string, ReadonlySet<string>>;

function codesOf({ resource }: CriticalItem): Codes {
  const { code, provision, reaction } = resource;
  const said = codingsIn([code, isRaw(provision) ? provision['code'] : undefined]);
  // R4: the substance may be said in the reaction alone.
  const substances = [reaction].flat().map(one => (isRaw(one) ? one['substance'] : undefined));
  const codes = new Map<string, Set<string>>();
  for (const coding of said.length > 0 ? said : codingsIn(substances)) {
    const system = volven(coding.system) ?? coding.system;
    codes.set(system, (codes.get(system) ?? new Set()).add(coding.code));
  }
  return codes;
}

/** Volven's value lists have a place for «other»; ICD-10 and ICPC-2 are no such lists. */
const isValueList = (system: string) =>
  /^\d{4}$/.test(system) && !['7110', '7170'].includes(system);

/**
 * At least one code system in common, and the same codes in every system they share. Where all they share is a value
 * list («annen endring i prosedyrer»), the words must be the same too.
 */
function sameCode(
  [one, codes]: readonly [CriticalItem, Codes],
  [other, theirs]: readonly [CriticalItem, Codes],
): boolean {
  const shared = [...codes.keys()].filter(system => theirs.has(system));
  const agree = shared.every(system => isSameSet(codes.get(system), theirs.get(system)));
  if (shared.length === 0 || !agree) return false;
  return !shared.every(isValueList) || (one.text !== undefined && one.text === other.text);
}

const isSameSet = (one: ReadonlySet<string> = new Set(), other: ReadonlySet<string> = new Set()) =>
  one.size === other.size && [...one].every(code => other.has(code));

/** The most serious speaks for all: what one source has put behind it may still hold in another. */
function asOne(members: readonly CriticalItem[]): readonly CriticalItem[] {
  const [head, ...also] = members.toSorted((a, b) => weight(b) - weight(a));
  if (!head || also.length === 0) return members;
  const isDisputed = also.some(other => differences(head, other).length > 0);
  return [
    {
      ...head,
      flags: isDisputed ? [...head.flags, 'contradiction'] : head.flags,
      saysCrisisPlan: members.some(({ saysCrisisPlan }) => saysCrisisPlan),
      also,
    },
  ];
}

const isBehind = ({ currency, certainty }: CriticalItem) =>
  currency === 'over' || certainty === 'refuted';

const weight = (item: CriticalItem) =>
  (isBehind(item) ? 0 : 4) + (item.severity === 'high' ? 2 : 0) + (item.expired ? 0 : 1);

const isSaid = (value: string | undefined) => value !== undefined && value !== 'unknown';
const differs = (one: string | undefined, other: string | undefined) =>
  isSaid(one) && isSaid(other) && one !== other;

/** What two sources both say about the same thing, and say differently. */
export function differences(
  one: CriticalItem,
  other: CriticalItem,
): readonly ('severity' | 'certainty' | 'currency')[] {
  return [
    ...(differs(one.severity, other.severity) ? (['severity'] as const) : []),
    ...(differs(one.certainty, other.certainty) ? (['certainty'] as const) : []),
    ...(isBehind(one) !== isBehind(other) ? (['currency'] as const) : []),
  ];
}
