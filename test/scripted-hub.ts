import type { Session } from '../src/fhir/session.ts';
import type { World } from '../src/follow/follow.ts';
import { recordOf } from './hand-made.tsx';

/** A FHIRcast hub that does exactly what a test tells it, also what no hub should; and a world to meet it in. */
export class HubSocket extends EventTarget {
  readonly answers: { id: string; timestamp: string; status: number }[] = [];
  closedWith: number | undefined;
  // As a WebSocket has them; Node 20 has none to ask.
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readyState: number = this.OPEN;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
  }

  send(text: string) {
    this.answers.push(JSON.parse(text));
  }

  close(code?: number) {
    this.closedWith ??= code ?? 1005;
  }

  say(message: unknown) {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  confirm(leaseSeconds = 3600) {
    const told = { 'hub.topic': 'chart-1', 'hub.events': 'patient-open' };
    this.say({ 'hub.mode': 'subscribe', ...told, 'hub.lease_seconds': leaseSeconds });
  }

  event(name: string, context: unknown = [], more: object = {}) {
    const id = crypto.randomUUID();
    const event = { 'hub.topic': 'chart-1', 'hub.event': name, context, ...more };
    this.say({ timestamp: new Date().toISOString(), id, event, ...more });
    return id;
  }

  drop() {
    this.dispatchEvent(new Event('close'));
  }
}

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';

/** The context of a `patient-open` or `patient-close`. */
export const about = (id: string | undefined, name?: string, fnr?: string) => [
  {
    key: 'patient',
    resource: {
      resourceType: 'Patient',
      id,
      ...(name ? { name: [{ text: name }] } : {}),
      ...(fnr ? { identifier: [{ system: FNR, value: fnr }] } : {}),
    },
  },
];

export const HUB = { url: 'https://journal.example/hub', topic: 'chart-1' };

export interface Script {
  /** `eventsSupported` of the hub's configuration; undefined = it has none. */
  events?: readonly string[];
  /** What `GET hub/topic` says; undefined = it does not say. */
  current?: unknown;
  endpoint?: string;
  status?: number;
}

export function scriptedHub(script: Script = {}) {
  const sockets: HubSocket[] = [];
  const requests: {
    method: string;
    url: string;
    authorization: string | null;
    form: URLSearchParams;
  }[] = [];
  async function fetch(request: Request): Promise<Response> {
    const { method, url } = request;
    const form = new URLSearchParams(await request.text());
    requests.push({ method, url, authorization: request.headers.get('authorization'), form });
    if (url.endsWith('/.well-known/fhircast-configuration'))
      return script.events
        ? Response.json({
            eventsSupported: script.events,
            websocketSupport: true,
            getCurrentSupport: 'current' in script,
          })
        : new Response('', { status: 404 });
    if (method === 'GET')
      return script.current === undefined
        ? new Response('', { status: 404 })
        : Response.json({ 'context.type': 'Patient', context: script.current });
    const endpoint = script.endpoint ?? `wss://journal.example/sockets/${sockets.length}`;
    return Response.json({ 'hub.channel.endpoint': endpoint }, { status: script.status ?? 202 });
  }
  const session: Session = {
    ...recordOf().session,
    authorization: {
      token: () => Promise.resolve('the-token'),
      instead: () => Promise.resolve(undefined),
    },
    fetch,
  };
  class Socket extends HubSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  const world = Object.assign(new EventTarget(), {
    WebSocket: Socket,
    setTimeout: (...[run, ms]: Parameters<typeof setTimeout>) => setTimeout(run, ms),
    clearTimeout: (timer: ReturnType<typeof setTimeout>) => clearTimeout(timer),
  }) as unknown as World & EventTarget;
  const subscriptions = () => requests.filter(({ method }) => method === 'POST');
  return { script, session, world, sockets, requests, subscriptions };
}
