/** The codes of the value sets that elements are bound to with strength `required`. */
import { codesUnder, type Include, type Terminology } from './definitions.ts';

/** Above this a list is a language or a currency table, not a status: left unchecked to keep the table small. */
const MOST_CODES = 160;

type CodesBySystem = Record<string, string[]>;

export interface CodeLists {
  readonly codesOf: (valueSet: string) => string | undefined;
  /** Only the lists that were asked for. */
  readonly lists: () => Record<string, CodesBySystem>;
}

export function codeLists(terminology: ReadonlyMap<string, Terminology>): CodeLists {
  const lists = new Map<string, CodesBySystem | undefined>();
  return {
    codesOf: valueSet => {
      const url = valueSet.split('|')[0] ?? valueSet;
      const name = url.slice(url.lastIndexOf('/') + 1);
      if (!lists.has(name)) lists.set(name, expand(url, terminology));
      return lists.get(name) ? name : undefined;
    },
    lists: () => {
      const used = [...lists].flatMap(([name, codes]) => (codes ? [[name, codes] as const] : []));
      return Object.fromEntries(used.sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}

/** Undefined = cannot be enumerated here (a filter, a grammar such as BCP 47, a system we do not have). */
function expand(
  url: string,
  terminology: ReadonlyMap<string, Terminology>,
): CodesBySystem | undefined {
  const compose = terminology.get(url)?.compose;
  if (!compose || compose.exclude) return undefined;
  const all: CodesBySystem = {};
  for (const include of compose.include) {
    const part = expandOne(include, terminology);
    if (!part) return undefined;
    for (const [system, codes] of Object.entries(part)) {
      all[system] = [...new Set([...(all[system] ?? []), ...codes])];
    }
  }
  return Object.values(all).flat().length > MOST_CODES ? undefined : all;
}

function expandOne(
  include: Include,
  terminology: ReadonlyMap<string, Terminology>,
): CodesBySystem | undefined {
  if (include.filter) return undefined;
  if (include.valueSet?.length === 1 && !include.system) {
    return expand(include.valueSet[0] ?? '', terminology);
  }
  if (!include.system) return undefined;
  if (include.concept) return { [include.system]: codesUnder(include.concept) };
  const system = terminology.get(include.system);
  if (system?.resourceType !== 'CodeSystem' || system.content !== 'complete') return undefined;
  return { [include.system]: codesUnder(system.concept) };
}
