import { withoutSlash } from './allow-list.ts';
import type { Configuration, IssuerConfiguration } from './configuration.ts';
import { checkedEndpoints, type Endpoints } from './discovery.ts';
import { KeptEndpoints } from './pending.ts';

/**
 * The endpoints an issuer named at the last launch in this browser: addresses, and nothing of anybody.
 *
 * With them the login need not wait for discovery. It is asked all the same, at every launch, and until it has said the
 * same no code is redeemed: what is remembered may be late, and is never believed.
 */
const keyOf = (issuer: IssuerConfiguration) => `sideplan.endpoints.${withoutSlash(issuer.iss)}`;

/** Undefined where nothing is remembered, or nothing that would pass today's checks. */
export function knownEndpoints(
  window: Window,
  configuration: Configuration,
  issuer: IssuerConfiguration,
): Endpoints | undefined {
  // Written by hand, they need no discovery, and are what they are.
  if (issuer.endpoints) return undefined;
  try {
    const kept = KeptEndpoints.parse(JSON.parse(window.localStorage.getItem(keyOf(issuer)) ?? ''));
    return checkedEndpoints(kept, configuration, issuer);
  } catch {
    return undefined;
  }
}

export function keepEndpoints(
  window: Window,
  issuer: IssuerConfiguration,
  endpoints: Endpoints,
): void {
  if (issuer.endpoints) return;
  try {
    window.localStorage.setItem(keyOf(issuer), JSON.stringify(endpoints));
  } catch {
    // Storage is denied or full: the next login waits for discovery.
  }
}

export const sameEndpoints = (one: Endpoints, other: Endpoints) =>
  Object.keys({ ...one, ...other }).every(key => Reflect.get(one, key) === Reflect.get(other, key));

/** Where the person is recognised and the code redeemed. */
export const sameLogin = (one: Endpoints, other: Endpoints) =>
  one.authorize === other.authorize && one.token === other.token;
