/** Searching one type: candidates and matches (FHIR R4, Search). */
import type { Access, Resource } from '../types.ts';
import { isPersonal } from './compartment.ts';
import type { Criterion } from './criteria.ts';
import { asList } from './json.ts';
import type { Memory } from './memory.ts';
import { Refusal, refusal } from './outcome.ts';
import { type Query, readQuery } from './query.ts';
import { type Found, pageOf, type SearchPlace, sizeOf } from './searchset.ts';
import { inOrder } from './sort.ts';
import { patientsNamed, type View } from './view.ts';

export function search(
  place: SearchPlace,
  view: View,
  type: string,
  params: URLSearchParams,
  strict: boolean,
): object {
  view.demand(type, 's');
  const token = params.get('_page');
  if (token !== null) {
    const page = place.pages.open(token, params.get('_offset'), view.access);
    return pageOf(place, view, page.set, page.offset, page.token);
  }
  const query = readQuery(type, params, view.world);
  if (strict && query.ignored.length > 0) {
    throw new Refusal(
      400,
      query.ignored.map(each => ({ ...each, severity: 'error' })),
    );
  }
  demandOwnPatient(query, view);
  const { shown, restricted } = matching(place.memory, view, query);
  const matches = inOrder(shown, query);
  const found: Found = {
    query,
    matches,
    restricted: restricted || view.withheld(patientsAskedFor(query, view.access), type),
  };
  const kept = matches.length > sizeOf(place, query) ? place.pages.keep(found, view.access) : '';
  return pageOf(place, view, found, 0, kept);
}

/** Those a caller may reach and that match; also for conditional writes, hence the operation. */
export function matching(
  memory: Memory,
  view: View,
  query: Query,
  operation: 's' | 'c' | 'u' | 'd' = 's',
): { readonly shown: readonly Resource[]; readonly restricted: boolean } {
  const shown: Resource[] = [];
  let restricted = false;
  for (const resource of candidates(memory, view, query, operation)) {
    if (!query.criteria.every(each => each.test(resource, view.world))) continue;
    const sight = view.look(resource, operation);
    if (sight === 'show') shown.push(resource);
    if (sight === 'restricted') restricted = true;
  }
  return { shown, restricted };
}

function demandOwnPatient({ type, criteria }: Query, view: View): void {
  const named = patientsNamed(type, criteria);
  for (const id of named) view.demandNotBlocked(id);
  const own = view.confinedTo(type, 's');
  const other = own === undefined ? undefined : named.find(id => id !== own);
  if (other !== undefined) {
    const says = `The search names Patient/${other}, and the patient in context is Patient/${own}.`;
    throw refusal(403, 'forbidden', says);
  }
}

function patientsAskedFor(query: Query, access: Access): readonly string[] {
  const named = patientsNamed(query.type, query.criteria);
  return named.length > 0 ? named : (asList(access.patient) as string[]);
}

/** The narrowest set the index gives; a search for one patient never looks at the others. */
function candidates(
  memory: Memory,
  view: View,
  query: Query,
  operation: 's' | 'c' | 'u' | 'd',
): readonly Resource[] {
  const { type, criteria } = query;
  const ids = criteria.find(each => each.ids)?.ids;
  if (ids) return [...new Set(ids)].flatMap(id => memory.current(`${type}/${id}`) ?? []);
  const named = narrowest(memory, type, criteria);
  if (named) return named;
  const own = view.confinedTo(type, operation);
  // A Provenance or Binary belongs to a patient through another resource, which this index does not follow.
  const indexed =
    own !== undefined && isPersonal(type) && type !== 'Provenance' && type !== 'Binary';
  if (!indexed) return memory.ofType(type);
  const self = type === 'Patient' ? asList(memory.current(`Patient/${own}`)) : [];
  return [...(self as Resource[]), ...memory.referrers(`Patient/${own}`, type)];
}

function narrowest(
  memory: Memory,
  type: string,
  criteria: readonly Criterion[],
): readonly Resource[] | undefined {
  const sets = criteria.flatMap(({ refersTo }) => {
    if (!refersTo) return [];
    const found = [...new Set(refersTo)].flatMap(key => memory.referrers(key, type));
    return [[...new Set(found)]];
  });
  return sets.sort((a, b) => a.length - b.length)[0];
}
