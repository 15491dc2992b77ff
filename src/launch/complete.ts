import { readOffer, type ServerOffer } from '../fhir/capability.ts';
import { type Session, serverClock } from '../fhir/session.ts';
import type { Returned } from './address.ts';
import { authorizationOf, type Renew } from './authorization.ts';
import { endingOf } from './ending.ts';
import { stop } from './failure.ts';
import type { provenUser } from './identity.ts';
import { publishedKeys } from './keys.ts';
import type { Launched } from './launched.ts';
import { readyToLogOut } from './logout.ts';
import { digest, lastLogout, remember } from './memory.ts';
import type { Pending } from './pending.ts';
import type { Granted } from './renew.ts';
import { redeem } from './smart.ts';
import { surroundingsIn } from './surroundings.ts';
import { patientIn, type TokenResponse, tokensIn } from './token-response.ts';

/** What needs no token, and so need not wait for one. */
interface Ahead {
  readonly offer: Promise<ServerOffer>;
  readonly keys: Promise<unknown>;
  /** The verifier of signatures, so that the first page need not carry it. */
  readonly identity: Promise<{ readonly provenUser: typeof provenUser }>;
}

/** Asks what the server offers, and for its keys, while the person is still being recognised. */
export function askAhead(
  window: Window & typeof globalThis,
  { iss, issuer, endpoints }: Pending,
): Ahead {
  const fetch = window.fetch.bind(window);
  const identity = import('./identity.ts');
  // A login that comes to nothing does not need it; one that does is told.
  identity.catch(() => undefined);
  return {
    offer: readOffer(iss, fetch, issuer.headers ?? {}),
    keys: publishedKeys(endpoints.jwks, fetch),
    identity,
  };
}

/** Code to session: RFC 9207 first, then the token beside all that needs none, then who and which patient. */
export async function complete(
  window: Window & typeof globalThis,
  pending: Pending,
  returned: Returned,
  ahead?: Ahead,
): Promise<Launched> {
  const { endpoints, issuer, iss } = pending;
  if (returned.error !== undefined)
    return returned.error === 'access_denied'
      ? stop({ kind: 'denied' })
      : stop({ kind: 'authorization-failed', code: oauthCode(returned.error) });
  const named = returned.iss;
  if (named === undefined ? endpoints.namesItself : named !== (endpoints.issuer ?? iss))
    return stop({ kind: 'issuer-mismatch' });
  if (!returned.code || !returned.state) return stop({ kind: 'state-unknown' });

  const { offer, keys, identity } = ahead ?? askAhead(window, pending);
  const fetch = window.fetch.bind(window);
  const clock = serverClock();
  const headers = issuer.headers ?? {};
  const [token, verifier] = await Promise.all([
    redeem(
      pending.notes,
      { code: returned.code, state: returned.state },
      endpoints.token,
      fetch,
      clock.heard,
    ),
    identity,
  ]);
  const user = await verifier.provenUser(
    token.id_token,
    { endpoints, iss, clientId: issuer.clientId, nonce: pending.nonce, now: clock.now() },
    keys,
  );
  const patient = patientIn(token) ?? stop({ kind: 'no-patient' });
  const [trace, who] = await Promise.all([digest(iss, patient), digest(iss, user.sub ?? '')]);
  if (pending.expected !== undefined && pending.launch !== undefined && pending.expected !== trace)
    return stop({ kind: 'patient-changed' });
  remember(window, {
    iss,
    patient: trace,
    who,
    logout: lastLogout(window, who),
    ...(pending.launch === undefined ? {} : { launch: pending.launch }),
  });
  const ending = endingOf(window);
  // RFC 6749 5.1: no `scope` in the answer means it is what was asked for.
  const scopes = (token.scope ?? pending.scope).split(' ').filter(Boolean);
  const authorization = authorizationOf(
    tokensIn(token),
    renewing(token, pending, { patient, scopes }, fetch, clock.heard),
    ending.end,
  );
  const session: Session = {
    iss,
    label: issuer.label,
    patient,
    user,
    scopes,
    purpose: token.purpose_of_use,
    authorization,
    headers,
    sources: pending.sources,
    appState: endpoints.appState,
    offer,
    clock,
    signal: ending.aborted,
    fetch: request => fetch(request),
  };
  const logOut = readyToLogOut(window, {
    who,
    ending,
    surrender: authorization.surrender,
    clientId: issuer.clientId,
    revocation: endpoints.revocation,
  });
  const surroundings = surroundingsIn(token, pending);
  return {
    kind: 'session',
    session,
    locale: pending.locale,
    over: ending.why,
    surroundings,
    logOut,
  };
}

/** Renewing, whose code is fetched at once where it will be needed: in ten minutes the network may be gone. */
function renewing(
  { refresh_token: canRenew }: TokenResponse,
  { endpoints, issuer }: Pending,
  granted: Granted,
  fetch: typeof globalThis.fetch,
  heard: (response: Response) => void,
): Renew {
  const code = canRenew ? import('./renew.ts').catch(() => undefined) : undefined;
  return async refreshToken => {
    const { renew } = (await code) ?? {};
    const at = { token: endpoints.token, clientId: issuer.clientId };
    return renew ? renew(refreshToken, at, granted, fetch, heard) : { kind: 'later' };
  };
}

/** Only the registered shape of an error code is repeated on screen; anything else is just «unknown». */
const oauthCode = (error: string) => (/^[a-z_]{3,40}$/.test(error) ? error : 'unknown');
