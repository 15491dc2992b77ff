import { endingOf } from '../launch/ending.ts';
import type { LaunchFailure } from '../launch/failure.ts';
import type { Launched } from '../launch/launched.ts';
import { readyToLogOut } from '../launch/logout.ts';
import { type Copy, isOver } from './copy.ts';
import { sessionOf } from './replay.ts';
import type { Rules } from './rules.ts';

/** A timer stands still while the machine sleeps: the age is looked at again and again. */
const LOOK_MS = 15_000;

/**
 * The copy in the place of a launch that reached nobody. When it gets too old it is taken away with what stopped the
 * launch; logging out ends it as it ends a session, though there is no token to give back.
 */
export function showCopy(
  window: Window & typeof globalThis,
  copy: Copy,
  who: string,
  silence: LaunchFailure,
  { offlineCopyHours, idleMinutes, locale }: Rules,
): Launched & { kind: 'session' } {
  const ending = endingOf(window);
  const looking = window.setInterval(() => {
    if (isOver(copy.since, offlineCopyHours)) ending.end(silence);
  }, LOOK_MS);
  ending.aborted.addEventListener('abort', () => window.clearInterval(looking));
  return {
    kind: 'session',
    session: sessionOf(copy, ending.aborted),
    locale,
    over: ending.why,
    surroundings: {
      hub: { url: undefined, topic: undefined },
      messaging: { handle: undefined, origin: undefined },
      trusted: [],
      idleMinutes,
    },
    logOut: readyToLogOut(window, {
      who,
      ending,
      surrender: () => Promise.resolve([]),
      clientId: '',
      revocation: undefined,
    }),
  };
}
