import { localDay, localTime } from '../local-time.ts';

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
