import type { MedicationHeader, Medicine, MedicineGroup } from '../record/model.ts';
import type { Flag } from '../record/reading.ts';
import { dateText, daysBetween, monthsBetween } from '../shell/dates.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';

/** Changed this lately, a medicine stands first in its group and says so. */
const RECENT_DAYS = 30;
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

export interface MedicineRow {
  readonly medicine: Medicine;
  /** «IKKE gi»: before the name, for the eye and for the ear. */
  readonly not: string | undefined;
  readonly substance: string;
  /** «Sertralin 50 mg tablett» */
  readonly product: string;
  readonly dose: readonly string[];
  /** Why the doses above are not, or may not be, all of it. */
  readonly doseMissing: string | undefined;
  /** «Perioden gikk ut 01.11.2026» */
  readonly warning: string | undefined;
  readonly badges: readonly string[];
  readonly changed: boolean;
  readonly facts: readonly string[];
  readonly notes: readonly string[];
  /** Flags that name and group already say. */
  readonly said: readonly Flag[];
}

const TITLES = {
  regular: 'pll.regular',
  'as-needed': 'pll.asNeeded',
  course: 'pll.course',
  unspecified: 'pll.unspecified',
  supplement: 'pll.supplement',
  paused: 'pll.paused',
} as const satisfies Partial<Record<MedicineGroup, string>>;
const IN_USE = ['regular', 'as-needed', 'course', 'unspecified', 'supplement', 'paused'] as const;

export function medicationsView(medicines: readonly Medicine[], now: Date): MedicationsView {
  const rows = (keep: (medicine: Medicine) => boolean) =>
    medicines
      .filter(keep)
      .toSorted((a, b) => byChange(a, b, now))
      .map(medicine => rowOf(medicine, now));
  const stopped = rows(({ group }) => group === 'stopped');
  const old = ({ medicine }: MedicineRow) => stoppedLongAgo(medicine, now);
  const groups = [
    ...IN_USE.map(group =>
      groupOf(
        t(TITLES[group]),
        rows(each => each.group === group),
      ),
    ),
    groupOf(
      t('pll.stopped'),
      stopped.filter(row => !old(row)),
    ),
    groupOf(t('pll.stopped.older'), stopped.filter(old), true),
    groupOf(
      t('pll.vaccine'),
      rows(({ group }) => group === 'vaccine'),
      true,
    ),
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

/** A stop without a date may be yesterday's: it stays in sight. */
const stoppedLongAgo = ({ changed }: Medicine, now: Date) =>
  changed !== undefined && monthsBetween(changed, now) >= STOPPED_MONTHS;

/** What must not be given first, then the newest change; the rest keep the order of the list. */
function byChange(a: Medicine, b: Medicine, now: Date): number {
  const newest = (each: Medicine) => (isRecent(each.changed, now) ? (each.changed ?? '') : '');
  return Number(isNegated(b)) - Number(isNegated(a)) || newest(b).localeCompare(newest(a));
}

const isNegated = ({ flags }: Medicine) => flags.includes('negated');

const isRecent = (date: string | undefined, now: Date) => {
  if (date === undefined) return false;
  const days = daysBetween(date, now);
  return days >= 0 && days <= RECENT_DAYS;
};

function rowOf(medicine: Medicine, now: Date): MedicineRow {
  const { dose, group } = medicine;
  const changed = isRecent(medicine.changed, now) && group !== 'vaccine';
  return {
    medicine,
    not: isNegated(medicine) ? t('pll.not') : undefined,
    ...nameOf(medicine),
    dose,
    doseMissing: doseMissing(medicine),
    warning: medicine.past ? pastText(medicine) : undefined,
    badges: badgesOn(medicine, changed, now),
    changed,
    facts: factsOn(medicine, now),
    notes: medicine.notes,
    said: group === 'stopped' ? ['negated', 'inactive'] : ['negated'],
  };
}

function doseMissing({ dose, doseNotInWords }: Medicine): string | undefined {
  if (doseNotInWords) return t(dose.length > 0 ? 'pll.dose.partly' : 'pll.dose.notInWords');
  return dose.length > 0 ? undefined : t('pll.dose.unknown');
}

const pastText = ({ until }: Medicine) =>
  until ? t('pll.past', { date: dateText(until) }) : t('pll.past.undated');

/** Substance first; what is missing is said, and the rest of the row kept (HZ11). */
function nameOf({ substance, product, strength, form }: Medicine) {
  const details = [strength, form].filter(Boolean).join(' ');
  if (!substance && !product) return { substance: t('pll.noName'), product: details };
  return {
    substance: substance ?? product ?? '',
    product: [substance && product !== substance ? product : undefined, details]
      .filter(Boolean)
      .join(' '),
  };
}

function badgesOn(medicine: Medicine, changed: boolean, now: Date): readonly string[] {
  const { started, onPll, origin, tentative, group } = medicine;
  const news = isRecent(started, now) ? 'pll.new' : 'pll.changed';
  return [
    ...(group === 'stopped' ? [`${changed ? '▲ ' : ''}${endingText(medicine)}`] : []),
    ...(changed && group !== 'stopped' ? [t(news)] : []),
    ...(tentative ? [t('pll.tentative', { what: tentative })] : []),
    ...(onPll || origin === 'immunization' ? [] : [t('pll.offPll')]),
  ];
}

/** Stopped, completed as planned and never given are three different things. */
const endingText = ({ ending }: Medicine) => t(`pll.ending.${ending ?? 'stopped'}`);

function factsOn(medicine: Medicine, now: Date): readonly string[] {
  const { indication, changed, changedBy, stoppedBecause, until, past } = medicine;
  const ahead = until !== undefined && !past && daysBetween(until, now) <= 0;
  return [
    ...(indication ? [t('pll.indication', { what: indication })] : []),
    ...(stoppedBecause
      ? [t('pll.because', { ending: endingText(medicine), why: stoppedBecause })]
      : []),
    ...(ahead ? [t('pll.until', { date: dateText(until) })] : []),
    ...(changed ? [changedText(changed, changedBy)] : []),
  ];
}

const changedText = (changed: string, by: string | undefined) =>
  by
    ? t('pll.changedBy', { date: dateText(changed), who: by })
    : t('pll.changedOn', { date: dateText(changed) });

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
