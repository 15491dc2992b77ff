import { render } from 'preact';
import { z } from 'zod/mini';
import { isFinal, type LaunchFailure } from './launch/failure.ts';
import { type LoginWindow, launch } from './launch/launch.ts';
import type { Launched } from './launch/launched.ts';
import { LoadingScreen } from './shell/LoadingScreen.tsx';
import { readTab } from './shell/route.ts';
import './shell/style.css';
import { speak, t } from './shell/words/words.ts';
import { inContext, openView } from './view.tsx';

// The content security policies allow no `eval`, and zod would try for one.
z.config({ jitless: true });

const reload = () => window.location.reload();

// A page taken out of the back/forward cache may show whoever was here last: it starts again and proves the launch.
window.addEventListener('pageshow', event => {
  if (event.persisted) reload();
});
window.addEventListener('hashchange', readTab);
readTab();
inContext('');
render(<LoadingScreen />, document.body);
void start();

/** Not awaited above: code that comes later imports this file, and each would wait for the other to be done. */
async function start(): Promise<void> {
  show(await launch(window, await loginWindow()));
}

/** The panel of the extension logs in through a window of Chrome's own; the web app needs none. */
async function loginWindow(): Promise<LoginWindow | undefined> {
  if (import.meta.env.MODE !== 'extension') return undefined;
  return (await import('./extension/chrome-api.ts')).loginWindow;
}

function show(launched: Launched): void {
  if (launched.kind === 'leaving') return;
  if (launched.locale) void speak(launched.locale);
  if (launched.kind === 'session') return open(launched);
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

function open(launched: Launched & { kind: 'session' }): void {
  openView(launched, document.body, reload);
  launched.over.subscribe(failure => failure && close(failure));
}

const again = async () => launch(window, await loginWindow());

/** The session is over: the page is empty before anything is said about why. */
function close(failure: LaunchFailure): void {
  render(null, document.body);
  show({ kind: 'stopped', failure, proceed: isFinal(failure) ? undefined : again });
}
