/** Codes of required bindings (FHIR R4, Terminologies §4.1.5.1). */
import { requiredCodes } from '../r4/table.ts';
import { asList, isObject, textAt } from './json.ts';

/** Undefined = the code is in the list; a sentence = it is not. */
export function bindingFault(type: string, list: string, value: unknown): string | undefined {
  const codes = requiredCodes(list);
  if (type === 'code') {
    const known = Object.values(codes).some(each => each.includes(String(value)));
    return known ? undefined : `${JSON.stringify(value)} is not a code of ${list}`;
  }
  if (type === 'Coding') {
    return isIn(codes, value) ? undefined : `the coding is not of ${list}`;
  }
  if (type !== 'CodeableConcept') return undefined;
  // FHIR R4: one of the codings must come from the list; text alone is not enough.
  const codings = asList(isObject(value) ? value['coding'] : undefined);
  return codings.some(each => isIn(codes, each)) ? undefined : `no coding is of ${list}`;
}

function isIn(codes: Readonly<Record<string, readonly string[]>>, coding: unknown): boolean {
  const code = textAt(coding, 'code');
  return code !== undefined && codes[textAt(coding, 'system') ?? '']?.includes(code) === true;
}
