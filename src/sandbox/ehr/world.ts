import { Hono } from 'hono';
import { appFiles } from '../app-files.ts';
import { counted } from '../demo/counted.ts';
import { demoPolicy, demoClock as demoStart, demoUsers } from '../demo/demo.ts';
import { demoMayAsk, demoReach } from '../demo/reach.ts';
import { storyOf } from '../demo/source.ts';
import { createFaults } from '../faults.ts';
import { createHub } from '../hub/hub.ts';
import { createTopics } from '../hub/topics.ts';
import type { Connected } from '../hub/upgrade.ts';
import type { SandboxOptions, SandboxStore } from '../sandbox.ts';
import { appState } from '../smart/app-state.ts';
import { type Clock, clockFrom } from '../smart/clock.ts';
import { endpointsAt } from '../smart/discovery.ts';
import { bearerOf, fhirDoor, type Passage } from '../smart/fhir-door.ts';
import { createGrants } from '../smart/grants.ts';
import { createLaunches } from '../smart/launches.ts';
import { smartServer } from '../smart/server.ts';
import { sourcesDoor } from '../sources/door.ts';
import { SOURCE_KEYS } from '../sources/paths.ts';
import { createSwitches } from '../sources/switches.ts';
import type { Abilities } from '../store/abilities.ts';
import { createStore } from '../store/store.ts';
import type { FhirServer } from '../types.ts';
import { upstreamStore } from '../upstream.ts';
import type { Answer } from './broken.ts';
import { ehrContext } from './context.ts';
import { ehrDesk } from './desk.ts';
import { frontDoor } from './front.ts';
import { type Holdings, ownHoldings, upstreamHoldings } from './holdings.ts';
import { createLog } from './log.ts';
import { serverSwitch } from './server-switch.ts';
import { sourceSwitches } from './source-switches.ts';

export interface World {
  readonly ehrOrigin: string;
  readonly appOrigin: string;
  readonly store: SandboxStore;
  readonly holdings: Holdings;
  readonly isApp: (request: Request) => boolean;
  readonly ehr: (request: Request) => Promise<Answer>;
  readonly app: (request: Request) => Promise<Answer>;
  readonly connected: Connected;
}

/** Everything that depends on the two origins, which are known only when the ports are. */
export function createWorld(options: SandboxOptions, port: number, appPort: number): World {
  const ehrOrigin = new URL(`http://localhost:${port}`).origin;
  const appOrigin = new URL(`http://127.0.0.1:${appPort}`).origin;
  const appOrigins = [appOrigin, new URL(`http://localhost:${appPort}`).origin];
  const at = endpointsAt(ehrOrigin);
  const wall = options.now ?? (() => new Date());
  const server = serverSwitch(options.upstreamFhir === undefined);
  const { store, holdings } = stock(options, at.fhirBase, wall, server.abilities);
  const { idleClock, demoClock, wrote } = clocks(options, wall);

  const launches = createLaunches(wall);
  const grants = createGrants(wall, options.tokenSeconds ?? 600);
  const faults = createFaults();
  const log = createLog();
  const switches = createSwitches();
  const redirectUris = [
    ...(options.redirectUris ?? appOrigins.map(origin => `${origin}/index.html`)),
    ...(options.extensionIds ?? []).map(id => `https://${id}.chromiumapp.org/smart`),
  ];

  const smart = smartServer({
    at,
    clients: [{ id: 'sideplan', redirectUris }],
    launches,
    grants,
    wall,
    demoClock,
    users: () => demoUsers,
    patients: holdings.patients,
    types: () => typesOf(store, idleClock),
    resources: type => store.all(type),
    // With somebody else's server behind, a patient called p1 is not the demo's.
    reach: (user, patient) =>
      options.upstreamFhir ? 'any' : demoReach(user.id, patient.patientId),
    limit: options.limitScopes ?? ((_, scopes) => scopes),
  });
  const door = fhirDoor({
    at,
    server: store,
    grants,
    idleClock,
    wrote: ({ context }) => {
      if (context.demoTime) wrote(context.clock());
    },
  });
  const situation = () => ({ users: demoUsers, patients: holdings.patients(), demoClock, wall });
  const topics = createTopics(ref => store.at(ref), wall);
  const hub = createHub({ address: at.hub, topics, grants, wall });
  const context = ehrContext(topics, situation);
  const sources = sourcesDoor({
    ehrOrigin,
    grants,
    switches,
    policy: demoPolicy,
    mayAsk: demoMayAsk,
    patientAt: id => store.at(`Patient/${id}`),
    storyOf,
  });
  const desk = ehrDesk({
    fhirBase: at.fhirBase,
    appOrigins,
    server: store,
    launches,
    topics,
    faults,
    log,
    sources: switches.list,
    situation,
  });

  const routes = new Hono<{ Bindings: Passage }>();
  routes.route('/', smart);
  routes.route('/', desk);
  routes.route('/', context.routes);
  routes.route('/', hub.routes);
  routes.all('/fhir/*', c => door(c.req.raw, c.env));
  routes.route('/', appState({ fhirBase: at.fhirBase, grants }));
  routes.route('/', sourceSwitches(switches));
  routes.route('/', server.routes);
  for (const key of SOURCE_KEYS) routes.all(`/${key}/*`, c => sources(c.req.raw));
  const clockOf = (request: Request) =>
    grants.grantOf(bearerOf(request) ?? '')?.context.clock ?? idleClock;
  const front = frontDoor({ routes, faults, log, wall, clockOf });
  const files = appFiles({
    ...options,
    ehrOrigin,
    fhirBase: at.fhirBase,
    // The sources know the demo's people, not those of somebody else's server.
    withSources: options.upstreamFhir === undefined,
    frameAncestors: [ehrOrigin, ...(options.framedBy ?? [])],
  });
  const isApp = (request: Request) => isLoopback(request, appPort);

  return {
    ehrOrigin,
    appOrigin,
    store,
    holdings,
    isApp,
    async ehr(request) {
      // DNS rebinding: a foreign name that resolves to this machine must not reach the sandbox.
      if (!isLoopback(request, port)) return misdirected(ehrOrigin);
      await holdings.refreshed();
      return front(request);
    },
    connected(path, search, socket, origin) {
      if (path !== '/ehr/context') return hub.connected(path, socket);
      // Any page may try to open a socket here; only the EHR's own is told whom its user looks at.
      if (origin === ehrOrigin) context.attend(search.get('user') ?? '', socket);
      else socket.close(1008);
    },
    app: async request => (isApp(request) ? files(request) : misdirected(appOrigin)),
  };
}

function stock(
  { upstreamFhir, dataPath }: SandboxOptions,
  baseUrl: string,
  wall: Clock,
  abilities: () => Abilities,
) {
  if (upstreamFhir) {
    const upstream = upstreamStore(upstreamFhir, baseUrl);
    return { store: upstream, holdings: upstreamHoldings(upstream, upstreamFhir) };
  }
  const now = clockFrom(new Date(demoStart), wall);
  const store: SandboxStore = counted(createStore({ baseUrl, policy: demoPolicy, now, abilities }));
  return { store, holdings: ownHoldings(store, dataPath) };
}

/** With somebody else's server behind, it is today; otherwise it is the demo's evening, at each launch anew. */
function clocks({ upstreamFhir }: SandboxOptions, wall: Clock) {
  const start = new Date(demoStart);
  let lastWrite = start;
  return {
    idleClock: upstreamFhir ? wall : clockFrom(start, wall),
    demoClock: (): Clock => (upstreamFhir ? wall : clockFrom(lastWrite, wall)),
    /** A launch after a write must not start before it, or what was just saved would lie in the future. */
    wrote: (at: Date) => {
      if (at > lastWrite) lastWrite = at;
    },
  };
}

function isLoopback(request: Request, own: number): boolean {
  const { hostname, port } = new URL(request.url);
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) && Number(port || 80) === own;
}

const misdirected = (origin: string) =>
  new Response(`This address answers as ${origin} only.\n`, { status: 421 });

/** Which types may appear in a scope: those the CapabilityStatement names. */
async function typesOf(server: FhirServer, now: Clock): Promise<ReadonlySet<string> | undefined> {
  const query = new URLSearchParams();
  const request = {
    method: 'GET',
    path: 'metadata',
    query,
    headers: new Headers(),
    body: undefined,
  };
  const access = { user: undefined, patient: undefined, scopes: [], purpose: undefined, now };
  const { body } = await server.handle(request, access);
  const types = listOf(fieldsOf(body)['rest'])
    .flatMap(rest => listOf(fieldsOf(rest)['resource']))
    .flatMap(resource => fieldsOf(resource)['type'] ?? []);
  return types.length > 0 ? new Set(types.map(String)) : undefined;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
