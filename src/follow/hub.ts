import { z } from 'zod/mini';
import type { Session } from '../fhir/session.ts';

/** Where the EHR says what it shows (FHIRcast STU3), and which of its charts this page was opened from. */
export interface Hub {
  readonly url: string;
  readonly topic: string;
}

/**
 * The hub of a token response, if it is one the access token may be sent to: an origin that has had the token anyway
 * (SAFETY TM07). A hub somewhere else is left alone, and the panel says that it does not follow.
 */
export function hubIn(
  told: { readonly url: unknown; readonly topic: unknown },
  trusted: readonly string[],
): Hub | undefined {
  const { url, topic } = told;
  if (typeof url !== 'string' || typeof topic !== 'string' || !topic) return undefined;
  if (!URL.canParse(url)) return undefined;
  const { origin, username, password } = new URL(url);
  return trusted.includes(origin) && !username && !password ? { url, topic } : undefined;
}

const Configuration = z.looseObject({
  eventsSupported: z.array(z.string()),
  getCurrentSupport: z.optional(z.boolean()),
});

/** What a hub can do (STU3 2.7). */
export interface Abilities {
  /** Of the events we want, those it has, in its own spelling. */
  readonly events: readonly string[];
  readonly tellsCurrent: boolean;
}

/** Without these there is nothing to follow; a hub that does not describe itself is asked for them alone. */
const NEEDED = ['patient-open', 'patient-close', 'userlogout'];
const WELCOME = ['userhibernate', 'heartbeat'];

export async function abilitiesOf(session: Session, hub: Hub): Promise<Abilities> {
  try {
    const address = `${withoutSlash(hub.url)}/.well-known/fhircast-configuration`;
    const { eventsSupported, getCurrentSupport } = Configuration.parse(
      await (await asked(session, address, {})).json(),
    );
    const events = eventsSupported.filter(name =>
      [...NEEDED, ...WELCOME].includes(name.toLowerCase()),
    );
    return { events, tellsCurrent: getCurrentSupport === true };
  } catch {
    return { events: NEEDED, tellsCurrent: false };
  }
}

const Accepted = z.looseObject({ 'hub.channel.endpoint': z.string() });

/** How long we ask to be told for, in seconds; the hub decides. */
const LEASE_S = 3600;

/**
 * Subscribes (STU3 2.4) and gives the WebSocket's address, which must be on the hub's own host and no less encrypted.
 * With `endpoint` a living subscription is renewed. Throws when the hub does not accept.
 */
export async function subscribe(
  session: Session,
  hub: Hub,
  events: readonly string[],
  endpoint?: string,
): Promise<string> {
  const response = await withToken(session, hub.url, {
    'hub.channel.type': 'websocket',
    'hub.mode': 'subscribe',
    'hub.topic': hub.topic,
    'hub.events': events.join(','),
    'hub.lease_seconds': String(LEASE_S),
    'subscriber.name': 'Sideplan',
    ...(endpoint === undefined ? {} : { 'hub.channel.endpoint': endpoint }),
  });
  const accepted = new URL(Accepted.parse(await response.json())['hub.channel.endpoint']);
  const { protocol, host } = new URL(hub.url);
  const encrypted = accepted.protocol === 'wss:';
  const asHub = accepted.protocol === 'ws:' && protocol === 'http:';
  if (accepted.host !== host || !(encrypted || asHub))
    throw new Error('The endpoint is not on the host of the hub');
  return accepted.href;
}

/** A normal end (STU3 2.4 «Unsubscribe»). Nobody waits for it. */
export async function unsubscribe(session: Session, hub: Hub, endpoint: string): Promise<void> {
  await withToken(session, hub.url, {
    'hub.channel.type': 'websocket',
    'hub.mode': 'unsubscribe',
    'hub.topic': hub.topic,
    'hub.channel.endpoint': endpoint,
  });
}

/** The context of the last «open» (STU3 2.9); empty when nothing is open. */
export async function currentContext(session: Session, hub: Hub): Promise<unknown> {
  const address = `${withoutSlash(hub.url)}/${encodeURIComponent(hub.topic)}`;
  const response = await asked(session, address, { authorization: await bearer(session) });
  const Current = z.looseObject({ context: z.array(z.unknown()) });
  return Current.parse(await response.json()).context;
}

async function withToken(session: Session, url: string, form: Readonly<Record<string, string>>) {
  const headers = {
    authorization: await bearer(session),
    'content-type': 'application/x-www-form-urlencoded',
  };
  return asked(session, url, headers, new URLSearchParams(form).toString());
}

const bearer = async ({ authorization }: Session) => `Bearer ${await authorization?.token()}`;

/** Below an address `hubIn` has let through, and no further: a redirect is refused rather than followed. */
async function asked(
  session: Session,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Response> {
  const request = new Request(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { accept: 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(10_000),
  });
  const response = await session.fetch(request);
  if (!response.ok) throw new Error(`The hub answered ${response.status}`);
  return response;
}

const withoutSlash = (address: string) => address.replace(/\/+$/, '');
