import { type Signal, signal } from '@preact/signals';
import { render } from 'preact';
import { z } from 'zod/mini';
import { Contacts } from './contacts/Contacts.tsx';
import { Safety } from './critical/Safety.tsx';
import type { Session } from './fhir/session.ts';
import { type LoginWindow, launch } from './launch/launch.ts';
import type { Launched } from './launch/launched.ts';
import { Acute } from './plan/Acute.tsx';
import { openRecord, RecordProvider } from './record/record.ts';
import { LoadingScreen } from './shell/LoadingScreen.tsx';
import { readTab } from './shell/route.ts';
import { type OtherPanels, Sidebar } from './shell/Sidebar.tsx';
import './shell/style.css';
import { speak, t } from './shell/words/words.ts';

// The content security policies allow no `eval`, and zod would try for one.
z.config({ jitless: true });

const root = document.documentElement;
const reload = () => window.location.reload();

// A page taken out of the back/forward cache may show whoever was here last: it starts again and proves the launch.
window.addEventListener('pageshow', event => {
  if (event.persisted) reload();
});
window.addEventListener('hashchange', readTab);
readTab();
inContext('');
render(<LoadingScreen />, document.body);
show(await launch(window, await loginWindow()));

/** The panel of the extension logs in through a window of Chrome's own; the web app needs none. */
async function loginWindow(): Promise<LoginWindow | undefined> {
  if (import.meta.env.MODE !== 'extension') return undefined;
  return (await import('./extension/chrome-api.ts')).loginWindow;
}

function show(launched: Launched): void {
  if (launched.kind === 'leaving') return;
  if (launched.locale) void speak(launched.locale);
  if (launched.kind === 'session') return open(launched.session);
  inContext('');
  void showStopped(launched);
}

/** Most launches do not stop, so their screens and words come only when one does. */
async function showStopped({ failure, proceed }: Launched & { kind: 'stopped' }): Promise<void> {
  try {
    const [{ LaunchScreen }, { sayLaunch }] = await Promise.all([
      import('./launch/LaunchScreen.tsx'),
      import('./shell/words/launch-words.ts'),
    ]);
    render(
      <LaunchScreen
        failure={failure}
        proceed={proceed && (async () => show(await proceed()))}
        say={sayLaunch}
      />,
      document.body,
    );
  } catch {
    render(<p role="alert">{t('err.unknown', { kode: failure.kind })}</p>, document.body);
  }
}

/** One session, one record, one sidebar: another patient is another of all three, and nothing carries over. */
function open(session: Session): void {
  const context = `${session.iss}|${session.patient.slice('Patient/'.length)}`;
  inContext(context);
  const record = openRecord(session);
  const panels = signal<OtherPanels>({});
  render(
    <RecordProvider value={record}>
      <Sidebar
        key={context}
        reopen={reload}
        safety={<Safety />}
        first={<Acute ring={props => <Contacts {...props} />} />}
        others={panels}
      />
    </RecordProvider>,
    document.body,
  );
  void bringOtherRooms(panels);
}

/** Whom to call first; the rooms behind the other tabs while the server is still thinking. */
async function bringOtherRooms(panels: Signal<OtherPanels>): Promise<void> {
  try {
    panels.value = (await import('./other-rooms.tsx')).otherRooms;
  } catch {
    const missing = <p role="alert">{t('err.unknown', { kode: 'rooms' })}</p>;
    panels.value = { planer: missing, legemidler: missing, kilder: missing };
  }
}

/** Which issuer and patient is on screen, for whoever tests or embeds the page (CONTRACT). */
function inContext(context: string): void {
  root.dataset['context'] = context;
}
