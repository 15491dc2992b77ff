import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Endpoints } from './discovery.ts';
import type { Grant } from './grants.ts';
import { secret } from './launches.ts';

export interface Identity {
  readonly idToken: (grant: Grant) => Promise<string>;
  readonly jwks: () => Promise<{ readonly keys: readonly JWK[] }>;
}

const LIFETIME_SECONDS = 3600;

/** Half a second of a core to make, so all servers of one process sign with the same. */
let pair: ReturnType<typeof generateKeyPair> | undefined;
const keys = () => {
  pair ??= generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return pair;
};

/**
 * OpenID Connect Core, section 2, as SMART 2.2 narrows it: RS256, `fhirUser`, nonce echoed.
 *
 * The key has another name at each start; whoever holds an old JWKS has to fetch it again, as after a real rotation.
 */
export function createIdentity(at: Endpoints): Identity {
  const kid = secret(8);
  return {
    async idToken({ clientId, context, nonce }) {
      const { user, clock } = context;
      const issued = Math.floor(clock().getTime() / 1000);
      const claims = {
        fhirUser: `${at.fhirBase}/${user.fhirUser}`,
        name: user.name,
        preferred_username: user.id,
        ...(nonce === undefined ? {} : { nonce }),
        // The name HelseID gives the claim.
        ...(user.hpr === undefined ? {} : { 'helseid://claims/hpr/hpr_number': user.hpr }),
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer(at.fhirBase)
        .setAudience(clientId)
        .setSubject(user.id)
        .setIssuedAt(issued)
        .setExpirationTime(issued + LIFETIME_SECONDS)
        .sign((await keys()).privateKey);
    },
    async jwks() {
      const jwk = await exportJWK((await keys()).publicKey);
      return { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] };
    },
  };
}
