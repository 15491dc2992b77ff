import { isRaw, type Raw } from '../fhir/ask.ts';
import { dateText } from '../shell/dates.ts';
import { sayConfirm } from '../shell/words/confirm-words.ts';
import { t } from '../shell/words/words.ts';

/**
 * Any element's value in words, for a person who must choose between two of them. Never blank: what cannot be put
 * into words says so.
 */
export function plainValue(value: unknown): string {
  if (value === undefined || value === null) return empty();
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (typeof value === 'string')
    return DATE.test(value) ? dateText(value) : value.trim() || empty();
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    const texts = value.map(plainValue);
    return texts.length > 0 ? texts.join('; ') : empty();
  }
  return isRaw(value) ? ofElement(value) : sayConfirm('conflict.unshown');
}

const empty = () => sayConfirm('conflict.empty');
const DATE = /^\d{4}-\d\d(?:-\d\d(?:T[\d:.+Z-]+)?)?$/;

function ofElement(element: Raw): string {
  // Both parts of some elements are needed: a note's writer, a measure's value beside its name.
  const { value, unit, low, high, start, end } = element;
  if (typeof value === 'number') return [value, unit].filter(Boolean).join(' ');
  if (low !== undefined || high !== undefined) return between(low, high);
  if (start !== undefined || end !== undefined) return between(start, end);
  for (const name of ['text', 'display', 'description', 'title', 'name'])
    if (typeof element[name] === 'string') return plainValue(element[name]);
  if (Array.isArray(element['coding'])) return plainValue(element['coding']);
  for (const name of ['code', 'reference'])
    if (element[name] !== undefined) return plainValue(element[name]);
  const said = Object.entries(element)
    .filter(([name]) => !QUIET.has(name))
    .map(([, inner]) => plainValue(inner));
  return said.length > 0 ? said.join(', ') : sayConfirm('conflict.unshown');
}

const between = (from: unknown, to: unknown) =>
  `${from === undefined ? '' : plainValue(from)}–${to === undefined ? '' : plainValue(to)}`;

/** Names and addresses that are for machines. */
const QUIET = new Set(['id', 'url', 'system', 'version', 'resourceType', 'userSelected']);
