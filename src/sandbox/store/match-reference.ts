/** Search type reference (FHIR R4, Search §3.1.1.4.12). */
import { isResourceType, type SearchRule } from '../r4/table.ts';
import { isObject, textAt } from './json.ts';
import { type Test, tokenTest } from './match-text.ts';
import { localReference, typeNamedBy } from './references.ts';
import { unescape } from './search-values.ts';

/** What one written value may name: keys such as `Patient/p1`; none when it names another server. */
export interface ReferenceAsked {
  readonly test: Test;
  readonly keys: readonly string[];
}

/** Undefined = not a reference, or a modifier that does not exist. */
export function referenceAsked(
  rule: SearchRule,
  modifier: string | undefined,
  written: string,
  baseUrl: string,
): ReferenceAsked | undefined {
  if (modifier === 'identifier') {
    const identifier = tokenTest(undefined, written);
    const test: Test = value => isObject(value) && identifier?.(value['identifier']) === true;
    return { test, keys: [] };
  }
  const text = unescape(written);
  const asType = modifier !== undefined && !text.includes('/') ? `${modifier}/${text}` : text;
  if (modifier !== undefined && !isResourceType(modifier)) return undefined;
  const local = localReference(asType, baseUrl);
  if (local) {
    if (!mayName(rule, local.type) || (modifier ?? local.type) !== local.type) return NOBODY;
    const test: Test = value => {
      const has = localReference(literalOf(value), baseUrl);
      return has?.key === local.key && agree(has.version, local.version);
    };
    return { test, keys: [local.key] };
  }
  if (/^[A-Za-z0-9\-.]{1,64}$/.test(text)) {
    const test: Test = value => {
      const has = localReference(literalOf(value), baseUrl);
      return has?.id === text && mayName(rule, has.type);
    };
    return { test, keys: (rule.targets ?? []).map(type => `${type}/${text}`) };
  }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return undefined;
  return { test: value => literalOf(value) === text, keys: [] };
}

/** Does this value of a reference element count for the parameter? `patient` over `subject` counts only patients. */
export function counts(rule: SearchRule, value: unknown): boolean {
  if (rule.targets === undefined) return true;
  const type = typeNamedBy(literalOf(value));
  return type === undefined || rule.targets.includes(type);
}

/** The literal reference, or the canonical url where the element is one. */
export function literalOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return textAt(value, 'reference') ?? '';
}

const NOBODY: ReferenceAsked = { test: () => false, keys: [] };

function mayName(rule: SearchRule, type: string): boolean {
  return rule.targets === undefined || rule.targets.includes(type);
}

function agree(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}
