import { z } from 'zod/mini';
import { text } from '../fhir/shapes.ts';
import type { Returned } from './address.ts';

/** How long a hidden frame gets. An authorization server that wants a password never answers in there. */
const FRAME_PATIENCE_MS = 8_000;

const Message = z.object({
  sideplan: z.literal('authorized'),
  returned: z.object({
    state: text,
    code: text,
    error: text,
    iss: text,
  }),
});

/**
 * Authorizes in a hidden child frame: nothing to click, no storage, the chart's own history untouched. Works wherever
 * the authorization server answers an EHR launch without a login page (which is what EHR launch is for).
 * Resolves undefined when no answer came in time, or `moved` says that it is not to be waited for.
 */
export async function throughFrame(
  window: Window,
  address: string,
  state: string,
  moved: Promise<boolean>,
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
  const inVain = new Promise<undefined>((resolve, reject) => {
    window.setTimeout(resolve, FRAME_PATIENCE_MS);
    moved.then(is => is && resolve(undefined), reject);
  });
  window.document.body.append(frame);
  try {
    return await Promise.race([answer, inVain]);
  } finally {
    waited.abort();
    frame.remove();
  }
}

/** Exact origin, exact window, exact state (SAFETY TM13): anything else on the channel is not ours. */
export function messageFrom(
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
