/** FHIR R4, Data Types: how each primitive is written in JSON. */
import { rangeOfDate } from './instants.ts';

const DATE = /^\d{4}(-\d\d(-\d\d)?)?$/;
const ZONED = String.raw`T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)`;
const INSTANT = new RegExp(String.raw`^\d{4}-\d\d-\d\d${ZONED}$`);
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/;

/** Undefined = well written; a sentence = what is wrong; null = the type is not a primitive. */
export function primitiveFault(type: string, value: unknown): string | undefined | null {
  const check = CHECKS[type];
  if (!check) return null;
  // Trap: `{"title": ""}` and `{"title": null}` are not «no title»; R4 forbids both.
  if (value === '' || value === null) return 'must not be empty';
  return check(value) ? undefined : `is not a valid ${type}: ${JSON.stringify(value)}`;
}

type Check = (value: unknown) => boolean;

const CHECKS: Readonly<Record<string, Check>> = {
  // Trap: the published pattern takes exponential time on a long, line-wrapped value that ends badly.
  base64Binary: matching(
    /^[0-9a-zA-Z+/=\s]+$/,
    text => text.replace(/\s/g, '').length % 4 === 0 && !/=[^=\s]/.test(text),
  ),
  boolean: value => typeof value === 'boolean',
  canonical: matching(/^\S+$/),
  code: matching(/^\S+( \S+)*$/),
  date: matching(DATE, exists),
  dateTime: matching(DATE, exists, INSTANT),
  decimal: value => typeof value === 'number' && Number.isFinite(value),
  id: matching(/^[A-Za-z0-9\-.]{1,64}$/),
  instant: matching(INSTANT, exists),
  integer: whole(-2_147_483_648),
  markdown: value => typeof value === 'string',
  oid: matching(/^urn:oid:[0-2](\.(0|[1-9]\d*))+$/),
  positiveInt: whole(1),
  string: value => typeof value === 'string',
  time: matching(TIME),
  unsignedInt: whole(0),
  uri: matching(/^\S+$/),
  url: matching(/^\S+$/),
  uuid: matching(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  xhtml: matching(/^\s*<div[\s>][\s\S]*<\/div>\s*$/, text => !/<script|\son\w+=/i.test(text)),
};

function matching(
  pattern: RegExp,
  also: (text: string) => boolean = () => true,
  or?: RegExp,
): Check {
  return value =>
    typeof value === 'string' && (pattern.test(value) || or?.test(value) === true) && also(value);
}

/** Trap: 2026-02-30 fits every published pattern, and `new Date` turns it into 2 March. */
function exists(date: string): boolean {
  return !date.startsWith('0000') && rangeOfDate(date) !== undefined;
}

function whole(least: number): Check {
  return value =>
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= least &&
    value <= 2_147_483_647;
}
