import { contradictions } from '../record/medicines/medicines-merge.ts';
import type { FhirDate, Medicine } from '../record/model.ts';
import type { Flag } from '../record/reading.ts';
import { dateText, dayOf, daysBetween } from '../shell/dates.ts';
import { listed } from '../shell/state-view.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { elsewhere } from './elsewhere.ts';
import { endingText, isInUse, isNegated } from './groups.ts';
import { type Around, warningsOn } from './warnings.ts';

/** Changed this lately, a medicine stands first in its group and says so. */
const RECENT_DAYS = 30;

export interface MedicineRow {
  readonly medicine: Medicine;
  /** Tells rows apart: two sources may use the same id for two things. */
  readonly key: string;
  /** «IKKE gi»: before the name, for the eye and for the ear. */
  readonly not: string | undefined;
  readonly substance: string;
  /** «Sertralin 50 mg tablett» */
  readonly product: string;
  readonly dose: readonly string[];
  /** Beside the dose: «I venstre øye». */
  readonly instructions: readonly string[];
  /** Why the doses above are not, or may not be, all of it. */
  readonly doseMissing: string | undefined;
  /** What the other sources say otherwise: «Reseptformidleren: 50 mg om kvelden». */
  readonly elsewhere: readonly string[];
  /** «Perioden gikk ut 01.11.2026», «Samme virkestoff to steder» */
  readonly warnings: readonly string[];
  readonly badges: readonly string[];
  readonly changed: boolean;
  readonly facts: readonly string[];
  readonly notes: readonly string[];
  readonly flags: readonly Flag[];
  /** Flags that name, group and lines already say. */
  readonly said: readonly Flag[];
}

export function rowOf(medicine: Medicine, around: Around): MedicineRow {
  const { now } = around;
  const all = [medicine, ...(medicine.also ?? [])];
  const latest = lastChanged(medicine);
  const changed = isRecent(latest.changed, now) && medicine.group !== 'vaccine';
  const isDenied = all.some(({ atc }) => around.denied.has(atc ?? '')) && mattersNow(medicine);
  return {
    medicine,
    key: `${medicine.source.from} ${medicine.source.ref}`,
    not: isNegated(medicine) ? t('pll.not') : undefined,
    ...nameOf(medicine),
    dose: medicine.dose,
    instructions: medicine.instructions,
    doseMissing: doseMissing(all),
    elsewhere: elsewhere(medicine),
    warnings: warningsOn(medicine, around, isDenied),
    badges: badgesOn(medicine, changed, around),
    changed,
    facts: factsOn(medicine, around),
    notes: medicine.notes,
    flags: isDenied ? [...new Set<Flag>([...medicine.flags, 'contradiction'])] : medicine.flags,
    said: [
      'negated',
      ...(medicine.group === 'stopped' ? (['inactive'] as const) : []),
      ...(isDenied ||
      (medicine.also ?? []).some(other => contradictions(medicine, other).length > 0)
        ? (['contradiction'] as const)
        : []),
    ],
  };
}

/** The medicine as the source with the newest change has it. */
export function lastChanged(medicine: Medicine): Medicine {
  const all = [medicine, ...(medicine.also ?? [])];
  return all.reduce((last, each) => ((each.changed ?? '') > (last.changed ?? '') ? each : last));
}

export const isRecent = (date: string | undefined, now: Date) => {
  if (date === undefined) return false;
  const days = daysBetween(date, now);
  return days >= 0 && days <= RECENT_DAYS;
};

const mattersNow = (medicine: Medicine) => isNegated(medicine) || isInUse(medicine);

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

function doseMissing(all: readonly Medicine[]): string | undefined {
  const isSaid = all.some(({ dose }) => dose.length > 0);
  if (all[0]?.doseNotInWords) return t(isSaid ? 'pll.dose.partly' : 'pll.dose.notInWords');
  return isSaid ? undefined : t('pll.dose.unknown');
}

function badgesOn(medicine: Medicine, changed: boolean, around: Around): readonly string[] {
  const { started, tentative, group, superseded } = medicine;
  const all = [medicine, ...(medicine.also ?? [])];
  const news = isRecent(started, around.now) ? 'pll.new' : 'pll.changed';
  const multidose = all.map(each => each.multidose).find(each => each !== undefined);
  const isListed = all.some(({ onPll, origin }) => onPll || origin === 'immunization');
  return [
    ...(group === 'stopped' && !superseded
      ? [`${changed ? '▲ ' : ''}${endingText(medicine)}`]
      : []),
    ...(changed && group !== 'stopped' ? [t(news)] : []),
    ...(isAfter(lastChanged(medicine).changed, around.reconciled) && group !== 'vaccine'
      ? [t('pll.changed.since')]
      : []),
    ...(multidose === undefined ? [] : [t(multidose ? 'pll.multidose' : 'pll.loose')]),
    ...(tentative ? [t('pll.tentative', { what: tentative })] : []),
    ...(isListed ? [] : [t('pll.offPll')]),
  ];
}

/** Surely later: a change and a reconciliation on the same day, one of them without a time, may be either way. */
function isAfter(changed: FhirDate | undefined, reconciled: FhirDate | undefined): boolean {
  if (!changed || !reconciled) return false;
  if (changed.includes('T') && reconciled.includes('T'))
    return Date.parse(changed) > Date.parse(reconciled);
  const [day, other] = [dayOf(changed), dayOf(reconciled)];
  const precision = Math.min(day.length, other.length);
  return day.slice(0, precision) > other.slice(0, precision);
}

function factsOn(medicine: Medicine, { now, several }: Around): readonly string[] {
  const { indication, stoppedBecause, until, past, also = [] } = medicine;
  const { changed, changedBy } = lastChanged(medicine);
  const all = [medicine, ...also];
  const ahead = until !== undefined && !past && daysBetween(until, now) <= 0;
  const used = indication ?? also.map(other => other.indication).find(Boolean);
  const handedOut = all.flatMap(each => each.handedOut ?? [])[0];
  return [
    ...(used ? [indicationText(used)] : []),
    ...(stoppedBecause
      ? [t('pll.because', { ending: endingText(medicine), why: stoppedBecause })]
      : []),
    ...(ahead ? [t('pll.until', { date: dateText(until) })] : []),
    ...(changed ? [changedText(changed, changedBy)] : []),
    ...(handedOut ? [handedOutText(handedOut)] : []),
    ...(several
      ? [t('pll.from', { who: listed([...new Set(all.map(({ source }) => source.from))]) })]
      : []),
  ];
}

/** SFM's text says «MOT BLODPROPP» by itself. */
const indicationText = (what: string) =>
  /^(?:mot|til|for|ved)\b/i.test(what) ? what : t('pll.indication', { what });

const changedText = (changed: string, by: string | undefined) =>
  by
    ? t('pll.changedBy', { date: dateText(changed), who: by })
    : t('pll.changedOn', { date: dateText(changed) });

const handedOutText = ({ on, what }: NonNullable<Medicine['handedOut']>) =>
  on
    ? t('pll.handedOut.on', { what: what ?? t('pll.noName'), date: dateText(on) })
    : t('pll.handedOut', { what: what ?? t('pll.noName') });
