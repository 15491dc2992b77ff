/** An amount and how often, as far as a text says it in one of the few ways that can be read only one way. */
export interface Dose {
  readonly name: string;
  readonly amount: number;
  readonly unit: string;
  /** What stands after the amount, word for word. */
  readonly rest: string;
  /** Times a day; undefined: not said, or not in a way we read. */
  readonly daily: number | undefined;
}

const DOSE =
  /^(?<name>[^\d]*?)\s*(?<amount>\d+(?:[.,]\d+)?)\s*(?<unit>mg|µg|μg|mikrogram|g|ml|IE)(?![\p{L}\d/])\s*(?<rest>.*)$/u;

/** «furosemid 40 mg × 2», «40 mg kl. 8 og kl. 14». Undefined: nothing may be concluded from it. */
export function doseIn(text: string | undefined): Dose | undefined {
  const { name, amount, unit, rest } = DOSE.exec(text?.trim() ?? '')?.groups ?? {};
  if (amount === undefined || unit === undefined || name === undefined || rest === undefined)
    return undefined;
  return {
    name: name.toLowerCase(),
    amount: Number(amount.replace(',', '.')),
    unit: unit === 'μg' || unit === 'mikrogram' ? 'µg' : unit,
    rest: rest.trim(),
    daily: timesADay(rest.trim()),
  };
}

const ONCE = /^(?:om morgenen|om formiddagen|om ettermiddagen|om kvelden|til natten|daglig)$/;
const CLOCK = /^kl\. \d{1,2}(?:[.:]\d\d)?(?:(?:, | og )kl\. \d{1,2}(?:[.:]\d\d)?)*$/;

function timesADay(rest: string): number | undefined {
  const [, times] = /^[×x] ?(\d{1,2})(?: daglig)?$/.exec(rest) ?? [];
  if (times !== undefined) return Number(times);
  if (ONCE.test(rest)) return 1;
  return CLOCK.test(rest) ? rest.split('kl.').length - 1 : undefined;
}

/**
 * How the second compares with the first: below 0 less, 0 the same, above 0 more. Undefined: other units, or how often
 * is not said in both in words that can be compared.
 */
export function compareDoses(a: Dose | undefined, b: Dose | undefined): number | undefined {
  if (!a || !b || a.unit !== b.unit) return undefined;
  if (a.rest === b.rest) return difference(a.amount, b.amount);
  if (a.daily === undefined || b.daily === undefined) return undefined;
  return difference(a.amount * a.daily, b.amount * b.daily);
}

const difference = (x: number, y: number) => (Math.abs(y - x) < 1e-9 ? 0 : y - x);
