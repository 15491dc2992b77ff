import type { FhirDate } from './model.ts';

/**
 * The last moment a FHIR date or instant includes, in milliseconds since 1970: `2026-11` lasts until 30 November.
 * Dates without a time have no zone (R4, «dateTime»); UTC makes the answer the same on every workstation.
 */
export function endOf(date: FhirDate | undefined): number | undefined {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date ?? '');
  if (!match) {
    const instant = Date.parse(date ?? '');
    return Number.isNaN(instant) ? undefined : instant;
  }
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (!match[2]) return Date.UTC(year + 1, 0, 1) - 1;
  return (match[3] ? Date.UTC(year, month - 1, day + 1) : Date.UTC(year, month, 1)) - 1;
}

/** The first moment, likewise. */
function startOf(date: FhirDate | undefined): number | undefined {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date ?? '');
  if (!match) return endOf(date);
  return Date.UTC(Number(match[1]), Number(match[2] ?? 1) - 1, Number(match[3] ?? 1));
}

export const isOver = (date: FhirDate | undefined, now: Date) =>
  (endOf(date) ?? Number.POSITIVE_INFINITY) < now.getTime();

export const isAhead = (date: FhirDate | undefined, now: Date) =>
  (startOf(date) ?? Number.NEGATIVE_INFINITY) > now.getTime();

/**
 * Newest first, for `sort`: what has no date comes last. Dates are compared as they are written. Trap: the first
 * `localeCompare` costs a new page 15 ms.
 */
export const newestFirst = (a: FhirDate = '', b: FhirDate = ''): number =>
  Number(a < b) - Number(a > b);
