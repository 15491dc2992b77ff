import { asked, type Returned } from './address.ts';
import { complete } from './complete.ts';
import {
  type Configuration,
  type IssuerConfiguration,
  issuerFor,
  readConfiguration,
  withoutSlash,
} from './configuration.ts';
import { discover } from './discovery.ts';
import { isFinal, type LaunchFailure, LaunchStopped, stop } from './failure.ts';
import type { Launched } from './launched.ts';
import { recall } from './memory.ts';
import { freshState, keep, type Pending, take, usableStorage, type Way, wayOf } from './pending.ts';
import { scopesFor } from './scopes.ts';
import { authorizationRequest } from './smart.ts';
import { handBack, throughFrame, throughWindow } from './ways.ts';

/** A window the extension can open for a login, and the redirect address Chrome catches (chrome.identity). */
export interface LoginWindow {
  readonly redirectUri: string;
  readonly open: (address: string) => Promise<string>;
}

interface Wish {
  readonly iss: string;
  readonly launch: string | undefined;
  readonly expected: string | undefined;
}

/**
 * From this page's address to a session, or to a screen that says why not.
 *
 * The order of things: an answer coming back is taken first; then a launch from the EHR; then, on a reload, the
 * launch this very frame remembers.
 */
export async function launch(
  window: Window & typeof globalThis,
  login?: LoginWindow,
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
  const { iss, patient } = remembered;
  return begin(window, { iss, launch: remembered.launch, expected: patient }, undefined);
}

function stopped(failure: LaunchFailure, proceed?: () => Promise<Launched>): Launched {
  return { kind: 'stopped', failure, proceed };
}

/** The door: what stops a launch becomes a screen; anything else is a mistake of ours and is not swallowed. */
async function guarded(work: () => Promise<Launched>, again: () => Promise<Launched>) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LaunchStopped)
      return stopped(error.failure, isFinal(error.failure) ? undefined : again);
    throw error;
  }
}

function begin(
  window: Window & typeof globalThis,
  wish: Wish,
  login: LoginWindow | undefined,
): Promise<Launched> {
  const again = () => begin(window, wish, login);
  return guarded(async () => {
    const configuration = await readConfiguration(window.fetch, window.location.href);
    const issuer = issuerFor(configuration, wish.iss);
    if (login) return toLoginWindow(window, configuration, issuer, wish, login);
    const storage = usableStorage(window);
    if (window.parent === window && storage) {
      const { address, pending, state } = await prepare(
        window,
        configuration,
        issuer,
        wish,
        'page',
      );
      keep(storage, state, pending);
      window.location.replace(address);
      return { kind: 'leaving' };
    }
    return quietly(window, configuration, issuer, wish);
  }, again);
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
  return stopped(why, () =>
    guarded(
      async () => {
        const returned = await throughWindow(window, address, state);
        return 'stopped' in returned
          ? again(returned.stopped)
          : complete(window, pending, returned);
      },
      () => begin(window, wish, undefined),
    ),
  );
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
      return stopped({ kind: 'window-needed' }, () => begin(window, wish, login));
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

async function prepare(
  window: Window & typeof globalThis,
  configuration: Configuration,
  issuer: IssuerConfiguration,
  wish: Wish,
  way: Way,
  redirectUri = new URL('index.html', window.location.href).href,
) {
  const endpoints = await discover(configuration, issuer, window.fetch);
  const state = freshState(way);
  const nonce = crypto.randomUUID();
  const iss = withoutSlash(issuer.iss);
  const scope =
    issuer.scope ?? scopesFor({ launch: wish.launch !== undefined, v2: endpoints.scopesV2 });
  const request = await authorizationRequest(issuer, endpoints, {
    iss,
    launch: wish.launch,
    scope,
    redirectUri,
    state,
    nonce,
  });
  const pending: Pending = {
    way,
    nonce,
    iss,
    launch: wish.launch,
    expected: wish.expected,
    scope,
    notes: request.notes,
    issuer,
    endpoints,
    locale: configuration.locale,
  };
  return { address: request.address, pending, state };
}

/** The redirect address was opened: either we are the page that asked, or only the messenger of one that waits. */
function takeReturn(
  window: Window & typeof globalThis,
  returned: Returned,
): Promise<Launched> | Launched {
  window.history.replaceState(window.history.state, '', 'index.html');
  const way = wayOf(returned.state);
  const waiting = way === 'frame' ? window.parent : way === 'window' ? window.opener : undefined;
  if (waiting && waiting !== window) {
    handBack(waiting, returned, window.location.origin);
    if (way === 'window') window.close();
    return { kind: 'leaving' };
  }
  const pending = returned.state ? take(usableStorage(window), returned.state) : undefined;
  if (!pending) return stopped({ kind: 'state-unknown' });
  const again = () =>
    begin(window, { ...pending, launch: pending.launch, expected: pending.expected }, undefined);
  return guarded(() => complete(window, pending, returned), again);
}
