import { isSafe } from './allow-list.ts';
import { complete } from './complete.ts';
import {
  type Configuration,
  checkConfiguration,
  type IssuerConfiguration,
  issuerFor,
} from './configuration.ts';
import { discover } from './discovery.ts';
import { stop } from './failure.ts';
import { guarded, stopped } from './guarded.ts';
import type { Launched } from './launched.ts';
import { lastLogout, recall } from './memory.ts';
import { prepare, type Wish } from './prepare.ts';

/** What the extension lends the launch. */
export interface PanelHost {
  /** The redirect address Chrome catches (chrome.identity). */
  readonly redirectUri: string;
  /** Chrome's own login window; rejects where nobody is to be asked and there is something to ask. */
  readonly open: (address: string, interactive: boolean) => Promise<string>;
  /** The configuration in force, as it was written. */
  readonly configuration: () => Promise<unknown>;
  readonly openSettings: () => Promise<unknown>;
  /** What the EHR's page has handed over for the tab in front; given once. */
  readonly handed: () => Promise<{ readonly iss: string; readonly launch: string } | undefined>;
  /** Whoever is picked now belongs to the tab in front now; it may be another than when the panel was opened. */
  readonly settle: () => Promise<void>;
}

/**
 * The launch in the extension's panel, where nothing navigates: what the EHR's page has handed over, else what this tab
 * was opened with before, both without a question where the EHR still knows who this is; else the person picks the
 * login with a click.
 */
export function launchFromPanel(
  window: Window & typeof globalThis,
  host: PanelHost,
): Promise<Launched> {
  const again = () => launchFromPanel(window, host);
  return guarded(async () => {
    const [value, handed] = await Promise.all([host.configuration(), host.handed()]);
    if (isEmpty(value))
      return stopped({ kind: 'not-configured' }, async () => {
        await host.openSettings();
        return again();
      });
    const configuration = checkConfiguration(value);
    const way: WayIn = { window, host, configuration };
    return guarded(() => begin(way, handed), again, configuration.locale);
  }, again);
}

interface WayIn {
  readonly window: Window & typeof globalThis;
  readonly host: PanelHost;
  readonly configuration: Configuration;
}

function begin(
  way: WayIn,
  handed: { readonly iss: string; readonly launch: string } | undefined,
): Promise<Launched> | Launched {
  if (handed) return quietly(way, { ...handed, expected: undefined });
  const { window } = way;
  const remembered = recall(window.history);
  if (!remembered || lastLogout(window, remembered.who) !== remembered.logout) return offer(way);
  const { iss, launch, patient } = remembered;
  return quietly(way, { iss, launch, expected: patient });
}

/** Every configured EHR, each with a login of its own. */
function offer(way: WayIn): Launched {
  const { configuration } = way;
  const choices = configuration.issuers.map(({ iss, label }) => ({
    label,
    proceed: async () => {
      await way.host.settle();
      return ask(way, { iss, launch: undefined, expected: undefined });
    },
  }));
  const [only, ...more] = choices;
  const start = stopped({ kind: 'window-needed' }, only?.proceed, configuration.locale);
  return more.length > 0 ? { ...start, choices } : start;
}

/** Without a question first. Whatever keeps Chrome from it, the person is asked instead. */
async function quietly(way: WayIn, wish: Wish): Promise<Launched> {
  const issuer = issuerFor(way.configuration, wish.iss);
  const session = await authorize(way, issuer, wish, false);
  if (session) return session;
  const proceed = () => ask(way, wish);
  return stopped({ kind: 'window-needed' }, proceed, way.configuration.locale);
}

/** To be called from a click: a window opens. */
function ask(way: WayIn, wish: Wish): Promise<Launched> {
  const { configuration } = way;
  return guarded(
    async () =>
      (await authorize(way, issuerFor(configuration, wish.iss), wish, true)) ??
      stop({ kind: 'window-closed' }),
    () => ask(way, wish),
    configuration.locale,
  );
}

/** Undefined where the window gave no answer: closed by the person, or with a question nobody was to be asked. */
async function authorize(
  { window, host, configuration }: WayIn,
  issuer: IssuerConfiguration,
  wish: Wish,
  interactive: boolean,
): Promise<Launched | undefined> {
  const redirectUri = issuer.redirectUri ?? host.redirectUri;
  if (!isSafe(redirectUri, configuration))
    return stop({ kind: 'endpoint-unsafe', endpoint: redirectUri });
  const endpoints = await discover(configuration, issuer, window.fetch);
  const { address, pending, state } = await prepare(
    { configuration, issuer, endpoints },
    wish,
    'window',
    redirectUri,
  );
  let back: URL;
  try {
    back = new URL(await host.open(address, interactive));
  } catch {
    // chrome.identity rejects without saying why in a way a program could rely on.
    return undefined;
  }
  const one = (name: string) =>
    back.searchParams.getAll(name).length === 1 ? (back.searchParams.get(name) ?? '') : undefined;
  if (one('state') !== state) return stop({ kind: 'state-unknown' });
  // OpenID Connect Core 3.1.2.6: the server would rather have asked somebody.
  const error = one('error');
  if (!interactive && error !== undefined && ASK_INSTEAD.has(error)) return undefined;
  return complete(window, pending, { state, code: one('code'), error, iss: one('iss') });
}

const ASK_INSTEAD = new Set(['login_required', 'interaction_required', 'consent_required']);

const isEmpty = (configuration: unknown) =>
  typeof configuration === 'object' &&
  configuration !== null &&
  'issuers' in configuration &&
  Array.isArray(configuration.issuers) &&
  configuration.issuers.length === 0;
