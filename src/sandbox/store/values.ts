/** The values an element path of the table finds in a resource: `telecom[system=email]`, `component.code`. */
import type { Resource } from '../types.ts';
import { asList, isObject } from './json.ts';

export function valuesAt(resource: Resource, paths: readonly string[]): unknown[] {
  return paths.flatMap(path => valuesAtPath(resource, path));
}

function valuesAtPath(resource: Resource, path: string): unknown[] {
  if (path === 'deceased()') return [isDeceased(resource)];
  let found: readonly unknown[] = [resource];
  for (const { name, key, wanted } of stepsOf(path)) {
    found = found.flatMap(each => (isObject(each) ? asList(each[name]) : []));
    if (key !== undefined) found = found.filter(each => isObject(each) && each[key] === wanted);
  }
  return [...found];
}

interface Step {
  readonly name: string;
  readonly key: string | undefined;
  readonly wanted: string | undefined;
}

const steps = new Map<string, readonly Step[]>();

function stepsOf(path: string): readonly Step[] {
  const known = steps.get(path);
  if (known) return known;
  const read = path.split('.').map(step => {
    const [, name = '', key, wanted] = /^(\w+)(?:\[(\w+)=([^\]]+)\])?$/.exec(step) ?? [];
    return { name, key, wanted };
  });
  steps.set(path, read);
  return read;
}

/** FHIR R4, Patient search parameter `deceased`: a date of death is `true`, absence is `false`. */
function isDeceased(resource: Resource): boolean {
  return resource['deceasedDateTime'] !== undefined || resource['deceasedBoolean'] === true;
}
