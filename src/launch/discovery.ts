import { z } from 'zod/mini';
import { flag, text } from '../fhir/shapes.ts';
import { isSafe, withoutSlash } from './allow-list.ts';
import type { Configuration, IssuerConfiguration } from './configuration.ts';
import { stop } from './failure.ts';
import { aboutLogin, answerTo } from './first-questions.ts';

/** The issuer's endpoints, checked, and what they promise (SMART App Launch 2.2, «.well-known/smart-configuration»). */
export interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  readonly jwks?: string | undefined;
  /** RFC 7009. Undefined where the server offers none, as many do not. */
  readonly revocation?: string | undefined;
  /** The `iss` its id_tokens and RFC 9207 answers must carry. */
  readonly issuer?: string | undefined;
  /** FHIR base of the app state (SMART App Launch 2.2, `smart-app-state`), where there is one we may use. */
  readonly appState?: string | undefined;
  readonly namesItself: boolean;
  readonly scopesV2: boolean;
}

const WellKnown = z.looseObject({
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: text,
  revocation_endpoint: text,
  issuer: text,
  code_challenge_methods_supported: z.optional(z.array(z.string())),
  capabilities: z.optional(z.array(z.string())),
  // Read by itself below: it is experimental, and nothing a launch should fail for.
  associated_endpoints: z.optional(z.unknown()),
  authorization_response_iss_parameter_supported: flag,
});

/**
 * Discovery without downgrade (SAFETY D3, L04–L06): one address, a strict shape, S256 or nothing, and no falling
 * back to `/metadata`, because a server in trouble would then look like a server without login.
 */
export async function discover(
  configuration: Configuration,
  issuer: IssuerConfiguration,
  fetch: typeof globalThis.fetch,
): Promise<Endpoints> {
  const endpoints = issuer.endpoints
    ? byHand(issuer.endpoints)
    : read(await wellKnown(issuer, fetch), issuer.iss);
  return checkedEndpoints(endpoints, configuration, issuer);
}

/** The same endpoints, all fit to be given what they are for, or a stop that names the one that is not. */
export function checkedEndpoints(
  endpoints: Endpoints,
  configuration: Configuration,
  issuer: IssuerConfiguration,
): Endpoints {
  const { authorize, token, jwks, revocation } = endpoints;
  for (const endpoint of [authorize, token, jwks, revocation])
    if (endpoint !== undefined && !isSafe(endpoint, configuration))
      return stop({ kind: 'endpoint-unsafe', endpoint });
  // By hand they are pinned. Discovered, what receives codes and tokens must lie where the login page or the data
  // lies (SAFETY TM01, L06).
  const near = [authorize, issuer.iss].map(address => new URL(address).origin);
  for (const endpoint of issuer.endpoints ? [] : [token, revocation])
    if (endpoint !== undefined && !near.includes(new URL(endpoint).origin))
      return stop({ kind: 'endpoint-unsafe', endpoint });
  // The launch does not depend on it, so one that may not have the token is left alone and not complained of.
  const { appState, ...needed } = endpoints;
  const usable =
    appState !== undefined &&
    isSafe(appState, configuration) &&
    near.includes(new URL(appState).origin);
  return usable ? { ...needed, appState: withoutSlash(appState) } : needed;
}

const byHand = (pinned: NonNullable<IssuerConfiguration['endpoints']>): Endpoints => ({
  ...pinned,
  namesItself: false,
  scopesV2: false,
});

const APP_STATE = 'smart-app-state';
const Associated = z.array(z.looseObject({ url: z.string(), capabilities: z.array(z.string()) }));

function read(found: z.output<typeof WellKnown>, iss: string): Endpoints {
  // RFC 9700 2.1.1: a public client without PKCE is open to code injection. «plain» does not count.
  if (!found.code_challenge_methods_supported?.includes('S256'))
    return stop({ kind: 'pkce-missing' });
  return {
    authorize: found.authorization_endpoint,
    token: found.token_endpoint,
    jwks: found.jwks_uri,
    revocation: found.revocation_endpoint,
    issuer: found.issuer,
    appState: found.capabilities?.includes(APP_STATE)
      ? iss
      : Associated.safeParse(found.associated_endpoints).data?.find(one =>
          one.capabilities.includes(APP_STATE),
        )?.url,
    namesItself: found.authorization_response_iss_parameter_supported === true,
    scopesV2: found.capabilities?.includes('permission-v2') ?? false,
  };
}

async function wellKnown(issuer: IssuerConfiguration, fetch: typeof globalThis.fetch) {
  let response: Response;
  let body: string;
  try {
    response = await answerTo(aboutLogin(issuer), fetch);
    body = await response.text();
  } catch {
    return stop({ kind: 'discovery-unreachable' });
  }
  if (!response.ok) return stop({ kind: 'discovery-refused', status: response.status });
  try {
    return WellKnown.parse(JSON.parse(body));
  } catch (error) {
    const detail =
      error instanceof z.core.$ZodError
        ? error.issues.map(({ path }) => path.join('.')).join(', ')
        : 'not JSON';
    return stop({ kind: 'discovery-wrong', detail });
  }
}
