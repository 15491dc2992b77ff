/** Element definitions in one short line each: `1 code =request-status !`, `0* Reference(Patient,Group)`. */
import type { ElementDefinition, StructureDefinition, TypeRef } from './definitions.ts';

/** What every element, backbone element and resource has; the reader of the table adds these again. */
const INHERITED = new Set([
  'id',
  'extension',
  'modifierExtension',
  'meta',
  'implicitRules',
  'language',
  'text',
  'contained',
]);

export type ElementLines = Record<string, string>;

export interface Elements {
  /** By type or backbone path: `CarePlan`, `CarePlan.activity`, `Period`. */
  readonly types: Record<string, ElementLines>;
  /** The types of an open choice such as `Extension.value[x]`, written `Any`. */
  readonly open: readonly string[];
}

export function elementLines(
  structures: readonly StructureDefinition[],
  kept: readonly string[],
  codesOf: (valueSet: string) => string | undefined,
): Elements {
  const byId = new Map(structures.map(each => [each.id, each]));
  const extension = byId.get('Extension')?.snapshot.element.find(e => e.path.endsWith('value[x]'));
  const open = (extension?.type ?? []).map(type => type.code).sort();
  const types: Record<string, ElementLines> = {};
  const waiting = [...kept, 'Meta', 'Narrative', 'Extension'];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const structure = byId.get(name);
    if (types[name] || !structure || structure.kind === 'primitive-type') continue;
    for (const element of structure.snapshot.element.slice(1)) {
      const cut = element.path.lastIndexOf('.');
      const [owner, field] = [element.path.slice(0, cut), element.path.slice(cut + 1)];
      const lines = (types[owner] ??= marks(structure, owner));
      if (isInherited(structure, owner, field)) continue;
      lines[field] = lineOf(element, open, codesOf);
      waiting.push(...(element.type ?? []).map(type => type.code));
    }
  }
  return { types: sorted(types), open };
}

/** `.` says what a type inherits: e(lement), b(ackbone element), r(esource) or d(omain resource). */
function marks(structure: StructureDefinition, owner: string): ElementLines {
  const has = (field: string) =>
    structure.snapshot.element.some(e => e.path === `${owner}.${field}`);
  if (structure.kind === 'resource' && owner === structure.id) {
    return { '.': has('modifierExtension') ? 'd' : 'r' };
  }
  return { '.': has('modifierExtension') ? 'b' : 'e' };
}

/** Trap: `RelatedArtifact` has no own `text`, but `HumanName.text` and `Questionnaire.item.text` are their own. */
function isInherited(structure: StructureDefinition, owner: string, field: string): boolean {
  const isResource = structure.kind === 'resource' && owner === structure.id;
  if (!INHERITED.has(field)) return false;
  return isResource || field === 'id' || field === 'extension' || field === 'modifierExtension';
}

function lineOf(
  element: ElementDefinition,
  open: readonly string[],
  codesOf: (valueSet: string) => string | undefined,
): string {
  const parts = [`${element.min}${element.max === '1' ? '' : '*'}`, typesOf(element, open)];
  const { binding } = element;
  const codes =
    binding?.strength === 'required' && binding.valueSet ? codesOf(binding.valueSet) : undefined;
  if (codes) parts.push(`=${codes}`);
  if (element.isModifier) parts.push('!');
  return parts.join(' ');
}

function typesOf(element: ElementDefinition, open: readonly string[]): string {
  if (element.contentReference) return element.contentReference.slice(1);
  const types = element.type ?? [];
  if (types.length === open.length) return 'Any';
  return types.map(type => typeOf(type, element.path)).join('/');
}

function typeOf(type: TypeRef, path: string): string {
  const told = type.extension?.find(e => e.url.endsWith('structuredefinition-fhir-type'));
  if (type.code.startsWith('http://hl7.org/fhirpath/')) return told?.valueUrl ?? 'string';
  if (type.code === 'BackboneElement' || type.code === 'Element') return path;
  if (type.code !== 'Reference') return type.code;
  const targets = (type.targetProfile ?? []).map(url => url.slice(url.lastIndexOf('/') + 1));
  return targets.length === 0 || targets.includes('Resource')
    ? 'Reference'
    : `Reference(${targets.join(',')})`;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
