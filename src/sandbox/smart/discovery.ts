import { PURPOSES } from './launches.ts';
import { PLAIN_SCOPES } from './scopes.ts';

export interface Endpoints {
  /** The FHIR base, which is also the issuer: what `iss` in launch, redirect and id_token says. */
  readonly fhirBase: string;
  readonly authorize: string;
  readonly token: string;
  readonly introspect: string;
  readonly revoke: string;
  readonly jwks: string;
  readonly style: string;
  /** FHIRcast; in no metadata, only beside the token. */
  readonly hub: string;
  /** FHIR base of the app state. */
  readonly appState: string;
}

export const endpointsAt = (ehrOrigin: string): Endpoints => ({
  fhirBase: `${ehrOrigin}/fhir`,
  authorize: `${ehrOrigin}/auth/authorize`,
  token: `${ehrOrigin}/auth/token`,
  introspect: `${ehrOrigin}/auth/introspect`,
  revoke: `${ehrOrigin}/auth/revoke`,
  jwks: `${ehrOrigin}/auth/jwks`,
  style: `${ehrOrigin}/ehr/smart-style.json`,
  hub: `${ehrOrigin}/hub`,
  appState: `${ehrOrigin}/appstate`,
});

/** SMART App Launch 2.2, Conformance: `.well-known/smart-configuration`. */
export const smartConfiguration = (at: Endpoints) => ({
  issuer: at.fhirBase,
  jwks_uri: at.jwks,
  authorization_endpoint: at.authorize,
  token_endpoint: at.token,
  introspection_endpoint: at.introspect,
  revocation_endpoint: at.revoke,
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  introspection_endpoint_auth_methods_supported: ['none'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  code_challenge_methods_supported: ['S256'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  authorization_response_iss_parameter_supported: true,
  scopes_supported: [
    ...PLAIN_SCOPES,
    'patient/*.rs',
    'patient/*.cruds',
    'patient/*.read',
    'patient/*.write',
    'user/*.rs',
    'user/*.cruds',
    'user/*.read',
    'user/*.write',
  ],
  purposes_of_use_supported: PURPOSES,
  capabilities: [
    'launch-ehr',
    'launch-standalone',
    'authorize-post',
    'client-public',
    'sso-openid-connect',
    'context-banner',
    'context-style',
    'context-ehr-patient',
    'context-ehr-encounter',
    'context-standalone-patient',
    'permission-offline',
    'permission-online',
    'permission-patient',
    'permission-user',
    'permission-v1',
    'permission-v2',
  ],
  associated_endpoints: [{ url: at.appState, capabilities: ['smart-app-state'] }],
});

/** SMART 2.2, Styling: what `smart_style_url` answers. */
export const SMART_STYLE = {
  color_background: '#ffffff',
  color_error: '#b3253a',
  color_highlight: '#0b5c8a',
  color_modal_backdrop: '#1b2733',
  color_success: '#1f6b45',
  color_text: '#1b2733',
  dim_border_radius: '4px',
  dim_font_size: '16px',
  dim_spacing_size: '8px',
  font_family_body: 'system-ui, sans-serif',
  font_family_heading: 'system-ui, sans-serif',
} as const;
