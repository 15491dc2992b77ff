import { z } from 'zod/mini';
import { ForeignAddress, type Outgoing, send } from './egress.ts';
import { type Answer, type Failure, failed } from './failure.ts';
import type { Session } from './session.ts';

/** JSON as it came, known only to be an object. */
export type Raw = Readonly<Record<string, unknown>>;

export const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The largest body we will parse, in UTF-16 code units. Larger is an accident or an attack (SAFETY TM33). */
const LARGEST = 40_000_000;

const TIMEOUT_MS = 30_000;

const AccessIssue = z.looseObject({
  issue: z.array(
    z.looseObject({
      code: z.optional(z.string()),
      details: z.optional(
        z.looseObject({
          coding: z.optional(z.array(z.looseObject({ code: z.optional(z.string()) }))),
        }),
      ),
    }),
  ),
});

/** Asks for one JSON object below the issuer's base. Never rejects: what can go wrong is in the answer. */
export async function ask(
  session: Session,
  address: string,
  init: Outgoing & {
    readonly timeoutMs?: number;
    /** Called with the headers of an answer that came, where something is said in them. */
    readonly heard?: (headers: Headers) => void;
    /** For sources that answer with something other than one object. */
    readonly parse?: (text: string) => Parsed<Raw>;
  } = {},
): Promise<Answer<Raw>> {
  try {
    const response = await send(session, address, { timeoutMs: TIMEOUT_MS, ...init });
    const text = await response.text();
    // An answer may win the race against the end of its session; it is still nobody's to see.
    if (session.signal.aborted) return failed({ kind: 'cancelled' });
    const at = session.clock.given?.(response) ?? session.clock.now();
    if (!response.ok) return failed(failureOf(response.status, text, response.headers));
    init.heard?.(response.headers);
    const parsed = (init.parse ?? parseObject)(text);
    if (!parsed.ok) return parsed;
    session.parsed?.(text, parsed.value);
    return { ok: true, value: parsed.value, at };
  } catch (error) {
    return failed(failureOfThrown(error, session.signal));
  }
}

/** What a status means, alone or as the status of an entry in a batch-response. */
export function failureOf(status: number, body: string | Raw, headers?: Headers): Failure {
  if (status === 401) return { kind: 'signed-out' };
  if (status === 403) return refusalIn(body);
  if (status === 404 || status === 410) return { kind: 'not-found' };
  if (status === 405 || status === 501) return { kind: 'not-supported' };
  if (status === 408) return { kind: 'timeout' };
  if (status === 429 || status === 503) {
    const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
    return {
      kind: 'busy',
      retryAfterSeconds: Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined,
    };
  }
  return { kind: 'server-error', status };
}

/** A refusal that says the patient is behind it must not look like a missing right, nor the other way round. */
function refusalIn(body: string | Raw): Failure {
  const object = typeof body === 'string' ? parseObject(body) : { ok: true as const, value: body };
  const outcome = object.ok ? AccessIssue.safeParse(object.value) : undefined;
  const issues = outcome?.success ? outcome.data.issue : [];
  const says = (code: string) =>
    issues.some(
      issue => issue.code === code || issue.details?.coding?.some(coding => coding.code === code),
    );
  if (says('blocked')) return { kind: 'blocked' };
  return says('suppressed') ? { kind: 'withheld' } : { kind: 'not-permitted' };
}

export function failureOfThrown(error: unknown, ended: AbortSignal): Failure {
  if (ended.aborted) return { kind: 'cancelled' };
  if (error instanceof ForeignAddress) return { kind: 'foreign-address' };
  const name = error instanceof Error ? error.name : '';
  return { kind: name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : 'unreachable' };
}

type Parsed<T> = { readonly ok: true; readonly value: T } | ReturnType<typeof failed>;

/** A login page, an empty body, `[]` and JSON cut in the middle are all «not understood», never «nothing». */
export function parseObject(text: string): Parsed<Raw> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (isRaw(value)) return { ok: true, value };
  return failed({ kind: 'not-understood', detail: 'the answer is not a FHIR resource' });
}

export function parseJson(text: string): Parsed<unknown> {
  if (text.length > LARGEST)
    return failed({ kind: 'not-understood', detail: 'the answer is too large to read safely' });
  try {
    // A byte order mark is legal in front of JSON on the wire and fatal to JSON.parse.
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch {
    const detail = text.trimStart().startsWith('<')
      ? 'the answer is a web page, not FHIR'
      : 'the answer is not whole JSON';
    return failed({ kind: 'not-understood', detail });
  }
}
