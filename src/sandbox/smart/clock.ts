/** The demo's time: a fixed distance from the real one, moving at normal speed. */
export type Clock = () => Date;

/** A clock that shows `start` now and ticks from there. */
export function clockFrom(start: Date, wall: Clock): Clock {
  const ahead = start.getTime() - wall().getTime();
  return () => new Date(wall().getTime() + ahead);
}

const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?)?([Zz]|[+ -]\d{2}:\d{2})?$/;

/**
 * Reads `?now=`. Without an offset the time is that on a wall in Oslo.
 *
 * An unescaped `+01:00` in a URL arrives as ` 01:00`; the blank can only have been a plus.
 */
export function readMoment(text: string): Date | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', offset] =
    MOMENT.exec(text.trim()) ?? [];
  if (!year || !month || !day) return undefined;
  const wanted = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = new Date(`${wanted}Z`);
  // Date.parse takes 30 February for 2 March; what comes out must be what went in.
  if (Number.isNaN(asUtc.getTime()) || !asUtc.toISOString().startsWith(wanted)) return undefined;
  const moment = offset
    ? new Date(`${wanted}${offset.replace(' ', '+').toUpperCase()}`)
    : fromOslo(asUtc);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

export const momentAdvice = (text: string) =>
  `now=${text} is not a time. Write it as 2026-11-23T10:00 (Norwegian time) or 2026-11-23T10:00:00+01:00.`;

/** Asked twice: the first guess may lie on the other side of the change to summer time. */
function fromOslo(asUtc: Date): Date {
  const guess = new Date(asUtc.getTime() - osloAhead(asUtc));
  return new Date(asUtc.getTime() - osloAhead(guess));
}

const OSLO = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Oslo',
  timeZoneName: 'longOffset',
});

function osloAhead(at: Date): number {
  const zone = OSLO.formatToParts(at).find(part => part.type === 'timeZoneName')?.value ?? '';
  const [, hours = '1', minutes = '0'] = /GMT\+(\d{2}):(\d{2})/.exec(zone) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** `2007-05-12` as 12.05.2007; a date of which only a part is known stays as it is. */
export const inNorwegian = (date: string) => date.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$3.$2.$1');
