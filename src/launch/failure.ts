/**
 * Every way a launch can end without a session, and every way a session can end while somebody looks. Each has its own
 * screen (`LaunchScreen`), because each asks something different of the clinician or of the person who runs the EHR.
 *
 * Text from the authorization server (`error_description`) is deliberately not here: it would be shown with our
 * authority (SAFETY L09).
 */
export type LaunchFailure =
  /** Opened without an EHR behind it, and this frame remembers no launch. */
  | { readonly kind: 'not-launched' }
  /** The extension knows no EHR yet: neither a policy nor the person at this browser has named one. */
  | { readonly kind: 'not-configured' }
  | { readonly kind: 'address-broken'; readonly detail: 'no-iss' | 'repeated' }
  | { readonly kind: 'configuration-unreadable'; readonly detail: string }
  | { readonly kind: 'configuration-wrong'; readonly problems: readonly string[] }
  | { readonly kind: 'issuer-unknown'; readonly issuer: string }
  | { readonly kind: 'issuer-insecure'; readonly issuer: string }
  | { readonly kind: 'discovery-unreachable' }
  | { readonly kind: 'discovery-refused'; readonly status: number }
  | { readonly kind: 'discovery-wrong'; readonly detail: string }
  | { readonly kind: 'pkce-missing' }
  | { readonly kind: 'endpoint-unsafe'; readonly endpoint: string }
  /** `error=access_denied`: the person or the EHR said no. */
  | { readonly kind: 'denied' }
  /** Any other OAuth error code, from RFC 6749 4.1.2.1; the launch may have expired. */
  | { readonly kind: 'authorization-failed'; readonly code: string }
  /** A redirect came back that this page did not ask for, or asked for long ago. */
  | { readonly kind: 'state-unknown' }
  | { readonly kind: 'issuer-mismatch' }
  | { readonly kind: 'token-unreachable' }
  | { readonly kind: 'token-refused' }
  | { readonly kind: 'token-wrong'; readonly detail: string }
  | { readonly kind: 'identity-unproven'; readonly detail: string }
  | { readonly kind: 'no-patient' }
  /** After a reload the EHR's launch, or later a renewed token, led to another patient than this frame had. */
  | { readonly kind: 'patient-changed' }
  /** A renewed token is for other rights than the launch gave (SAFETY TM10). */
  | { readonly kind: 'scope-changed' }
  | { readonly kind: 'logged-out' }
  /** Logged out here, but the authorization server did not confirm that the tokens are dead. */
  | { readonly kind: 'logged-out-unconfirmed' }
  /** The same person logged out in another window. */
  | { readonly kind: 'logged-out-elsewhere' }
  /** The browser or the EHR keeps the quiet way closed: the person must open a window. Not an error yet. */
  | { readonly kind: 'window-needed' }
  | { readonly kind: 'window-blocked' }
  | { readonly kind: 'window-closed' }
  /** A mistake of ours or of the browser. `detail` is the name of the error, never its message. */
  | { readonly kind: 'unexpected'; readonly detail: string };

/** Carries a `LaunchFailure` up to the screen. Thrown inside `launch/` only, caught at its door. */
export class LaunchStopped extends Error {
  override readonly name = 'LaunchStopped';
  readonly failure: LaunchFailure;
  constructor(failure: LaunchFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

export function stop(failure: LaunchFailure): never {
  throw new LaunchStopped(failure);
}

/** These cannot come right by trying the same launch again; somebody must do something first. */
const FINAL: ReadonlySet<LaunchFailure['kind']> = new Set([
  'address-broken',
  'issuer-unknown',
  'issuer-insecure',
  'pkce-missing',
  'endpoint-unsafe',
  'denied',
  'authorization-failed',
  'state-unknown',
  'issuer-mismatch',
  'no-patient',
  'patient-changed',
  'logged-out',
  'logged-out-unconfirmed',
  'logged-out-elsewhere',
]);

export const isFinal = ({ kind }: LaunchFailure) => FINAL.has(kind);
