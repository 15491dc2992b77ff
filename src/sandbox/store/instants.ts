/** Dates of any precision as ranges of time (FHIR R4, Search §3.1.1.4.5). */
import { asList, isObject } from './json.ts';

/** Milliseconds, `from` included, `until` not. */
export interface Range {
  readonly from: number;
  readonly until: number;
}

const WRITTEN =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const HOUR = 3_600_000;

/** Undefined = not a date that exists. */
export function rangeOfDate(written: string): Range | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = WRITTEN.exec(written) ?? [];
  if (year === undefined) return undefined;
  const parts = [year, month ?? '1', day ?? '1', hour ?? '0', minute ?? '0', second ?? '0'].map(
    Number,
  );
  const [y = 0, mo = 1, d = 1, h = 0, mi = 0, s = 0] = parts;
  if (mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || h > 23 || mi > 59 || s > 60)
    return undefined;
  const ms = fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
  const from = Date.UTC(y, mo - 1, d, h, mi, s, ms);
  const until = ((): number => {
    if (month === undefined) return Date.UTC(y + 1, 0, 1);
    if (day === undefined) return Date.UTC(y, mo, 1);
    if (hour === undefined) return Date.UTC(y, mo - 1, d + 1);
    if (second === undefined) return from + 60_000;
    return from + (fraction === undefined ? 1000 : 1);
  })();
  return { from: toUtc(from, zone), until: toUtc(until, zone) };
}

/** Date, dateTime, instant, Period or Timing; an open end of a period is for ever. */
export function rangesOf(value: unknown): Range[] {
  if (typeof value === 'string') return asList(rangeOfDate(value)) as Range[];
  if (!isObject(value)) return [];
  if (value['start'] !== undefined || value['end'] !== undefined) {
    const start = typeof value['start'] === 'string' ? rangeOfDate(value['start']) : undefined;
    const end = typeof value['end'] === 'string' ? rangeOfDate(value['end']) : undefined;
    return [{ from: start?.from ?? -Infinity, until: end?.until ?? Infinity }];
  }
  const repeat = isObject(value['repeat']) ? value['repeat']['boundsPeriod'] : undefined;
  return [...asList(value['event']).flatMap(rangesOf), ...rangesOf(repeat)];
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/**
 * Trap: «21 November» is a Norwegian day, not a UTC day. Where no zone is written the server's local time
 * counts (R4), and this server stands in Norway.
 */
function toUtc(wall: number, zone: string | undefined): number {
  if (zone === 'Z') return wall;
  if (zone !== undefined) {
    const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
    return wall - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  }
  const winter = wall - HOUR;
  return isSummerTime(winter) ? wall - 2 * HOUR : winter;
}

/** Directive 2000/84/EC: from the last Sunday of March to the last Sunday of October, both at 01:00 UTC. */
function isSummerTime(utc: number): boolean {
  const year = new Date(utc).getUTCFullYear();
  return utc >= lastSunday(year, 3) + HOUR && utc < lastSunday(year, 10) + HOUR;
}

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 0));
  return last.getTime() - last.getUTCDay() * 24 * HOUR;
}
