/** A resource against R4's definitions before it is stored (FHIR R4, Validating Resources). */
import { type ElementRule, elementsOf, isKept, isResourceType } from '../r4/table.ts';
import type { Resource } from '../types.ts';
import { bindingFault } from './bindings.ts';
import { invariantsOf } from './invariants.ts';
import { isObject, isResource, type Json, textAt } from './json.ts';
import type { Issue, IssueCode } from './outcome.ts';
import { primitiveFault } from './primitives.ts';
import { typeNamedBy } from './references.ts';

/** The resource a `#reference` is looked up in, and where faults are gathered. */
interface Checking {
  readonly root: Json;
  readonly issues: Issue[];
}

/** Every fault, each with the place it was found; none = the resource may be stored. */
export function validate(resource: Resource): Issue[] {
  const checking: Checking = { root: resource, issues: [] };
  checkFields(checking, resource.resourceType, resource, resource.resourceType);
  return checking.issues;
}

function report({ issues }: Checking, code: IssueCode, where: string, says: string): void {
  issues.push({ severity: 'error', code, diagnostics: `${where} ${says}.`, expression: [where] });
}

function checkFields(checking: Checking, type: string, value: Json, where: string): void {
  const rules = elementsOf(type);
  if (!rules) return;
  const isWhole = isKept(type);
  const names = Object.keys(value).filter(name => !(isWhole && name === 'resourceType'));
  if (names.length === 0 && !isWhole) report(checking, 'structure', where, 'must not be empty');
  for (const name of names) {
    const rule = rules.get(name.replace(/^_/, ''));
    if (!rule || (name.startsWith('_') && primitiveFault(rule.type, 'x') === null)) {
      report(checking, 'structure', `${where}.${name}`, `is not an element of ${type}`);
    } else if (name.startsWith('_')) checkShadow(checking, rule, value, where);
    else checkElement(checking, rule, value[name], value[`_${name}`], `${where}.${name}`);
  }
  checkPresence(checking, rules, value, where);
  for (const { key, says, holds } of invariantsOf(type)) {
    if (!holds(value)) report(checking, 'invariant', where, `breaks ${key}: ${says}`);
  }
}

/** Mandatory elements, and choices given twice. */
function checkPresence(
  checking: Checking,
  rules: ReadonlyMap<string, ElementRule>,
  value: Json,
  where: string,
): void {
  const given = new Map<string, string[]>();
  const mandatory = new Set<string>();
  for (const rule of rules.values()) {
    const name = rule.choice ?? rule.name;
    if (rule.required) mandatory.add(name);
    const present = value[rule.name] !== undefined || value[`_${rule.name}`] !== undefined;
    if (present) given.set(name, [...(given.get(name) ?? []), rule.name]);
  }
  for (const name of mandatory) {
    if (!given.has(name)) report(checking, 'required', `${where}.${name}`, 'is missing');
  }
  for (const [name, names] of given) {
    if (names.length > 1) {
      const says = `is given more than once: ${names.join(' and ')}`;
      report(checking, 'structure', `${where}.${name}`, says);
    }
  }
}

function checkElement(
  checking: Checking,
  rule: ElementRule,
  value: unknown,
  shadow: unknown,
  where: string,
): void {
  if (!rule.many) {
    if (Array.isArray(value)) report(checking, 'structure', where, 'must not be a list');
    else checkValue(checking, rule, value, where);
    return;
  }
  if (!Array.isArray(value)) {
    report(checking, 'structure', where, 'must be a list');
    return;
  }
  if (value.length === 0) report(checking, 'structure', where, 'must not be an empty list');
  for (const [at, each] of value.entries()) {
    // FHIR R4, JSON: null holds the place of a value that has only extensions.
    const inShadow = each === null && Array.isArray(shadow) && isObject(shadow[at]);
    if (!inShadow) checkValue(checking, rule, each, `${where}[${at}]`);
  }
}

function checkValue(checking: Checking, rule: ElementRule, value: unknown, where: string): void {
  const fault = primitiveFault(rule.type, value);
  if (fault !== null) {
    if (fault !== undefined) report(checking, 'value', where, fault);
    else checkBinding(checking, rule, value, where);
    return;
  }
  if (!isObject(value)) {
    report(checking, 'structure', where, `must be a ${rule.type}`);
    return;
  }
  if (rule.type === 'Resource') {
    checkContained(checking, value, where);
    return;
  }
  checkFields(checking, rule.type, value, where);
  checkBinding(checking, rule, value, where);
  if (rule.type === 'Reference') checkReference(checking, rule, value, where);
}

function checkBinding(checking: Checking, rule: ElementRule, value: unknown, where: string): void {
  const fault = rule.codes === undefined ? undefined : bindingFault(rule.type, rule.codes, value);
  if (fault !== undefined) report(checking, 'code-invalid', where, `is not allowed: ${fault}`);
}

/** FHIR R4, JSON §2.6.2: `_birthDate` carries the id and extensions of the primitive `birthDate`. */
function checkShadow(checking: Checking, rule: ElementRule, owner: Json, where: string): void {
  const place = `${where}._${rule.name}`;
  const shadow = owner[`_${rule.name}`];
  if (rule.many !== Array.isArray(shadow)) {
    report(checking, 'structure', place, rule.many ? 'must be a list' : 'must not be a list');
    return;
  }
  for (const each of Array.isArray(shadow) ? shadow : [shadow]) {
    if (isObject(each)) checkFields(checking, 'Element', each, place);
    else if (each !== null || !rule.many) report(checking, 'structure', place, 'must be an object');
  }
}

/** FHIR R4, Contained Resources: with an id, and not containing others (dom-2). */
function checkContained(checking: Checking, value: Json, where: string): void {
  if (!isResource(value) || !isResourceType(value.resourceType)) {
    report(checking, 'structure', where, 'must be a resource of a type that exists in R4');
    return;
  }
  if (value.id === undefined) report(checking, 'required', `${where}.id`, 'is missing');
  if (value['contained'] !== undefined) {
    report(checking, 'invariant', where, 'breaks dom-2: a contained resource contains another');
  }
  checkFields(checking, value.resourceType, value, where);
}

function checkReference(checking: Checking, rule: ElementRule, value: Json, where: string): void {
  const reference = textAt(value, 'reference');
  if (reference === undefined || reference.startsWith('urn:')) return;
  const type = reference.startsWith('#')
    ? containedType(checking.root, reference)
    : typeNamedBy(reference);
  if (type === undefined) {
    // ref-1: a local reference must be to something contained; another address may end in anything.
    const isAddress = /^[a-z][a-z0-9+.-]*:/i.test(reference);
    if (!isAddress)
      report(checking, 'value', where, `does not say what it refers to: "${reference}"`);
    return;
  }
  if (rule.targets?.includes(type) === false) {
    report(checking, 'invariant', where, `may refer to ${rule.targets.join(', ')}, not to ${type}`);
  }
  const said = textAt(value, 'type');
  if (said !== undefined && said !== type) {
    report(checking, 'invariant', where, `says type ${said} and refers to ${type}`);
  }
}

function containedType(root: Json, reference: string): string | undefined {
  if (reference === '#') return textAt(root, 'resourceType');
  const contained = Array.isArray(root['contained']) ? root['contained'] : [];
  const found: unknown = contained.find(each => textAt(each, 'id') === reference.slice(1));
  return textAt(found, 'resourceType');
}
