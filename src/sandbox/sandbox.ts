import { inProcess } from './ehr/broken.ts';
import type { Loaded } from './ehr/holdings.ts';
import { type Listening, listenOnLoopback } from './ehr/listen.ts';
import { createWorld } from './ehr/world.ts';
import type { Clock } from './smart/clock.ts';
import type { FhirServer, Resource, SandboxUser } from './types.ts';

export interface SandboxStore extends FhirServer {
  readonly load: (resources: readonly Resource[]) => void;
  readonly at: (ref: string) => Resource | undefined;
  readonly all: (type?: string) => readonly Resource[];
}

export interface SandboxOptions {
  /** 0 = any free port; the origins are then known after `listen`. */
  readonly port: number;
  readonly appPort: number;
  /** The built web app, `dist/web`. */
  readonly appDir: string;
  readonly dataPath?: string | undefined;
  readonly upstreamFhir?: string | undefined;
  /** The real time; tests hand in their own. */
  readonly now?: Clock;
  /** In the place of the two `index.html` addresses of the demo's app. */
  readonly redirectUris?: readonly string[];
  /** Chrome extensions that may log in, beside the web app. */
  readonly extensionIds?: readonly string[];
  /** Pages beside the pretend EHR's own that may frame the app, as the policy writes them. */
  readonly framedBy?: readonly string[];
  /** Lifetime of an access token; 600 unless told. */
  readonly tokenSeconds?: number;
  /** Takes further scopes away, beyond what the demo's roles leave. */
  readonly limitScopes?: (
    user: SandboxUser,
    scopes: readonly string[],
    patientId: string | undefined,
  ) => readonly string[];
}

export interface Sandbox {
  readonly ehrOrigin: string;
  readonly appOrigin: string;
  readonly fhirBase: string;
  /** Filled at the first request, at `loaded` or at `listen`, whichever comes first. */
  readonly store: SandboxStore;
  readonly loaded: () => Promise<Loaded>;
  readonly listen: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Both origins without a socket; the request's host decides. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/** The pretend EHR, its authorization server, its FHIR server and the place the app is served from. */
export function createSandbox(options: SandboxOptions): Sandbox {
  let world = createWorld(options, options.port, options.appPort);
  let open: readonly Listening[] = [];

  async function close() {
    const closing = open;
    open = [];
    await Promise.all(closing.map(one => one.close()));
  }

  async function listen() {
    try {
      const ehr = await listenOnLoopback(
        request => world.ehr(request),
        options.port,
        (...opened) => world.connected(...opened),
      );
      open = [ehr];
      const app = await listenOnLoopback(request => world.app(request), options.appPort);
      open = [ehr, app];
      // Origins are part of every URL handed out, so with free ports the world is made once they are known.
      if (ehr.port !== options.port || app.port !== options.appPort) {
        world = createWorld(options, ehr.port, app.port);
      }
      await world.holdings.filled();
    } catch (error) {
      await close();
      throw error;
    }
  }

  return {
    get ehrOrigin() {
      return world.ehrOrigin;
    },
    get appOrigin() {
      return world.appOrigin;
    },
    get fhirBase() {
      return `${world.ehrOrigin}/fhir`;
    },
    get store() {
      return world.store;
    },
    loaded: () => world.holdings.filled(),
    listen,
    close,
    async fetch(request) {
      const answer = await (world.isApp(request) ? world.app(request) : world.ehr(request));
      return inProcess(answer, request.signal);
    },
  };
}
