import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod/mini';
import type { SessionUser } from '../fhir/session.ts';
import { text } from '../fhir/shapes.ts';
import type { Endpoints } from './discovery.ts';
import { LaunchStopped, stop } from './failure.ts';

const Claims = z.looseObject({
  nonce: text,
  fhirUser: text,
  profile: text,
  name: text,
});
const Keys = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

const NOBODY: SessionUser = { sub: undefined, name: undefined, fhirUser: undefined };

/**
 * Who signed in, proven (OpenID Connect Core 3.1.3.7; SAFETY TM09, T02): signature by the issuer's published keys,
 * `iss`, `aud`, `exp`, `nonce`. A server that publishes no keys leaves the user unnamed; a token that fails any
 * check stops the launch.
 */
export async function provenUser(
  idToken: string | undefined,
  expected: {
    readonly endpoints: Endpoints;
    readonly iss: string;
    readonly clientId: string;
    readonly nonce: string;
    readonly now: Date;
  },
  keys: Promise<unknown>,
): Promise<SessionUser> {
  if (!idToken || !expected.endpoints.jwks) return NOBODY;
  const published = Keys.safeParse(await keys);
  if (!published.success) return stop({ kind: 'identity-unproven', detail: 'keys' });
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(published.data), {
      issuer: expected.endpoints.issuer ?? expected.iss,
      audience: expected.clientId,
      currentDate: expected.now,
      clockTolerance: 60,
      requiredClaims: ['exp', 'iat', 'sub'],
      // Asymmetric only: with HS256 anyone who knows the published key could sign.
      algorithms: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'PS256', 'PS384'],
    });
    const claims = Claims.parse(payload);
    if (claims.nonce !== expected.nonce)
      return stop({ kind: 'identity-unproven', detail: 'nonce' });
    return {
      sub: payload.sub,
      name: claims.name,
      fhirUser: claims.fhirUser ?? claims.profile,
    };
  } catch (error) {
    if (error instanceof LaunchStopped) throw error;
    // Not all of it is jose's own: a key with a bad modulus breaks in the browser, a strange claim in zod.
    const detail = error instanceof errors.JOSEError ? error.code : 'keys or claims';
    return stop({ kind: 'identity-unproven', detail });
  }
}
