import type { Ending } from './ending.ts';
import type { LaunchFailure } from './failure.ts';
import { forget, markLogout } from './memory.ts';

/** What one session leaves behind unless somebody takes it away. */
interface LoggedIn {
  /** Digest of issuer and user. */
  readonly who: string;
  readonly ending: Ending;
  /** Hands out the tokens and forgets them. */
  readonly surrender: () => Promise<readonly string[]>;
  readonly clientId: string;
  /** RFC 7009; undefined where the server advertises none. */
  readonly revocation: string | undefined;
}

/** One channel for every window of this origin, on which is said who has logged out; the name says nothing of anybody. */
const CHANNEL = 'sideplan.logout';

/**
 * Logging out (SAFETY T11, M03): the view is gone at once, then what was remembered, then the tokens at the server.
 * Other windows of the same issuer and user are told and do the same with their own. Returns the act.
 */
export function readyToLogOut(
  window: Window & typeof globalThis,
  session: LoggedIn,
): () => Promise<void> {
  const channel = openChannel(window);
  async function leave(why: LaunchFailure) {
    session.ending.end(why);
    forget(window);
    const dead = await revoked(window.fetch, session);
    if (!dead) session.ending.end({ kind: 'logged-out-unconfirmed' });
  }
  channel?.addEventListener('message', ({ data }) => {
    if (data === session.who) void leave({ kind: 'logged-out-elsewhere' });
  });
  session.ending.aborted.addEventListener('abort', () => channel?.close());
  return () => {
    markLogout(window, session.who);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only
    channel?.postMessage(session.who);
    return leave({ kind: 'logged-out' });
  };
}

/** Undefined where the browser gives a cross-site frame no channel; then each window logs out by itself. */
function openChannel(window: Window & typeof globalThis): BroadcastChannel | undefined {
  try {
    return new window.BroadcastChannel(CHANNEL);
  } catch {
    return undefined;
  }
}

/** True unless a server that offers revocation did not confirm it. */
async function revoked(
  fetch: typeof globalThis.fetch,
  { surrender, revocation, clientId }: LoggedIn,
): Promise<boolean> {
  const tokens = await surrender();
  if (!revocation) return true;
  try {
    const { revoke } = await import('./revoke.ts');
    return await revoke(tokens, revocation, clientId, fetch);
  } catch {
    // The code for it could not be fetched.
    return false;
  }
}
