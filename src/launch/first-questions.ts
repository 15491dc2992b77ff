import { withoutSlash } from './allow-list.ts';

/**
 * The two questions every launch begins with. `src/first.ts` puts them before the app has been run, and the app is given
 * the answers that are on their way, each once: who tries again asks again.
 */
interface Question {
  readonly address: string;
  readonly init: RequestInit;
}

/** `sideplan.config.json` beside the page. */
export const aboutConfiguration = (page: string): Question => ({
  address: new URL('sideplan.config.json', page).href,
  init: { cache: 'no-store' },
});

/** SMART App Launch 2.2, «.well-known/smart-configuration»: that address and no other (SAFETY D3). */
export const aboutLogin = ({ iss, headers }: Issuer): Question => ({
  address: `${withoutSlash(iss)}/.well-known/smart-configuration`,
  init: {
    headers: { ...headers, accept: 'application/json' },
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(15_000),
  },
});

interface Issuer {
  readonly iss: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const onTheirWay = new Map<string, Promise<Response | undefined>>();

/** For whoever asks this later. Undefined: it turned out that it was not to be asked. */
export function willAnswer(address: string, answer: Promise<Response | undefined>): void {
  onTheirWay.set(address, answer);
  // A launch that stops before it asks does not hear of it; one that asks is told.
  answer.catch(() => undefined);
}

/** The answer that is on its way, or a new one. */
export async function answerTo(
  { address, init }: Question,
  fetch: typeof globalThis.fetch,
): Promise<Response> {
  const early = onTheirWay.get(address);
  onTheirWay.delete(address);
  return (await early) ?? fetch(address, init);
}
