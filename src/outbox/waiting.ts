import type { Act } from './act.ts';
import type { Delivered } from './delivered.ts';
import type { World } from './world.ts';

const LEAST_MS = 1_000;
const MOST_MS = 60_000;
/** No server may park an act for longer than this without being asked again. */
const LONGEST_TOLD_MS = 3_600_000;

type Later = Extract<Delivered, { kind: 'later' }>;

/**
 * How long until the next attempt: what the server said (Retry-After), else at random up to twice as long each time, a
 * minute at most, so that a ward full of panels does not come back in step (SAFETY TM46).
 */
export function waitAfter({ afterSeconds }: Later, attempts: number, random: () => number) {
  if (afterSeconds !== undefined) {
    const ms = Math.min(afterSeconds * 1000, LONGEST_TOLD_MS);
    return { waitMs: Math.max(ms, LEAST_MS), told: true };
  }
  const ceiling = Math.min(MOST_MS, LEAST_MS * 2 ** Math.min(attempts, 10));
  return { waitMs: Math.max(LEAST_MS, random() * ceiling), told: false };
}

/**
 * When it may be tried, in this machine's milliseconds: never twice within a second, whatever wakes us (W25). `hurry`:
 * somebody asked, or the network is back.
 */
export function dueAt({ row }: Act, hurry: boolean, { now }: Pick<World, 'now'>): number {
  const { tried, waitMs } = row;
  // A clock that was put back must not make anybody wait for the time it skipped.
  if (tried === undefined || tried > now()) return now();
  return tried + Math.max(LEAST_MS, hurry ? 0 : waitMs);
}

/**
 * Until when the server has asked to be left alone: by whatever it was asked, so by all acts (SAFETY TM46). It is read
 * from their rows, for another tab, and for this one after a reload.
 */
export const toldUntil = (acts: readonly Act[], { now }: Pick<World, 'now'>): number =>
  Math.max(
    0,
    ...acts.map(({ row: { state, told, tried = 0, waitMs } }) =>
      told && state !== 'acked' && tried <= now() ? tried + waitMs : 0,
    ),
  );

const isUnderWay = ({ row }: Act) => row.state !== 'acked';

/** Acts that wait for an earlier one of the same plan, whatever that one waits for. */
export function behindAnother(acts: readonly Act[]): ReadonlySet<string> {
  const busy = new Set<string>();
  const behind = new Set<string>();
  for (const act of acts.filter(isUnderWay)) {
    const { plan, id } = act.row;
    if (plan === undefined) continue;
    if (busy.has(plan)) behind.add(id);
    busy.add(plan);
  }
  return behind;
}

/** Whether it is only a matter of time: it can be read, nothing comes before it, and nobody has to decide anything. */
export const canBeSent = (act: Act, behind: ReadonlySet<string>): boolean =>
  act.readable === 'yes' &&
  act.proposal !== undefined &&
  (act.row.state === 'queued' || act.row.state === 'ambiguous') &&
  !behind.has(act.row.id);
