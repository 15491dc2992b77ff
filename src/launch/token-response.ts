import { z } from 'zod/mini';
import { checked, either, text } from '../fhir/shapes.ts';

/** RFC 6749 5.1 with the launch context of SMART App Launch 2.2; the same shape when a token is renewed. */
export const TokenResponse = z.looseObject({
  access_token: checked((value): value is string => typeof value === 'string' && value !== ''),
  token_type: text,
  /** Seconds. Some servers write the number as text. */
  expires_in: z.optional(either(z.number(), z.string())),
  refresh_token: text,
  scope: text,
  patient: text,
  id_token: text,
  purpose_of_use: text,
});
export type TokenResponse = z.output<typeof TokenResponse>;

/** What is held of a token response. Both tokens are opaque: what is inside is the server's business (SAFETY T03). */
export interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  readonly lifetimeMs: number;
}

/**
 * Five minutes where the server does not say (`expires_in` is only RECOMMENDED, RFC 6749 5.1). It decides when a token
 * that can be renewed is renewed; one that cannot is used until the server refuses it, because only the server knows.
 */
const ASSUMED_LIFETIME_S = 300;

export function tokensIn(answer: TokenResponse): Tokens {
  const said = Number(answer.expires_in);
  const seconds = Number.isFinite(said) && said > 0 ? said : ASSUMED_LIFETIME_S;
  return {
    access: answer.access_token,
    refresh: answer.refresh_token || undefined,
    lifetimeMs: seconds * 1000,
  };
}

/** RFC 6749 7.1: a token of a type we do not know must not be used. */
export const isBearer = ({ token_type: type }: TokenResponse) =>
  (type ?? 'Bearer').toLowerCase() === 'bearer';

/** Some servers send «Patient/p1» where the specification says the bare id. */
export function patientIn({ patient }: TokenResponse): `Patient/${string}` | undefined {
  const id = patient?.replace(/^Patient\//, '');
  return id && /^[A-Za-z0-9\-.]{1,64}$/.test(id) ? `Patient/${id}` : undefined;
}
