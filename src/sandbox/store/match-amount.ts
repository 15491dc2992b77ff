/** Search types date, number and quantity: values with a prefix and a precision (FHIR R4, Search §3.1.1.4.5-7). */
import { type Range, rangeOfDate, rangesOf } from './instants.ts';
import { isObject, textAt } from './json.ts';
import type { Test } from './match-text.ts';
import { splitOn, unescape } from './search-values.ts';

const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
type Prefix = (typeof PREFIXES)[number];

/** Undefined = not a date; the caller says so. */
export function dateTest(written: string, now: number): Test | undefined {
  const { prefix, rest } = prefixOf(unescape(written));
  // Trap: a `+` in a query string that was not percent-encoded arrives as a space.
  const asked = rangeOfDate(rest.replace(' ', '+'));
  if (!asked) return undefined;
  // FHIR R4: `ap` is within ten per cent of the distance between now and the date asked for.
  const slack = prefix === 'ap' ? Math.abs(now - asked.from) * 0.1 : 0;
  return value => rangesOf(value).some(range => compare(prefix, asked, range, slack));
}

export function numberTest(written: string): Test | undefined {
  const asked = amountOf(written);
  if (!asked) return undefined;
  return value =>
    typeof value === 'number' && compare(asked.prefix, asked.range, point(value), asked.slack);
}

/** `[prefix][number]|[system]|[code]`, `[number]||[code]` (code or unit) or `[number]`. */
export function quantityTest(written: string): Test | undefined {
  const [amount = '', system, code] = splitOn(written, '|').map(unescape);
  const asked = amountOf(amount);
  if (!asked) return undefined;
  return value => {
    if (!isObject(value)) return false;
    const unit = [textAt(value, 'code'), textAt(value, 'unit'), textAt(value, 'currency')];
    if (code && !(system ? unit.slice(0, 1) : unit).includes(code)) return false;
    if (system && textAt(value, 'system') !== system) return false;
    const range = rangeOfQuantity(value);
    return range !== undefined && compare(asked.prefix, asked.range, range, asked.slack);
  };
}

interface Asked {
  readonly prefix: Prefix;
  readonly range: Range;
  readonly slack: number;
}

/** FHIR R4: the digits written say how exact the number is: 100 is 99.5 to 100.5. */
function amountOf(written: string): Asked | undefined {
  const { prefix, rest } = prefixOf(written);
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(rest)) return undefined;
  const [digits = '', exponent = '0'] = rest.toLowerCase().split('e');
  const decimals = digits.split('.')[1]?.length ?? 0;
  const half = 0.5 * 10 ** (Number(exponent) - decimals);
  const number = Number(rest);
  // Only equality is about precision; «more than 5» starts at 5 itself.
  const exact = prefix !== 'eq' && prefix !== 'ne';
  const range = exact ? point(number) : { from: number - half, until: number + half };
  return { prefix, range, slack: prefix === 'ap' ? Math.abs(number) * 0.1 : 0 };
}

function rangeOfQuantity(value: Readonly<Record<string, unknown>>): Range | undefined {
  const { value: amount, low, high } = value;
  if (typeof amount === 'number') return point(amount);
  if (!isObject(low) && !isObject(high)) return undefined;
  const from = isObject(low) && typeof low['value'] === 'number' ? low['value'] : -Infinity;
  const until = isObject(high) && typeof high['value'] === 'number' ? high['value'] : Infinity;
  return { from, until };
}

function point(number: number): Range {
  return { from: number, until: number };
}

function prefixOf(written: string): { prefix: Prefix; rest: string } {
  const prefix = PREFIXES.find(each => written.startsWith(each));
  return prefix ? { prefix, rest: written.slice(2) } : { prefix: 'eq', rest: written };
}

/** FHIR R4, Search §3.1.1.4.5: the table of prefixes, for ranges on both sides. */
function compare(prefix: Prefix, asked: Range, has: Range, slack: number): boolean {
  const within = has.from >= asked.from && has.until <= asked.until;
  switch (prefix) {
    case 'eq':
      return within;
    case 'ne':
      return !within;
    case 'gt':
      return has.until > asked.until;
    case 'lt':
      return has.from < asked.from;
    case 'ge':
      return within || has.until > asked.until;
    case 'le':
      return within || has.from < asked.from;
    case 'sa':
      return has.from >= asked.until && has.until > asked.until;
    case 'eb':
      return has.until <= asked.from && has.from < asked.from;
    case 'ap':
      return has.from <= asked.until + slack && has.until >= asked.from - slack;
    default:
      return prefix satisfies never;
  }
}
