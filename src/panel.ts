import { computed, effect, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
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
import { openOffline } from './offline/offline.tsx';
import { rulesIn } from './offline/rules.ts';
import type { PatientRecord } from './record/record.ts';
import { tabNews } from './shell/tab-news.ts';

/** What the extension's panel adds to the app: a login of Chrome's, a tab it belongs to, and a sign on the toolbar. */
export interface Panel {
  readonly launch: () => Promise<Launched>;
  readonly tab: BrowserTab;
  /** Whose record is on screen; undefined while none is. */
  readonly shows: (record: PatientRecord | undefined) => void;
  /** What must stand above that record. */
  readonly above: () => ComponentChildren;
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
  const [tab, found] = await Promise.all([watchTab(), settings()]);
  let inForce = found;
  const readSettings = async () => {
    inForce = await settings();
    return inForce.configuration;
  };
  onSettings(() => void readSettings());
  const badge = (shown: Badge) => void showBadge(shown, tab.id());
  const ours = () => recall(window.history);
  const forgetOurs = () => {
    forget(window);
    return forgetBeside(tab.id());
  };
  const host = {
    get redirectUri() {
      return loginWindow.redirectUri;
    },
    open: (address: string, interactive: boolean) => loginWindow.open(address, interactive),
    configuration: readSettings,
    openSettings: loginWindow.openSettings,
    async handed() {
      const handed = await takeHanded(tab.id());
      // Another chart is in the tab: where this launch comes to nothing, the former patient must not come back instead.
      if (handed && handed.launch !== ours()?.launch) await forgetOurs();
      return handed;
    },
    settle: tab.take,
  };

  // A page the EHR has put into the tab says whose chart it is; the worker hears the same and opens the panel.
  onMessage((message, sender) => {
    const it = heard(message, sender, chrome.runtime.id);
    if (
      !it ||
      it.tab !== tab.id() ||
      it.window !== tab.window ||
      !mayAsk(it, inForce.configuration)
    )
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
  const offline = openOffline(window, () => rulesIn(inForce), reload);

  return {
    async launch() {
      const launched = await offline.through(await launchFromPanel(window, host));
      // At hand before the patient is, so that a tab already left is seen before the first paint.
      if (launched.kind === 'session') await import('./follow/attend.tsx');
      return launched;
    },
    tab: {
      shown: computed(() => shownOf(tab.beside.value)),
      confirm: tab.confirm,
      locked: offline.locked,
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
      offline.shows(record);
      if (!record) badge('nobody');
    },
    above: offline.above,
    opened() {
      isOpen = true;
      tab.opened(ours()?.launch);
      void rememberBeside(tab.id(), ours());
    },
    stopped(failure) {
      unwatch?.();
      isOpen = false;
      offline.stopped(failure);
      if (isFinal(failure)) void forgetOurs();
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

/**
 * Something unseen counts before a plan, and a source that failed before both: it might have told of either. A copy is
 * shown because all of them fail.
 */
function badgeOf(record: PatientRecord, news: ReadonlySignal<unknown>): Badge {
  if (record.session.copiedAt) return 'failed';
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
