/** One search parameter as a test of a resource: own values, `:missing`, chains and `_has`. */
import { isKept, isResourceType, type SearchRule, searchRules } from '../r4/table.ts';
import type { Resource } from '../types.ts';
import { dateTest, numberTest, quantityTest } from './match-amount.ts';
import { counts, literalOf, referenceAsked } from './match-reference.ts';
import { stringTest, type Test, tokenTest, uriTest } from './match-text.ts';
import { refusal } from './outcome.ts';
import { keyOf, localReference } from './references.ts';
import { splitOn } from './search-values.ts';
import { valuesAt } from './values.ts';

/** What a chain or `_has` may look at: only what the one who asks may see. */
export interface World {
  readonly baseUrl: string;
  readonly now: number;
  readonly find: (key: string) => Resource | undefined;
  readonly referrers: (key: string, type: string) => readonly Resource[];
}

export interface Criterion {
  readonly code: string;
  readonly test: (resource: Resource, world: World) => boolean;
  /** Keys such as `Patient/p1`, one of which every match refers to; undefined = no such promise. */
  readonly refersTo?: readonly string[];
  /** Ids, one of which every match has. */
  readonly ids?: readonly string[];
}

/** Undefined = the type has no such parameter; throws when the parameter is known and the value or modifier is wrong. */
export function criterion(
  type: string,
  name: string,
  value: string,
  world: Pick<World, 'baseUrl' | 'now'>,
): Criterion | undefined {
  if (name.startsWith('_has:')) return reverseChain(type, name, value, world);
  const dot = name.indexOf('.');
  if (dot > 0) return chain(type, name.slice(0, dot), name.slice(dot + 1), value, world);
  const [code = '', modifier] = name.split(':');
  const rule = searchRules(type).get(code);
  if (!rule) return undefined;
  if (modifier === 'missing') return missing(rule, value);
  return plain(rule, modifier, value, world);
}

function plain(
  rule: SearchRule,
  modifier: string | undefined,
  value: string,
  world: Pick<World, 'baseUrl' | 'now'>,
): Criterion {
  const tests: Test[] = [];
  let refersTo: string[] | undefined = [];
  for (const written of splitOn(value, ',')) {
    if (rule.type === 'reference') {
      const asked = referenceAsked(rule, modifier, written, world.baseUrl);
      if (!asked) throw wrong(rule, modifier, written);
      tests.push(each => counts(rule, each) && asked.test(each));
      if (asked.keys.length === 0) refersTo = undefined;
      refersTo?.push(...asked.keys);
      continue;
    }
    const test = testOf(rule, modifier, written, world.now);
    if (!test) throw wrong(rule, modifier, written);
    tests.push(test);
  }
  const some = (resource: Resource): boolean =>
    valuesAt(resource, rule.paths).some(each => tests.some(test => test(each)));
  const test = modifier === 'not' ? (resource: Resource) => !some(resource) : some;
  const ids = rule.code === '_id' && modifier === undefined ? { ids: splitOn(value, ',') } : {};
  return {
    code: rule.code,
    test,
    ...ids,
    ...(rule.type === 'reference' && refersTo ? { refersTo } : {}),
  };
}

function testOf(
  rule: SearchRule,
  modifier: string | undefined,
  written: string,
  now: number,
): Test | undefined {
  switch (rule.type) {
    case 'token':
      return tokenTest(modifier, written);
    case 'string':
      return stringTest(modifier, written);
    case 'uri':
      return uriTest(modifier, written);
    case 'date':
      return modifier === undefined ? dateTest(written, now) : undefined;
    case 'number':
      return modifier === undefined ? numberTest(written) : undefined;
    case 'quantity':
      return modifier === undefined ? quantityTest(written) : undefined;
    default:
      return undefined;
  }
}

function missing(rule: SearchRule, value: string): Criterion {
  if (value !== 'true' && value !== 'false') throw wrong(rule, 'missing', value);
  const wanted = value === 'true';
  const test = (resource: Resource): boolean => {
    const values = valuesAt(resource, rule.paths);
    const counted = rule.type === 'reference' ? values.filter(each => counts(rule, each)) : values;
    return (counted.length === 0) === wanted;
  };
  return { code: rule.code, test };
}

/** FHIR R4, Search §3.1.1.4.13: `subject:Patient.name=`, one level. */
function chain(
  type: string,
  first: string,
  rest: string,
  value: string,
  world: Pick<World, 'baseUrl' | 'now'>,
): Criterion | undefined {
  const [code = '', target] = first.split(':');
  const rule = searchRules(type).get(code);
  if (rule?.type !== 'reference') return undefined;
  if (rest.includes('.')) {
    throw refusal(
      400,
      'not-supported',
      `Chains of one step are supported; ${first}.${rest} has more.`,
    );
  }
  const targets = target === undefined ? (rule.targets ?? []) : [target];
  const inner = new Map<string, Criterion>();
  for (const each of targets.filter(isKept)) {
    const found = criterion(each, rest, value, world);
    if (found) inner.set(each, found);
  }
  if (inner.size === 0) return undefined;
  const test: Criterion['test'] = (resource, all) =>
    valuesAt(resource, rule.paths).some(each => {
      const named = localReference(literalOf(each), all.baseUrl);
      const found = named && inner.has(named.type) ? all.find(named.key) : undefined;
      return found !== undefined && inner.get(found.resourceType)?.test(found, all) === true;
    });
  return { code: `${first}.${rest}`, test };
}

/** FHIR R4, Search §3.1.1.4.14: `_has:Observation:patient:code=1234-5`, one level. */
function reverseChain(
  type: string,
  name: string,
  value: string,
  world: Pick<World, 'baseUrl' | 'now'>,
): Criterion | undefined {
  const [, other = '', code = '', ...rest] = name.split(':');
  if (other === '' || rest.length === 0) {
    throw refusal(400, 'invalid', `${name} is not of the form _has:Type:reference:parameter.`);
  }
  if (rest[0] === '_has')
    throw refusal(400, 'not-supported', 'A _has inside a _has is not supported.');
  if (!isResourceType(other)) throw refusal(400, 'invalid', `${other} is not a resource type.`);
  const rule = searchRules(other).get(code);
  const inner = criterion(other, rest.join(':'), value, world);
  if (rule?.type !== 'reference' || !inner || rule.targets?.includes(type) === false)
    return undefined;
  const test: Criterion['test'] = (resource, all) => {
    const key = keyOf(resource);
    return all.referrers(key, other).some(referrer => {
      const named = valuesAt(referrer, rule.paths).map(each =>
        localReference(literalOf(each), all.baseUrl),
      );
      return named.some(each => each?.key === key) && inner.test(referrer, all);
    });
  };
  return { code: name, test };
}

function wrong(rule: SearchRule, modifier: string | undefined, value: string): Error {
  const name = modifier === undefined ? rule.code : `${rule.code}:${modifier}`;
  return refusal(
    400,
    'value',
    `"${value}" cannot be searched for with ${name}, a ${rule.type} parameter.`,
  );
}
