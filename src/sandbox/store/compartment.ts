/** Whose record a resource belongs to (FHIR R4, CompartmentDefinition patient). */
import { compartmentParams, searchRules } from '../r4/table.ts';
import type { Resource } from '../types.ts';
import { literalOf } from './match-reference.ts';
import { keyOf, localReference } from './references.ts';
import { valuesAt } from './values.ts';

type Find = (key: string) => Resource | undefined;

/** What a resource inherits its place from, besides its own references. */
const FOLLOWS: Readonly<Record<string, string>> = {
  // The compartment names only `patient`, and most Provenance is about a plan, not about a Patient.
  Provenance: 'target',
  // FHIR R4, Binary.securityContext: «treat this binary as if it was this other resource».
  Binary: 'securityContext',
};

/** Types that are nobody's (Organization, Practitioner, Medication ..) are read by whoever has the scope. */
export function isPersonal(type: string): boolean {
  return compartmentParams(type) !== undefined || type in FOLLOWS;
}

/** Some types can be anybody's or nobody's; a Binary without a context is nobody's. */
export function isNobodys(resource: Resource): boolean {
  if (resource.resourceType === 'Binary') return resource['securityContext'] === undefined;
  return !isPersonal(resource.resourceType);
}

const remembered = new WeakMap<Resource, ReadonlySet<string>>();

/** Ids of the patients in whose compartment the resource is. */
export function patientsOf(resource: Resource, baseUrl: string, find: Find): ReadonlySet<string> {
  const known = remembered.get(resource);
  if (known) return known;
  const patients = findPatients(resource, baseUrl, find);
  // Where a Provenance belongs can change with its target; a stored resource itself never changes.
  if (!(resource.resourceType in FOLLOWS)) remembered.set(resource, patients);
  return patients;
}

function findPatients(resource: Resource, baseUrl: string, find: Find): ReadonlySet<string> {
  const { resourceType: type } = resource;
  const rules = (compartmentParams(type) ?? []).map(code => searchRules(type).get(code));
  const keys = rules.flatMap(rule => keysAt(resource, rule?.paths ?? [], baseUrl));
  const patients = new Set(keys.flatMap(idOfPatient));
  if (type === 'Patient' && resource.id !== undefined) patients.add(resource.id);
  const follows = FOLLOWS[type];
  for (const key of follows === undefined ? [] : keysAt(resource, [follows], baseUrl)) {
    const target = key === keyOf(resource) ? undefined : find(key);
    // Trap: a Provenance about a Provenance could go round in a ring; one step is enough.
    const further = target && target.resourceType in FOLLOWS ? undefined : target;
    for (const id of further ? patientsOf(further, baseUrl, find) : []) patients.add(id);
  }
  return patients;
}

/** The patient a resource is about, where it says so; others may stand in it as sender or performer. */
export function subjectOf(resource: Resource, baseUrl: string): string | undefined {
  if (resource.resourceType === 'Patient') return resource.id;
  const rules = searchRules(resource.resourceType);
  const rule = rules.get('patient') ?? rules.get('subject');
  if (rule?.type !== 'reference' || resource.resourceType in FOLLOWS) return undefined;
  return keysAt(resource, rule.paths, baseUrl).flatMap(idOfPatient)[0];
}

function keysAt(resource: Resource, paths: readonly string[], baseUrl: string): string[] {
  return valuesAt(resource, paths).flatMap(
    each => localReference(literalOf(each), baseUrl)?.key ?? [],
  );
}

export function idOfPatient(key: string): string[] {
  return key.startsWith('Patient/') ? [key.slice('Patient/'.length)] : [];
}
