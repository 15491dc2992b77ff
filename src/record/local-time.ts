const ZONE = 'Europe/Oslo';

/**
 * Only where the browser has no `Temporal` yet. Trap: whatever of `Intl` a new page uses first costs it 30 to 50 ms, here in
 * front of whom to call; `Temporal` costs half of one (docs/performance.md).
 */
const OSLO =
  'Temporal' in globalThis
    ? undefined
    : new Intl.DateTimeFormat('en', { timeZone: ZONE, timeZoneName: 'longOffset' });

/** A moment in Norwegian local time with its offset, `2026-11-21T20:15:00+01:00`, whatever the workstation's zone is. */
export function localTime(moment: Date): string {
  const offset = OSLO
    ? // «11/21/2026, GMT+01:00»
      OSLO.format(moment).slice(-6)
    : moment.toTemporalInstant().toZonedDateTimeISO(ZONE).offset;
  // Norway is whole hours east of Greenwich.
  const there = new Date(moment.getTime() + Number(offset.slice(1, 3)) * 3_600_000);
  return there.toISOString().slice(0, 19) + offset;
}

/** The day it is in Norway, `2026-11-21`. */
export const localDay = (moment: Date): string => localTime(moment).slice(0, 10);
