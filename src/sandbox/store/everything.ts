/** `Patient/[id]/$everything` (FHIR R4, Patient operations): the whole record in one answer. */
import { keptTypes } from '../r4/table.ts';
import type { FhirResponse, Resource } from '../types.ts';
import { isPersonal, patientsOf } from './compartment.ts';
import { accessIssue, FHIR_JSON, outcomeOf } from './outcome.ts';
import { keyOf, localReference, referencesIn } from './references.ts';
import type { SearchPlace } from './searchset.ts';
import { absent, type View } from './view.ts';

export function everything(place: SearchPlace, view: View, id: string): FhirResponse {
  view.demand('Patient', 'r');
  const patient = place.memory.current(`Patient/${id}`);
  if (!patient) throw absent(`Patient/${id}`);
  view.demandShown(patient, 'r');
  const own = keptTypes
    .filter(isPersonal)
    .flatMap(type => place.memory.ofType(type))
    .filter(each => patientsOf(each, place.baseUrl, place.memory.current).has(id));
  const shown = own.filter(each => view.look(each, 's') === 'show');
  const all = new Map([patient, ...shown].map(each => [keyOf(each), each]));
  for (const each of shown.flatMap(resource => pointedAt(resource, place))) {
    if (view.world.find(keyOf(each)) && !isPersonal(each.resourceType)) all.set(keyOf(each), each);
  }
  const restricted =
    own.some(each => view.look(each, 's') === 'restricted') ||
    keptTypes.some(type => view.withheld([id], type));
  const notice = accessIssue('warning', 'suppressed', 'restricted', 'Sperret av pasienten');
  const entry = [
    ...[...all].map(([key, resource]) => ({
      fullUrl: `${place.baseUrl}/${key}`,
      resource,
      search: { mode: 'match' },
    })),
    ...(restricted ? [{ resource: outcomeOf([notice]), search: { mode: 'outcome' } }] : []),
  ];
  const link = [{ relation: 'self', url: `${place.baseUrl}/Patient/${id}/$everything` }];
  const body = { resourceType: 'Bundle', type: 'searchset', total: all.size, link, entry };
  return { status: 200, headers: FHIR_JSON, body };
}

function pointedAt(resource: Resource, place: SearchPlace): Resource[] {
  return referencesIn(resource).flatMap(each => {
    const key = localReference(each, place.baseUrl)?.key;
    return (key === undefined ? undefined : place.memory.current(key)) ?? [];
  });
}
