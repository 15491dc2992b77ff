const ZONE = 'Europe/Oslo';

const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
});

/** A moment in Norwegian local time with its offset, `2026-11-21T20:15:00+01:00`, whatever the workstation's zone is. */
export function localTime(moment: Date): string {
  const part = partsOf(moment);
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  // «GMT+01:00»
  const offset = part('timeZoneName').slice('GMT'.length) || '+00:00';
  return `${day}T${part('hour')}:${part('minute')}:${part('second')}${offset}`;
}

/** The day it is in Norway, `2026-11-21`. */
export const localDay = (moment: Date): string => localTime(moment).slice(0, 10);

function partsOf(moment: Date) {
  const parts = PARTS.formatToParts(moment);
  return (type: Intl.DateTimeFormatPartTypes) =>
    parts.find(each => each.type === type)?.value ?? '';
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** So many working days later, at 15 (Monday to Friday: holidays are not known here). */
export function workingDaysAfter(moment: Date, days: number): string {
  const at = new Date(`${localDay(moment)}T12:00:00Z`);
  let left = days;
  while (left > 0) {
    at.setTime(at.getTime() + DAY_MS);
    if (at.getUTCDay() % 6 !== 0) left -= 1;
  }
  const day = at.toISOString().slice(0, 10);
  return `${day}T15:00:00${localTime(at).slice(-6)}`;
}
