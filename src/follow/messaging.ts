import { z } from 'zod/mini';
import { isRaw, type Raw } from '../fhir/ask.ts';

/** What the app may ask of the EHR's page (SMART Web Messaging 1.0). Resolves false where it will not. */
export interface Messenger {
  /** Closes the place the app stands in. */
  readonly done: () => Promise<boolean>;
  /** Opens Sideplan anew, for the patient the EHR now shows. */
  readonly relaunch: () => Promise<boolean>;
  /** Shows the EHR's own medication module (`ui.launchActivity`): what is prescribed is prescribed there. */
  readonly openMedications: () => Promise<boolean>;
  /**
   * What the user has begun in the EHR and not yet signed (`scratchpad.read`): resources as they came, of whatever
   * patient and kind. Undefined where the EHR does not say.
   */
  readonly scratchpad: () => Promise<readonly Raw[] | undefined>;
}

const Response = z.looseObject({
  messageId: z.string(),
  responseToMessageId: z.string(),
  payload: z.looseObject({
    status: z.optional(z.string()),
    scratchpad: z.optional(z.array(z.unknown())),
  }),
});
type Payload = z.output<typeof Response>['payload'];

/** SMART's catalogue of activities has none for a medication list, and one of one's own is named by a URI. */
const MEDICATIONS = 'https://example.org/sideplan/activity/medication-review';

/** An EHR that does not answer in this time will not. */
const PATIENCE_MS = 3000;

/**
 * Someone to talk to, if the token response gave both handle and origin and we stand in a frame; else undefined, and
 * not a word is said. Only an answer from that very window, of exactly that origin, to that very message, counts
 * (SAFETY TM13).
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

  /** The answer's payload; undefined where none comes. */
  function ask(messageType: string, payload: object): Promise<Payload | undefined> {
    const messageId = crypto.randomUUID();
    return new Promise(resolve => {
      const over = new AbortController();
      const end = (answered: Payload | undefined) => {
        over.abort();
        window.clearTimeout(timer);
        resolve(answered);
      };
      const timer = window.setTimeout(() => end(undefined), PATIENCE_MS);
      window.addEventListener(
        'message',
        event => {
          if (event.source !== ehr || event.origin !== origin) return;
          const answer = Response.safeParse(event.data);
          if (answer.success && answer.data.responseToMessageId === messageId)
            end(answer.data.payload);
        },
        { signal: over.signal },
      );
      ehr.postMessage({ messagingHandle: handle, messageId, messageType, payload }, String(origin));
    });
  }
  const succeeds = async (messageType: string, payload: object) =>
    (await ask(messageType, payload))?.status === 'success';
  const launch = (activityType: string) =>
    succeeds('ui.launchActivity', { activityType, activityParameters: {} });
  return {
    done: () => succeeds('ui.done', {}),
    relaunch: () => launch('sideplan-launch'),
    openMedications: () => launch(MEDICATIONS),
    scratchpad: async () => (await ask('scratchpad.read', {}))?.scratchpad?.filter(isRaw),
  };
}
