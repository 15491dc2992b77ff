/** The order of matches (FHIR R4, Search §3.1.1.5.1): several keys, those without a value last. */
import { type SearchRule, searchRules } from '../r4/table.ts';
import type { Resource } from '../types.ts';
import { rangesOf } from './instants.ts';
import { isObject } from './json.ts';
import { literalOf } from './match-reference.ts';
import { fold, textsOf, tokensOf } from './match-text.ts';
import type { Query } from './query.ts';
import { valuesAt } from './values.ts';

type SortValue = string | number | undefined;

/** Stable: equals stay in the order they were stored. */
export function inOrder(found: readonly Resource[], query: Query): readonly Resource[] {
  if (query.sort.length === 0) return found;
  const keys = query.sort.flatMap(({ code, descending }) => {
    const rule = searchRules(query.type).get(code);
    return rule ? [{ rule, descending }] : [];
  });
  const rows = found.map(resource => ({
    resource,
    values: keys.map(key => sortValue(resource, key.rule, key.descending)),
  }));
  rows.sort((a, b) => {
    for (const [at, key] of keys.entries()) {
      const order = compare(a.values[at], b.values[at], key.descending);
      if (order !== 0) return order;
    }
    return 0;
  });
  return rows.map(row => row.resource);
}

/** Of several values the earliest counts upwards and the latest downwards. */
function sortValue(resource: Resource, rule: SearchRule, descending: boolean): SortValue {
  const values = valuesAt(resource, rule.paths).flatMap(each =>
    comparable(rule.type, each, descending),
  );
  return values.reduce<SortValue>((best, each) => {
    if (best === undefined) return each;
    return each < best === descending ? best : each;
  }, undefined);
}

function comparable(type: string, value: unknown, descending: boolean): (string | number)[] {
  switch (type) {
    case 'date':
      return rangesOf(value).map(range => (descending ? range.until : range.from));
    case 'number':
      return typeof value === 'number' ? [value] : [];
    case 'quantity':
      return isObject(value) && typeof value['value'] === 'number' ? [value['value']] : [];
    case 'token':
      return tokensOf(value).map(token => token.code);
    case 'reference':
      return [literalOf(value)];
    default:
      return textsOf(value).slice(0, 1).map(fold);
  }
}

function compare(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b === descending ? 1 : -1;
}
