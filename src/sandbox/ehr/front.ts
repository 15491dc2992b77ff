import type { Hono } from 'hono';
import type { FaultRule, Faults } from '../faults.ts';
import type { Clock } from '../smart/clock.ts';
import type { BatchLine, Passage } from '../smart/fhir-door.ts';
import { isPlainJson, sourceAt } from '../sources/paths.ts';
import type { FhirResponse, Intercept } from '../types.ts';
import { type Answer, type Broken, isBroken, patched, standIn } from './broken.ts';
import type { RequestLog } from './log.ts';

export interface FrontOptions {
  readonly routes: Hono<{ Bindings: Passage }>;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** The clock of the session the request belongs to, or the demo's. */
  readonly clockOf: (request: Request) => Clock;
  readonly wall: Clock;
}

/** What every request to the EHR's origin passes: CORS, fault rules, the routes, the date, the log. */
export function frontDoor({ routes, faults, log, clockOf, wall }: FrontOptions) {
  return async (request: Request): Promise<Answer> => {
    const { pathname, search } = new URL(request.url);
    if (request.method === 'OPTIONS' && isOpen(pathname)) return preflight(request);

    const lines: BatchLine[] = [];
    let inside: Broken['broken'] | undefined;
    const passage: Passage = {
      lines: found => void lines.push(...found),
      intercept: entryFaults(faults, request.signal, ending => {
        inside = ending;
      }),
    };
    const isFhir = speaksFhir(pathname);
    const rule =
      isFhir || sourceAt(pathname) || pathname.startsWith('/auth/') || isHub(pathname)
        ? faults.next(`${request.method} ${pathname}${search}`)
        : undefined;

    const clock = clockOf(request);
    const at = wall().toISOString();
    const performed = async () => {
      const response = await routes.fetch(request, passage);
      return finished(rule ? await patched(response, rule) : response, request, clock);
    };
    let answer = rule
      ? await underRule(rule, request, performed, isFhir, clock)
      : await performed();
    if (inside && !isBroken(answer)) answer = { broken: inside, response: answer };

    if (!isControl(pathname)) {
      log.add({
        method: request.method,
        path: pathname + search,
        status: isBroken(answer) ? 0 : answer.status,
        at,
      });
      for (const { method, url, status } of lines) {
        log.add({ method, path: `/fhir/${url.replace(/^\//, '')}`, status, at, batch: true });
      }
    }
    return answer;
  };
}

async function underRule(
  rule: FaultRule,
  request: Request,
  perform: () => Promise<Response>,
  isFhir: boolean,
  clock: Clock,
): Promise<Answer> {
  await pause(rule.delayMs, request.signal);
  const instead = standIn(rule, isFhir);
  const answered = async () => {
    // The work is done, and the answer says otherwise: a proxy gave up, or the server broke after its commit.
    if (instead && rule.commit) await perform();
    return instead ? finished(instead, request, clock) : perform();
  };
  switch (rule.ending) {
    case 'respond': {
      const answer = await answered();
      await pause(rule.afterMs, request.signal);
      return answer;
    }
    case 'truncate':
      return { broken: 'truncate', response: await answered() };
    case 'commit-then-drop':
      await perform();
      return { broken: 'commit-then-drop' };
    default:
      return { broken: rule.ending };
  }
}

/**
 * The same rules for each entry of a batch. A broken socket cannot be had for one entry alone: the
 * entry is not performed (or performed, for `commit-then-drop`) and the whole answer breaks.
 */
function entryFaults(
  faults: Faults,
  signal: AbortSignal,
  breaks: (ending: Broken['broken']) => void,
): Intercept {
  return async ({ method, path, query }) => {
    if (path === '') return undefined;
    const search = query.size > 0 ? `?${query}` : '';
    const rule = faults.next(`${method} /fhir/${path}${search}`);
    if (!rule) return undefined;
    await pause(rule.delayMs, signal);
    if (rule.ending !== 'respond') breaks(rule.ending);
    if (rule.ending === 'truncate' || rule.ending === 'commit-then-drop') return undefined;
    if (rule.ending !== 'respond') return { status: 503, headers: {}, body: undefined };
    const response = standIn(rule, true);
    return response && asFhir(response);
  };
}

async function asFhir(response: Response): Promise<FhirResponse> {
  const text = await response.text();
  const headers = Object.fromEntries(response.headers);
  try {
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers, body };
  } catch {
    return { status: response.status, headers, body: text };
  }
}

function finished(response: Response, request: Request, clock: Clock): Response {
  const headers = new Headers(response.headers);
  if (!headers.has('Date')) headers.set('Date', clock().toUTCString());
  headers.set('X-Content-Type-Options', 'nosniff');
  const origin = request.headers.get('origin');
  if (origin && isOpen(new URL(request.url).pathname)) {
    headers.set('Access-Control-Allow-Origin', origin);
    headers.set('Access-Control-Expose-Headers', EXPOSED);
    headers.append('Vary', 'Origin');
  }
  return new Response(response.body, { status: response.status, headers });
}

const EXPOSED =
  'ETag, Location, Last-Modified, Date, Content-Location, Retry-After, WWW-Authenticate, NHN-SecurityLabel-Nors-Count';

/** SMART 2.2, "CORS": discovery, token, FHIR and the sources. Authorize is navigated to, the EHR's own pages are nobody's business. */
const isOpen = (path: string) =>
  speaksFhir(path) ||
  sourceAt(path) !== undefined ||
  isHub(path) ||
  ['/auth/token', '/auth/revoke', '/auth/jwks', '/ehr/smart-style.json'].includes(path);

const isHub = (path: string) => /^\/hub(\/|$)/.test(path);

/** The EHR's own server, and those sources that are FHIR too: a fault there comes as an OperationOutcome. */
const speaksFhir = (path: string) =>
  /^\/(fhir|appstate)(\/|$)/.test(path) || (sourceAt(path) !== undefined && !isPlainJson(path));

const isControl = (path: string) =>
  ['/ehr/log', '/ehr/scenario', '/ehr/sources', '/ehr/server'].includes(path);

function preflight(request: Request): Response {
  const headers = new Headers({
    'Access-Control-Allow-Origin': request.headers.get('origin') ?? '*',
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers':
      request.headers.get('access-control-request-headers') ?? 'authorization',
    'Access-Control-Max-Age': '600',
    Vary: 'Origin, Access-Control-Request-Headers',
  });
  return new Response(null, { status: 204, headers });
}

function pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
  if (!ms) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
