import { z } from 'zod/mini';
import type { Renewed } from './authorization.ts';
import { isBearer, patientIn, TokenResponse, tokensIn } from './token-response.ts';

const Refusal = z.looseObject({ error: z.string() });

/** What the launch gave, and a renewed token must give again. */
export interface Granted {
  readonly patient: string;
  readonly scopes: readonly string[];
}

/**
 * Renews the access token (RFC 6749 6; SMART App Launch 2.2, «Refresh access token»): a public client names itself, and
 * asks for no scope, which means the same as before. Never rejects.
 *
 * Only `invalid_grant` says that the refresh token is dead. Whatever else goes wrong may be right the next time, and a
 * clinician should not have to log in because a server was restarted.
 */
export async function renew(
  refreshToken: string,
  at: { readonly token: string; readonly clientId: string },
  granted: Granted,
  fetch: typeof globalThis.fetch,
  heard: (response: Response) => void,
): Promise<Renewed> {
  try {
    const response = await fetch(at.token, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: at.clientId,
      }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(20_000),
    });
    heard(response);
    const body: unknown = await response.json();
    if (!response.ok) {
      const refusal = Refusal.safeParse(body);
      const dead = refusal.success && refusal.data.error === 'invalid_grant';
      return { kind: dead ? 'refused' : 'later' };
    }
    const answer = TokenResponse.parse(body);
    return isBearer(answer) ? compared(answer, granted, refreshToken) : { kind: 'later' };
  } catch {
    // No answer, or one that is not a token response.
    return { kind: 'later' };
  }
}

/** SAFETY TM10: what is on screen belongs to one patient and one set of rights. */
function compared(answer: TokenResponse, granted: Granted, refreshToken: string): Renewed {
  if (answer.patient !== undefined && patientIn(answer) !== granted.patient)
    return { kind: 'changed', failure: { kind: 'patient-changed' } };
  // RFC 6749 5.1: no `scope` in the answer means that it is the same.
  if (answer.scope !== undefined && !sameData(answer.scope.split(' '), granted.scopes))
    return { kind: 'changed', failure: { kind: 'scope-changed' } };
  const tokens = tokensIn(answer);
  // Where refresh tokens do not rotate, the old one goes on.
  return { kind: 'renewed', tokens: { ...tokens, refresh: tokens.refresh ?? refreshToken } };
}

/** Servers differ in whether they repeat `openid` or `launch` when they renew; what opens data must be the same. */
function sameData(one: readonly string[], other: readonly string[]): boolean {
  const [mine, theirs] = [toData(one), toData(other)];
  return mine.size === theirs.size && [...mine].every(scope => theirs.has(scope));
}

const toData = (scopes: readonly string[]): ReadonlySet<string> =>
  new Set(scopes.filter(scope => /^(?:patient|user|system)\//.test(scope)));
