import {
  type Configuration,
  type IssuerConfiguration,
  sourcesOf,
  withoutSlash,
} from './configuration.ts';
import { discover } from './discovery.ts';
import { freshState, type Pending, type Way } from './pending.ts';
import { scopesFor } from './scopes.ts';
import { authorizationRequest } from './smart.ts';

/** The launch somebody asked for. `expected`: digest of the patient this frame had before a reload. */
export interface Wish {
  readonly iss: string;
  readonly launch: string | undefined;
  readonly expected: string | undefined;
}

/** Everything an authorization needs before it can leave: discovery checked, request written, notes at hand. */
export async function prepare(
  window: Window & typeof globalThis,
  configuration: Configuration,
  issuer: IssuerConfiguration,
  wish: Wish,
  way: Way,
  redirectUri = new URL('index.html', window.location.href).href,
) {
  const endpoints = await discover(configuration, issuer, window.fetch);
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
