import { authorize, ready } from 'fhirclient/lib/smart';
import { z } from 'zod/mini';
import type { IssuerConfiguration } from './configuration.ts';
import type { Endpoints } from './discovery.ts';
import { stop } from './failure.ts';
import { withNetwork } from './fhirclient-fetch.ts';
import { isBearer, TokenResponse } from './token-response.ts';

/**
 * fhirclient behind its guards (SAFETY Appendix A; decision 1). It writes the authorization request and redeems the
 * code; it never sees the page's address, never stores anything, never redirects, and reaches two addresses.
 */

/** fhirclient's own notes about one launch, kept by us between request and redirect. */
export type FhirclientState = Readonly<Record<string, unknown>>;

type Notes = Map<string, unknown>;

const unused = (): never => {
  throw new Error('fhirclient has no use for this here');
};

/**
 * What fhirclient may touch of the world, in the place of its own browser adapter: an address that says nothing, our
 * notes, our random numbers. It can go nowhere.
 */
function adapter(notes: Notes) {
  const storage = {
    get: async (key: string) => notes.get(key),
    set: async (key: string, value: unknown) => {
      notes.set(key, value);
      return value;
    },
    unset: async (key: string) => notes.delete(key),
  };
  return {
    options: { replaceBrowserHistory: false, fullSessionStorageSupport: true },
    security: {
      generatePKCEChallenge,
      randomBytes: unused,
      digestSha256: unused,
      importJWK: unused,
      signCompactJws: unused,
    },
    getUrl: () => new URL('https://sideplan.invalid/'),
    getStorage: () => storage,
    redirect: unused,
    relative: unused,
    getSmartApi: unused,
    getAbortController: () => AbortController,
    btoa: unused,
    atob: unused,
    base64urlencode: unused,
    base64urldecode: unused,
  };
}

/** RFC 7636 4.1–4.2: a verifier of 43 characters from a CSPRNG, and its SHA-256. */
async function generatePKCEChallenge() {
  const codeVerifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier));
  return { codeVerifier, codeChallenge: base64url(new Uint8Array(hash)) };
}

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

export interface AuthorizationRequest {
  readonly address: string;
  readonly notes: FhirclientState;
}

/**
 * The authorization request (SMART App Launch 2.2, «Obtain authorization code»): PKCE S256, our own `state` and
 * `nonce` from a CSPRNG. fhirclient is handed the discovery we already checked.
 */
export async function authorizationRequest(
  issuer: IssuerConfiguration,
  endpoints: Endpoints,
  wish: {
    readonly iss: string;
    readonly launch: string | undefined;
    readonly scope: string;
    readonly redirectUri: string;
    readonly state: string;
    readonly nonce: string;
  },
): Promise<AuthorizationRequest> {
  const notes: Notes = new Map();
  const checked = {
    authorization_endpoint: endpoints.authorize,
    token_endpoint: endpoints.token,
    code_challenge_methods_supported: ['S256'],
  };
  const written = await withNetwork(
    { [`${wish.iss}/.well-known/smart-configuration`]: async () => Response.json(checked) },
    () =>
      authorize(adapter(notes), {
        iss: wish.iss,
        clientId: issuer.clientId,
        scope: wish.scope,
        redirectUri: wish.redirectUri,
        stateKey: wish.state,
        pkceMode: 'required',
        noRedirect: true,
        completeInTarget: true,
        ...(wish.launch === undefined ? {} : { launch: wish.launch }),
      }),
  );
  if (typeof written !== 'string' || !written.startsWith(`${endpoints.authorize}?`))
    return stop({ kind: 'endpoint-unsafe', endpoint: endpoints.authorize });
  // It glues «?» on even where the endpoint already has a query; the URL parser does it right.
  const address = new URL(endpoints.authorize);
  for (const [name, value] of new URLSearchParams(written.slice(endpoints.authorize.length + 1)))
    address.searchParams.append(name, value);
  address.searchParams.set('nonce', wish.nonce);
  const kept = z.looseObject({ codeVerifier: z.string() }).safeParse(notes.get(wish.state));
  if (!kept.success) return stop({ kind: 'pkce-missing' });
  return { address: address.href, notes: kept.data };
}

/**
 * Redeems the code (RFC 6749 4.1.3, RFC 7636 4.5). The token is treated as opaque: whatever is inside is the
 * server's business. `heard` is told the response, for the server's clock.
 */
export async function redeem(
  notes: FhirclientState,
  returned: { readonly code: string; readonly state: string },
  tokenEndpoint: string,
  fetch: typeof globalThis.fetch,
  heard: (response: Response) => void,
): Promise<TokenResponse> {
  let status = 0;
  const token = async (init: RequestInit) => {
    const response = await fetch(tokenEndpoint, {
      ...init,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(20_000),
    });
    status = response.status;
    heard(response);
    return response;
  };
  try {
    const client = await withNetwork({ [tokenEndpoint]: token }, () =>
      // fhirclient puts the code into a form body without encoding it.
      ready(adapter(new Map([[returned.state, notes]])), {
        code: encodeURIComponent(returned.code),
        stateKey: returned.state,
      }),
    );
    const parsed = TokenResponse.safeParse(client.state.tokenResponse);
    if (!parsed.success) {
      const detail = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
      return stop({ kind: 'token-wrong', detail });
    }
    if (!isBearer(parsed.data)) return stop({ kind: 'token-wrong', detail: 'token_type' });
    return parsed.data;
  } catch (error) {
    if (error instanceof Error && error.name === 'LaunchStopped') throw error;
    if (status === 0) return stop({ kind: 'token-unreachable' });
    return status >= 400 && status < 500
      ? stop({ kind: 'token-refused' })
      : stop({ kind: 'token-wrong', detail: `HTTP ${status}` });
  }
}
