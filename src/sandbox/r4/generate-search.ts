/** Search parameters with their FHIRPath already walked: `token telecom[system=email]`. */
import type { SearchParameter } from './definitions.ts';
import type { ElementLines, Elements } from './generate-elements.ts';

/** FHIR R4, Search §3.1.1.4: the parameters of every resource that are about content, not about the query. */
const FOR_ALL: Record<string, string> = {
  _id: 'token id',
  _lastUpdated: 'date meta.lastUpdated',
  _profile: 'uri meta.profile',
  _security: 'token meta.security',
  _source: 'uri meta.source',
  _tag: 'token meta.tag',
};

export function searchLines(
  type: string,
  parameters: readonly SearchParameter[],
  elements: Elements,
): Record<string, string> {
  const own = parameters
    .filter(each => each.base.includes(type) && each.expression && each.type !== 'composite')
    .map((each): [string, string | undefined] => [each.code, lineOf(each, type, elements)])
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...FOR_ALL, ...Object.fromEntries(own) };
}

function lineOf(parameter: SearchParameter, type: string, elements: Elements): string | undefined {
  const parts = (parameter.expression ?? '').split(' | ').filter(part => isAbout(part, type));
  const paths = parts.flatMap(part => pathsOf(part, type, elements));
  if (paths.length === 0) return undefined;
  const line = `${parameter.type} ${[...new Set(paths)].join(',')}`;
  return parameter.type === 'reference' ? `${line} ${targetsOf(parts, parameter)}` : line;
}

/** `CarePlan.subject.where(resolve() is Patient)` can only ever name a patient. */
function targetsOf(parts: readonly string[], parameter: SearchParameter): string {
  const only = parts.map(part => /resolve\(\) is (\w+)/.exec(part)?.[1]);
  const targets = only.every(each => each !== undefined) ? only : (parameter.target ?? []);
  return targets.length > 100 ? '*' : [...new Set(targets)].join(',');
}

function isAbout(part: string, type: string): boolean {
  return new RegExp(`^\\(*${type}(\\.|$)`).test(part);
}

/** Eight FHIRPath shapes occur in R4's search parameters; anything else stops the generation. */
function pathsOf(part: string, type: string, elements: Elements): string[] {
  // FHIR R4, Patient search parameter `deceased`: a date of death counts as `true`.
  if (part.includes('deceased.exists()')) return ['deceased()'];
  const plain = part
    .replace(/^\((.*) as (\w+)\)(.*)$/, '$1:$2$3')
    .replace(/\.as\((\w+)\)/g, ':$1')
    .replace(/\.where\(resolve\(\) is \w+\)/g, '')
    .replace(/\.where\((\w+)='([^']+)'\)/g, '[$1=$2]');
  const steps = plain.split('.').slice(1);
  if (/[^\w.:[\]=-]/.test(plain)) throw new Error(`Cannot read ${part}`);
  return walk(steps, type, elements);
}

function walk(steps: readonly string[], owner: string, elements: Elements): string[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [''];
  const [, name = '', , cast, filter = ''] = /^([a-zA-Z]+)(:(\w+))?(\[.*\])?$/.exec(step) ?? [];
  return fields(name, cast, elements.types[owner] ?? {}, owner).flatMap(([field, type]) =>
    (rest.length === 0 ? [''] : walk(rest, type, elements)).map(tail =>
      tail === '' ? field + filter : `${field}${filter}.${tail}`,
    ),
  );
}

/** A choice element becomes its typed names: `effective` -> `effectiveDateTime`, `effectivePeriod` .. */
function fields(
  name: string,
  cast: string | undefined,
  lines: ElementLines,
  owner: string,
): [string, string][] {
  const plain = lines[name];
  if (plain) return [[name, typesIn(plain)[0] ?? '']];
  const choice = lines[`${name}[x]`];
  if (choice) {
    const types = typesIn(choice).filter(type => cast === undefined || type === cast);
    return types.map(type => [name + type.charAt(0).toUpperCase() + type.slice(1), type]);
  }
  if (name === 'id' || name === 'meta') return [[name, name]];
  throw new Error(`${owner} has no ${name}`);
}

function typesIn(line: string): string[] {
  return (line.split(' ')[1] ?? '').replace(/\([^)]*\)/g, '').split('/');
}
