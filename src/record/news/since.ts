import type { FhirDate } from '../model.ts';
import { momentOf, newestOf } from '../observations/newest.ts';
import type { Source } from '../reading.ts';
import { endOf, isAhead } from '../when.ts';

/** What «after that moment» means for dates of every precision. */
export interface Since {
  readonly isAfter: (date: FhirDate) => boolean;
  /**
   * The date that makes a thing new, if any: the newest of its own, else when its source last wrote it.
   * `asked`: when the source answered.
   */
  readonly dateOf: (
    source: Source,
    own: readonly (FhirDate | undefined)[],
    asked: Date | undefined,
  ) => { readonly at: FhirDate; readonly isOwnDate: boolean } | undefined;
  /** How many should have had a date and had none. */
  readonly undated: () => number;
}

/** Sources that make their answers as they are asked stamp everything with the moment of asking. */
const ANSWERING_MS = 60_000;

/** A day without a time counts as after if any of it is: rather told twice than never. */
export function since(look: FhirDate, now: Date): Since {
  const from = momentOf(look);
  let undated = 0;
  const isAfter = (date: FhirDate) => (endOf(date) ?? 0) > from && !isAhead(date, now);
  return {
    isAfter,
    dateOf({ lastUpdated }, own, asked) {
      const dates = own.flatMap(date => date ?? []);
      const written = momentOf(lastUpdated);
      const isStamp = asked !== undefined && written > asked.getTime() - ANSWERING_MS;
      const isKnown = Number.isFinite(written) && !isStamp;
      if (own.length > 0 && dates.length === 0 && !isKnown) undated += 1;
      // Not written since, so whatever its own dates are, it was there to be seen.
      if (isKnown && written <= from) return undefined;
      const [at] = newestOf(dates.filter(isAfter).map(date => ({ at: date })));
      if (at) return { ...at, isOwnDate: true };
      return isKnown && lastUpdated ? { at: lastUpdated, isOwnDate: false } : undefined;
    },
    undated: () => undated,
  };
}
