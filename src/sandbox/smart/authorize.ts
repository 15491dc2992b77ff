import type { Endpoints } from './discovery.ts';
import type { LaunchContext, Launches } from './launches.ts';
import { scopesIn } from './scopes.ts';

export interface Client {
  readonly id: string;
  readonly redirectUris: readonly string[];
}

/** An authorization request that has passed every check. */
export interface AuthorizeRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly scopes: readonly string[];
  readonly challenge: string;
  readonly nonce: string | undefined;
}

export type Verdict =
  /** Client or redirect URI are not ours: RFC 6749, 4.1.2.1 forbids any redirect. */
  | { readonly kind: 'page'; readonly message: string }
  | { readonly kind: 'refused'; readonly redirectTo: string }
  | { readonly kind: 'ehr'; readonly request: AuthorizeRequest; readonly context: LaunchContext }
  | { readonly kind: 'standalone'; readonly request: AuthorizeRequest };

const ONCE = [
  'client_id',
  'redirect_uri',
  'response_type',
  'state',
  'scope',
  'aud',
  'launch',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
] as const;

/** SMART App Launch 2.2, "Obtain authorization code". Every clause is a refusal of its own. */
export function judge(
  query: URLSearchParams,
  at: Endpoints,
  clients: readonly Client[],
  launches: Launches,
): Verdict {
  const [clientId, secondClient] = query.getAll('client_id');
  const client = clients.find(known => known.id === clientId);
  if (!client || secondClient !== undefined) {
    return { kind: 'page', message: 'The client_id is not registered here.' };
  }
  const [redirectUri, secondRedirect] = query.getAll('redirect_uri');
  // RFC 9700, 4.1.3: exact string comparison, no prefixes, no patterns.
  if (!redirectUri || secondRedirect !== undefined || !client.redirectUris.includes(redirectUri)) {
    return { kind: 'page', message: 'The redirect_uri is not registered for this client.' };
  }

  const state = query.get('state') ?? '';
  const refuse = (error: string, error_description: string): Verdict => ({
    kind: 'refused',
    redirectTo: answerTo(redirectUri, { error, error_description, state, iss: at.fhirBase }),
  });
  const invalid = (description: string) => refuse('invalid_request', description);

  const twice = ONCE.find(name => query.getAll(name).length > 1);
  if (twice) return invalid(`${twice} appears more than once.`);
  if (!state) return invalid('state is missing.');
  if (query.get('response_type') !== 'code') {
    return refuse('unsupported_response_type', 'response_type must be code.');
  }
  const aud = query.get('aud');
  if (aud !== at.fhirBase && aud !== `${at.fhirBase}/`) {
    return invalid(`aud must be the FHIR base ${at.fhirBase}.`);
  }
  const challenge = query.get('code_challenge') ?? '';
  if (!challenge) return invalid('code_challenge is missing; PKCE is required.');
  // RFC 7636, 4.3: a missing method means plain, which SMART forbids.
  if (query.get('code_challenge_method') !== 'S256') {
    return invalid('code_challenge_method must be S256.');
  }
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    return invalid('code_challenge is not the base64url form of a SHA-256 digest.');
  }
  const scopes = scopesIn(query.get('scope') ?? '');
  if (scopes.length === 0) return refuse('invalid_scope', 'scope is missing.');

  const nonce = query.get('nonce') ?? undefined;
  const request = { clientId: client.id, redirectUri, state, scopes, challenge, nonce };
  const handle = query.get('launch');
  if (handle === null) {
    // OpenID Connect Core, 3.1.2.1: with prompt=none no page may be shown, and we have nobody signed in.
    return query.get('prompt') === 'none'
      ? refuse('login_required', 'Somebody has to choose user and patient.')
      : { kind: 'standalone', request };
  }
  const context = launches.find(handle);
  if (!context) return invalid('The launch handle is unknown or older than 12 hours.');
  if (!scopes.includes('launch')) {
    return refuse('invalid_scope', 'A launch from the EHR needs the scope launch.');
  }
  return { kind: 'ehr', request, context };
}

/** RFC 6749, 4.1.2 and RFC 9207: the answer travels in the query, with `iss`. Empty values are left out. */
export function answerTo(redirectUri: string, fields: Readonly<Record<string, string>>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(fields)) {
    if (value) url.searchParams.set(name, value);
  }
  return url.href;
}
