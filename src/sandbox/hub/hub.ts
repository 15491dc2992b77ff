import { type Context, Hono } from 'hono';
import type { WebSocket } from 'ws';
import type { Clock } from '../smart/clock.ts';
import type { Grants } from '../smart/grants.ts';
import { secret } from '../smart/launches.ts';
import { EVENTS, type EventName, eventNamed, notification } from './notification.ts';
import type { Topics } from './topics.ts';

export interface HubOptions {
  /** `http://localhost:8080/hub` */
  readonly address: string;
  readonly topics: Topics;
  readonly grants: Grants;
  readonly wall: Clock;
}

export interface Hub {
  readonly routes: Hono;
  /** Whoever connects to an endpoint that was given out gets its confirmation; anybody else is cut off. */
  readonly connected: (path: string, socket: WebSocket) => void;
}

interface Subscription {
  readonly topic: string;
  events: ReadonlySet<EventName>;
  /** By the real clock, in ms. Never longer than the token it was asked for with. */
  ends: number;
  connected: boolean;
  leave: () => void;
}

const LONGEST_SECONDS = 3600;
const HEARTBEAT_SECONDS = 10;
/** STU3 2.5: whoever does not answer an event within ten seconds is unsubscribed. */
const PATIENCE_MS = 10_000;

/** FHIRcast STU3 hub: WebSocket only, a token for the very topic, and an answer to every event. */
export function createHub({ address, topics, grants, wall }: HubOptions): Hub {
  const subscriptions = new Map<string, Subscription>();
  const sockets = new URL(address);
  sockets.protocol = sockets.protocol === 'https:' ? 'wss:' : 'ws:';

  /** The topic and the end of the token that asks; undefined = no token, or not a living one. */
  function asking(c: Context) {
    const token = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const known = token ? grants.access(token) : undefined;
    return known && { topic: known.grant.context.hosted?.topic, expires: known.expires };
  }

  async function subscribe(c: Context) {
    const asker = asking(c);
    if (!asker) return c.text('A living access token is needed.\n', 401);
    const form = new URLSearchParams(await c.req.text());
    const wanted = readSubscription(form);
    if ('problem' in wanted) return c.text(`${wanted.problem}\n`, 400);
    if (wanted.topic !== asker.topic) return c.text('The token is for another topic.\n', 403);
    const path = form.get('hub.channel.endpoint')?.slice(sockets.href.length) ?? '';
    const existing = subscriptions.get(path);
    if (form.has('hub.channel.endpoint') && existing?.topic !== wanted.topic)
      return c.text('There is no such subscription.\n', 404);
    if (wanted.mode === 'unsubscribe') {
      existing?.leave();
      return c.body(null, 202);
    }
    const ends = Math.min(wall().getTime() + wanted.seconds * 1000, asker.expires);
    if (existing) Object.assign(existing, { events: wanted.events, ends });
    const at = existing ? path : `/${secret()}`;
    if (!existing) {
      const { topic, events } = wanted;
      subscriptions.set(at, { topic, events, ends, connected: false, leave: () => {} });
    }
    return c.json({ 'hub.channel.endpoint': sockets.href + at }, 202);
  }

  function connected(path: string, socket: WebSocket) {
    const subscription = subscriptions.get(path.slice(sockets.pathname.length));
    if (!subscription || subscription.connected) return socket.close(1008, 'No such subscription');
    subscription.connected = true;
    attend(subscription, socket, wall, topics);
    socket.on('close', () => subscriptions.delete(path.slice(sockets.pathname.length)));
  }

  const routes = new Hono()
    .get('/hub/.well-known/fhircast-configuration', c =>
      c.json({
        eventsSupported: EVENTS,
        websocketSupport: true,
        fhircastVersion: 'STU3',
        getCurrentSupport: true,
        fhirVersion: 'R4',
      }),
    )
    .post('/hub', c => subscribe(c))
    .get('/hub/:topic', c => {
      const asker = asking(c);
      if (!asker) return c.text('A living access token is needed.\n', 401);
      if (c.req.param('topic') !== asker.topic)
        return c.text('The token is for another topic.\n', 403);
      const current = topics.current(c.req.param('topic'));
      return c.json(
        {
          'context.type': current ? 'Patient' : '',
          'context.versionId': current?.id ?? '',
          context: current?.event.context ?? [],
        },
        200,
        { 'Cache-Control': 'no-store' },
      );
    });
  return { routes, connected };
}

function readSubscription(form: URLSearchParams) {
  const mode = form.get('hub.mode');
  const topic = form.get('hub.topic');
  if (form.get('hub.channel.type') !== 'websocket')
    return { problem: 'hub.channel.type must be websocket.' };
  if (mode !== 'subscribe' && mode !== 'unsubscribe')
    return { problem: 'hub.mode must be subscribe or unsubscribe.' };
  if (!topic) return { problem: 'hub.topic is missing.' };
  const seconds = Number(form.get('hub.lease_seconds') ?? LONGEST_SECONDS);
  if (!Number.isInteger(seconds) || seconds <= 0)
    return { problem: 'hub.lease_seconds must be a positive whole number.' };
  const names = (form.get('hub.events') ?? '').split(',').filter(Boolean);
  if (mode === 'subscribe' && names.length === 0) return { problem: 'hub.events is missing.' };
  const unknown = names.find(name => !eventNamed(name));
  if (unknown) return { problem: `There is no event ${unknown}.` };
  return {
    mode,
    topic,
    seconds: Math.min(seconds, LONGEST_SECONDS),
    events: new Set(names.flatMap(name => eventNamed(name) ?? [])),
  };
}

/** One living subscription: confirmed, told what is open now, and then of every event it asked for. */
function attend(subscription: Subscription, socket: WebSocket, wall: Clock, topics: Topics): void {
  const { topic } = subscription;
  const unanswered = new Map<string, ReturnType<typeof setTimeout>>();
  const say = (message: object) => socket.send(JSON.stringify(message));
  const told = { 'hub.topic': topic, 'hub.events': [...subscription.events].join(',') };
  const deny = (reason: string) => {
    say({ 'hub.mode': 'denied', ...told, 'hub.reason': reason });
    socket.close(1000);
  };
  const send = (message: { readonly id: string }) => {
    say(message);
    const late = setTimeout(() => deny('An event was not answered.'), PATIENCE_MS);
    unanswered.set(message.id, late);
  };
  const left = () => Math.ceil((subscription.ends - wall().getTime()) / 1000);
  say({ 'hub.mode': 'subscribe', ...told, 'hub.lease_seconds': left() });
  const current = topics.current(topic);
  if (current && subscription.events.has('Patient-open')) send(current);
  const silence = topics.listen(topic, { hears: name => subscription.events.has(name), send });
  const beating = setInterval(() => {
    if (left() <= 0) return deny('The lease has ended.');
    if (!subscription.events.has('Heartbeat')) return;
    const period = [{ key: 'period', decimal: String(HEARTBEAT_SECONDS) }];
    send(notification(topic, 'Heartbeat', period, wall()));
  }, HEARTBEAT_SECONDS * 1000);
  subscription.leave = () => socket.close(1000);
  socket.on('message', data => {
    const id = answeredIn(Buffer.isBuffer(data) ? data.toString() : '');
    clearTimeout(unanswered.get(id));
    unanswered.delete(id);
  });
  socket.on('close', () => {
    silence();
    clearInterval(beating);
    for (const late of unanswered.values()) clearTimeout(late);
  });
}

/** STU3 2.5: `{"id": "…", "status": 200}`. */
function answeredIn(text: string): string {
  try {
    const { id, status }: { id?: unknown; status?: unknown } = JSON.parse(text);
    return typeof id === 'string' && Number(status) >= 200 ? id : '';
  } catch {
    return '';
  }
}
