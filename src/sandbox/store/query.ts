/** A search as it was asked: what to match, what to bring along, in what order and how many (FHIR R4, Search). */
import { isKept, isResourceType, searchRules } from '../r4/table.ts';
import { type Criterion, criterion, type World } from './criteria.ts';
import { type Issue, refusal } from './outcome.ts';

export interface Include {
  readonly from: string;
  /** `*` = every reference. */
  readonly param: string;
  readonly target: string | undefined;
  readonly iterate: boolean;
}

export interface Query {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  readonly sort: readonly { readonly code: string; readonly descending: boolean }[];
  readonly count: number | undefined;
  readonly total: boolean;
  readonly countOnly: boolean;
  readonly withoutText: boolean;
  readonly elements: readonly string[] | undefined;
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  /** What was understood, for the `self` link. */
  readonly honoured: URLSearchParams;
  /** One warning for each thing that was not. */
  readonly ignored: readonly Issue[];
}

interface Draft {
  criteria: Criterion[];
  sort: Query['sort'];
  count: number | undefined;
  total: boolean;
  countOnly: boolean;
  withoutText: boolean;
  elements: string[] | undefined;
  includes: Include[];
  revincludes: Include[];
}

/** Undefined = understood; a sentence = ignored, because. */
type Verdict = string | undefined;

export function readQuery(
  type: string,
  params: URLSearchParams,
  world: Pick<World, 'baseUrl' | 'now'>,
): Query {
  const draft: Draft = {
    criteria: [],
    sort: [],
    count: undefined,
    total: true,
    countOnly: false,
    withoutText: false,
    elements: undefined,
    includes: [],
    revincludes: [],
  };
  const honoured = new URLSearchParams();
  const ignored: Issue[] = [];
  for (const [name, value] of params) {
    const verdict =
      value === '' ? `${name} has no value.` : readOne(draft, type, name, value, world);
    if (verdict === undefined) honoured.append(name, value);
    else ignored.push(notUsed(`The search ignored a parameter: ${verdict}`));
  }
  return { type, ...draft, honoured, ignored };
}

function readOne(
  draft: Draft,
  type: string,
  name: string,
  value: string,
  world: Pick<World, 'baseUrl' | 'now'>,
): Verdict {
  switch (name) {
    case '_sort':
      return readSort(draft, type, value);
    case '_count':
      if (!/^\d+$/.test(value))
        throw refusal(400, 'value', `_count=${value} is not a whole number.`);
      draft.count = Number(value);
      // FHIR R4, Search §3.1.1.5.3: `_count=0` is the same as `_summary=count`.
      if (draft.count === 0) draft.countOnly = true;
      return undefined;
    case '_total':
      if (!['none', 'estimate', 'accurate'].includes(value)) {
        throw refusal(400, 'value', `_total=${value} is not none, estimate or accurate.`);
      }
      draft.total = value !== 'none';
      return undefined;
    case '_summary':
      return readSummary(draft, value);
    case '_elements':
      draft.elements = value.split(',').map(each => each.replace(`${type}.`, ''));
      return undefined;
    case '_format':
      return undefined;
    default:
      if (/^_(rev)?include(:|$)/.test(name)) return readInclude(draft, type, name, value);
      return readCriterion(draft, type, name, value, world);
  }
}

function readCriterion(
  draft: Draft,
  type: string,
  name: string,
  value: string,
  world: Pick<World, 'baseUrl' | 'now'>,
): Verdict {
  const found = criterion(type, name, value, world);
  if (!found) return `${type} has no search parameter ${name}.`;
  draft.criteria.push(found);
  return undefined;
}

function readSort(draft: Draft, type: string, value: string): Verdict {
  const keys = value.split(',').map(each => ({
    code: each.replace(/^-/, ''),
    descending: each.startsWith('-'),
  }));
  const unknown = keys.find(each => !searchRules(type).has(each.code));
  if (unknown) return `${type} cannot be sorted by ${unknown.code}.`;
  draft.sort = keys;
  return undefined;
}

function readSummary(draft: Draft, value: string): Verdict {
  if (value === 'false') return undefined;
  if (value === 'count') draft.countOnly = true;
  else if (value === 'data') draft.withoutText = true;
  else return `_summary=${value} is not supported.`;
  return undefined;
}

/** FHIR R4, Search §3.1.1.5.4: `_include=CarePlan:care-team`, `:iterate`, `*`. */
function readInclude(draft: Draft, type: string, name: string, value: string): Verdict {
  const [kind = '', modifier] = name.split(':');
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') {
    throw refusal(400, 'invalid', `${name} has a modifier other than iterate.`);
  }
  const reverse = kind === '_revinclude';
  const [from = '', param = '*', target] =
    value === '*' ? [reverse ? '*' : type] : value.split(':');
  if (from !== '*' && !isKept(from)) return `${value} names a type that is not kept here.`;
  if (param !== '*' && searchRules(from).get(param)?.type !== 'reference') {
    return `${from} has no reference parameter ${param}.`;
  }
  if (target !== undefined && !isResourceType(target)) return `${target} is not a resource type.`;
  const list = reverse ? draft.revincludes : draft.includes;
  list.push({ from, param, target, iterate: modifier !== undefined });
  return undefined;
}

function notUsed(diagnostics: string): Issue {
  return { severity: 'warning', code: 'not-supported', diagnostics };
}
