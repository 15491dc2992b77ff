/** FHIR R4 as the sandbox needs it: elements, required codes, search parameters and the patient compartment. */
import json from './table.json' with { type: 'json' };

export interface ElementRule {
  readonly name: string;
  readonly required: boolean;
  readonly many: boolean;
  /** `code`, `Period`, `CarePlan.activity`, `Resource` .. */
  readonly type: string;
  /** The `[x]` name when this is one of several typed names of a choice: `scheduled[x]`. */
  readonly choice: string | undefined;
  /** Types a reference may name; undefined = any. */
  readonly targets: readonly string[] | undefined;
  /** Name of the list a required binding names. */
  readonly codes: string | undefined;
  /** FHIR R4, isModifier: whoever does not understand it must not use the rest. */
  readonly modifier: boolean;
}

export interface SearchRule {
  readonly code: string;
  readonly type: string;
  readonly paths: readonly string[];
  /** Types a reference parameter may name; undefined = any. */
  readonly targets: readonly string[] | undefined;
}

type Lines = Readonly<Record<string, string>>;

interface Table {
  readonly kept: readonly string[];
  readonly resources: readonly string[];
  readonly open: readonly string[];
  readonly types: Readonly<Record<string, Lines>>;
  readonly codes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly search: Readonly<Record<string, Lines>>;
  readonly compartment: Readonly<Record<string, readonly string[]>>;
}

// Trap: the inferred type of the file has a thousand literal keys; one honest annotation is cheaper to check.
const table = json as Table;

export const keptTypes: readonly string[] = table.kept;

const kept: ReadonlySet<string> = new Set(table.kept);
const resources: ReadonlySet<string> = new Set(table.resources);

const INHERITED: Readonly<Record<string, Lines>> = {
  e: { id: '0 string', extension: '0* Extension' },
  b: { id: '0 string', extension: '0* Extension', modifierExtension: '0* Extension !' },
  r: { id: '0 id', meta: '0 Meta', implicitRules: '0 uri !', language: '0 code' },
  d: {
    id: '0 id',
    meta: '0 Meta',
    implicitRules: '0 uri !',
    language: '0 code',
    text: '0 Narrative',
    contained: '0* Resource',
    extension: '0* Extension',
    modifierExtension: '0* Extension !',
  },
};

export function isKept(type: string): boolean {
  return kept.has(type);
}

/** Any of R4's resource types, kept here or not. */
export function isResourceType(type: string): boolean {
  return resources.has(type);
}

const elementCache = new Map<string, ReadonlyMap<string, ElementRule> | undefined>();

/** The elements of a type or backbone element, choice elements under each of their typed names. */
export function elementsOf(type: string): ReadonlyMap<string, ElementRule> | undefined {
  if (!elementCache.has(type)) elementCache.set(type, readElements(type));
  return elementCache.get(type);
}

const searchCache = new Map<string, ReadonlyMap<string, SearchRule>>();

export function searchRules(type: string): ReadonlyMap<string, SearchRule> {
  const known = searchCache.get(type);
  if (known) return known;
  const entries = Object.entries(table.search[type] ?? {}).map(
    ([code, line]) => [code, readSearchRule(code, line)] as const,
  );
  const rules = new Map(entries);
  searchCache.set(type, rules);
  return rules;
}

/** FHIR R4, CompartmentDefinition patient: the parameters that place a resource; undefined = never placed. */
export function compartmentParams(type: string): readonly string[] | undefined {
  return table.compartment[type];
}

/** The codes of a required binding, by code system. */
export function requiredCodes(name: string): Readonly<Record<string, readonly string[]>> {
  return table.codes[name] ?? {};
}

function readElements(type: string): ReadonlyMap<string, ElementRule> | undefined {
  // `Element` itself is what `_birthDate` holds: an id and extensions.
  const own = type === 'Element' ? {} : table.types[type];
  if (!own) return undefined;
  const lines: Lines = { ...INHERITED[own['.'] ?? 'e'], ...own };
  const rules = Object.entries(lines)
    .filter(([name]) => name !== '.')
    .flatMap(([name, line]) => readElement(name, line));
  return new Map(rules.map(rule => [rule.name, rule]));
}

/** `1 code =request-status !`, `0 Timing/Period/string`, `0* Reference(Patient,Group)`. */
function readElement(name: string, line: string): ElementRule[] {
  const [count = '0', written = '', ...rest] = line.split(' ');
  const types = written === 'Any' ? table.open : written.split(/\/(?![^(]*\))/);
  return types.map(each => {
    const [type = '', targets] = each.split(/[()]/);
    const choice = name.endsWith('[x]') ? name : undefined;
    return {
      name: choice ? name.slice(0, -3) + type.charAt(0).toUpperCase() + type.slice(1) : name,
      required: count.startsWith('1'),
      many: count.endsWith('*'),
      type,
      choice,
      targets: targets?.split(','),
      codes: rest.find(part => part.startsWith('='))?.slice(1),
      modifier: rest.includes('!'),
    };
  });
}

function readSearchRule(code: string, line: string): SearchRule {
  const [type = '', paths = '', targets] = line.split(' ');
  return {
    code,
    type,
    paths: paths.split(','),
    targets:
      targets === undefined || targets === '*' || targets === '' ? undefined : targets.split(','),
  };
}
