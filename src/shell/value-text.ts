import type { Observed } from '../record/observations/observation.ts';
import type { Trend } from '../record/observations/series.ts';
import type { Value, Written } from '../record/observations/values.ts';
import type { Shared } from '../record/reading.ts';
import { dateText, minutesText, wallClock } from './dates.ts';
import './words/later.ts';
import { language, t } from './words/words.ts';

/** Digits with the decimal sign of the language on screen; words are nobody's to change. */
function writtenText(written: Written): string {
  if ('words' in written) return written.words;
  return language.value === 'nb' ? written.digits.replaceAll('.', ',') : written.digits;
}

/** «138 µmol/L», «<10», «ikke påvist»; or why there is nothing. Never blank. */
function valueText(value: Value): string {
  const { text, unit, missing, unshown } = value;
  if (unshown) return t('value.unshown');
  if (text === undefined) return missing ? t('value.missing', { why: missing }) : t('value.none');
  if (typeof text === 'boolean') return t(text ? 'value.yes' : 'value.no');
  return [writtenText(text), unit].filter(Boolean).join(' ');
}

/** All of it: the value, or its parts, each with its name, and what the source says lies outside. */
export function wholeText({ value, components }: Observed): string {
  const parts = components.map(part => `${part.name ?? t('value.noName')}: ${withSign(part)}`);
  const own = value.text !== undefined || value.missing || value.unshown || parts.length === 0;
  return [...(own ? [withSign(value)] : []), ...parts].join(' · ');
}

const SIGNS = { high: '▲', low: '▼', abnormal: '◆' } as const;

const withSign = (value: Value) =>
  value.outside ? `${valueText(value)} ${SIGNS[value.outside]}` : valueText(value);

/** What the sign means, in words: by the source's own interpretation or range. */
export const outsideText = ({ value, components }: Observed): string | undefined => {
  const { outside } = [value, ...components].find(one => one.outside) ?? {};
  return outside && t(`value.${outside}`);
};

export const rangesText = ({ ranges }: Value): string | undefined =>
  ranges.length > 0 ? t('value.range', { range: ranges.map(writtenText).join(', ') }) : undefined;

/** Everything beside the value that somebody said about it, in the order of its weight. */
export function factsOn(item: Observed & Shared<Observed>): readonly string[] {
  const { value, standing, specimen, performer, device, notes, also = [] } = item;
  return [
    standing && t(`value.${standing}`),
    value.interpretation && t('value.interpretation', { what: value.interpretation }),
    ...also
      .filter(other => wholeText(other) !== wholeText(item))
      .map(other => t('value.differs', { source: other.source.from, value: wholeText(other) })),
    specimen,
    device ? t('value.device', { what: device }) : undefined,
    performer ?? also.map(other => other.performer).find(Boolean),
    ...notes.map(noteText),
  ].flatMap(fact => fact || []);
}

function noteText({ text, at, by }: Observed['notes'][number]): string {
  const when = at === undefined ? undefined : whenText(at);
  const whose = [when, by].filter(Boolean).join(', ');
  return whose ? t('value.note', { whose, text }) : text;
}

/** The day, and the time where the source gave one. */
export function whenText(at: string | undefined): string {
  if (at === undefined) return t('value.undated');
  const instant = at.includes('T') ? new Date(at) : undefined;
  if (!instant || Number.isNaN(instant.getTime())) return dateText(at);
  const time = minutesText(wallClock(instant).minutes);
  return t('value.at', { date: dateText(at), time });
}

/** What a line shows, for whoever does not see it. */
export function trendText({ points, first, last }: Trend, name: string): string {
  return t('trend.label', {
    name,
    n: points.length,
    first: `${valueText(first.value)} ${dateText(first.at ?? '')}`,
    last: `${valueText(last.value)} ${dateText(last.at ?? '')}`,
  });
}
