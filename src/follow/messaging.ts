import { z } from 'zod/mini';

/** What the app may ask of the EHR's page (SMART Web Messaging 1.0, `ui.*`). Resolves false where it will not. */
export interface Messenger {
  /** Closes the place the app stands in. */
  readonly done: () => Promise<boolean>;
  /** Opens Sideplan anew, for the patient the EHR now shows. */
  readonly relaunch: () => Promise<boolean>;
}

const Response = z.looseObject({
  messageId: z.string(),
  responseToMessageId: z.string(),
  payload: z.looseObject({ status: z.string() }),
});

/** An EHR that does not answer in this time will not. */
const PATIENCE_MS = 3000;

/**
 * Someone to talk to, if the token response gave both handle and origin and we stand in a frame; else undefined, and
 * not a word is said. Only an answer from that very window, of exactly that origin, to that very message, counts
 * (SAFETY TM13); nothing else in it is used.
 */
export function messengerTo(
  window: Window & typeof globalThis,
  told: { readonly handle: unknown; readonly origin: unknown },
): Messenger | undefined {
  const { handle, origin } = told;
  const ehr = window.parent;
  if (ehr === window || typeof handle !== 'string' || !handle) return undefined;
  // «*», a path or «null» is no origin.
  if (typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin)
    return undefined;

  function ask(messageType: string, payload: object): Promise<boolean> {
    const messageId = crypto.randomUUID();
    return new Promise(resolve => {
      const over = new AbortController();
      const end = (status: boolean) => {
        over.abort();
        window.clearTimeout(timer);
        resolve(status);
      };
      const timer = window.setTimeout(() => end(false), PATIENCE_MS);
      window.addEventListener(
        'message',
        event => {
          if (event.source !== ehr || event.origin !== origin) return;
          const answer = Response.safeParse(event.data);
          if (answer.success && answer.data.responseToMessageId === messageId)
            end(answer.data.payload.status === 'success');
        },
        { signal: over.signal },
      );
      ehr.postMessage({ messagingHandle: handle, messageId, messageType, payload }, String(origin));
    });
  }
  return {
    done: () => ask('ui.done', {}),
    relaunch: () =>
      ask('ui.launchActivity', { activityType: 'sideplan-launch', activityParameters: {} }),
  };
}
