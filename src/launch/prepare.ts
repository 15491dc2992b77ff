import { withoutSlash } from './allow-list.ts';
import { type Configuration, type IssuerConfiguration, sourcesOf } from './configuration.ts';
import type { Endpoints } from './discovery.ts';
import { freshState, type Pending, type Way } from './pending.ts';
import { scopesFor } from './scopes.ts';
import { authorizationRequest } from './smart.ts';

/** The launch somebody asked for. `expected`: digest of the patient this frame had before a reload. */
export interface Wish {
  readonly iss: string;
  readonly launch: string | undefined;
  readonly expected: string | undefined;
}

/** Where one login goes, and what the hospital has written about it. */
interface Goal {
  readonly configuration: Configuration;
  readonly issuer: IssuerConfiguration;
  readonly endpoints: Endpoints;
}

/** Everything an authorization needs before it can leave: request written, notes at hand. */
export async function prepare(
  { configuration, issuer, endpoints }: Goal,
  wish: Wish,
  way: Way,
  redirectUri: string,
) {
  const state = freshState(way);
  const nonce = crypto.randomUUID();
  const iss = withoutSlash(issuer.iss);
  const scope =
    issuer.scope ??
    scopesFor({
      launch: wish.launch !== undefined,
      v2: endpoints.scopesV2,
      appState: endpoints.appState !== undefined,
    });
  const request = await authorizationRequest(issuer, endpoints, {
    iss,
    launch: wish.launch,
    scope,
    redirectUri,
    state,
    nonce,
  });
  const pending: Pending = {
    way,
    nonce,
    iss,
    launch: wish.launch,
    expected: wish.expected,
    scope,
    notes: request.notes,
    issuer,
    endpoints,
    sources: [...sourcesOf(issuer, configuration)],
    locale: configuration.locale,
    idleMinutes: configuration.idleMinutes,
  };
  return { address: request.address, pending, state };
}

/** The web app's own, beside the page that was launched. */
export const redirectUriOf = ({ location }: Window) => new URL('index.html', location.href).href;
