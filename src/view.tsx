import { type ReadonlySignal, signal } from '@preact/signals';
import { type ComponentChildren, render } from 'preact';
import { Contacts } from './contacts/Contacts.tsx';
import { Safety } from './critical/Safety.tsx';
import type { BrowserTab } from './follow/browser-tab.ts';
import type { Launched } from './launch/launched.ts';
import { Acute } from './plan/Acute.tsx';
import type { Frozen } from './record/frozen.ts';
import type { PatientId } from './record/model.ts';
import { openRecord, type PatientRecord, RecordProvider } from './record/record.ts';
import { inContext } from './shell/context.ts';
import { afterPaint, contactsOnScreen } from './shell/painted.ts';
import { type OtherPanels, Sidebar } from './shell/Sidebar.tsx';
import { t } from './shell/words/words.ts';

/** A server this slow leaves time for everything else. */
const PATIENCE_MS = 1000;
/** A server this fast is shown at once: the places for its answers would only be in their way. */
const AT_ONCE_MS = 100;

/** In a task of its own, ahead of what else has come; in this one where the browser has no such thing (Safari). */
function soon(act: () => void): void {
  if ('scheduler' in globalThis) void scheduler.postTask(act, { priority: 'user-blocking' });
  else queueMicrotask(act);
}

/** Around the extension's panel: the tab it belongs to, and who is told whose record is on screen. */
export interface Around {
  readonly tab: BrowserTab;
  readonly shows: (record: PatientRecord | undefined) => void;
  /** What must stand above this record: that it is a copy, where it is one. */
  readonly above: () => ComponentChildren;
}

/**
 * One session, one record, one sidebar: another patient is another of all three, and nothing carries over.
 *
 * The same patient shown again after the EHR has been elsewhere is a record of its own too: whatever the former one
 * still waited for is aborted, and everything is read anew before it is seen.
 */
export function openView(
  { session, surroundings, logOut }: Launched & { kind: 'session' },
  page: HTMLElement,
  reopen: () => void,
  around?: Around,
): void {
  const context = `${session.iss}|${session.patient.slice('Patient/'.length)}`;
  const panels = signal<OtherPanels>({});
  const beside = signal<ComponentChildren>(undefined);
  const menu = signal<ComponentChildren>(undefined);
  const Aside = () => <>{beside.value}</>;
  // Of the record on screen; «over» while there is none.
  const frozen = signal<Frozen | undefined>('unread');
  let ids: readonly PatientId[] = [];
  let present = new AbortController();
  let others: Promise<void> | undefined;
  /** When whom to call has been painted, or the server is slow: all else may have the page then. */
  let calm = Promise.resolve();
  const bringOnce = () => {
    if (!session.signal.aborted) others ??= bringOtherRooms();
  };

  /** Resolves when the patient has been read, or could not be. */
  function show(): Promise<void> {
    present = new AbortController();
    const whileShown = AbortSignal.any([session.signal, present.signal]);
    const hurried = signal(true);
    let drawn = false;
    const drawOnce = () => {
      if (drawn || whileShown.aborted) return;
      drawn = true;
      draw(record, hurried);
    };
    calm = new Promise<void>(resolve => {
      hurried.subscribe(is => is || void afterPaint().then(resolve));
      setTimeout(() => {
        hurried.value = false;
        resolve();
      }, PATIENCE_MS);
    });
    const record = openRecord({ ...session, signal: whileShown }, calm);
    record.frozen.subscribe(why => {
      frozen.value = why;
    });
    record.plans.subscribe(({ state }) => {
      if (state === 'loading') return;
      soon(() => {
        drawOnce();
        void contactsOnScreen().then(() => (hurried.value = false));
      });
    });
    void calm.then(bringOnce);
    const known = new Promise<void>(resolve => {
      record.patient.subscribe(reading => {
        if (reading.state === 'loading') return;
        // Numbers once read stay known: they tell whose chart the EHR opens while we read again.
        ids = reading.items.length > 0 ? reading.items.flatMap(patient => patient.ids) : ids;
        resolve();
      });
    });
    // Whoever stood here is gone before this patient is named. What `launch.html` has written out stays meanwhile.
    render(null, page);
    inContext(context);
    around?.shows(record);
    setTimeout(drawOnce, AT_ONCE_MS);
    return known;
  }

  function draw(record: PatientRecord, hurried: ReadonlySignal<boolean>) {
    fill(
      <RecordProvider value={record}>
        <Aside />
        <Sidebar
          reopen={reopen}
          logOut={() => void logOut()}
          more={menu}
          safety={
            <>
              {around?.above()}
              <Safety />
            </>
          }
          first={<Acute hurried={hurried} ring={props => <Contacts {...props} />} />}
          others={panels}
        />
      </RecordProvider>,
    );
  }

  /** Nothing of what stood here is reused, not even an empty component: it could still look at another record. */
  function fill(screen: ComponentChildren) {
    render(null, page);
    // Nor what `launch.html` has written out.
    page.replaceChildren();
    render(screen, page);
  }

  function hide(screen: ComponentChildren) {
    // First the screen, then the rest: what is aborted ends as a failure that nobody should see.
    fill(screen);
    inContext('');
    present.abort();
    around?.shows(undefined);
  }

  const patientRead = show();
  void follow();

  /** The rooms behind the other tabs, and what sends: when whom to call has been painted, or the server is slow. */
  async function bringOtherRooms() {
    try {
      const { furnish } = await import('./other-rooms.tsx');
      const rooms = furnish(session, frozen, surroundings.messaging);
      // One by one: drawn at once they would be the longest task of all.
      for (const room of ['tray', 'planer', 'legemidler', 'kilder'] as const) {
        panels.value = { ...panels.value, [room]: rooms[room] };
        await new Promise(resolve => setTimeout(resolve));
      }
    } catch {
      const missing = <p role="alert">{t('err.unknown', { kode: 'rooms' })}</p>;
      panels.value = { planer: missing, legemidler: missing, kilder: missing };
    }
  }

  /** Following the EHR, and locking. Beside a browser's tab at once, so that a tab already left is seen before any paint. */
  async function follow() {
    try {
      if (!around) await calm;
      const { attend } = await import('./follow/attend.tsx');
      await attend(
        {
          session,
          surroundings,
          patientRead,
          ids: () => ids,
          hide,
          show: () => void show(),
          beside,
          menu,
          reopen,
          logOut: () => void logOut(),
          tab: around?.tab,
        },
        window,
      );
    } catch (error) {
      reportError(error);
      beside.value = <p role="alert">{t('err.unknown', { kode: 'follow' })}</p>;
    }
  }
}
