import { type Ending, type FaultRule } from '../faults.ts';
import { FHIR_JSON, outcome } from '../smart/outcome.ts';

/** An answer that does not arrive whole. */
export interface Broken {
  readonly broken: Exclude<Ending, 'respond'>;
  /** Of `truncate`: the answer that is cut. */
  readonly response?: Response;
}

export type Answer = Response | Broken;

export const isBroken = (answer: Answer): answer is Broken => 'broken' in answer;

/** The answer a rule puts in place of the real one; undefined = the real one comes. */
export function standIn(rule: FaultRule, isFhir: boolean): Response | undefined {
  const { status, body, headers } = rule;
  if (status === undefined && body === undefined) return undefined;
  const answered =
    body ??
    (isFhir && !isEmpty(status) ? outcome('transient', `Fault rule: ${status}.`) : undefined);
  const text = typeof answered === 'string' ? answered : JSON.stringify(answered);
  const all = new Headers({
    ...(answered === undefined ? {} : { 'Content-Type': isFhir ? FHIR_JSON : 'application/json' }),
    ...(status === 429 ? { 'Retry-After': '1' } : {}),
    'Cache-Control': 'no-store',
    ...headers,
  });
  return new Response(isEmpty(status) ? null : text, { status: status ?? 200, headers: all });
}

/** Statuses that Response refuses a body for. */
const isEmpty = (status: number | undefined) => status === 204 || status === 205 || status === 304;

/** Lays headers and `bodyPatch` of a rule over the real answer. */
export async function patched(
  response: Response,
  { headers, bodyPatch }: FaultRule,
): Promise<Response> {
  const all = new Headers({ ...Object.fromEntries(response.headers), ...headers });
  const { status } = response;
  if (bodyPatch === undefined) return new Response(response.body, { status, headers: all });
  const real: unknown = JSON.parse(await response.text());
  return new Response(JSON.stringify(mergePatch(real, bodyPatch)), { status, headers: all });
}

/** RFC 7396. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same break without a socket, for callers in the same process. */
export async function inProcess(answer: Answer, signal: AbortSignal): Promise<Response> {
  if (!isBroken(answer)) return answer;
  if (answer.broken === 'hang') return aborted(signal);
  if (answer.broken !== 'truncate' || !answer.response)
    throw new TypeError('fetch failed: the connection was closed');
  const { status, headers } = answer.response;
  const half = await firstHalf(answer.response);
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(half);
    },
    pull(controller) {
      controller.error(new TypeError('terminated: the body was cut'));
    },
  });
  return new Response(body, { status, headers });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function firstHalf(response: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.slice(0, Math.floor(bytes.length / 2));
}
