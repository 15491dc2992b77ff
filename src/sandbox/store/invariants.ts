/** The R4 invariants that a clinician's safety hangs on; the key of each is its name in the specification. */

import { rangeOfDate } from './instants.ts';
import { asList, isObject, type Json, textAt } from './json.ts';

export interface Invariant {
  readonly key: string;
  readonly says: string;
  readonly holds: (value: Json) => boolean;
}

const CLINICAL = 'http://terminology.hl7.org/CodeSystem';

const RULES: Readonly<Record<string, readonly Invariant[]>> = {
  AllergyIntolerance: [
    {
      key: 'ait-1',
      says: 'clinicalStatus must be present unless the allergy is entered in error',
      holds: it =>
        it['clinicalStatus'] !== undefined || isError(it, 'allergyintolerance-verification'),
    },
    {
      key: 'ait-2',
      says: 'clinicalStatus must not be present when the allergy is entered in error',
      holds: it =>
        it['clinicalStatus'] === undefined || !isError(it, 'allergyintolerance-verification'),
    },
  ],
  Condition: [
    {
      // R4 makes this one a warning; a store that lets it pass teaches clients to send half a problem list.
      key: 'con-3',
      says: 'clinicalStatus must be present on a problem list item unless it is entered in error',
      holds: it =>
        it['clinicalStatus'] !== undefined ||
        isError(it, 'condition-ver-status') ||
        !hasCode(it['category'], ['problem-list-item']),
    },
    {
      key: 'con-4',
      says: 'a condition with an abatement must be inactive, in remission or resolved',
      holds: it =>
        !Object.keys(it).some(name => /^_?abatement[A-Z]/.test(name)) ||
        hasCode(it['clinicalStatus'], ['inactive', 'remission', 'resolved']),
    },
    {
      key: 'con-5',
      says: 'clinicalStatus must not be present when the condition is entered in error',
      holds: it => it['clinicalStatus'] === undefined || !isError(it, 'condition-ver-status'),
    },
  ],
  'CarePlan.activity': [
    {
      key: 'cpl-3',
      says: 'an activity has either a reference or a detail, not both',
      holds: it => it['reference'] === undefined || it['detail'] === undefined,
    },
  ],
  Extension: [
    {
      key: 'ext-1',
      says: 'an extension has either a value or extensions of its own, not both and not neither',
      holds: it => {
        const value = Object.keys(it).some(name => /^_?value[A-Z]/.test(name));
        return value !== (it['extension'] !== undefined);
      },
    },
  ],
  Period: [
    {
      key: 'per-1',
      says: 'the start must not be after the end',
      holds: it => {
        const start = rangeOfDate(textAt(it, 'start') ?? '');
        const end = rangeOfDate(textAt(it, 'end') ?? '');
        return !start || !end || start.from < end.until;
      },
    },
  ],
};

export function invariantsOf(type: string): readonly Invariant[] {
  return RULES[type] ?? [];
}

function isError(it: Json, system: string): boolean {
  return asList(
    isObject(it['verificationStatus']) ? it['verificationStatus']['coding'] : undefined,
  ).some(
    each =>
      textAt(each, 'code') === 'entered-in-error' &&
      textAt(each, 'system') === `${CLINICAL}/${system}`,
  );
}

function hasCode(concepts: unknown, codes: readonly string[]): boolean {
  return asList(concepts)
    .flatMap(each => asList(isObject(each) ? each['coding'] : undefined))
    .some(each => codes.includes(textAt(each, 'code') ?? ''));
}
