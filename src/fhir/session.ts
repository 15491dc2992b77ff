import type { Authorization } from './authorization.ts';
import type { ServerOffer } from './capability.ts';

/** A literal FHIR reference without base or version: `Patient/p1`. */
type Ref<Type extends string = string> = `${Type}/${string}`;

/** Who signed in to the EHR, from the verified id_token. */
export interface SessionUser {
  /** `sub`: the issuer's own, lasting name for this person. Never shown. Undefined where nobody was proven. */
  readonly sub: string | undefined;
  readonly name: string | undefined;
  /** `fhirUser` claim, relative to the issuer when it is below it. */
  readonly fhirUser: string | undefined;
}

/**
 * What one launch gives: one issuer, one patient, one user, until it ends.
 *
 * There is no other place to ask who the patient is. A new launch is a new session; the old one is aborted.
 */
export interface Session {
  /** The FHIR base exactly as configured, without a trailing slash. */
  readonly iss: string;
  /** What people call this issuer. */
  readonly label: string;
  readonly patient: Ref<'Patient'>;
  readonly user: SessionUser;
  /** Granted scopes (SMART App Launch 2.2, «scopes granted»), never the requested ones. */
  readonly scopes: readonly string[];
  /** HL7 v3 PurposeOfUse the user chose in the EHR, when the launch carried one. */
  readonly purpose: string | undefined;
  /** Undefined: nothing is attached to what this session asks. */
  readonly authorization: Authorization | undefined;
  /** Extra headers the issuer's configuration asks for on every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where else facts about this patient are kept, as the issuer's configuration names them. */
  readonly sources: readonly SourceAddress[];
  /** Where the EHR keeps an app's own state for its users (SMART App Launch 2.2, `smart-app-state`), if it does. */
  readonly appState?: string | undefined;
  /** What the server said it can do; resolves to a careful minimum when it does not say. */
  readonly offer: Promise<ServerOffer>;
  readonly clock: Clock;
  /** When the oldest of its answers was kept, where they come from a copy: the EHR is silent, and nothing can be written. */
  readonly copiedAt?: Date;
  /** Told of each answer beside its text, where numbers are kept as they were written (decimals.ts). */
  readonly parsed?: (text: string, value: object) => void;
  readonly signal: AbortSignal;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** How a source beside the EHR speaks: each kind has one adapter (docs/fhir.md, «Sources»). */
export const SOURCE_KINDS = ['fhir', 'kj', 'sfm', 'mhd', 'nilar', 'pmd', 'planer'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** One further source: its own base, name and headers. */
export interface SourceAddress {
  readonly kind: SourceKind;
  /** Without a trailing slash. Nothing outside it is ever asked. */
  readonly base: string;
  /** What people call it, «Kjernejournal». No two sources of an issuer share a name. */
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the issuer's access token may travel there: only where the configuration says so (SAFETY TM07). */
  readonly sendToken: boolean;
}

/**
 * The server's time. A workstation's clock may be minutes wrong, and opening hours and the age of data must not be.
 */
export interface Clock {
  readonly now: () => Date;
  /** Corrects the clock from a response's `Date` header (RFC 9110, 6.6.1), where the server exposes it. */
  readonly heard: (response: Response) => void;
  /** When an answer was given, where that is not just now. */
  readonly given?: (response: Response) => Date;
}

export function serverClock(local: () => number = Date.now): Clock {
  let offset = 0;
  return {
    now: () => new Date(local() + offset),
    heard(response) {
      const said = Date.parse(response.headers.get('date') ?? '');
      if (Number.isNaN(said)) return;
      const measured = said - local();
      // The header has whole seconds and the answer took time: a smaller difference is noise.
      if (Math.abs(measured - offset) > 2000) offset = measured;
    },
  };
}
