import type { Authorization } from '../fhir/authorization.ts';
import type { LaunchFailure } from './failure.ts';
import type { Tokens } from './token-response.ts';

/** What became of one attempt to renew. */
export type Renewed =
  | { readonly kind: 'renewed'; readonly tokens: Tokens }
  /** `invalid_grant`: the refresh token is dead (RFC 6749 5.2). */
  | { readonly kind: 'refused' }
  /** Not now: no answer, a server in trouble. The refresh token is still good. */
  | { readonly kind: 'later' }
  /** The new token is for somebody or something else: it must not be used. */
  | { readonly kind: 'changed'; readonly failure: LaunchFailure };

export type Renew = (refreshToken: string) => Promise<Renewed>;

/** A minute before the end, or a fifth of a short life: time for a question that is already on its way. */
const MARGIN_MS = 60_000;
const MARGIN_SHARE = 0.2;
/** After an attempt that came to nothing: ten questions at once are not ten attempts. */
const REST_MS = 3_000;

/** The tokens of one session. They live in this closure and nowhere else, and `surrender` empties it. */
export interface HeldAuthorization extends Authorization {
  /** Ends it: hands out the tokens for revocation, once a renewal under way is over, and forgets them. */
  readonly surrender: () => Promise<readonly string[]>;
}

/**
 * Holds a session's tokens and renews them: one attempt at a time whoever asks (SAFETY T05), before the access token
 * runs out and once when the server refuses it (T10). The refresh token is dropped only when the server says that it is
 * dead (TM08).
 *
 * `elapsedMs` must not follow the clock on the wall, which may be put right in the middle of a session (T12). It may
 * stand still while the machine sleeps; then the server's 401 is what tells.
 */
export function authorizationOf(
  first: Tokens,
  renew: Renew,
  changed: (failure: LaunchFailure) => void,
  elapsedMs: () => number = () => performance.now(),
): HeldAuthorization {
  let held: Tokens | undefined = first;
  let renewAt = due(first, elapsedMs());
  let restUntil = 0;
  /** The token in hand came after a 401. If it is refused too, another will not help. */
  let afterRefusal = false;
  let underWay: Promise<Renewed['kind']> | undefined;

  async function attempt(refreshToken: string, refused: boolean): Promise<Renewed['kind']> {
    // From before the question: a slow answer must not lengthen the token's life.
    const asked = elapsedMs();
    const outcome = await renew(refreshToken);
    if (!held) return 'refused';
    if (outcome.kind === 'renewed') {
      held = outcome.tokens;
      renewAt = due(outcome.tokens, asked);
      afterRefusal = refused;
    } else if (outcome.kind === 'later') restUntil = elapsedMs() + REST_MS;
    else {
      held = outcome.kind === 'changed' ? undefined : { ...held, refresh: undefined };
      if (outcome.kind === 'changed') changed(outcome.failure);
    }
    return outcome.kind;
  }

  function renewed(refused: boolean): Promise<Renewed['kind']> {
    if (underWay) return underWay;
    if (!held?.refresh) return Promise.resolve('refused');
    if (elapsedMs() < restUntil) return Promise.resolve('later');
    underWay = attempt(held.refresh, refused).finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  return {
    async token() {
      if (underWay || elapsedMs() >= renewAt) await renewed(false);
      return held?.access ?? '';
    },
    async instead(refused) {
      if (held?.access === refused && !afterRefusal && (await renewed(true)) === 'later')
        throw new TypeError('The token could not be renewed just now');
      return held?.access === refused ? undefined : held?.access;
    },
    async surrender() {
      await underWay;
      const tokens = [held?.refresh, held?.access].filter(token => token !== undefined);
      held = undefined;
      return tokens;
    },
  };
}

const due = ({ lifetimeMs }: Tokens, from: number) =>
  from + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs * MARGIN_SHARE);
