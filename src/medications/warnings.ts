import type { FhirDate, Medicine } from '../record/model.ts';
import { dateText, daysBetween } from '../shell/dates.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { isInUse } from './groups.ts';

/** What a row is seen against. */
export interface Around {
  readonly now: Date;
  /** When somebody last went through the whole list. */
  readonly reconciled: FhirDate | undefined;
  /** ATC codes that stand in more than one row in use, and those that also stand as «IKKE gi». */
  readonly twice: ReadonlySet<string>;
  readonly denied: ReadonlySet<string>;
  /** More than one source has medicines: each row says whose it is. */
  readonly several: boolean;
}

/** Volven 7408 E and U: the pharmacy will still hand it out. */
const CAN_BE_HANDED_OUT = ['E', 'U'];

export function warningsOn(
  medicine: Medicine,
  around: Around,
  isDenied: boolean,
): readonly string[] {
  const all = [medicine, ...(medicine.also ?? [])];
  const inUse = isInUse(medicine);
  const isStopped = medicine.group === 'stopped' && !medicine.superseded;
  const prescription = all.flatMap(each => each.prescription ?? [])[0];
  const { status, words = status, until } = prescription ?? {};
  const isOpen = CAN_BE_HANDED_OUT.includes(status ?? '');
  return [
    ...(isDenied ? [t('pll.denied')] : []),
    ...(inUse && all.some(({ atc }) => around.twice.has(atc ?? '')) ? [t('pll.duplicate')] : []),
    ...(medicine.past ? [pastText(medicine)] : []),
    ...(isStopped && all.some(({ multidose }) => multidose) ? [t('pll.stopped.multidose')] : []),
    ...(isStopped && isOpen ? [t('pll.prescription.open', { status: words ?? '' })] : []),
    ...(inUse && status && status !== 'E'
      ? [t('pll.prescription', { status: words ?? status })]
      : []),
    ...(inUse && until && daysBetween(until, around.now) > 0
      ? [t('pll.prescription.over', { date: dateText(until) })]
      : []),
  ];
}

const pastText = ({ until }: Medicine) =>
  until ? t('pll.past', { date: dateText(until) }) : t('pll.past.undated');
