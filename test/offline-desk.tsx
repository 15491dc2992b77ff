// A workstation with the extension's panel beside a chart, the sandbox behind it, and then a network that is gone.
import { deleteDB, openDB } from 'idb';
import { render } from 'preact';
import { vi } from 'vitest';
import { forgetBeside, rememberBeside } from '../src/extension/remembered.ts';
import { settings } from '../src/extension/settings.ts';
import { endingOf } from '../src/launch/ending.ts';
import type { LaunchFailure } from '../src/launch/failure.ts';
import type { Launched } from '../src/launch/launched.ts';
import { readyToLogOut } from '../src/launch/logout.ts';
import { digest, lastLogout, type Remembered, recall, remember } from '../src/launch/memory.ts';
import { openOffline } from '../src/offline/offline.tsx';
import { rulesIn } from '../src/offline/rules.ts';
import { openPanel, type Panel } from '../src/panel.ts';
import { type Around, openView } from '../src/view.tsx';
import { type Bench, bench } from './bench.ts';
import { chromeDouble } from './chrome-double.ts';

type Row = Readonly<Record<string, unknown>>;

export interface Desk {
  readonly chrome: ReturnType<typeof chromeDouble>;
  readonly ehr: Bench;
  /** Maja is opened while the EHR answers, as after a login; `instead`: with something else than it has. */
  readonly openOnline: (instead?: () => Response) => Promise<void>;
  /** The panel is opened beside the same tab while nothing answers. */
  readonly openOffline: () => Promise<Panel>;
  /** Chrome closes the panel. */
  readonly close: () => void;
  /** Presses what the screen of a launch that stopped offers. */
  readonly proceed: () => Promise<void>;
  /** What the launch screen would say; undefined while a record is on screen. */
  readonly stopped: () => LaunchFailure | undefined;
  readonly logOut: () => Promise<void>;
  /** What this tab was opened with. */
  readonly remembered: () => Remembered;
  /** What is on the disk, as a thief would find it. */
  readonly rows: () => Promise<readonly Row[]>;
  /** Puts a row there, as whoever has the disk may. */
  readonly put: (row: Row) => Promise<void>;
  /** The one row, once it lies there and its key beside it in memory. */
  readonly kept: () => Promise<Row>;
}

const TAB = 10;
const DATABASE = 'sideplan.offline';

/** `from`: who has written these rules. */
export async function openDesk(
  rules: object,
  from: 'policy' | 'package' | 'own' = 'policy',
): Promise<Desk> {
  const ehr = await bench({ signedIn: true });
  const { iss, patient, user } = ehr.session;
  await deleteDB(DATABASE);
  window.localStorage.clear();
  const issuers = [{ iss, clientId: 'sideplan', label: 'Fjordvik journal' }];
  const configuration = { issuers, allowInsecureLoopback: true, ...rules };
  const chrome = chromeDouble({
    ...(from === 'policy' ? { policy: configuration } : {}),
    ...(from === 'package' ? { packaged: configuration } : {}),
  });
  const inPackage = globalThis.fetch;
  // Nothing outside this machine answers; what the bench asks for its session goes another way.
  vi.stubGlobal('fetch', (input: string) =>
    input.startsWith('chrome-extension:')
      ? inPackage(input)
      : Promise.reject(new TypeError('Failed to fetch')),
  );
  Object.assign(chrome, {
    identity: { getRedirectURL: () => 'https://ourselves.chromiumapp.org/smart' },
  });
  if (from === 'own')
    await chrome.storage.local.set({ own: { issuers, agreed: '2026-11-22', ...rules } });
  const [trace, who] = await Promise.all([digest(iss, patient), digest(iss, user.sub ?? '')]);
  let shown: (Launched & { kind: 'session' }) | undefined;
  let stop: LaunchFailure | undefined;
  let next: (() => Promise<void>) | undefined;

  function show(launched: Launched, around: Around, stopped: (failure: LaunchFailure) => void) {
    shown = launched.kind === 'session' ? launched : undefined;
    stop = launched.kind === 'stopped' ? launched.failure : undefined;
    const proceed = launched.kind === 'stopped' ? launched.proceed : undefined;
    next = proceed && (async () => show(await proceed(), around, stopped));
    if (stop) stopped(stop);
    if (!shown) return;
    openView(shown, document.body, () => {}, around);
    shown.over.subscribe(failure => {
      if (!failure) return;
      render(null, document.body);
      show({ kind: 'stopped', failure, proceed: undefined }, around, stopped);
    });
  }

  async function rows(): Promise<readonly Row[]> {
    const database = await openDB(DATABASE);
    const isMade = database.objectStoreNames.contains('copies');
    const found: Row[] = isMade ? await database.getAll('copies') : [];
    database.close();
    // Only looked at: an empty one of our making must not stand in the way of the app's.
    if (!isMade) await deleteDB(DATABASE);
    return found;
  }

  return {
    chrome,
    ehr,
    async openOnline(instead) {
      const ending = endingOf(window);
      remember(window, {
        iss,
        launch: 'a launch',
        patient: trace,
        who,
        logout: lastLogout(window, who),
      });
      await rememberBeside(TAB, recall(window.history));
      const inForce = await settings();
      const offline = openOffline(
        window,
        () => rulesIn(inForce),
        () => {},
      );
      const launched = await offline.through({
        kind: 'session',
        session: {
          ...ehr.session,
          signal: ending.aborted,
          ...(instead && { fetch: () => Promise.resolve(instead()) }),
        },
        locale: undefined,
        over: ending.why,
        surroundings: {
          hub: { url: undefined, topic: undefined },
          messaging: { handle: undefined, origin: undefined },
          trusted: [],
          idleMinutes: undefined,
        },
        logOut: readyToLogOut(window, {
          who,
          ending,
          surrender: () => Promise.resolve([]),
          clientId: '',
          revocation: undefined,
        }),
      });
      const tab = { ...(await openPanel(window, () => {})).tab, locked: offline.locked };
      show(launched, { ...offline, tab }, failure => {
        offline.stopped(failure);
        void forgetBeside(TAB);
      });
    },
    async openOffline() {
      const panel = await openPanel(window, () => {});
      const launched = await panel.launch();
      if (launched.kind === 'session') panel.opened();
      show(launched, panel, panel.stopped);
      return panel;
    },
    close() {
      window.dispatchEvent(new Event('pagehide'));
      render(null, document.body);
    },
    stopped: () => stop,
    async logOut() {
      await shown?.logOut();
    },
    remembered: () => ({ iss, launch: 'a launch', patient: trace, who }),
    async proceed() {
      await next?.();
    },
    rows,
    async put(row) {
      const database = await openDB(DATABASE);
      await database.put('copies', row);
      database.close();
    },
    kept: () =>
      vi.waitFor(
        async () => {
          const [row] = await rows();
          if (!row || !(`copy.${String(row['id'])}` in chrome.storage.session.held))
            throw new Error('nothing is kept yet');
          return row;
        },
        { timeout: 20_000 },
      ),
  };
}
