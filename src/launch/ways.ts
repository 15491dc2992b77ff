import { z } from 'zod/mini';
import type { Returned } from './address.ts';
import type { LaunchFailure } from './failure.ts';

/** How long a hidden frame gets. An authorization server that wants a password never answers in there. */
const FRAME_PATIENCE_MS = 8_000;

const Message = z.object({
  sideplan: z.literal('authorized'),
  returned: z.object({
    state: z.optional(z.string()),
    code: z.optional(z.string()),
    error: z.optional(z.string()),
    iss: z.optional(z.string()),
  }),
});

/** Posts what came back to the page that waits for it. Only a page of our own origin can receive it. */
export function handBack(to: Window, returned: Returned, origin: string): void {
  to.postMessage({ sideplan: 'authorized', returned }, origin);
}

/**
 * Authorizes in a hidden child frame: nothing to click, no storage, the chart's own history untouched. Works wherever
 * the authorization server answers an EHR launch without a login page (which is what EHR launch is for).
 * Resolves undefined when no answer came in time.
 */
export async function throughFrame(
  window: Window,
  address: string,
  state: string,
): Promise<Returned | undefined> {
  // No `sandbox`: it would give our own redirect page another origin, and the answer could not come home.
  // oxlint-disable-next-line react/iframe-missing-sandbox
  const frame = window.document.createElement('iframe');
  frame.hidden = true;
  frame.title = 'Sideplan';
  frame.setAttribute('aria-hidden', 'true');
  frame.src = address;
  const waited = new AbortController();
  const answer = messageFrom(window, () => frame.contentWindow, state, waited.signal);
  const timeout = new Promise<undefined>(resolve => {
    window.setTimeout(resolve, FRAME_PATIENCE_MS);
  });
  window.document.body.append(frame);
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    waited.abort();
    frame.remove();
  }
}

/** Authorizes in a window of its own. Must be called straight from a click, or the browser blocks it. */
export async function throughWindow(
  window: Window,
  address: string,
  state: string,
): Promise<Returned | { readonly stopped: LaunchFailure }> {
  const opened = window.open(address, '_blank', 'popup,width=520,height=720');
  if (!opened) return { stopped: { kind: 'window-blocked' } };
  const waited = new AbortController();
  const closed = new Promise<'closed'>(resolve => {
    const watch = window.setInterval(() => {
      if (opened.closed) resolve('closed');
    }, 400);
    waited.signal.addEventListener('abort', () => window.clearInterval(watch));
  });
  try {
    const answer = await Promise.race([
      messageFrom(window, () => opened, state, waited.signal),
      closed,
    ]);
    return answer === 'closed' ? { stopped: { kind: 'window-closed' } } : answer;
  } finally {
    waited.abort();
  }
}

/** Exact origin, exact window, exact state (SAFETY TM13): anything else on the channel is not ours. */
function messageFrom(
  window: Window,
  source: () => Window | null,
  state: string,
  signal: AbortSignal,
): Promise<Returned> {
  return new Promise(resolve => {
    window.addEventListener(
      'message',
      event => {
        if (event.origin !== window.location.origin || event.source !== source()) return;
        const message = Message.safeParse(event.data);
        if (!message.success || message.data.returned.state !== state) return;
        const { returned } = message.data;
        resolve({ state, code: returned.code, error: returned.error, iss: returned.iss });
      },
      { signal },
    );
  });
}
