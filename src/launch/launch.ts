import { asked, type Returned } from './address.ts';
import { complete } from './complete.ts';
import { type Configuration, issuerFor, readConfiguration } from './configuration.ts';
import { discover } from './discovery.ts';
import { guarded, stopped } from './guarded.ts';
import type { Launched } from './launched.ts';
import { lastLogout, recall } from './memory.ts';
import { broughtHome } from './messenger.ts';
import { keep, take, usableStorage } from './pending.ts';
import { prepare, redirectUriOf, type Wish } from './prepare.ts';
import { quietly } from './quietly.ts';

/**
 * From this page's address to a session, or to a screen that says why not.
 *
 * The order of things: an answer coming back is taken first; then a launch from the EHR; then, on a reload, the
 * launch this very frame remembers.
 */
export function launch(window: Window & typeof globalThis): Promise<Launched> {
  return guarded(
    () => answer(window),
    () => launch(window),
  );
}

async function answer(window: Window & typeof globalThis): Promise<Launched> {
  const question = asked(new URL(window.location.href));
  if (question.kind === 'broken')
    return stopped({ kind: 'address-broken', detail: question.detail });
  if (question.kind === 'returned') return takeReturn(window, question.returned);
  if (question.kind === 'launch')
    return begin(window, { iss: question.iss, launch: question.launch, expected: undefined });
  const remembered = recall(window.history);
  if (!remembered) return stopped({ kind: 'not-launched' });
  const { iss, patient, who } = remembered;
  if (lastLogout(window, who) !== remembered.logout) return stopped({ kind: 'logged-out' });
  return begin(window, { iss, launch: remembered.launch, expected: patient });
}

function begin(window: Window & typeof globalThis, wish: Wish): Promise<Launched> {
  const again = () => begin(window, wish);
  return guarded(async () => {
    const configuration = await readConfiguration(window.fetch, window.location.href);
    return guarded(() => authorize(window, configuration, wish), again, configuration.locale);
  }, again);
}

async function authorize(
  window: Window & typeof globalThis,
  configuration: Configuration,
  wish: Wish,
): Promise<Launched> {
  const issuer = issuerFor(configuration, wish.iss);
  const storage = window.parent === window ? usableStorage(window) : undefined;
  if (storage) {
    const endpoints = await discover(configuration, issuer, window.fetch);
    const { address, pending, state } = await prepare(
      { configuration, issuer, endpoints },
      wish,
      'page',
      redirectUriOf(window),
    );
    keep(storage, state, pending);
    window.location.replace(address);
    return { kind: 'leaving' };
  }
  return quietly({ window, configuration, issuer, wish, again: () => begin(window, wish) });
}

/** The redirect address was opened: either we are the page that asked, or only the messenger of one that waits. */
function takeReturn(
  window: Window & typeof globalThis,
  returned: Returned,
): Promise<Launched> | Launched {
  if (broughtHome(window)) return { kind: 'leaving' };
  window.history.replaceState(window.history.state, '', 'index.html');
  const pending = returned.state ? take(usableStorage(window), returned.state) : undefined;
  if (!pending) return stopped({ kind: 'state-unknown' });
  const again = () =>
    begin(window, { ...pending, launch: pending.launch, expected: pending.expected });
  return guarded(() => complete(window, pending, returned), again, pending.locale);
}
