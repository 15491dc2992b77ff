import { type CriticalDetails, detailsOf } from '../record/critical/critical-details.ts';
import { differences } from '../record/critical/critical-merge.ts';
import type { CriticalItem } from '../record/model.ts';
import { dateText } from '../shell/dates.ts';
import '../shell/words/later.ts';
import { isKey, t } from '../shell/words/words.ts';
import { isCurrent } from './critical-order.ts';

/** «Kjernejournal · oppgitt av pasienten · 09.09.2014, Ingrid Fastlund»: whose word each source has it on, and when. */
export const sourceLines = (item: CriticalItem): readonly string[] =>
  [item, ...(item.also ?? [])].map(one => sourceLine(one, item.text));

function sourceLine(item: CriticalItem, heading: string | undefined): string {
  const { source, text, validUntil, expired } = item;
  const details = detailsOf(item);
  const { informationSource, updated } = details;
  return [
    source.from,
    ...(text && text !== heading ? [t('crit.as', { text })] : []),
    ...(informationSource ? [informationText(informationSource)] : []),
    ...(validUntil && !expired ? [t('crit.validUntil', { date: dateText(validUntil) })] : []),
    recordedText(item, details),
    ...(updated && dateText(updated) !== dateText(item.recorded ?? updated)
      ? [t('crit.updated', { date: dateText(updated) })]
      : []),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Volven 7498 in words; what is no such number is the source's own words. */
function informationText(informationSource: string): string {
  const key = `crit.told.${informationSource}` as const;
  return isKey(key) ? t(key) : informationSource;
}

function recordedText({ recorded }: CriticalItem, { by }: CriticalDetails): string | undefined {
  if (recorded && by) return t('crit.recorded', { date: dateText(recorded), who: by });
  return recorded ? dateText(recorded) : by;
}

/** How bad and how sure, as far as it is said: «alvorlig», «bekreftet». */
export const gradeOf = ({ severity, certainty }: CriticalItem): readonly string[] => [
  ...(severity ? [t(severity === 'high' ? 'crit.severe' : 'crit.mild')] : []),
  ...(certainty === 'unknown' ? [] : [t(`crit.${certainty}`)]),
];

/** Where sources grade the same thing differently, each grade with its source. Which is right is not ours to say. */
export function disagreement(item: CriticalItem): string | undefined {
  const also = item.also ?? [];
  if (also.every(other => differences(item, other).length === 0)) return undefined;
  const said = [item, ...also].map(one =>
    t('crit.said', {
      source: one.source.from,
      what: [...gradeOf(one), ...(isCurrent(one) ? [] : [t('crit.isOver')])].join(', ') || '–',
    }),
  );
  return t('crit.disagree', { what: said.join('; ') });
}
