import { isRaw, type Raw } from '../fhir/ask.ts';
import { localRef } from '../fhir/references.ts';
import type { Session } from '../fhir/session.ts';

/** Where R4 says whose a resource is, in the types that are written here. */
const WHOSE = ['subject', 'patient', 'for', 'beneficiary'] as const;

/** Whose it says it is; undefined where it does not say (Provenance, Binary). */
export function patientOf(iss: string, resource: Raw): string | undefined {
  for (const element of WHOSE) {
    const value = resource[element];
    const reference = isRaw(value) ? value['reference'] : undefined;
    if (typeof reference === 'string') return localRef(iss, reference) ?? reference;
  }
  return undefined;
}

/** Is what is there of the type, and about the person, that was meant? (CATALOGUE W17, SAFETY HZ02) */
export const aboutTheSame = ({ iss }: Session, there: Raw, meant: Raw): boolean =>
  there['resourceType'] === meant['resourceType'] &&
  patientOf(iss, there) === patientOf(iss, meant);
