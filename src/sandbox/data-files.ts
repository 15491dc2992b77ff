import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Resource, SandboxPatient } from './types.ts';

interface DataFiles {
  readonly resources: readonly Resource[];
  readonly patients: readonly SandboxPatient[];
  /** A sentence for each file, or thing in a file, that could not be used. */
  readonly problems: readonly string[];
}

/** A resource as it came, where it came from, and the id it gets here. */
interface Found {
  readonly file: string;
  readonly resource: Resource;
  readonly fullUrl: string | undefined;
  readonly id: string;
}

type Json = Readonly<Record<string, unknown>>;
type Targets = ReadonlyMap<string, string>;

const unknownName = 'Ukjent navn (fra datafil)';

/** FHIR resources from a file or a folder of files, with their faults: they are test input. */
export async function readDataFiles(path: string): Promise<DataFiles> {
  const problems: string[] = [];
  const taken = new Map<string, string>();
  const files = new Map<string, readonly Found[]>();
  for (const file of await jsonFiles(path, problems)) {
    const name = relative(path, file) || file;
    const content = await contentOf(file, name, problems);
    if (content === undefined) continue;
    const inFile = [...resourcesIn(content, undefined, why => problems.push(`${name} ${why}.`))];
    files.set(
      file,
      inFile.map(({ resource, fullUrl }) => {
        return { file, resource, fullUrl, id: freeId(resource, fullUrl, taken) };
      }),
    );
  }
  const resources = withPatients(distinct(linked(files)));
  return { resources, patients: patientsIn(resources), problems };
}

async function jsonFiles(path: string, problems: string[]): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    return names
      .filter(name => name.endsWith('.json'))
      .sort()
      .map(name => join(path, name));
  } catch (error) {
    problems.push(`${path} could not be read: ${reason(error)}.`);
    return [];
  }
}

async function contentOf(file: string, name: string, problems: string[]): Promise<unknown> {
  try {
    const written = await readFile(file, 'utf8');
    return JSON.parse(written.replace(/^\uFEFF/, ''));
  } catch (error) {
    problems.push(`${name} is not JSON: ${reason(error)}.`);
    return undefined;
  }
}

/** Bundles and Parameters are opened, whatever their type and however deep: SFM puts one in the other. */
function* resourcesIn(
  content: unknown,
  fullUrl: string | undefined,
  refuse: (why: string) => void,
): Generator<Pick<Found, 'resource' | 'fullUrl'>> {
  if (Array.isArray(content)) {
    for (const item of content) yield* resourcesIn(item, undefined, refuse);
    return;
  }
  if (!isResource(content)) {
    refuse('holds something that is not FHIR: no resourceType');
    return;
  }
  if (content.resourceType !== 'Bundle' && content.resourceType !== 'Parameters') {
    yield { resource: content, fullUrl };
    return;
  }
  const inside =
    content.resourceType === 'Bundle'
      ? objects(content['entry'])
      : [...parametersIn(content['parameter'])];
  const holders = inside.filter(holder => 'resource' in holder);
  if (holders.length === 0) refuse(`holds a ${content.resourceType} without resources`);
  for (const holder of holders) {
    yield* resourcesIn(holder['resource'], text(holder['fullUrl']), refuse);
  }
}

function* parametersIn(parameters: unknown): Generator<Json> {
  for (const parameter of objects(parameters)) {
    yield parameter;
    yield* parametersIn(parameter['part']);
  }
}

/** The id a resource came with, else the one in its fullUrl, else one its content always gives. */
function freeId(
  resource: Resource,
  fullUrl: string | undefined,
  taken: Map<string, string>,
): string {
  const content = JSON.stringify(resource);
  const [last = ''] = /[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl ?? '') ?? [];
  const wanted = text(resource.id) || last || hash(content);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? wanted : `${wanted.slice(0, 60)}-${number}`;
    const key = `${resource.resourceType}/${id}`;
    const holder = taken.get(key);
    if (holder !== undefined && holder !== content) continue;
    taken.set(key, content);
    return id;
  }
}

/** The resources under their ids here, their references following those that got another id. */
function linked(files: ReadonlyMap<string, readonly Found[]>): readonly Resource[] {
  const all = [...files.values()].flat();
  return [...files].flatMap(([file, here]) => {
    const beside = all.filter(one => dirname(one.file) === dirname(file));
    const targets = targetsAmong([...here, ...beside, ...all]);
    return here.map(({ resource, id }) => {
      return { ...referring(resource, targets), resourceType: resource.resourceType, id };
    });
  });
}

/**
 * What references in a file mean: first what stands in that file, then in its folder, then anywhere.
 * Two folders may both hold a `Patient/Pasient-1`, and they are not the same person.
 */
function targetsAmong(nearestFirst: readonly Found[]): Targets {
  const targets = new Map<string, string>();
  for (const { resource, fullUrl, id } of nearestFirst) {
    const target = `${resource.resourceType}/${id}`;
    for (const key of [fullUrl, `${resource.resourceType}/${resource.id ?? id}`]) {
      if (key && !targets.has(key)) targets.set(key, target);
    }
  }
  return targets;
}

function referring(holder: Json, targets: Targets): Json {
  return Object.fromEntries(
    Object.entries(holder).map(([name, value]) => [name, referringValue(name, value, targets)]),
  );
}

function referringValue(name: string, value: unknown, targets: Targets): unknown {
  if (Array.isArray(value)) return value.map(item => referringValue(name, item, targets));
  if (isObject(value)) return referring(value, targets);
  if (typeof value !== 'string') return value;
  if (name === 'reference') return targetOf(value, targets) ?? value;
  // An attachment may point into its Bundle; any other url (of an extension, a profile) is a name.
  return name === 'url' && value.startsWith('urn:') ? (targets.get(value) ?? value) : value;
}

function targetOf(reference: string, targets: Targets): string | undefined {
  const exact = targets.get(reference);
  if (exact) return exact;
  // `https://ehr.example/fhir/Patient/1/_history/3` and `Patient/1` name the same patient here.
  const [, tail] =
    /^https?:.*\/([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/.*)?$/.exec(reference) ?? [];
  return tail && targets.get(tail);
}

/** Every chart needs a Patient: one that is only referred to gets a placeholder that says so. */
function withPatients(resources: readonly Resource[]): readonly Resource[] {
  const patients = new Map<string, Resource>();
  for (const resource of resources) {
    if (resource.resourceType === 'Patient' && resource.id) patients.set(resource.id, resource);
  }
  const before = new Set(patients.keys());
  const charted = resources.map(resource => withPatient(resource, patients));
  const added = [...patients].filter(([id]) => !before.has(id)).map(([, patient]) => patient);
  return [...charted, ...added];
}

function withPatient(resource: Resource, patients: Map<string, Resource>): Resource {
  const changes = ['subject', 'patient', 'for'].flatMap(element => {
    const given = resource[element];
    if (!isObject(given)) return [];
    const id = patientId(given, element, patients);
    if (id === undefined) return [];
    if (!patients.has(id)) patients.set(id, placeholder(id, given['identifier']));
    return [[element, { ...given, reference: `Patient/${id}` }] as const];
  });
  return changes.length === 0 ? resource : { ...resource, ...Object.fromEntries(changes) };
}

/** Which patient a reference means; undefined when it means something else, or someone contained. */
function patientId(
  given: Json,
  element: string,
  patients: ReadonlyMap<string, Resource>,
): string | undefined {
  const reference = text(given['reference']);
  if (reference) {
    // `patient/1` in lower case is a fault seen in real data, and means the same.
    const [, id] = /(?:^|\/)Patient\/([^/]+)/i.exec(reference) ?? [];
    if (id) return id;
    if (reference.startsWith('#') || /[A-Z][A-Za-z]+\/[^/]+/.test(reference)) return undefined;
    if (element !== 'patient' && !isPatientType(given)) return undefined;
    return (
      /^urn:(?:uuid|oid):([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1] ??
      `pasient-${hash(reference)}`
    );
  }
  const { identifier } = given;
  if (!isPatientType(given)) return undefined;
  if (isObject(identifier)) {
    const same = [...patients].find(([, patient]) => hasIdentifier(patient, identifier));
    const { system, value } = identifier;
    return same?.[0] ?? `pasient-${hash(`${String(system)}|${String(value)}`)}`;
  }
  const display = text(given['display']);
  return display && `pasient-${hash(display)}`;
}

/** `Reference.type` may be a profile URL (SFM): `…/sfm-Patient` is a patient too. No type at all may be one. */
function isPatientType({ type }: Json): boolean {
  return typeof type !== 'string' || /patient$/i.test(type);
}

function hasIdentifier(patient: Resource, wanted: Json): boolean {
  return objects(patient['identifier']).some(
    ({ system, value }) => system === wanted['system'] && value === wanted['value'],
  );
}

function placeholder(id: string, identifier: unknown): Resource {
  return {
    resourceType: 'Patient',
    id,
    ...(isObject(identifier) ? { identifier: [identifier] } : {}),
    name: [{ text: unknownName }],
  };
}

function patientsIn(resources: readonly Resource[]): readonly SandboxPatient[] {
  const patients = resources.filter(({ resourceType }) => resourceType === 'Patient');
  return patients.flatMap(patient => {
    const { id } = patient;
    if (!id) return [];
    return [{ id, patientId: id, name: nameOf(patient), born: text(patient['birthDate']) ?? '' }];
  });
}

function nameOf(patient: Resource): string {
  const [name] = objects(patient['name']);
  const given = Array.isArray(name?.['given']) ? name['given'] : [];
  const parts = [...given, name?.['family']].filter(part => typeof part === 'string');
  return text(name?.['text']) || parts.join(' ') || unknownName;
}

function distinct(resources: readonly Resource[]): readonly Resource[] {
  const byKey = new Map<string, Resource>();
  for (const resource of resources) {
    const key = `${resource.resourceType}/${resource.id}`;
    if (!byKey.has(key)) byKey.set(key, resource);
  }
  return [...byKey.values()];
}

function isResource(value: unknown): value is Resource {
  return isObject(value) && /^[A-Z][A-Za-z]+$/.test(text(value['resourceType']) ?? '');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
