import type { Access, Policy, Resource, Visibility } from '../types.ts';
import type { Filed, Part } from './parts.ts';
import { demo, shortId } from './source.ts';

type Level =
  | 'all'
  | 'acute'
  | 'acute, rest kept back'
  | 'welfare'
  | 'welfare and what helps'
  | 'welfare and first aid'
  | 'none';

/** DEMO 5.2, row by row; a user or patient that is not named sees nothing. */
const matrix: Readonly<Record<string, Readonly<Record<string, Level>>>> = {
  'u-lv': { p1: 'all', p2: 'all', p3: 'all', p4: 'all', p5: 'acute, rest kept back', p6: 'all' },
  'u-amb': {
    p1: 'acute',
    p2: 'acute',
    p3: 'acute',
    p4: 'acute',
    p5: 'acute, rest kept back',
    p6: 'acute',
  },
  'u-gp': { p1: 'all', p2: 'all', p3: 'all', p4: 'all' },
  'u-gp2': { p5: 'all' },
  'u-psy': { p1: 'all' },
  'u-ger': { p2: 'all' },
  'u-koord': { p1: 'all' },
  'u-bkoord': { p4: 'all' },
  'u-hjt': { p2: 'all', p3: 'all' },
  'u-dho': { p3: 'all' },
  'u-nav': { p1: 'welfare', p4: 'welfare', p5: 'welfare' },
  'u-bv': { p1: 'welfare and what helps' },
  'u-skole': { p4: 'welfare and first aid' },
  'u-led': {},
  'u-blokk': { p1: 'all', p2: 'all', p3: 'all', p4: 'all', p6: 'all' },
};

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

const demoPatients: ReadonlySet<string> = new Set(demo.patients.map(shortId));
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
    blocked: (access, patientId) => access.user === 'u-blokk' && patientId === 'p5',
    withheld: (access, patientId, type) =>
      restrictedPatients.has(patientId) &&
      criticalTypes.has(type) &&
      isHealthLevel(levelOf(access, patientId)),
  };
}

function seen(access: Access, resource: Resource, places: ReadonlyMap<string, Place>): Visibility {
  const place = places.get(keyOf(resource));
  const patient = place?.patient ?? patientOf(resource);
  if (patient === undefined) return seesShared(access, resource);
  if (!demoPatients.has(patient)) return 'show';
  const level = levelOf(access, patient);
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

/** A machine has no row in the matrix; its scopes are its limits. */
function levelOf({ user }: Access, patient: string): Level {
  if (user === undefined) return 'all';
  return matrix[user]?.[patient] ?? 'none';
}

function isHealthLevel(level: Level): boolean {
  return level === 'all' || level === 'acute' || level === 'acute, rest kept back';
}

function isWelfareUser(user: string | undefined): boolean {
  return Object.values(matrix[user ?? ''] ?? {}).some(level => level.startsWith('welfare'));
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
