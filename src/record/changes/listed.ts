import { isSubstance } from '../medicines/medicines-merge.ts';
import type { Medicine } from '../model.ts';
import { type Change, isWaiting } from './change.ts';
import { compareDoses, doseIn } from './dose.ts';

/** Each source's own row, whether it stands alone or was merged. */
export const rowsOf = (medicine: Medicine): readonly Medicine[] => [
  medicine,
  ...(medicine.also ?? []),
];

/** Given, paused or needed now: neither over nor a vaccination, and not «do not give». */
export const isInUse = ({ group, flags }: Medicine): boolean =>
  !['stopped', 'vaccine'].includes(group) && !flags.includes('negated');

/**
 * The rows of the list a change is about: the line the sender named, else the one whose substance is exactly the name
 * the change begins with, and with it every row of the same ATC code of seven characters.
 */
export function listedAs(change: Change, medicines: readonly Medicine[]): readonly Medicine[] {
  const named = medicines.filter(medicine => isNamedBy(change, medicine));
  const codes = new Set(
    named.flatMap(rowsOf).flatMap(({ atc }) => (atc && isSubstance(atc) ? [atc] : [])),
  );
  return medicines.filter(
    medicine =>
      named.includes(medicine) || rowsOf(medicine).some(({ atc }) => codes.has(atc ?? '')),
  );
}

function isNamedBy({ medicine, kind, from, to }: Change, row: Medicine): boolean {
  if (row.group === 'vaccine' || row.superseded) return false;
  if (medicine !== undefined) return rowsOf(row).some(({ source }) => source.ref === medicine);
  if (kind !== undefined && kind.toLowerCase() !== 'legemiddel') return false;
  const name = doseIn(from)?.name ?? doseIn(to)?.name;
  return name !== undefined && name !== '' && row.substance?.toLowerCase() === name;
}

/**
 * Whether the list says what the change says: `yes` and `no` only by what can be compared exactly. `waiting`: it still
 * says what it did before the change.
 */
export function caughtUp(
  change: Change,
  rows: readonly Medicine[],
): 'yes' | 'no' | 'waiting' | 'unknown' {
  const current = rows.filter(({ superseded }) => !superseded);
  const inUse = current.filter(isInUse);
  if (current.length === 0) return change.risk === 'new' ? 'waiting' : 'unknown';
  if (change.risk === 'stop') return inUse.length === 0 ? 'yes' : 'waiting';
  if (change.risk === 'pause')
    return inUse.every(({ group }) => group === 'paused') ? 'yes' : 'waiting';
  if (inUse.length === 0) return 'unknown';
  const against = (text: string | undefined) =>
    inUse.map(row => compareDoses(withoutTimes(text, row), doseOf(row)));
  const now = against(change.to);
  if (now.every(each => each === 0)) return 'yes';
  if (against(change.from).every(each => each === 0)) return 'waiting';
  return now.some(each => each !== undefined && each !== 0) ? 'no' : 'unknown';
}

const doseOf = ({ dose }: Medicine) => (dose.length === 1 ? doseIn(dose[0]) : undefined);

/** A change that says only how much is compared by that: «ramipril 2,5 mg» and «2,5 mg kl. 8». */
function withoutTimes(text: string | undefined, row: Medicine) {
  const said = doseIn(text);
  const there = doseOf(row);
  return said?.rest === '' && there ? { ...said, rest: there.rest } : said;
}

/** Blood thinners, insulins and opioids (ATC B01A, A10A, N02A) are accepted one by one, never with the rest (S08). */
export const isGuarded = (rows: readonly Medicine[]): boolean =>
  rows.flatMap(rowsOf).some(({ atc }) => /^(?:B01A|A10A|N02A)/.test(atc ?? ''));

/** What a discrepancy between the change and the list is, by rule (issue: three rules, and no others). */
export type Rule = 'twice' | 'dose' | 'multidose';

export interface Discrepancy {
  /** `Task/id` of the change it is about. */
  readonly change: string;
  readonly rule: Rule;
  readonly rows: readonly Medicine[];
}

/**
 * `twice`: the same ATC code of seven characters in use in two rows. `dose`: the list says neither the dose before the
 * change nor the one after it. `multidose`: what is stopped or paused is still packed.
 */
export function discrepanciesOf(
  changes: readonly Change[],
  medicines: readonly Medicine[],
): readonly Discrepancy[] {
  return changes.filter(isWaiting).flatMap((change): readonly Discrepancy[] => {
    const rows = listedAs(change, medicines);
    const inUse = rows.filter(isInUse);
    const ended =
      change.risk === 'stop' || change.risk === 'pause'
        ? rows
        : rows.filter(
            ({ group, superseded }) => group === 'stopped' && !superseded && inUse.length === 0,
          );
    const packed = ended.filter(row => rowsOf(row).some(({ multidose }) => multidose === true));
    const found: readonly (readonly [Rule, readonly Medicine[]])[] = [
      ['twice', inUse.length > 1 ? inUse : []],
      ['dose', inUse.length === 1 && caughtUp(change, rows) === 'no' ? inUse : []],
      ['multidose', packed],
    ];
    return found.flatMap(([rule, about]) =>
      about.length > 0 ? [{ change: change.source.ref, rule, rows: about }] : [],
    );
  });
}
