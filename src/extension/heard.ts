import { z } from 'zod/mini';

/** Opaque to us: long enough for any EHR, short enough to be no document. */
const Handle = z.string().check(z.minLength(1), z.maxLength(2000));

/**
 * All an EHR's page may say to the panel beside it: «open Sideplan for this launch» (SMART App Launch 2.2, «EHR
 * launch»), or «the chart on screen is the one this launch was given for», `null` for none. Strict: a message with
 * anything more in it is not one of ours, so nobody is ever tempted to send a patient along (SAFETY TM14).
 */
const Said = z.union([
  z.strictObject({ iss: Handle, launch: Handle }),
  z.strictObject({ context: z.nullable(Handle) }),
]);
type Said = z.output<typeof Said>;

/** A message, and where it was said. */
export interface Heard {
  readonly said: Said;
  readonly origin: string;
  readonly tab: number;
  readonly window: number;
}

/**
 * What is said in the main frame of a page somebody can see, by our own content script; anything else is undefined, and
 * nobody is told why. Whether that page is an EHR's is for `mayAsk`.
 */
export function heard(
  message: unknown,
  sender: chrome.runtime.MessageSender,
  ourselves: string,
): Heard | undefined {
  const { id, origin, tab, frameId, documentLifecycle } = sender;
  if (id !== ourselves || frameId !== 0 || documentLifecycle !== 'active') return undefined;
  if (tab?.id === undefined || origin === undefined) return undefined;
  const said = Said.safeParse(message);
  return said.success ? { said: said.data, origin, tab: tab.id, window: tab.windowId } : undefined;
}

/** Of a configuration, what decides who may speak to us; the rest of it is the launch's to check. */
const Listed = z.looseObject({
  issuers: z.array(
    z.looseObject({
      iss: z.string(),
      ehrOrigins: z._default(z.array(z.string()), []),
    }),
  ),
});

/** The pages of configured EHRs, as match patterns (`https://journal.example/*`). */
export function ehrPages(configuration: unknown): readonly string[] {
  const listed = Listed.safeParse(configuration);
  const origins = listed.success ? listed.data.issuers.flatMap(issuer => issuer.ehrOrigins) : [];
  return [...new Set(origins.filter(isOrigin))].map(origin => `${origin}/*`);
}

/** An EHR's page speaks for its own issuer and no other; a context is heard from any configured EHR's page. */
export function mayAsk({ said, origin }: Heard, configuration: unknown): boolean {
  const listed = Listed.safeParse(configuration);
  if (!listed.success || !isOrigin(origin)) return false;
  const theirs = listed.data.issuers.filter(issuer => issuer.ehrOrigins.includes(origin));
  return 'iss' in said
    ? theirs.some(({ iss }) => withoutSlash(iss) === withoutSlash(said.iss))
    : theirs.length > 0;
}

/** https, or this very machine; one host, though a star passes for a host's name with `URL`. */
const isOrigin = (text: string) =>
  URL.canParse(text) &&
  new URL(text).origin === text &&
  !text.includes('*') &&
  /^https:|^http:\/\/(?:localhost|127\.0\.0\.1)(?::|$)/.test(text);

const withoutSlash = (address: string) => address.replace(/\/+$/, '');
