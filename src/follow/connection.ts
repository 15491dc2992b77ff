import type { Session } from '../fhir/session.ts';
import type { World } from './follow.ts';
import { abilitiesOf, currentContext, type Hub, subscribe, unsubscribe } from './hub.ts';
import { type HubMessage, patientIn, periodIn, readMessage } from './hub-message.ts';
import type { Somebody } from './somebody.ts';

/** What the hub has said, in order. */
export type Told =
  | { readonly kind: 'opened'; readonly who: Somebody }
  | { readonly kind: 'closed'; readonly who: Somebody }
  | { readonly kind: 'nothing-open' }
  | { readonly kind: 'logged-out' }
  | { readonly kind: 'hibernated' };

interface Listener {
  readonly hear: (told: Told) => void;
  /** From now on what we believe the EHR shows is what it shows. */
  readonly synchronised: () => void;
  /** Nothing can have been missed: the launch itself has just told who is open. */
  readonly isFirst: boolean;
}

/** Silence after which a hub with a heartbeat is taken for lost: two beats, for one may be on its way. */
const BEATS = 2;

/**
 * One connection to the hub, from subscription to loss. Resolves when it is over, never rejects: true if it had been
 * confirmed, so that asking again soon makes sense.
 */
export async function connect(
  session: Session,
  hub: Hub,
  world: World,
  ended: AbortSignal,
  listener: Listener,
): Promise<boolean> {
  let endpoint: string;
  const abilities = await abilitiesOf(session, hub);
  try {
    endpoint = await subscribe(session, hub, abilities.events);
  } catch {
    return false;
  }
  if (ended.aborted) return false;
  const socket = new world.WebSocket(endpoint);
  const over = new AbortController();
  let confirmed = false;
  /** When the event that made the present context happened: older ones come too late (STU3 2.5). */
  let newest = Number.NEGATIVE_INFINITY;
  let heard = 0;
  let silence: number | undefined;
  let renewal: number | undefined;

  /** Asks what is open now, because what happened before the confirmation reached nobody. */
  async function catchUp() {
    const before = heard;
    try {
      const context = abilities.tellsCurrent ? await currentContext(session, hub) : undefined;
      if (over.signal.aborted) return;
      // An event that came meanwhile is newer than this answer.
      if (heard === before && Array.isArray(context))
        listener.hear(
          context.length > 0
            ? { kind: 'opened', who: patientIn(context) }
            : { kind: 'nothing-open' },
        );
      if (context !== undefined || listener.isFirst) listener.synchronised();
    } catch {
      if (listener.isFirst && !over.signal.aborted) listener.synchronised();
    }
  }

  function expectBeat(seconds: number) {
    world.clearTimeout(silence);
    silence = world.setTimeout(() => over.abort(), seconds * BEATS * 1000);
  }

  // Failing is no harm: the hub will close, and we come back.
  const renew = () => void subscribe(session, hub, abilities.events, endpoint).catch(() => {});

  function renewIn(seconds: number) {
    if (!(seconds > 0)) return;
    world.clearTimeout(renewal);
    renewal = world.setTimeout(renew, Math.min(seconds * 800, 2 ** 31 - 1));
  }

  /** The HTTP status the hub is answered with. */
  function take(event: HubMessage & { kind: 'event' }): number {
    const { name, context, at } = event;
    if (event.topic !== hub.topic) return 404;
    if (name === 'heartbeat') {
      expectBeat(periodIn(context) ?? 10);
      return 200;
    }
    if (name === 'userlogout') listener.hear({ kind: 'logged-out' });
    if (name === 'userhibernate') listener.hear({ kind: 'hibernated' });
    if (name !== 'patient-open' && name !== 'patient-close') return 200;
    if (at !== undefined && at < newest) return 200;
    newest = at ?? newest;
    heard += 1;
    const kind = name === 'patient-open' ? 'opened' : 'closed';
    listener.hear({ kind, who: patientIn(context) });
    if (confirmed) listener.synchronised();
    return 200;
  }

  function receive(message: HubMessage) {
    switch (message.kind) {
      case 'confirmed':
        confirmed = true;
        renewIn(message.leaseSeconds);
        void catchUp();
        break;
      case 'event': {
        const status = take(message);
        const timestamp = new Date().toISOString();
        // A hub that is already going is heard, and can no longer be answered.
        if (!over.signal.aborted && socket.readyState === socket.OPEN)
          socket.send(JSON.stringify({ id: message.id, timestamp, status }));
        break;
      }
      default:
        over.abort();
    }
  }

  const lost = () => over.abort();
  const { signal } = over;
  socket.addEventListener('message', ({ data }) => receive(readMessage(data)), { signal });
  socket.addEventListener('close', lost, { signal });
  socket.addEventListener('error', lost, { signal });
  world.addEventListener('offline', lost, { signal });
  const unheard = world.setTimeout(() => confirmed || lost(), 10_000);
  const leave = () => {
    // A session that is over has no token left to say goodbye with.
    if (!session.signal.aborted) void unsubscribe(session, hub, endpoint).catch(() => {});
    lost();
  };
  ended.addEventListener('abort', leave, { signal });
  await new Promise(resolve => signal.addEventListener('abort', resolve));
  for (const timer of [silence, renewal, unheard]) world.clearTimeout(timer);
  socket.close(1000);
  return confirmed;
}
