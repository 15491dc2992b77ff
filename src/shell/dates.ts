import { localTime } from '../record/local-time.ts';
import type { FhirDate } from '../record/model.ts';
import { language } from './words/words.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const WEEKDAYS = {
  nb: 'man tir ons tor fre lør søn'.split(' '),
  en: 'Mon Tue Wed Thu Fri Sat Sun'.split(' '),
};

/** What the clock on a Norwegian wall says. */
export interface WallClock {
  /** `2026-11-21` */
  readonly day: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekday: number;
  /** Minutes after midnight. */
  readonly minutes: number;
}

export function wallClock(at: Date): WallClock {
  const [day = '', hour, minute] = localTime(at).split(/[T:]/);
  return {
    day,
    weekday: new Date(day).getUTCDay() || 7,
    minutes: Number(hour) * 60 + Number(minute),
  };
}

/**
 * The calendar day a FHIR date names, in as much detail as it was written with.
 * A date without a time is never moved between time zones (HZ21); an instant is, to the Norwegian day.
 */
export function dayOf(date: FhirDate): string {
  if (!date.includes('T')) return date;
  const instant = new Date(date);
  return Number.isNaN(instant.getTime()) ? date : wallClock(instant).day;
}

/** `12.11.2026`, `11.2026` or `2026`: never more precise than the source. */
export function dateText(date: FhirDate): string {
  const found = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(dayOf(date));
  if (!found) return date;
  const [, year = '', month, day] = found;
  if (language.value === 'nb') return [day, month, year].filter(Boolean).join('.');
  const name = month && MONTHS[Number(month) - 1];
  return [day && String(Number(day)), name, year].filter(Boolean).join(' ');
}

const two = (value: number) => String(value).padStart(2, '0');

/** `20.15` among other words in Norwegian, `20:15` in English. */
export function minutesText(minutes: number): string {
  const separator = language.value === 'nb' ? '.' : ':';
  return `${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`;
}

/** `kl. 20.15` */
export function timeText(at: Date): string {
  const time = minutesText(wallClock(at).minutes);
  return language.value === 'nb' ? `kl. ${time}` : time;
}

/** The time alone today, with its date on any other day. */
export function momentText(at: Date, now: Date): string {
  const { day } = wallClock(at);
  return day === wallClock(now).day ? timeText(at) : `${dateText(day)} ${timeText(at)}`;
}

export const weekdayText = (weekday: number): string =>
  WEEKDAYS[language.value][(weekday - 1) % 7] ?? '';

/** Whole years, only where the source knows the day of birth. */
export function ageOn(born: FhirDate, now: Date): number | undefined {
  const birth = dayOf(born);
  return /^\d{4}-\d\d-\d\d$/.test(birth) ? Math.floor(monthsBetween(birth, now) / 12) : undefined;
}

/** Whole calendar months from a day to now; a date without a day counts from its first. */
export function monthsBetween(date: FhirDate, now: Date): number {
  const [year = 0, month = 1, day = 1] = dayOf(date).split('-').map(Number);
  const [thisYear = 0, thisMonth = 1, today = 1] = wallClock(now).day.split('-').map(Number);
  return (thisYear - year) * 12 + thisMonth - month - (today < day ? 1 : 0);
}

/** Whole days from a day to now; negative when it lies ahead. */
export function daysBetween(date: FhirDate, now: Date): number {
  const [year = 0, month = 1, day = 1] = dayOf(date).split('-').map(Number);
  const today = Date.parse(wallClock(now).day);
  return Math.round((today - Date.UTC(year, month - 1, day)) / 86_400_000);
}
