import type { Medicine } from '../model.ts';

/**
 * The same medicine from several sources as one row, the others' words kept in `also` (SAFETY R17).
 *
 * Two rows are the same when they share an identifier (the PLL id, the ReseptId, or one with a system), or else an ATC
 * code of a single substance, and when that key stands once in each source. Names and doses never decide. The row of
 * the source asked first stands for all, unless another says that the medicine is in use.
 */
export function mergeMedicines(medicines: readonly Medicine[]): readonly Medicine[] {
  const rows = new Map(medicines.map((medicine): [Medicine, Row] => [medicine, [medicine]]));
  const mergeable = medicines.filter(isPlain);
  for (const keysOf of [identifiersOf, atcOf])
    for (const same of alike(mergeable, keysOf)) join(rows, same);
  return [...new Set(rows.values())].flatMap(row => asOne(row) ?? []);
}

/** One medicine as each source has it, at most once of each, in the order the sources are asked. */
type Row = readonly Medicine[];

/** What says «not», is not yet decided, or cannot be read safely, is shown by itself. */
const isPlain = ({ flags, tentative, superseded }: Medicine) =>
  !superseded &&
  tentative === undefined &&
  !flags.some(flag => ['uninterpretable', 'unreadable', 'negated'].includes(flag));

const identifiersOf = ({ identifiers }: Medicine) => identifiers;

/** A vaccination is an event: the same vaccine twice is two of them. */
const atcOf = ({ group, atc }: Medicine) =>
  atc && group !== 'vaccine' && isSubstance(atc) ? [atc] : [];

/** ATC level 5, a single substance or combination; anything shorter is a family of them. */
export const isSubstance = (atc: string) => /^[A-Z]\d\d[A-Z]{2}\d\d$/.test(atc);

/** Medicines that share a key. */
function alike(
  medicines: readonly Medicine[],
  keysOf: (medicine: Medicine) => readonly string[],
): readonly (readonly Medicine[])[] {
  const byKey = new Map<string, Medicine[]>();
  for (const medicine of medicines)
    for (const key of new Set(keysOf(medicine))) {
      const same = byKey.get(key);
      if (same) same.push(medicine);
      else byKey.set(key, [medicine]);
    }
  return [...byKey.values()].filter(same => same.length > 1);
}

/** One row of them all, unless a source has the key twice: then nobody can tell which is which. */
function join(rows: Map<Medicine, Row>, same: readonly Medicine[]): void {
  const whole = [...new Set(same.map(medicine => rows.get(medicine)))].flatMap(row => row ?? []);
  if (!isOncePerSource(whole) || haveDifferentPllIds(whole)) return;
  for (const medicine of whole) rows.set(medicine, whole);
}

const isOncePerSource = (medicines: readonly Medicine[]) =>
  new Set(medicines.map(({ source }) => source.from)).size === medicines.length;

/** Two lines of the national list are two medicines, whatever their codes. */
const haveDifferentPllIds = (row: Row) =>
  new Set(row.flatMap(({ identifiers }) => identifiers.filter(key => key.startsWith('PLL|'))))
    .size > 1;

function asOne(row: Row): Medicine | undefined {
  const head = row.find(({ group }) => group !== 'stopped') ?? row[0];
  const also = row.filter(medicine => medicine !== head);
  if (!head || also.length === 0) return head;
  const contradicted = also.some(other => contradictions(head, other).length > 0);
  return {
    ...head,
    flags: [...head.flags, ...(contradicted ? (['contradiction'] as const) : [])],
    also,
  };
}

/** What two sources both say about a medicine, and say differently. */
export function contradictions(
  head: Medicine,
  other: Medicine,
): readonly ('group' | 'dose' | 'strength')[] {
  const isStopped = (head.group === 'stopped') !== (other.group === 'stopped');
  return [
    ...(isStopped || differs(usedAs(head), usedAs(other)) ? (['group'] as const) : []),
    ...(differs(head.dose.join('\n'), other.dose.join('\n')) ? (['dose'] as const) : []),
    ...(differs(head.strength, other.strength) ? (['strength'] as const) : []),
  ];
}

const differs = (one: string | undefined, two: string | undefined) =>
  Boolean(one) && Boolean(two) && !sameWords(one, two);

/** How it is used; undefined where the source does not say. */
const usedAs = ({ group }: Medicine) => (group === 'unspecified' ? undefined : group);

/** The same words, wherever their lines break. */
export const sameWords = (one: string | undefined, two: string | undefined) =>
  onOneLine(one) === onOneLine(two);

const onOneLine = (words: string | undefined) => (words ?? '').split(/\s+/).join(' ').trim();
