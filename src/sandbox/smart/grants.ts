import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';
import { type LaunchContext, secret } from './launches.ts';

/** One consent: everything made from one authorization code. Revoked as a family. */
export interface Grant {
  readonly clientId: string;
  readonly context: LaunchContext;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  revoked: boolean;
}

interface CodeRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly grant: Grant;
}

export interface Tokens {
  readonly grant: Grant;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string | undefined;
}

/** RFC 6749, 5.2: the error codes of the token endpoint. */
export interface Refusal {
  readonly error:
    | 'invalid_request'
    | 'invalid_client'
    | 'invalid_grant'
    | 'invalid_scope'
    | 'unsupported_grant_type';
  readonly description: string;
}

export const isRefusal = (outcome: object): outcome is Refusal => 'error' in outcome;

interface Issued {
  readonly grant: Grant;
  readonly scopes: readonly string[];
  readonly expires: number;
  readonly issued: number;
  spent: boolean;
}

interface Redeem {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

export interface Grants {
  readonly code: (request: CodeRequest) => string;
  readonly redeem: (request: Redeem) => Tokens | Refusal;
  readonly refresh: (
    token: string,
    clientId: string,
    scope: readonly string[] | undefined,
  ) => Tokens | Refusal;
  readonly access: (token: string) => Issued | undefined;
  /** Also of an expired or revoked token: its answers still carry the session's clock. */
  readonly grantOf: (token: string) => Grant | undefined;
  readonly active: (token: string) => Issued | undefined;
  readonly revoke: (token: string, clientId: string) => void;
}

const CODE_LIFETIME_MS = 60_000;
const REFRESH_LIFETIME_MS = 12 * 60 * 60 * 1000;

/** RFC 7636, 4.2: the only method here. */
const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

const refusal = (error: Refusal['error'], description: string): Refusal => ({ error, description });

/** Codes, access tokens and refresh tokens, in memory. Lifetimes run on the real clock, never on the demo's. */
export function createGrants(wall: Clock, lifetimeSeconds: number): Grants {
  const codes = new Map<string, CodeRequest & { readonly at: number; spent: boolean }>();
  const accessTokens = new Map<string, Issued>();
  const refreshTokens = new Map<string, Issued>();
  const now = () => wall().getTime();

  const isLive = (token: Issued | undefined): token is Issued =>
    token !== undefined && !token.spent && !token.grant.revoked && now() < token.expires;

  function store(tokens: Map<string, Issued>, grant: Grant, scopes: readonly string[], ms: number) {
    const token = secret();
    tokens.set(token, { grant, scopes, issued: now(), expires: now() + ms, spent: false });
    return token;
  }

  function issue(grant: Grant, scopes: readonly string[]): Tokens {
    const lasting = scopes.includes('offline_access') || scopes.includes('online_access');
    return {
      grant,
      scopes,
      accessToken: store(accessTokens, grant, scopes, lifetimeSeconds * 1000),
      expiresIn: lifetimeSeconds,
      refreshToken: lasting
        ? store(refreshTokens, grant, grant.scopes, REFRESH_LIFETIME_MS)
        : undefined,
    };
  }

  return {
    code(request) {
      const code = secret();
      codes.set(code, { ...request, at: now(), spent: false });
      return code;
    },

    redeem({ code, clientId, redirectUri, verifier }) {
      const known = codes.get(code);
      if (!known) return refusal('invalid_grant', 'The code is unknown.');
      if (known.spent) {
        // RFC 6749, 4.1.2: a code used twice has been stolen by one of the two.
        known.grant.revoked = true;
        return refusal('invalid_grant', 'The code has been used before; its tokens are revoked.');
      }
      known.spent = true;
      if (now() - known.at > CODE_LIFETIME_MS)
        return refusal('invalid_grant', 'The code is older than 60 seconds.');
      if (known.clientId !== clientId)
        return refusal('invalid_grant', 'The code belongs to another client.');
      if (known.redirectUri !== redirectUri) {
        return refusal('invalid_grant', 'redirect_uri is not the one the code was sent to.');
      }
      if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier) || s256(verifier) !== known.challenge) {
        return refusal('invalid_grant', 'code_verifier does not match code_challenge.');
      }
      return issue(known.grant, known.grant.scopes);
    },

    refresh(token, clientId, scope) {
      const known = refreshTokens.get(token);
      if (!known || known.grant.clientId !== clientId)
        return refusal('invalid_grant', 'The refresh token is unknown.');
      if (known.spent) {
        // RFC 9700, 4.14.2: rotation tells a thief from the owner only by the second use.
        known.grant.revoked = true;
        return refusal(
          'invalid_grant',
          'The refresh token has been used before; its family is revoked.',
        );
      }
      if (!isLive(known))
        return refusal('invalid_grant', 'The refresh token has expired or is revoked.');
      const scopes = scope ?? known.scopes;
      const more = scopes.filter(one => !known.scopes.includes(one));
      if (more.length > 0)
        return refusal('invalid_scope', `Not granted before: ${more.join(' ')}.`);
      known.spent = true;
      return {
        ...issue(known.grant, scopes),
        refreshToken: store(refreshTokens, known.grant, known.scopes, REFRESH_LIFETIME_MS),
      };
    },

    access(token) {
      const known = accessTokens.get(token);
      return isLive(known) ? known : undefined;
    },
    grantOf: token => (accessTokens.get(token) ?? refreshTokens.get(token))?.grant,
    active(token) {
      const known = accessTokens.get(token) ?? refreshTokens.get(token);
      return isLive(known) ? known : undefined;
    },

    revoke(token, clientId) {
      const access = accessTokens.get(token);
      if (access?.grant.clientId === clientId) access.spent = true;
      const refresh = refreshTokens.get(token);
      // RFC 7009, 2.1: a revoked refresh token takes the access tokens of its grant along.
      if (refresh?.grant.clientId === clientId) refresh.grant.revoked = true;
    },
  };
}
