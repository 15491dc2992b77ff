import type { Act } from './act.ts';
import type { OutboxItem } from './kept.ts';

/** A person expects an evaluation to have arrived long before this (SAFETY 5.3). */
const OVERDUE_MS = 4 * 3_600_000;

interface Seen {
  readonly behind: boolean;
  /** By the server's clock. */
  readonly nextAt: Date | undefined;
  readonly now: Date;
}

/** An act as it is shown. */
export function itemOf({ row, readable, proposal, progress, kept }: Act, seen: Seen): OutboxItem {
  const { id, attempts, since, acked } = row;
  const late = seen.now.getTime() - Date.parse(since) > OVERDUE_MS;
  const common = { id, proposal, kept, attempts, since, acked };
  if (readable === 'no')
    return {
      ...common,
      ...nothingAhead,
      state: 'needs-human',
      reason: { why: 'unreadable', status: undefined, says: [] },
      overdue: late,
    };
  const waits = row.state === 'queued' || row.state === 'ambiguous';
  return {
    ...common,
    ...nothingAhead,
    state: row.state,
    nextAt: seen.nextAt?.toISOString(),
    waiting: waits ? whyWaiting({ row, readable }, seen.behind) : undefined,
    reason: row.state === 'needs-human' ? progress.reason : undefined,
    conflicts: row.state === 'conflict' ? progress.conflicts : [],
    overdue: late && row.state !== 'acked',
  };
}

const nothingAhead = {
  nextAt: undefined,
  waiting: undefined,
  reason: undefined,
  conflicts: [],
} as const;

function whyWaiting(
  { row, readable }: Pick<Act, 'row' | 'readable'>,
  behind: boolean,
): OutboxItem['waiting'] {
  if (readable === 'not-yet') return 'unreachable';
  return behind ? 'behind-another' : row.waiting;
}
