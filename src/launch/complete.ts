import { readOffer } from '../fhir/capability.ts';
import { type Session, serverClock } from '../fhir/session.ts';
import type { Returned } from './address.ts';
import { stop } from './failure.ts';
import { provenUser, publishedKeys } from './identity.ts';
import type { Launched } from './launched.ts';
import { digest, remember } from './memory.ts';
import type { Pending } from './pending.ts';
import { redeem, type TokenResponse } from './smart.ts';

/** Code to session: RFC 9207 first, then token, keys and `/metadata` side by side, then who and which patient. */
export async function complete(
  window: Window & typeof globalThis,
  pending: Pending,
  returned: Returned,
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

  const fetch = window.fetch.bind(window);
  const clock = serverClock();
  const headers = issuer.headers ?? {};
  const offer = readOffer(iss, fetch, headers);
  const keys = publishedKeys(endpoints.jwks, fetch);
  const token = await redeem(
    pending.notes,
    { code: returned.code, state: returned.state },
    endpoints.token,
    fetch,
    clock.heard,
  );
  const user = await provenUser(
    token.id_token,
    { endpoints, iss, clientId: issuer.clientId, nonce: pending.nonce, now: clock.now() },
    keys,
  );
  const patient = patientIn(token);
  const trace = await digest(iss, patient);
  if (pending.expected !== undefined && pending.launch !== undefined && pending.expected !== trace)
    return stop({ kind: 'patient-changed' });
  remember(window, {
    iss,
    patient: trace,
    ...(pending.launch === undefined ? {} : { launch: pending.launch }),
  });
  const session: Session = {
    iss,
    label: issuer.label,
    patient,
    user,
    // RFC 6749 5.1: no `scope` in the answer means it is what was asked for.
    scopes: (token.scope ?? pending.scope).split(' ').filter(Boolean),
    purpose: token.purpose_of_use,
    accessToken: token.access_token,
    headers,
    offer,
    clock,
    signal: endOfPage(window),
    fetch: request => fetch(request),
  };
  return { kind: 'session', session, locale: pending.locale };
}

function patientIn(token: TokenResponse): Session['patient'] {
  // Some servers send «Patient/p1» where the specification says the bare id.
  const id = token.patient?.replace(/^Patient\//, '');
  return id && /^[A-Za-z0-9\-.]{1,64}$/.test(id) ? `Patient/${id}` : stop({ kind: 'no-patient' });
}

/** Only the registered shape of an error code is repeated on screen; anything else is just «unknown». */
const oauthCode = (error: string) => (/^[a-z_]{3,40}$/.test(error) ? error : 'unknown');

/** When the page goes, everything asked in its name goes with it, also into the back/forward cache. */
function endOfPage(window: Window): AbortSignal {
  const end = new AbortController();
  window.addEventListener('pagehide', () => end.abort(), { once: true });
  return end.signal;
}
