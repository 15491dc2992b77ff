import type { Returned } from './address.ts';
import { complete } from './complete.ts';
import type { Configuration, IssuerConfiguration } from './configuration.ts';
import { discover } from './discovery.ts';
import type { LaunchFailure } from './failure.ts';
import { guarded, stopped } from './guarded.ts';
import type { Launched } from './launched.ts';
import { prepare, redirectUriOf, type Wish } from './prepare.ts';
import { messageFrom } from './ways.ts';

export interface Opening {
  readonly window: Window & typeof globalThis;
  readonly configuration: Configuration;
  readonly issuer: IssuerConfiguration;
  readonly wish: Wish;
  /** From the beginning. */
  readonly again: () => Promise<Launched>;
}

/** A window needs a click, and must open at that very click: everything is made ready before the button is shown. */
export async function offerWindow(opening: Opening, why: LaunchFailure): Promise<Launched> {
  const { window, configuration, issuer, wish, again } = opening;
  const endpoints = await discover(configuration, issuer, window.fetch);
  const { address, pending, state } = await prepare(
    { configuration, issuer, endpoints },
    wish,
    'window',
    redirectUriOf(window),
  );
  const proceed = () =>
    guarded(
      async () => {
        const returned = await throughWindow(window, address, state);
        return 'stopped' in returned
          ? offerWindow(opening, returned.stopped)
          : complete(window, pending, returned);
      },
      again,
      configuration.locale,
    );
  return stopped(why, proceed, configuration.locale);
}

/** Authorizes in a window of its own. Must be called straight from a click, or the browser blocks it. */
async function throughWindow(
  window: Window,
  address: string,
  state: string,
): Promise<Returned | { readonly stopped: LaunchFailure }> {
  const opened = window.open(address, '_blank', 'popup,width=520,height=720');
  if (!opened) return { stopped: { kind: 'window-blocked' } };
  const waited = new AbortController();
  const closed = new Promise<'closed'>(resolve => {
    const watch = window.setInterval(() => {
      if (opened.closed) resolve('closed');
    }, 400);
    waited.signal.addEventListener('abort', () => window.clearInterval(watch));
  });
  try {
    const answer = await Promise.race([
      messageFrom(window, () => opened, state, waited.signal),
      closed,
    ]);
    return answer === 'closed' ? { stopped: { kind: 'window-closed' } } : answer;
  } finally {
    waited.abort();
  }
}
