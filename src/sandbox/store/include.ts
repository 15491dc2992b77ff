/** Resources that come along with a page of matches (FHIR R4, Search §3.1.1.5.4). */
import { type SearchRule, searchRules } from '../r4/table.ts';
import type { Resource } from '../types.ts';
import { counts, literalOf } from './match-reference.ts';
import type { Memory } from './memory.ts';
import type { Include, Query } from './query.ts';
import { keyOf, localReference } from './references.ts';
import { valuesAt } from './values.ts';
import type { View } from './view.ts';

export interface Included {
  readonly resources: readonly Resource[];
  /** Something that would have come along is kept back by the patient. */
  readonly restricted: boolean;
}

export function includedWith(
  matches: readonly Resource[],
  query: Query,
  memory: Memory,
  view: View,
): Included {
  const known = new Set(matches.map(keyOf));
  const resources: Resource[] = [];
  let restricted = false;
  let round = matches;
  for (let first = true; round.length > 0; first = false) {
    const next: Resource[] = [];
    for (const candidate of round.flatMap(each => companions(each, query, first, memory, view))) {
      const key = keyOf(candidate);
      if (known.has(key)) continue;
      known.add(key);
      const sights = new Set([view.look(candidate, 'r'), view.look(candidate, 's')]);
      if (sights.has('show')) next.push(candidate);
      else if (sights.has('restricted')) restricted = true;
    }
    resources.push(...next);
    // Only `:iterate` looks at what was itself brought along.
    round = next;
  }
  return { resources, restricted };
}

function companions(
  resource: Resource,
  query: Query,
  first: boolean,
  memory: Memory,
  view: View,
): Resource[] {
  const wanted = (each: Include): boolean => first || each.iterate;
  return [
    ...query.includes.filter(wanted).flatMap(each => named(resource, each, memory, view)),
    ...query.revincludes.filter(wanted).flatMap(each => naming(resource, each, memory, view)),
  ];
}

function named(resource: Resource, include: Include, memory: Memory, view: View): Resource[] {
  if (include.from !== '*' && include.from !== resource.resourceType) return [];
  return rulesOf(resource.resourceType, include.param)
    .flatMap(rule => keysBy(resource, rule, view.world.baseUrl))
    .filter(key => include.target === undefined || key.startsWith(`${include.target}/`))
    .flatMap(key => memory.current(key) ?? []);
}

function naming(resource: Resource, include: Include, memory: Memory, view: View): Resource[] {
  if (include.target !== undefined && include.target !== resource.resourceType) return [];
  const key = keyOf(resource);
  const referrers = memory.referrers(key, include.from === '*' ? undefined : include.from);
  return referrers.filter(each =>
    rulesOf(each.resourceType, include.param).some(rule =>
      keysBy(each, rule, view.world.baseUrl).includes(key),
    ),
  );
}

function rulesOf(type: string, param: string): SearchRule[] {
  const rules = [...searchRules(type).values()].filter(rule => rule.type === 'reference');
  return param === '*' ? rules : rules.filter(rule => rule.code === param);
}

function keysBy(resource: Resource, rule: SearchRule, baseUrl: string): string[] {
  return valuesAt(resource, rule.paths)
    .filter(each => counts(rule, each))
    .flatMap(each => localReference(literalOf(each), baseUrl)?.key ?? []);
}
