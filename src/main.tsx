import { render } from 'preact';
import { z } from 'zod/mini';
import { Contacts } from './contacts/Contacts.tsx';
import { CriticalInfo } from './critical/CriticalInfo.tsx';
import { Safety } from './critical/Safety.tsx';
import type { Session } from './fhir/session.ts';
import { LaunchScreen } from './launch/LaunchScreen.tsx';
import { type LoginWindow, launch } from './launch/launch.ts';
import type { Launched } from './launch/launched.ts';
import { Medications } from './medications/Medications.tsx';
import { Acute } from './plan/Acute.tsx';
import { Plans } from './plan/Plans.tsx';
import { openRecord, RecordProvider } from './record/record.ts';
import { applyAppearance } from './shell/appearance.ts';
import { LoadingScreen } from './shell/LoadingScreen.tsx';
import { readTab } from './shell/route.ts';
import { Sidebar } from './shell/Sidebar.tsx';
import './shell/style.css';
import { say, speak } from './shell/words/words.ts';
import { Sources } from './sources/Sources.tsx';

// The content security policies allow no `eval`, and zod would try for one.
z.config({ jitless: true });

const root = document.documentElement;
const reload = () => window.location.reload();

// A page taken out of the back/forward cache may show whoever was here last: it starts again and proves the launch.
window.addEventListener('pageshow', event => {
  if (event.persisted) reload();
});
window.addEventListener('hashchange', readTab);
applyAppearance(root);
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
  if (launched.kind === 'session') {
    if (launched.locale) void speak(launched.locale);
    return open(launched.session);
  }
  if (launched.kind === 'leaving') return;
  const { failure, proceed } = launched;
  inContext('');
  render(
    <LaunchScreen
      failure={failure}
      proceed={proceed && (async () => show(await proceed()))}
      say={say}
    />,
    document.body,
  );
}

/** One session, one record, one sidebar: another patient is another of all three, and nothing carries over. */
function open(session: Session): void {
  const context = `${session.iss}|${session.patient.slice('Patient/'.length)}`;
  inContext(context);
  render(
    <RecordProvider value={openRecord(session)}>
      <Sidebar
        key={context}
        reopen={reload}
        safety={<Safety />}
        panels={{
          akutt: <Acute ring={props => <Contacts {...props} />} />,
          planer: <Plans />,
          legemidler: (
            <>
              <Medications />
              <CriticalInfo />
            </>
          ),
          kilder: <Sources />,
        }}
      />
    </RecordProvider>,
    document.body,
  );
}

/** Which issuer and patient is on screen, for whoever tests or embeds the page (CONTRACT). */
function inContext(context: string): void {
  root.dataset['context'] = context;
}
