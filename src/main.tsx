import { type ComponentChildren, render } from 'preact';
import { z } from 'zod/mini';
import { isFinal, type LaunchFailure } from './launch/failure.ts';
import { launch } from './launch/launch.ts';
import type { Launched } from './launch/launched.ts';
import type { Panel } from './panel.ts';
import { inContext } from './shell/context.ts';
import { LoadingScreen } from './shell/LoadingScreen.tsx';
import { readTab } from './shell/route.ts';
import './shell/style.css';
import { speak, t } from './shell/words/words.ts';
import { openView } from './view.tsx';

// The content security policies allow no `eval`, and zod would try for one.
z.config({ jitless: true });

const reload = () => window.location.reload();
let panel: Panel | undefined;

// A page taken out of the back/forward cache may show whoever was here last: it starts again and proves the launch.
window.addEventListener('pageshow', event => {
  if (event.persisted) reload();
});
window.addEventListener('hashchange', readTab);
readTab();
inContext('');
/** `launch.html` has the waiting screen written out already, and how to ask for us again: we have come. */
const written = document.body.firstElementChild;
if (written) written.querySelector('a')?.remove();
else render(<LoadingScreen />, document.body);
// Not from here: where somebody watches the network, the browser says in which line a request was made, and for one made
// while a file is being run it reads the whole file once more.
queueMicrotask(() => void start());

/** Not awaited above: code that comes later imports this file, and each would wait for the other to be done. */
async function start(): Promise<void> {
  // The same pages in Chrome's side panel; the web app carries nothing of it.
  if (import.meta.env.MODE === 'extension')
    panel = await (await import('./panel.ts')).openPanel(window, reload);
  show(await again());
}

function again(): Promise<Launched> {
  return panel ? panel.launch() : launch(window);
}

function show(launched: Launched): void {
  if (launched.kind === 'leaving') return;
  if (launched.locale) void speak(launched.locale);
  if (launched.kind === 'session') return open(launched);
  inContext('');
  panel?.stopped(launched.failure);
  void showStopped(launched);
}

/** Most launches do not stop, so their screens and words come only when one does. */
async function showStopped({
  failure,
  proceed,
  choices,
}: Launched & { kind: 'stopped' }): Promise<void> {
  // The web app is opened anew from the EHR; the panel has nobody else to turn to, and always offers a beginning.
  const next = proceed ?? (panel && again);
  try {
    const [{ LaunchScreen }, { sayLaunch }] = await Promise.all([
      import('./launch/LaunchScreen.tsx'),
      import('./shell/words/launch-words.ts'),
    ]);
    draw(
      <LaunchScreen
        failure={failure}
        proceed={next && (async () => show(await next()))}
        choices={choices?.map(({ label, proceed: choose }) => ({
          label,
          proceed: async () => show(await choose()),
        }))}
        say={sayLaunch}
      />,
    );
  } catch {
    draw(<p role="alert">{t('err.unknown', { kode: failure.kind })}</p>);
  }
}

/** Preact did not draw what was written out, and would leave it standing below. */
function draw(screen: ComponentChildren): void {
  written?.remove();
  render(screen, document.body);
}

function open(launched: Launched & { kind: 'session' }): void {
  panel?.opened();
  openView(launched, document.body, reload, panel);
  launched.over.subscribe(failure => failure && close(failure));
}

/** The session is over: the page is empty before anything is said about why. */
function close(failure: LaunchFailure): void {
  render(null, document.body);
  show({ kind: 'stopped', failure, proceed: isFinal(failure) ? undefined : again });
}
