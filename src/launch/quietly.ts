import { askAhead, complete } from './complete.ts';
import { discover, type Endpoints } from './discovery.ts';
import { keepEndpoints, knownEndpoints, sameEndpoints, sameLogin } from './known-endpoints.ts';
import type { Launched } from './launched.ts';
import type { Opening } from './own-window.ts';
import { prepare, redirectUriOf } from './prepare.ts';
import { throughFrame } from './ways.ts';

/**
 * In a frame, or where nothing can be stored: a hidden child frame first, then a window on the person's click.
 *
 * Where this browser has been before, the frame leaves for where the login was last time, while discovery says whether it
 * still is there: one round trip less. No code is redeemed before it has said so (SAFETY L04, L06).
 */
export async function quietly(opening: Opening): Promise<Launched> {
  const { window, configuration, issuer } = opening;
  const found = discover(configuration, issuer, window.fetch);
  const known = knownEndpoints(window, configuration, issuer);
  void learn(opening, known, found);
  let launched = await throughHiddenFrame(opening, known ?? (await found), found);
  if (launched === 'moved') launched = await throughHiddenFrame(opening, await found, found);
  if (launched && launched !== 'moved') return launched;
  const { offerWindow } = await import('./own-window.ts');
  return offerWindow(opening, { kind: 'window-needed' });
}

async function learn(
  { window, issuer }: Opening,
  known: Endpoints | undefined,
  found: Promise<Endpoints>,
): Promise<void> {
  try {
    const now = await found;
    if (!known || !sameEndpoints(known, now)) keepEndpoints(window, issuer, now);
  } catch {
    // Nothing was found, and whoever waits for it says so.
  }
}

/**
 * Undefined where no answer came; «moved» where discovery has meanwhile named another login than this. What else it says
 * now holds from now on: with a launch handle that can be used once, a second login for its sake would be refused.
 */
async function throughHiddenFrame(
  { window, configuration, issuer, wish }: Opening,
  endpoints: Endpoints,
  found: Promise<Endpoints>,
): Promise<Launched | 'moved' | undefined> {
  const goal = { configuration, issuer, endpoints };
  const { address, pending, state } = await prepare(goal, wish, 'frame', redirectUriOf(window));
  const moved = found.then(now => !sameLogin(now, endpoints));
  // The frame leaves first: it is what all else waits for.
  const answer = throughFrame(window, address, state, moved);
  const ahead = askAhead(window, pending);
  const returned = await answer;
  if (await moved) return 'moved';
  if (!returned) return undefined;
  const now = { ...pending, endpoints: await found };
  const stillAhead = now.endpoints.jwks === endpoints.jwks ? ahead : undefined;
  return complete(window, now, returned, stillAhead);
}
