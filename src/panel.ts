import { computed, effect, type ReadonlySignal } from '@preact/signals';
import { type Badge, showBadge } from './extension/badge.ts';
import { loginWindow, onMessage } from './extension/chrome-api.ts';
import { handOver, onHanded, readHanded, takeHanded } from './extension/handed.ts';
import { heard, mayAsk } from './extension/heard.ts';
import { forgetBeside, rememberBeside, rememberedBeside } from './extension/remembered.ts';
import { onSettings, settings } from './extension/settings.ts';
import { type Beside, tabInFront, watchTab } from './extension/tab.ts';
import type { BrowserTab, TabShown } from './follow/browser-tab.ts';
import { isFinal, type LaunchFailure } from './launch/failure.ts';
import type { Launched } from './launch/launched.ts';
import { forget, recall } from './launch/memory.ts';
import { launchFromPanel } from './launch/panel.ts';
import type { PatientRecord } from './record/record.ts';
import { tabNews } from './shell/tab-news.ts';

/** What the extension's panel adds to the app: a login of Chrome's, a tab it belongs to, and a sign on the toolbar. */
export interface Panel {
  readonly launch: () => Promise<Launched>;
  readonly tab: BrowserTab;
  /** Whose record is on screen; undefined while none is. */
  readonly shows: (record: PatientRecord | undefined) => void;
  readonly opened: () => void;
  readonly stopped: (failure: LaunchFailure) => void;
}

/** Furnishes the panel, before anything is launched in it. `reload` opens it anew, for the tab then in front. */
export async function openPanel(
  window: Window & typeof globalThis,
  reload: () => void,
): Promise<Panel> {
  let isOpen = false;
  let leaving = false;
  let unwatch: (() => void) | undefined;
  const tab = await watchTab();
  let { configuration } = await settings();
  const readSettings = async () => {
    ({ configuration } = await settings());
    return configuration;
  };
  onSettings(() => void readSettings());
  const badge = (shown: Badge) => void showBadge(shown, tab.id());
  const ours = () => recall(window.history);
  const host = {
    get redirectUri() {
      return loginWindow.redirectUri;
    },
    open: (address: string, interactive: boolean) => loginWindow.open(address, interactive),
    configuration: readSettings,
    openSettings: loginWindow.openSettings,
    handed: () => takeHanded(tab.id()),
    settle: tab.take,
  };

  // A page the EHR has put into the tab says whose chart it is; the worker hears the same and opens the panel.
  onMessage((message, sender) => {
    const it = heard(message, sender, chrome.runtime.id);
    if (!it || it.tab !== tab.id() || it.window !== tab.window || !mayAsk(it, configuration))
      return;
    tab.say('iss' in it.said ? it.said.launch : it.said.context);
  });
  onHanded(id => void open(id));

  /** What is handed over for a tab somebody is not looking at waits until they do. */
  async function open(id: number) {
    if (id !== (await tabInFront(tab.window)) || leaving) return;
    const handed = await readHanded(id);
    if (!handed || leaving) return;
    if (isOpen && id === tab.id() && handed.launch === ours()?.launch) await takeHanded(id);
    else await leaveFor(id);
  }

  /** Opens the panel anew for a tab. What that was opened with before would lead back to a patient it no longer shows. */
  async function leaveFor(id: number) {
    leaving = true;
    await forgetBeside(id);
    reload();
  }

  // The history entry is this document's; what it may start is what this tab was opened with, and nothing else.
  const remembered = await rememberedBeside(tab.id());
  const entry = remembered === undefined ? null : { sideplan: remembered };
  window.history.replaceState(entry, '', `index.html${window.location.hash}`);
  window.addEventListener('pagehide', () => badge('nobody'));

  return {
    async launch() {
      const launched = await launchFromPanel(window, host);
      // At hand before the patient is, so that a tab already left is seen before the first paint.
      if (launched.kind === 'session') await import('./follow/attend.tsx');
      return launched;
    },
    tab: {
      shown: computed(() => shownOf(tab.beside.value)),
      confirm: tab.confirm,
      async reopen() {
        const now = tab.beside.peek();
        const iss = ours()?.iss;
        if (now.kind === 'away') return reload();
        // Before anything is handed over: it is told of at once, and must not be opened twice.
        leaving = true;
        if (now.kind === 'other' && iss) await handOver(tab.id(), { iss, launch: now.launch });
        await leaveFor(tab.id());
      },
    },
    shows(record) {
      unwatch?.();
      unwatch = record && effect(() => badge(badgeOf(record, tabNews)));
      if (!record) badge('nobody');
    },
    opened() {
      isOpen = true;
      tab.opened(ours()?.launch);
      void rememberBeside(tab.id(), ours());
    },
    stopped(failure) {
      unwatch?.();
      isOpen = false;
      if (isFinal(failure)) {
        forget(window);
        void forgetBeside(tab.id());
      }
      badge(badgeFor(failure));
    },
  };
}

function shownOf(beside: Beside): TabShown {
  switch (beside.kind) {
    case 'other':
      return { kind: 'another', name: undefined };
    case 'none':
      return { kind: 'nobody' };
    default:
      return beside;
  }
}

/** Something unseen counts before a plan, and a source that failed before both: it might have told of either. */
function badgeOf(record: PatientRecord, news: ReadonlySignal<unknown>): Badge {
  const [plans, critical] = [record.plans.value, record.critical.value];
  if (plans.state === 'failed' || critical.state === 'failed') return 'failed';
  if (critical.state === 'present' || news.value !== undefined) return 'attention';
  return plans.state === 'present' ? 'plan' : 'patient';
}

/** Nobody has done anything wrong here yet, or somebody has left. */
const QUIET: ReadonlySet<LaunchFailure['kind']> = new Set([
  'not-launched',
  'window-needed',
  'window-closed',
  'logged-out',
  'logged-out-elsewhere',
  'patient-changed',
]);

function badgeFor({ kind }: LaunchFailure): Badge {
  if (kind === 'not-configured') return 'unconfigured';
  return QUIET.has(kind) ? 'nobody' : 'failed';
}
