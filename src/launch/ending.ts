import { type ReadonlySignal, signal } from '@preact/signals';
import type { LaunchFailure } from './failure.ts';

/** How a session ends: silently with its page, or with something to say to whoever is looking. */
export interface Ending {
  /** Everything asked in the session's name goes with it. */
  readonly aborted: AbortSignal;
  /** Why the view is gone; undefined while the session lasts. */
  readonly why: ReadonlySignal<LaunchFailure | undefined>;
  readonly end: (why: LaunchFailure) => void;
}

export function endingOf(window: Window): Ending {
  const abort = new AbortController();
  const why = signal<LaunchFailure | undefined>(undefined);
  // Also on the way into the back/forward cache.
  window.addEventListener('pagehide', () => abort.abort(), { once: true });
  return {
    aborted: abort.signal,
    why,
    end(failure) {
      abort.abort();
      why.value = failure;
    },
  };
}
