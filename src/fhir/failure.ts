/**
 * Every way a question to a server can end without an answer.
 *
 * Closed on purpose: the words for each are in `shell/words`, and a new kind does not compile without them.
 */
export type Failure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'not-permitted' }
  /** The patient has blocked this user: nothing may be shown, not even whether anything exists. */
  | { readonly kind: 'blocked' }
  | { readonly kind: 'withheld' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-supported' }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: 'server-error'; readonly status: number }
  /** It answered, but not with FHIR R4 we can read: a login page, cut-off JSON, another resource. */
  | { readonly kind: 'not-understood'; readonly detail: string }
  /** A link led outside the issuer's own address; following it would have handed over the token. */
  | { readonly kind: 'foreign-address' }
  /** It was not asked: the patient has no national identifier by which this source knows people. */
  | { readonly kind: 'unasked' }
  /** The session ended (new patient, logout) while we waited. Nobody is to see the answer. */
  | { readonly kind: 'cancelled' };

export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly at: Date }
  | { readonly ok: false; readonly failure: Failure };

export const failed = (failure: Failure): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure,
});
