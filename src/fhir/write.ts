import { z } from 'zod/mini';
import { failureOfThrown, isRaw, parseObject, type Raw } from './ask.ts';
import { send } from './egress.ts';
import type { Session } from './session.ts';

const TIMEOUT_MS = 30_000;

export interface WriteRequest {
  readonly method: 'POST' | 'PUT';
  /** Relative to the base: `Task`, `Goal/g1`; the base itself for a Bundle. */
  readonly address: string;
  readonly body: Raw;
  /** `W/"3"` */
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
  /** A search without its base: `identifier=system|value`. */
  readonly ifNoneExist?: string;
}

export type Written =
  | {
      readonly kind: 'done';
      readonly status: number;
      /** Undefined: the server answered without a body, as `Prefer: return=minimal` would have it. */
      readonly resource: Raw | undefined;
      /** As the server wrote it: it may name another server, and is then nobody's to follow (SAFETY TM45). */
      readonly location: string | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly says: readonly string[];
      readonly retryAfterSeconds: number | undefined;
    }
  /** No answer, or none that is FHIR. `sent` false: it cannot have left this machine. */
  | {
      readonly kind: 'unanswered';
      readonly why: 'unreachable' | 'timeout' | 'not-understood';
      readonly sent: boolean;
    }
  /** The session ended while it was on its way. */
  | { readonly kind: 'cancelled' };

const Outcome = z.looseObject({ issue: z.array(z.unknown()) });
const Issue = z.looseObject({
  diagnostics: z.optional(z.string()),
  details: z.optional(z.looseObject({ text: z.optional(z.string()) })),
});

/**
 * Sends one write below the issuer's base (R4, RESTful API 3.1.0). Never rejects, and never sends twice of its own
 * accord: a refused token is renewed and the write sent again in `send`, because 401 means that nothing was done.
 *
 * A 2xx with a web page or half a body is not success (CATALOGUE W17): it may or may not be done.
 */
export async function write(session: Session, request: WriteRequest): Promise<Written> {
  const { method, address, body, ifMatch, ifNoneMatch, ifNoneExist } = request;
  // Asked before: without a network nothing can get out, whereas one that is lost meanwhile may have taken it along.
  const onLine: unknown = Reflect.get(globalThis.navigator ?? {}, 'onLine');
  try {
    const response = await send(session, address, {
      method,
      body: JSON.stringify(body),
      timeoutMs: TIMEOUT_MS,
      headers: {
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
        ...(ifNoneExist === undefined ? {} : { 'if-none-exist': ifNoneExist }),
      },
    });
    const text = await response.text();
    const { status, headers } = response;
    if (session.signal.aborted) return { kind: 'cancelled' };
    const parsed = parseObject(text);
    if (!response.ok) {
      const says = parsed.ok ? sentencesIn(parsed.value) : [];
      return { kind: 'refused', status, says, retryAfterSeconds: retryAfter(session, headers) };
    }
    const resource = parsed.ok ? parsed.value : undefined;
    if (text.trim() !== '' && typeof resource?.['resourceType'] !== 'string')
      return { kind: 'unanswered', why: 'not-understood', sent: true };
    return { kind: 'done', status, resource, location: headers.get('location') ?? undefined };
  } catch (error) {
    const { kind } = failureOfThrown(error, session.signal);
    if (kind === 'cancelled') return { kind };
    if (kind === 'timeout') return { kind: 'unanswered', why: kind, sent: true };
    const sent = onLine !== false && kind !== 'foreign-address';
    return { kind: 'unanswered', why: 'unreachable', sent };
  }
}

/** The server's own sentences (OperationOutcome), to be shown as text. */
function sentencesIn(outcome: unknown): readonly string[] {
  const read = Outcome.safeParse(outcome);
  if (!read.success) return [];
  return read.data.issue.flatMap(each => {
    const issue = Issue.safeParse(each);
    return issue.success ? (issue.data.details?.text ?? issue.data.diagnostics ?? []) : [];
  });
}

/** RFC 9110, 10.2.3: seconds, or a date by the server's clock. */
function retryAfter({ clock }: Session, headers: Headers): number | undefined {
  const said = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(said)) return Number(said);
  // Trap: Date.parse takes «-3» for a year.
  const until = /\d\d:\d\d:\d\d GMT$/.test(said) ? Date.parse(said) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  return Math.max(0, Math.ceil((until - clock.now().getTime()) / 1000));
}

/** `W/"3"`: the version a change is made on, for `If-Match`. */
export const etagOf = (version: string): string => `W/"${version}"`;

/** `meta.versionId`; undefined where the server keeps no versions. */
export function versionOf(resource: Raw): string | undefined {
  const meta = resource['meta'];
  const version = isRaw(meta) ? meta['versionId'] : undefined;
  return typeof version === 'string' && version !== '' ? version : undefined;
}
