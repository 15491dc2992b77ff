import { isFinal, type LaunchFailure, LaunchStopped } from './failure.ts';
import type { Launched, Locale } from './launched.ts';

export function stopped(
  failure: LaunchFailure,
  proceed?: () => Promise<Launched>,
  locale?: Locale,
): Launched & { kind: 'stopped' } {
  return { kind: 'stopped', failure, proceed, locale };
}

/** The door: whatever stops a launch becomes a screen, in the language of the configuration where it was read. */
export async function guarded(
  work: () => Promise<Launched> | Launched,
  again: () => Promise<Launched>,
  locale?: Locale,
): Promise<Launched> {
  try {
    return await work();
  } catch (error) {
    const failure = error instanceof LaunchStopped ? error.failure : unexpected(error);
    return stopped(failure, isFinal(failure) ? undefined : again, locale);
  }
}

/** A mistake of ours, or a browser that cannot: whole in the console, and a name for the screen. */
function unexpected(error: unknown): LaunchFailure {
  reportError(error);
  return { kind: 'unexpected', detail: error instanceof Error ? error.name : '' };
}
