import { asked, type Returned } from './address.ts';
import type { Way } from './pending.ts';

/** Which way an answer is to come back: the first part of every `state` of ours. */
function wayOf(state: string | undefined): Way | undefined {
  const way = state?.split('.')[0];
  return way === 'page' || way === 'frame' || way === 'window' ? way : undefined;
}

/**
 * Was the redirect address opened only to bring an answer home to a page that waits for it? Then it is brought, and
 * there is nothing more to do here. The receiver must have our own origin.
 */
export function broughtHome(window: Window): boolean {
  const question = asked(new URL(window.location.href));
  if (question.kind !== 'returned') return false;
  const way = wayOf(question.returned.state);
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- TypeScript's DOM calls `opener` any
  const opener: Window | null = window.opener;
  const waiting = way === 'frame' ? window.parent : way === 'window' ? opener : undefined;
  if (!waiting || waiting === window) return false;
  window.history.replaceState(window.history.state, '', 'index.html');
  handBack(waiting, question.returned, window.location.origin);
  if (way === 'window') window.close();
  return true;
}

function handBack(to: Window, returned: Returned, origin: string): void {
  to.postMessage({ sideplan: 'authorized', returned }, origin);
}
