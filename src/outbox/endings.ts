import type { Failure } from '../fhir/failure.ts';
import type { Written } from '../fhir/write.ts';
import type { Delivered, Reason } from './delivered.ts';
import type { Delivery } from './delivery.ts';

type Later = Extract<Delivered, { kind: 'later' }>;

/** Where some of it is there already, it is no more ours to take back than what may be there. */
const mayBeThere = ({ unsure, done }: Delivery): boolean => unsure || done.size > 0;

/** Not now. */
export const later = (delivery: Delivery, why: Later['why'], afterSeconds?: number): Delivered => ({
  kind: 'later',
  unsure: mayBeThere(delivery),
  why,
  afterSeconds,
});

export const needsHuman = (
  why: Reason['why'],
  status?: number,
  says: readonly string[] = [],
): Delivered => ({ kind: 'needs-human', reason: { why, status, says } });

/** A 5xx after which the server may have done it all the same: it broke while it worked, or a proxy gave up waiting. */
const MAY_BE_DONE: ReadonlySet<number> = new Set([408, 500, 502, 504]);

/** A write that was not done, or of which nobody knows (SAFETY 1.4, error classes). */
export function endingOf(
  delivery: Delivery,
  written: Exclude<Written, { kind: 'done' }>,
): Delivered {
  if (written.kind === 'cancelled') return { kind: 'cancelled', unsure: true };
  if (written.kind === 'unanswered') {
    delivery.unsure ||= written.sent;
    return later(delivery, written.why);
  }
  const { status, says, retryAfterSeconds } = written;
  if (status === 401) return { kind: 'signed-out', unsure: mayBeThere(delivery) };
  delivery.unsure ||= mayBeDone(status);
  if (status === 429 || status === 503) return later(delivery, 'busy', retryAfterSeconds);
  if (status === 408) return later(delivery, 'timeout', retryAfterSeconds);
  if (status >= 500) return later(delivery, 'server-error', retryAfterSeconds);
  // Some of it is there, and the rest never will be by itself.
  if (delivery.done.size > 0) return needsHuman('half-done', status, says);
  if (status === 403) return needsHuman('not-permitted', status, says);
  return needsHuman(status === 404 || status === 410 ? 'gone' : 'refused', status, says);
}

export const mayBeDone = (status: number): boolean =>
  MAY_BE_DONE.has(status) || (status > 504 && status < 600);

/** What could not be read, and why that stops us; undefined: it is a matter of rights, and the reader must judge. */
export function endingOfReading(delivery: Delivery, failure: Failure): Delivered | undefined {
  switch (failure.kind) {
    case 'signed-out':
      return { kind: 'signed-out', unsure: mayBeThere(delivery) };
    case 'cancelled':
      return { kind: 'cancelled', unsure: mayBeThere(delivery) };
    case 'busy':
      return later(delivery, 'busy', failure.retryAfterSeconds);
    case 'unreachable':
    case 'timeout':
    case 'not-understood':
      return later(delivery, failure.kind);
    case 'server-error':
      // A question it will not have (400) gets no better by being asked again.
      return failure.status < 500 ? undefined : later(delivery, failure.kind);
    default:
      return undefined;
  }
}
