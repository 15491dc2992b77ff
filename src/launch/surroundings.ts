import type { Pending } from './pending.ts';
import type { TokenResponse } from './token-response.ts';

/**
 * What the token response says of the EHR around us, as it came: `follow/` reads it, later and with suspicion, because
 * nothing of it is needed to show the patient.
 */
export interface Surroundings {
  /** FHIRcast STU3, 2.1: `hub.url` and `hub.topic`. */
  readonly hub: { readonly url: unknown; readonly topic: unknown };
  /** SMART Web Messaging: without both, silence. */
  readonly messaging: { readonly handle: unknown; readonly origin: unknown };
  /** Where the access token has been or is going anyway: the issuer's origin and its token endpoint's. */
  readonly trusted: readonly string[];
  /** Minutes without a touch before the screen is locked; undefined where the configuration leaves it to us. */
  readonly idleMinutes: number | undefined;
}

export function surroundingsIn(token: TokenResponse, pending: Pending): Surroundings {
  return {
    hub: { url: token['hub.url'], topic: token['hub.topic'] },
    messaging: {
      handle: token['smart_web_messaging_handle'],
      origin: token['smart_web_messaging_origin'],
    },
    trusted: [pending.iss, pending.endpoints.token].map(address => new URL(address).origin),
    idleMinutes: pending.idleMinutes,
  };
}
