import type { OpenHours } from '../record/model.ts';
import { minutesText, type WallClock, weekdayText } from '../shell/dates.ts';
import { t } from '../shell/words/words.ts';

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** Open or closed now, and the words for until when or from when. */
export interface Opening {
  readonly state: 'open' | 'closed' | 'unknown';
  /** «til 23», «hele døgnet», «åpner søn 10»; empty when the hours are unknown. */
  readonly words: string;
}

/**
 * Hours are rules about the clock on the wall, so they are compared with the clock on the wall: a night when the
 * clocks change needs no special care.
 */
export function openingAt(hours: readonly OpenHours[] | 'unknown', wall: WallClock): Opening {
  if (hours === 'unknown' || hours.length === 0) return { state: 'unknown', words: '' };
  const now = (wall.weekday - 1) * DAY + wall.minutes;
  const spans = merged(hours.flatMap(spansOf));
  const current = spans.find(({ from, to }) => from <= now && now < to);
  if (current) {
    const always = current.to - current.from >= WEEK;
    return { state: 'open', words: always ? t('call.allDay') : untilWords(current.to, now) };
  }
  const next = spans.find(({ from }) => from > now);
  if (!next) return { state: 'unknown', words: '' };
  return { state: 'closed', words: t('call.opens', { when: opensWhen(next.from, now) }) };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** In minutes since Monday, in the week before, this week and the week after, so that no edge needs a rule of its own. */
function spansOf({ days, allDay, opens, closes }: OpenHours): readonly Span[] {
  const every = days.length > 0 ? days : [1, 2, 3, 4, 5, 6, 7];
  const length = allDay ? DAY : closes > opens ? closes - opens : closes + DAY - opens;
  return [-WEEK, 0, WEEK].flatMap(week =>
    every.map(day => {
      const from = week + (day - 1) * DAY + (allDay ? 0 : opens);
      return { from, to: from + length };
    }),
  );
}

/** Spans that touch are one: a day that ends at midnight goes on into the next. */
function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else result.push(span);
  }
  return result;
}

/** Within a day the hour is enough; later than that it needs its weekday. Midnight is the end of the day before. */
function untilWords(to: number, now: number): string {
  const end = to % DAY === 0 ? DAY : ((to % DAY) + DAY) % DAY;
  const hour = hourText(end);
  const day = weekdayText(weekdayOf(to % DAY === 0 ? to - 1 : to));
  return t('call.until', { time: to - now <= DAY ? hour : `${day} ${hour}` });
}

function opensWhen(from: number, now: number): string {
  const hour = hourText(((from % DAY) + DAY) % DAY);
  const today = Math.floor(from / DAY) === Math.floor(now / DAY);
  return today ? hour : `${weekdayText(weekdayOf(from))} ${hour}`;
}

const weekdayOf = (minutes: number) => (Math.floor((minutes + WEEK) / DAY) % 7) + 1;

/** «23», «15.30»; whole hours without minutes, as people say them. */
const hourText = (minutes: number) =>
  minutes % 60 === 0 ? String(minutes / 60) : minutesText(minutes);
