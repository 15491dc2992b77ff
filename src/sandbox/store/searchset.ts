/** One page of a result set as a Bundle of type searchset (FHIR R4, Search §3.1.1.5). */
import { elementsOf } from '../r4/table.ts';
import type { Resource } from '../types.ts';
import { includedWith } from './include.ts';
import { asList } from './json.ts';
import type { Memory } from './memory.ts';
import { accessIssue, type Issue, outcomeOf } from './outcome.ts';
import type { Pages } from './paging.ts';
import type { Query } from './query.ts';
import { keyOf } from './references.ts';
import type { View } from './view.ts';

/** A result set as it was found; its pages are cut from this, whatever happens to the store meanwhile. */
export interface Found {
  readonly query: Query;
  readonly matches: readonly Resource[];
  /** Something that matches is kept back by the patient. */
  readonly restricted: boolean;
}

export interface SearchPlace {
  readonly memory: Memory;
  readonly pages: Pages<Found>;
  readonly pageSize: number;
  readonly baseUrl: string;
}

const MOST_ON_A_PAGE = 1000;

export function sizeOf(place: SearchPlace, query: Query): number {
  if (query.countOnly) return Infinity;
  return Math.min(query.count ?? place.pageSize, MOST_ON_A_PAGE);
}

export function pageOf(
  place: SearchPlace,
  view: View,
  found: Found,
  offset: number,
  token: string,
): object {
  const { query } = found;
  const size = sizeOf(place, query);
  const whole = query.countOnly ? [] : found.matches.slice(offset, offset + size);
  // The patient may have closed something between two pages.
  const matches = whole.filter(each => view.look(each, 's') === 'show');
  const included = includedWith(matches, query, place.memory, view);
  const notices = noticesOf(
    found,
    offset,
    found.restricted || included.restricted || matches.length < whole.length,
  );
  const address = `${place.baseUrl}/${query.type}`;
  const pageLink = (at: number): string => `${address}?_page=${token}&_offset=${at}`;
  const asked = query.honoured.size > 0 ? `${address}?${query.honoured.toString()}` : address;
  const link = [{ relation: 'self', url: offset === 0 ? asked : pageLink(offset) }];
  if (token !== '') {
    link.push({ relation: 'first', url: pageLink(0) });
    if (offset > 0) link.push({ relation: 'previous', url: pageLink(Math.max(0, offset - size)) });
    const next = offset + size;
    if (next < found.matches.length) link.push({ relation: 'next', url: pageLink(next) });
  }
  const entry = [
    ...matches.map(each => entryOf(place, trimmed(each, query), 'match')),
    ...included.resources.map(each => entryOf(place, each, 'include')),
    ...(notices.length > 0 ? [{ resource: outcomeOf(notices), search: { mode: 'outcome' } }] : []),
  ];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(query.total || query.countOnly ? { total: found.matches.length } : {}),
    link,
    // FHIR R4: an empty array is not allowed; a searchset without matches has no `entry`.
    ...(entry.length > 0 ? { entry } : {}),
  };
}

function noticesOf(found: Found, offset: number, restricted: boolean): Issue[] {
  const ignored = offset === 0 ? found.query.ignored : [];
  if (!restricted) return [...ignored];
  return [...ignored, accessIssue('warning', 'suppressed', 'restricted', 'Sperret av pasienten')];
}

function entryOf(place: SearchPlace, resource: Resource, mode: 'match' | 'include'): object {
  return { fullUrl: `${place.baseUrl}/${keyOf(resource)}`, resource, search: { mode } };
}

const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};

/** FHIR R4, Search §3.1.1.5.6 `_elements`: what was asked for, what is mandatory, and the mark of incompleteness. */
function trimmed(resource: Resource, query: Query): Resource {
  if (query.elements === undefined && !query.withoutText) return resource;
  const rules = elementsOf(resource.resourceType);
  const wanted = (name: string): boolean => {
    if (name === 'resourceType' || name === 'id' || name === 'meta') return true;
    if (query.elements === undefined) return name !== 'text';
    const rule = rules?.get(name.replace(/^_/, ''));
    const plain = rule?.choice?.slice(0, -3) ?? rule?.name ?? name;
    return (
      rule?.required === true || query.elements.includes(plain) || query.elements.includes(name)
    );
  };
  const some = Object.entries(resource).filter(([name]) => wanted(name));
  const tag = [...asList(resource.meta?.['tag']), SUBSETTED];
  return {
    ...Object.fromEntries(some),
    resourceType: resource.resourceType,
    meta: { ...resource.meta, tag },
  };
}
