import { computed, effect, type Signal, signal, untracked } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Session } from '../fhir/session.ts';
import type { Surroundings } from '../launch/surroundings.ts';
import type { PatientId } from '../record/model.ts';
import { Beside } from './Beside.tsx';
import type { BrowserTab, TabShown } from './browser-tab.ts';
import { Close } from './Close.tsx';
import { Elsewhere } from './Elsewhere.tsx';
import { type Following, follow, type Shown } from './follow.ts';
import { hubIn } from './hub.ts';
import { watchIdle } from './idle.ts';
import { Locked } from './Locked.tsx';
import { messengerTo } from './messaging.ts';

/** The page, as far as following the EHR may change it. */
export interface Attended {
  readonly session: Session;
  readonly surroundings: Surroundings;
  /** Resolves when the patient has been read, or could not be. */
  readonly patientRead: Promise<unknown>;
  /** Our patient's numbers, as last read. */
  readonly ids: () => readonly PatientId[];
  /** Puts this in the place of everything about the patient. What was being fetched is no longer wanted. */
  readonly hide: (screen: ComponentChildren) => void;
  /** Fetches the patient anew and shows what comes; nothing of what was shown before is kept. */
  readonly show: () => void;
  /** What stands above the record. */
  readonly beside: Signal<ComponentChildren>;
  /** What the menu offers beyond its own. */
  readonly menu: Signal<ComponentChildren>;
  /** Starts this page again, which launches anew. */
  readonly reopen: () => void;
  readonly logOut: () => void;
  /** The browser's tab beside the extension's panel; undefined in the web app, which stands inside the EHR itself. */
  readonly tab?: BrowserTab | undefined;
}

/** The longest we wait for the patient's numbers before following by the FHIR id alone. */
const PATIENCE_MS = 5000;

/**
 * Keeps the page true to what is around it (SAFETY 0 D16, TM55; docs/decisions/0010): the EHR's patient, the EHR's
 * user, and whether anybody is there. Ends with the session.
 */
export async function attend(page: Attended, window: Window & typeof globalThis): Promise<void> {
  const { session, surroundings } = page;
  // It may have ended while this code was on its way: what says so is not ours to lock.
  if (session.signal.aborted) return;
  const root = window.document.documentElement;
  const messenger = messengerTo(window, surroundings.messaging);
  const lost = signal(false);
  const inEhr = signal<Shown>({ kind: 'ours' });
  const locksIn = signal<number | undefined>(undefined);
  let following: Following | undefined;
  let locked = false;

  function lock() {
    locked = true;
    following?.stop();
    idle.stop();
    root.dataset['locked'] = 'true';
    page.tab?.locked?.();
    page.hide(<Locked unlock={page.reopen} />);
  }
  const idle = watchIdle(window, surroundings.idleMinutes, {
    warn(seconds) {
      locksIn.value = seconds;
    },
    lock,
  });
  session.signal.addEventListener('abort', () => idle.stop());
  page.beside.value = <Beside lost={lost} locksIn={locksIn} extend={idle.extend} />;
  if (messenger) page.menu.value = <Close close={messenger.done} />;

  // Another tab first: it is what is in front of the clinician's eyes. Then what the EHR says, which knows more of its
  // charts than the tab does.
  const shown = computed<TabShown>(() => {
    const inTab = page.tab?.shown.value ?? OURS;
    return inTab.kind !== 'away' && inEhr.value.kind !== 'ours' ? inEhr.value : inTab;
  });
  let hidden = false;
  const end = effect(() => {
    const now = shown.value;
    if (locked) return;
    if (now.kind !== 'ours') {
      hidden = true;
      untracked(() =>
        page.hide(<Elsewhere shown={now} relaunch={messenger?.relaunch} tab={page.tab} />),
      );
    } else if (hidden) {
      hidden = false;
      untracked(page.show);
    }
  });
  session.signal.addEventListener('abort', end);

  const hub = hubIn(surroundings.hub, surroundings.trusted);
  if (!hub) {
    lost.value = true;
    return;
  }
  await Promise.race([
    page.patientRead,
    new Promise(resolve => window.setTimeout(resolve, PATIENCE_MS)),
  ]);
  if (locked || session.signal.aborted) return;
  following = follow(
    hub,
    { session, ids: page.ids, loggedOut: page.logOut, hibernated: lock },
    window,
  );
  const { shown: told, state } = following;
  const atLaunch = told.peek();
  const stop = effect(() => {
    lost.value = state.value === 'lost';
    const now = told.value;
    inEhr.value = now;
    // The EHR has just said whose chart it shows, whatever page that is.
    if (now !== atLaunch && now.kind === 'ours') untracked(() => page.tab?.confirm());
  });
  session.signal.addEventListener('abort', stop);
}

const OURS = { kind: 'ours' } as const;
