/** The store as one caller may see it: scopes, patient compartment and the patient's own decisions. */
import type { Access, Policy, Resource } from '../types.ts';
import { idOfPatient, isNobodys, isPersonal, patientsOf, subjectOf } from './compartment.ts';
import type { Criterion, World } from './criteria.ts';
import type { Memory } from './memory.ts';
import { accessRefusal, type Refusal, refusal } from './outcome.ts';
import { keyOf } from './references.ts';
import { covers, type Grant, type Operation, readScopes, restrictionOf } from './scopes.ts';

/** `beyond` = another patient's, or outside a scope's restriction. */
type Sight = 'show' | 'hide' | 'restricted' | 'beyond';

export interface View {
  readonly access: Access;
  readonly world: World;
  /** Throws 403 unless some scope gives the operation on the type. */
  readonly demand: (type: string, operation: Operation) => void;
  readonly look: (resource: Resource, operation: Operation) => Sight;
  /** The patient a search of this type is confined to. */
  readonly confinedTo: (type: string, operation: Operation) => string | undefined;
  /** Throws 403 when this patient has blocked the caller. */
  readonly demandNotBlocked: (patientId: string | undefined) => void;
  readonly withheld: (patientIds: readonly string[], type: string) => boolean;
  /** Throws 403 when this content may not be put into the store by this caller. */
  readonly demandWritable: (resource: Resource, operation: 'c' | 'u') => void;
  /** Throws 403 when what is there now may not be read, changed or deleted by this caller. */
  readonly demandShown: (resource: Resource, operation: Operation) => void;
}

export function createView(
  memory: Memory,
  access: Access,
  policy: Policy | undefined,
  baseUrl: string,
): View {
  const grants = readScopes(access.scopes).filter(
    grant => grant.level !== 'patient' || access.patient !== undefined,
  );
  const bare = { baseUrl, now: access.now().getTime() };
  const restrictions = new Map<string, readonly Criterion[]>();

  const unchained: World = { ...bare, find: () => undefined, referrers: () => [] };
  const world: World = {
    ...bare,
    find: key => seen(memory.current(key)),
    referrers: (key, type) => memory.referrers(key, type).filter(each => seen(each)),
  };

  function seen(resource: Resource | undefined): Resource | undefined {
    if (!resource) return undefined;
    const shown = look(resource, 'r') === 'show' || look(resource, 's') === 'show';
    return shown ? resource : undefined;
  }

  function grantsFor(type: string, operation: Operation): Grant[] {
    return grants.filter(grant => covers(grant, type, operation));
  }

  function demand(type: string, operation: Operation): void {
    if (grantsFor(type, operation).length > 0) return;
    throw refusal(403, 'forbidden', `No granted scope allows ${IN_WORDS[operation]} of ${type}.`);
  }

  function reaches(grant: Grant, resource: Resource, owners: ReadonlySet<string>): boolean {
    const { resourceType: type } = resource;
    const own = access.patient !== undefined && owners.has(access.patient);
    if (grant.level === 'patient' && !own && !isNobodys(resource)) return false;
    const name = `${type}?${grant.restriction}`;
    const tests = restrictions.get(name) ?? restrictionOf(grant, type, bare);
    restrictions.set(name, tests);
    return tests.every(each => each.test(resource, unchained));
  }

  function isReached(
    resource: Resource,
    operation: Operation,
    owners: ReadonlySet<string>,
  ): boolean {
    const some = grantsFor(resource.resourceType, operation);
    return some.some(grant => reaches(grant, resource, owners));
  }

  function look(resource: Resource, operation: Operation): Sight {
    const owners = patientsOf(resource, baseUrl, memory.current);
    if (!isReached(resource, operation, owners)) return 'beyond';
    if (policy === undefined) return 'show';
    if ([...owners].some(id => policy.blocked(access, id))) return 'beyond';
    return policy.sees(access, resource);
  }

  function confinedTo(type: string, operation: Operation): string | undefined {
    const wide = grantsFor(type, operation).some(grant => grant.level !== 'patient');
    return wide || !isPersonal(type) ? undefined : access.patient;
  }

  function demandNotBlocked(patientId: string | undefined): void {
    if (patientId === undefined || policy?.blocked(access, patientId) !== true) return;
    throw accessRefusal('forbidden', 'blocked', 'The patient has blocked this user.');
  }

  function demandShown(resource: Resource, operation: Operation): void {
    const owners = patientsOf(resource, baseUrl, memory.current);
    for (const id of owners) demandNotBlocked(id);
    const sight = look(resource, operation);
    if (sight === 'restricted') throw suppressed();
    // As if absent: a hidden resource is not even said to be forbidden.
    if (sight === 'hide' && operation === 'r') throw absent(keyOf(resource));
    if (sight !== 'show') throw elsewhere(resource);
  }

  /** What somebody may see says little of what they may write: that is for scope, patient and `mayWrite`. */
  function demandWritable(resource: Resource, operation: 'c' | 'u'): void {
    const owners = patientsOf(resource, baseUrl, memory.current);
    for (const id of owners) demandNotBlocked(id);
    const about = subjectOf(resource, baseUrl);
    const confined = confinedTo(resource.resourceType, operation);
    const others = confined !== undefined && about !== undefined && about !== confined;
    if (others || !isReached(resource, operation, owners)) throw elsewhere(resource);
    if (policy?.mayWrite?.(access, resource) === false) throw elsewhere(resource);
  }

  return {
    access,
    world,
    demand,
    look,
    confinedTo,
    demandNotBlocked,
    withheld: (ids, type) => ids.some(id => policy?.withheld?.(access, id, type) === true),
    demandWritable,
    demandShown,
  };
}

/** The patients a search names outright: `patient=p1`, `subject=Patient/p1`, `Patient?_id=p1`. */
export function patientsNamed(type: string, criteria: readonly Criterion[]): string[] {
  return criteria.flatMap(each => {
    if (each.code === 'patient' || each.code === 'subject') {
      return (each.refersTo ?? []).flatMap(idOfPatient);
    }
    return type === 'Patient' ? (each.ids ?? []) : [];
  });
}

function suppressed(): Refusal {
  return accessRefusal('suppressed', 'restricted', 'Sperret av pasienten');
}

export function absent(key: string): Refusal {
  return refusal(404, 'not-found', `There is no ${key}.`);
}

function elsewhere(resource: Resource): Refusal {
  const says = `${keyOf(resource)} is outside what the granted scopes and the patient in context allow.`;
  return refusal(403, 'forbidden', says);
}

const IN_WORDS: Readonly<Record<Operation, string>> = {
  c: 'creation',
  r: 'reading',
  u: 'update',
  d: 'deletion',
  s: 'search',
};
