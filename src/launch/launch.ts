import { asked, type Returned } from './address.ts';
import { complete } from './complete.ts';
import {
  type Configuration,
  type IssuerConfiguration,
  issuerFor,
  readConfiguration,
} from './configuration.ts';
import { isFinal, type LaunchFailure, LaunchStopped, stop } from './failure.ts';
import type { Launched, Locale } from './launched.ts';
import { lastLogout, recall } from './memory.ts';
import { keep, take, usableStorage, wayOf } from './pending.ts';
import { prepare, type Wish } from './prepare.ts';
import { handBack, throughFrame, throughWindow } from './ways.ts';

/** A window the extension can open for a login, and the redirect address Chrome catches (chrome.identity). */
export interface LoginWindow {
  readonly redirectUri: string;
  readonly open: (address: string) => Promise<string>;
}

/**
 * From this page's address to a session, or to a screen that says why not.
 *
 * The order of things: an answer coming back is taken first; then a launch from the EHR; then, on a reload, the
 * launch this very frame remembers.
 */
export function launch(window: Window & typeof globalThis, login?: LoginWindow): Promise<Launched> {
  return guarded(
    () => answer(window, login),
    () => launch(window, login),
  );
}

async function answer(
  window: Window & typeof globalThis,
  login: LoginWindow | undefined,
): Promise<Launched> {
  const question = asked(new URL(window.location.href));
  if (question.kind === 'broken')
    return stopped({ kind: 'address-broken', detail: question.detail });
  if (question.kind === 'returned') return takeReturn(window, question.returned);
  if (question.kind === 'launch')
    return begin(
      window,
      { iss: question.iss, launch: question.launch, expected: undefined },
      login,
    );
  if (login) return beginFromPanel(window, login);
  const remembered = recall(window.history);
  if (!remembered) return stopped({ kind: 'not-launched' });
  const { iss, patient, who } = remembered;
  if (lastLogout(window, who) !== remembered.logout) return stopped({ kind: 'logged-out' });
  return begin(window, { iss, launch: remembered.launch, expected: patient }, undefined);
}

function stopped(
  failure: LaunchFailure,
  proceed?: () => Promise<Launched>,
  locale?: Locale,
): Launched {
  return { kind: 'stopped', failure, proceed, locale };
}

/** The door: whatever stops a launch becomes a screen, in the language of the configuration where it was read. */
async function guarded(
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

function begin(
  window: Window & typeof globalThis,
  wish: Wish,
  login: LoginWindow | undefined,
): Promise<Launched> {
  const again = () => begin(window, wish, login);
  return guarded(async () => {
    const configuration = await readConfiguration(window.fetch, window.location.href);
    return guarded(
      () => authorize(window, configuration, wish, login),
      again,
      configuration.locale,
    );
  }, again);
}

async function authorize(
  window: Window & typeof globalThis,
  configuration: Configuration,
  wish: Wish,
  login: LoginWindow | undefined,
): Promise<Launched> {
  const issuer = issuerFor(configuration, wish.iss);
  if (login) return toLoginWindow(window, configuration, issuer, wish, login);
  const storage = usableStorage(window);
  if (window.parent === window && storage) {
    const { address, pending, state } = await prepare(window, configuration, issuer, wish, 'page');
    keep(storage, state, pending);
    window.location.replace(address);
    return { kind: 'leaving' };
  }
  return quietly(window, configuration, issuer, wish);
}

/** In a frame, or where nothing can be stored: a hidden child frame first, then a window on the person's click. */
async function quietly(
  window: Window & typeof globalThis,
  configuration: Configuration,
  issuer: IssuerConfiguration,
  wish: Wish,
): Promise<Launched> {
  const { address, pending, state } = await prepare(window, configuration, issuer, wish, 'frame');
  const returned = await throughFrame(window, address, state);
  if (returned) return complete(window, pending, returned);
  return offerWindow(window, configuration, issuer, wish, { kind: 'window-needed' });
}

/** A window needs a click, and must open at that very click: everything is made ready before the button is shown. */
async function offerWindow(
  window: Window & typeof globalThis,
  configuration: Configuration,
  issuer: IssuerConfiguration,
  wish: Wish,
  why: LaunchFailure,
): Promise<Launched> {
  const { address, pending, state } = await prepare(window, configuration, issuer, wish, 'window');
  const again = (failure: LaunchFailure) =>
    offerWindow(window, configuration, issuer, wish, failure);
  const proceed = () =>
    guarded(
      async () => {
        const returned = await throughWindow(window, address, state);
        return 'stopped' in returned
          ? again(returned.stopped)
          : complete(window, pending, returned);
      },
      () => begin(window, wish, undefined),
      configuration.locale,
    );
  return stopped(why, proceed, configuration.locale);
}

/** In the extension's panel nothing navigates: the person picks the EHR's login with a click, in Chrome's own window. */
async function beginFromPanel(
  window: Window & typeof globalThis,
  login: LoginWindow,
): Promise<Launched> {
  return guarded(
    async () => {
      const configuration = await readConfiguration(window.fetch, window.location.href);
      const [issuer] = configuration.issuers;
      if (!issuer) return stopped({ kind: 'not-launched' });
      const wish = { iss: issuer.iss, launch: undefined, expected: undefined };
      const proceed = () => begin(window, wish, login);
      return stopped({ kind: 'window-needed' }, proceed, configuration.locale);
    },
    () => beginFromPanel(window, login),
  );
}

async function toLoginWindow(
  window: Window & typeof globalThis,
  configuration: Configuration,
  issuer: IssuerConfiguration,
  wish: Wish,
  login: LoginWindow,
): Promise<Launched> {
  const { address, pending, state } = await prepare(
    window,
    configuration,
    issuer,
    wish,
    'window',
    login.redirectUri,
  );
  let back: URL;
  try {
    back = new URL(await login.open(address));
  } catch {
    // chrome.identity rejects when the person closes the window, without saying anything else.
    return stop({ kind: 'window-closed' });
  }
  const one = (name: string) => back.searchParams.get(name) ?? undefined;
  if (one('state') !== state) return stop({ kind: 'state-unknown' });
  return complete(window, pending, {
    state,
    code: one('code'),
    error: one('error'),
    iss: one('iss'),
  });
}

/** The redirect address was opened: either we are the page that asked, or only the messenger of one that waits. */
function takeReturn(
  window: Window & typeof globalThis,
  returned: Returned,
): Promise<Launched> | Launched {
  window.history.replaceState(window.history.state, '', 'index.html');
  const way = wayOf(returned.state);
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- TypeScript's DOM calls `opener` any
  const opener: Window | null = window.opener;
  const waiting = way === 'frame' ? window.parent : way === 'window' ? opener : undefined;
  if (waiting && waiting !== window) {
    handBack(waiting, returned, window.location.origin);
    if (way === 'window') window.close();
    return { kind: 'leaving' };
  }
  const pending = returned.state ? take(usableStorage(window), returned.state) : undefined;
  if (!pending) return stopped({ kind: 'state-unknown' });
  const again = () =>
    begin(window, { ...pending, launch: pending.launch, expected: pending.expected }, undefined);
  return guarded(() => complete(window, pending, returned), again, pending.locale);
}
