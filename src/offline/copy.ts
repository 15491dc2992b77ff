import { z } from 'zod/mini';
import type { ServerOffer } from '../fhir/capability.ts';
import { withinBase } from '../fhir/egress.ts';
import { SOURCE_KINDS } from '../fhir/session.ts';
import { checked } from '../fhir/shapes.ts';

const Patient = checked(
  (value): value is `Patient/${string}` =>
    typeof value === 'string' && value.startsWith('Patient/'),
);

/** One answer as it came over the wire. */
const CopiedAnswer = z.object({
  status: z.number(),
  type: z.string(),
  /** When it was given, by the server's clock. */
  at: z.string(),
  text: z.string(),
});
export type CopiedAnswer = z.output<typeof CopiedAnswer>;

/**
 * The EHR's own answers to the questions of the acute page, with what it takes to ask those questions again word for
 * word: everything is read anew from them, by the same code and with the same care as from the EHR. It holds no token.
 */
export const Copy = z.object({
  version: z.literal(1),
  iss: z.string(),
  label: z.string(),
  patient: Patient,
  scopes: z.array(z.string()),
  purpose: z.optional(z.string()),
  /** By name only: they were asked then, and are silent now, and that is said. */
  sources: z.array(
    z.object({ kind: z.literal([...SOURCE_KINDS]), base: z.string(), label: z.string() }),
  ),
  /** What the server said it offers, as far as anybody asked. */
  offer: z.object({ batch: z.boolean(), said: z.catchall(z.object({}), z.boolean()) }),
  /** How far this machine's clock is behind the server's, in milliseconds. */
  behindMs: z.number(),
  /** When the oldest answer came, by this machine's clock. */
  since: z.number(),
  /** By what was asked, see `questionOf`. */
  answers: z.catchall(z.object({}), CopiedAnswer),
});
export type Copy = z.output<typeof Copy>;

/** A question as it is found again: method, address below the issuer, body. Undefined outside the issuer. */
export function questionOf(iss: string, { method, url }: Request, body: string) {
  const base = withinBase(iss, '');
  const address = withinBase(iss, url);
  return base && address && `${method} ${address.slice(base.length)} ${body}`;
}

/** What is asked of an offer, by name, so that the same can be answered again. */
export const offered = {
  has: (type: string) => `has ${type}`,
  includes: (type: string, value: string) => `includes ${type} ${value}`,
  searches: (type: string, parameter: string) => `searches ${type} ${parameter}`,
} satisfies Partial<Record<keyof ServerOffer, unknown>>;

/** Past this age nobody is shown it. A clock that was put back makes nothing younger. */
export function isOver(since: number, hours: number, now = Date.now()): boolean {
  const age = now - since;
  return age < 0 || age >= hours * 3_600_000;
}
