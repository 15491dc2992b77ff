import type { Bound } from '../fhir/proposal.ts';
import type { Session } from '../fhir/session.ts';

/** Whom this session acts for and about, and the digests by which rows are found without saying it. */
export interface Whose {
  readonly iss: string;
  readonly sub: string;
  readonly patient: string;
  /** SHA-256 of issuer and person. */
  readonly owner: string;
  /** SHA-256 of issuer, person and patient. */
  readonly about: string;
}

/** Undefined where nobody was proven to have signed in: then nothing is anybody's, and nothing is kept. */
export async function whoseOf({ iss, patient, user }: Session): Promise<Whose | undefined> {
  const { sub } = user;
  if (sub === undefined) return undefined;
  const [owner, about] = await Promise.all([digest([iss, sub]), digest([iss, sub, patient])]);
  return { iss, sub, patient, owner, about };
}

/** Whether a proposal is this session's own: same issuer, same person, same patient (SAFETY HZ02). */
export const isBoundTo = ({ iss, patient, user }: Session, bound: Bound): boolean =>
  bound.iss === iss && bound.sub === user.sub && bound.patient === patient;

/** As JSON, so that no two lists of parts are the same text. */
export async function digest(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return hexOf(await crypto.subtle.digest('SHA-256', bytes));
}

export const hexOf = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('');
