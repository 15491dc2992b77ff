import { signal } from '@preact/signals';
import { type ComponentChildren, render } from 'preact';
import { Contacts } from './contacts/Contacts.tsx';
import { Safety } from './critical/Safety.tsx';
import type { Launched } from './launch/launched.ts';
import { Acute } from './plan/Acute.tsx';
import type { Frozen } from './record/frozen.ts';
import type { PatientId } from './record/model.ts';
import { openRecord, RecordProvider } from './record/record.ts';
import { type OtherPanels, Sidebar } from './shell/Sidebar.tsx';
import { t } from './shell/words/words.ts';

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

  /** Resolves when the patient has been read, or could not be. */
  function show(): Promise<void> {
    present = new AbortController();
    const whileShown = AbortSignal.any([session.signal, present.signal]);
    const record = openRecord({ ...session, signal: whileShown });
    record.frozen.subscribe(why => {
      frozen.value = why;
    });
    const known = new Promise<void>(resolve => {
      record.patient.subscribe(reading => {
        if (reading.state === 'loading') return;
        // Numbers once read stay known: they tell whose chart the EHR opens while we read again.
        ids = reading.items.length > 0 ? reading.items.flatMap(patient => patient.ids) : ids;
        resolve();
      });
    });
    // Nothing of what stood here is reused, not even an empty component: it could still look at another record.
    render(null, page);
    inContext(context);
    render(
      <RecordProvider value={record}>
        <Aside />
        <Sidebar
          reopen={reopen}
          logOut={() => void logOut()}
          more={menu}
          safety={<Safety />}
          first={<Acute ring={props => <Contacts {...props} />} />}
          others={panels}
        />
      </RecordProvider>,
      page,
    );
    return known;
  }

  function hide(screen: ComponentChildren) {
    // First the screen, then the rest: what is aborted ends as a failure that nobody should see.
    render(screen, page);
    inContext('');
    present.abort();
  }

  const patientRead = show();
  void bringOtherRooms();
  void follow();

  /** The rooms behind the other tabs, and what sends: while the server is still thinking. */
  async function bringOtherRooms() {
    try {
      panels.value = (await import('./other-rooms.tsx')).furnish(session, frozen);
    } catch {
      const missing = <p role="alert">{t('err.unknown', { kode: 'rooms' })}</p>;
      panels.value = { planer: missing, legemidler: missing, kilder: missing };
    }
  }

  /** Following the EHR, and locking: fetched beside the first data, because the patient must not wait for it. */
  async function follow() {
    try {
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
        },
        window,
      );
    } catch (error) {
      reportError(error);
      beside.value = <p role="alert">{t('err.unknown', { kode: 'follow' })}</p>;
    }
  }
}

/** Which issuer and patient is on screen, for whoever tests or embeds the page (CONTRACT). */
export function inContext(context: string): void {
  document.documentElement.dataset['context'] = context;
}
