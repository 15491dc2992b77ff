import type { Access, Policy, Resource, Visibility } from '../types.ts';
import { isDemoPatient, isHealthLevel, type Level, levelOf, levelsOf } from './levels.ts';
import type { Filed, Part } from './parts.ts';
import { demo, shortId } from './source.ts';

const welfare: readonly Part[] = ['person', 'welfare', 'welfare excerpt'];
const acute: readonly Part[] = [
  'person',
  'acute plan',
  'contact',
  'health contact',
  'critical',
  'shared medication',
];

const shown: Readonly<Record<Level, ReadonlySet<Part>>> = {
  all: new Set([
    ...acute,
    'diagnosis',
    'medication',
    'plan',
    'welfare',
    'evaluation',
    'change',
    'result',
    'document',
    'welfare document',
    'sharing',
    'history',
  ]),
  acute: new Set(acute),
  'acute, rest kept back': new Set(acute),
  welfare: new Set(welfare),
  'welfare and what helps': new Set([...welfare, 'contact', 'what helps']),
  'welfare and first aid': new Set([...welfare, 'contact', 'acute plan', 'welfare document']),
  blocked: new Set(),
  none: new Set(),
};

/** Exists and is kept back by the patient: the user is told so, because an empty list would mislead. */
const keptBack: Readonly<Record<Level, ReadonlySet<Part>>> = {
  all: new Set(['masked document']),
  acute: new Set(),
  'acute, rest kept back': new Set(['medication', 'masked document']),
  welfare: new Set(),
  'welfare and what helps': new Set(),
  'welfare and first aid': new Set(),
  blocked: new Set(),
  none: new Set(),
};

/** Jonas has restricted the whole tab; Consent is there because critical decisions are Consents. */
const criticalTypes: ReadonlySet<string> = new Set([
  'AllergyIntolerance',
  'Condition',
  'Procedure',
  'Flag',
  'Consent',
]);

const restrictedPatients: ReadonlySet<string> = new Set(
  demo.patients.filter(patient => patient.allergy_state === 'restricted').map(shortId),
);

const municipal: ReadonlySet<string> = new Set(['u-hjt', 'u-koord', 'u-bkoord', 'u-dho']);

interface Place {
  readonly patient: string;
  readonly part: Part;
}

/** Who sees what. Patients from files are everyone's: the matrix knows only the six of the demo. */
export function policyFor(patients: ReadonlyMap<string, readonly Filed[]>): Policy {
  const places = new Map<string, Place>();
  for (const [patient, entries] of patients) {
    for (const { part, resource } of entries) places.set(keyOf(resource), { patient, part });
  }
  return {
    sees: (access, resource) => seen(access, resource, places),
    blocked: ({ user }, patientId) => levelOf(user, patientId) === 'blocked',
    mayWrite,
    withheld: (access, patientId, type) =>
      restrictedPatients.has(patientId) &&
      criticalTypes.has(type) &&
      isHealthLevel(levelOf(access.user, patientId)),
  };
}

/** The welfare half is theirs to write in, and nothing that is health information: what carries no class is. */
function mayWrite({ user }: Access, resource: Resource): boolean {
  const patient = patientOf(resource);
  if (patient === undefined || !isDemoPatient(patient)) return true;
  return !levelOf(user, patient).startsWith('welfare') || classOf(resource) === 'velferd';
}

function seen(access: Access, resource: Resource, places: ReadonlyMap<string, Place>): Visibility {
  const place = places.get(keyOf(resource));
  const patient = place?.patient ?? patientOf(resource);
  if (patient === undefined) return seesShared(access, resource);
  if (!isDemoPatient(patient)) return 'show';
  const level = levelOf(access.user, patient);
  // Written during the session, so in no part of the demo: for those who share in the treatment.
  if (!place) return isHealthLevel(level) ? 'show' : 'hide';
  if (place.part === 'municipal document') {
    return level === 'all' && municipal.has(access.user ?? '') ? 'show' : 'hide';
  }
  if (shown[level].has(place.part)) return 'show';
  return keptBack[level].has(place.part) ? 'restricted' : 'hide';
}

/** Organizations and people belong to no patient, but the name of a clinic tells a welfare user a diagnosis. */
function seesShared(access: Access, resource: Resource): Visibility {
  if (resource.resourceType === 'MeasureReport') {
    return access.user === 'u-led' || access.user === 'u-psy' ? 'show' : 'hide';
  }
  return isWelfareUser(access.user) && classOf(resource) === 'helse' ? 'hide' : 'show';
}

function isWelfareUser(user: string | undefined): boolean {
  return levelsOf(user ?? '').some(level => level.startsWith('welfare'));
}

function classOf({ meta }: Resource): string | undefined {
  const tags = Array.isArray(meta?.['tag']) ? meta['tag'] : [];
  return tags.map(tag => textAt(tag, 'code')).find(code => code === 'helse' || code === 'velferd');
}

function keyOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}

/** The patient a resource is about, by the elements of the R4 patient compartment that occur here. */
function patientOf(resource: Resource): string | undefined {
  if (resource.resourceType === 'Patient') return resource.id;
  const references = ['subject', 'patient', 'for', 'beneficiary'].map(element =>
    textAt(resource[element], 'reference'),
  );
  const found = references.find(reference => reference?.includes('Patient/'));
  return found?.replace(/^.*Patient\//, '').replace(/\/.*$/, '');
}

function textAt(holder: unknown, name: string): string | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, name);
  return typeof value === 'string' ? value : undefined;
}
