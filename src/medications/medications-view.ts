import { isSubstance } from '../record/medicines/medicines-merge.ts';
import type { FhirDate, MedicationHeader, Medicine, MedicineGroup } from '../record/model.ts';
import { newestFirst } from '../record/when.ts';
import { dateText, monthsBetween } from '../shell/dates.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { groupTitle, IN_USE, isInUse, isNegated } from './groups.ts';
import { isRecent, lastChanged, type MedicineRow, rowOf } from './medicine-row.ts';
import type { Around } from './warnings.ts';

const STOPPED_MONTHS = 12;

export interface MedicationsView {
  /** In the order of the shared medication list; only those that exist. */
  readonly groups: readonly Group[];
  readonly inUse: number;
}

export interface Group {
  readonly title: string;
  readonly rows: readonly MedicineRow[];
  readonly folded: boolean;
}

/** The whole list, however many sources it came from. `reconciled`: when somebody last went through it. */
export function medicationsView(
  medicines: readonly Medicine[],
  now: Date,
  reconciled?: FhirDate,
): MedicationsView {
  const around = aroundThem(medicines, now, reconciled);
  const rows = (keep: (medicine: Medicine) => boolean) =>
    medicines
      .filter(keep)
      .toSorted((a, b) => byChange(a, b, now))
      .map(medicine => rowOf(medicine, around));
  const stopped = rows(({ group, superseded }) => group === 'stopped' && !superseded);
  const old = ({ medicine }: MedicineRow) => stoppedLongAgo(medicine, now);
  const inGroup = (wanted: MedicineGroup) => rows(({ group }) => group === wanted);
  const groups = [
    ...IN_USE.map(group => groupOf(groupTitle(group), inGroup(group))),
    groupOf(
      groupTitle('stopped'),
      stopped.filter(row => !old(row)),
    ),
    groupOf(t('pll.stopped.older'), stopped.filter(old), true),
    groupOf(
      t('pll.superseded'),
      rows(({ superseded }) => superseded),
      true,
    ),
    groupOf(groupTitle('vaccine'), inGroup('vaccine'), true),
  ];
  return {
    groups: groups.filter(group => group.rows.length > 0),
    inUse: medicines.filter(({ group }) => IN_USE.some(known => known === group)).length,
  };
}

const groupOf = (title: string, rows: readonly MedicineRow[], folded = false): Group => ({
  title: t('pll.count', { group: title, n: rows.length }),
  rows,
  folded,
});

/** Substances that stand in two rows in use, or in use and as «IKKE gi»: by ATC code alone, never by name. */
function aroundThem(
  medicines: readonly Medicine[],
  now: Date,
  reconciled: FhirDate | undefined,
): Around {
  const inUse = medicines.filter(isInUse).flatMap(substanceOf);
  const denied = medicines.filter(isNegated).flatMap(substanceOf);
  const sources = medicines.flatMap(({ source, also = [] }) => [
    source.from,
    ...also.map(other => other.source.from),
  ]);
  return {
    now,
    reconciled,
    twice: new Set(inUse.filter((atc, index) => inUse.indexOf(atc) !== index)),
    denied: new Set(denied.filter(atc => inUse.includes(atc))),
    several: new Set(sources).size > 1,
  };
}

function substanceOf({ atc, also = [] }: Medicine): readonly string[] {
  const codes = [atc, ...also.map(other => other.atc)].flatMap(code => code ?? []);
  return [...new Set(codes.filter(isSubstance))];
}

/** A stop without a date may be yesterday's: it stays in sight. */
function stoppedLongAgo(medicine: Medicine, now: Date): boolean {
  const { changed } = lastChanged(medicine);
  return changed !== undefined && monthsBetween(changed, now) >= STOPPED_MONTHS;
}

/** What must not be given first, then the newest change; the rest keep the order of the list. */
function byChange(a: Medicine, b: Medicine, now: Date): number {
  const newest = (each: Medicine) => {
    const { changed } = lastChanged(each);
    return isRecent(changed, now) ? (changed ?? '') : '';
  };
  return Number(isNegated(b)) - Number(isNegated(a)) || newestFirst(newest(a), newest(b));
}

/** «Samstemt 12.11.2026 av Tuva Poliklin» */
export function reconciledText(header: MedicationHeader | undefined): string | undefined {
  if (!header?.reconciled) return undefined;
  const date = dateText(header.reconciled);
  return header.by
    ? t('pll.reconciled', { date, who: header.by })
    : t('pll.reconciled.on', { date });
}

/** «Legemidler i bruk: ingen – bekreftet …», only with who and when. */
export function statedEmpty(header: MedicationHeader | undefined): string | undefined {
  return header?.reconciled && header.by
    ? t('state.asserted-none', {
        what: t('pll.title'),
        date: dateText(header.reconciled),
        who: header.by,
      })
    : undefined;
}
