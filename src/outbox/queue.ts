import type { Session } from '../fhir/session.ts';
import type { Act } from './act.ts';
import type { Acts } from './acts.ts';
import type { Deliver } from './attempt.ts';
import type { Delivered } from './delivered.ts';
import { behindAnother, canBeSent, dueAt, toldUntil, waitAfter } from './waiting.ts';
import type { World } from './world.ts';

/** Sends what waits, one at a time, one sender per person over all tabs. */
export interface Queue {
  /** Looks whether something can be sent. `hurry`: waiting no longer has a reason. */
  readonly wake: (hurry?: 'hurry') => void;
  /** Somebody wants this one tried now. */
  readonly again: (id: string) => void;
  readonly pause: (paused: boolean) => void;
  /** When it is tried by itself, in this machine's milliseconds. */
  readonly nextAt: (act: Act) => number | undefined;
  /** No more attempts. Resolves when the one under way has been written down. */
  readonly stop: () => Promise<void>;
}

export interface QueueOptions {
  readonly session: Session;
  readonly acts: Acts;
  readonly deliver: Deliver;
  readonly world: World;
  /** `outbox:<digest of issuer and person>` */
  readonly lock: string;
  /** Time has passed: what is on disk and what is to be said may have changed. It ends in `wake`. */
  readonly ticked: () => void;
}

/** While something waits, looked at this often: an hour becomes four hours without anybody doing anything. */
const TICK_MS = 60_000;
/** After the disk has refused to take a note. */
const REST_MS = 5_000;
/** Without locks nobody can be seen to be sending; longer than any attempt lasts, so then nobody is. */
const SURELY_OVER_MS = 300_000;

export function openQueue({ session, acts, deliver, world, lock, ticked }: QueueOptions): Queue {
  /** A person wants these now. */
  const wanted = new Set<string>();
  /** Waiting no longer has a reason for these. */
  const hurried = new Set<string>();
  let paused = false;
  let stopped = false;
  /** The server no longer knows who we are: only a new login, or a person, makes trying sensible. */
  let signedOut = false;
  /** Nothing answers, or the disk takes no notes. */
  let restUntil = 0;
  let sending: string | undefined;
  let passing: Promise<void> | undefined;
  let onceMore = false;
  let cancelTimer: (() => void) | undefined;
  /** Ends the waiting for the lock. */
  const over = new AbortController();
  session.signal.addEventListener('abort', () => over.abort(), { once: true });

  const halted = () => paused || stopped || session.signal.aborted;

  const ready = () => {
    const all = acts.all();
    const behind = behindAnother(all);
    return signedOut || halted() ? [] : all.filter(act => canBeSent(act, behind));
  };
  const at = (act: Act) => {
    const isWanted = wanted.has(act.row.id);
    const hurries = isWanted || hurried.has(act.row.id);
    const due = dueAt(act, hurries, world);
    return Math.max(due, hurries ? 0 : restUntil, isWanted ? 0 : toldUntil(acts.all(), world));
  };
  /** Never tried, then longest ago: one that always fails must not keep the others waiting. */
  const next = () =>
    ready()
      .filter(act => at(act) <= world.now())
      .sort((a, b) => (a.row.tried ?? 0) - (b.row.tried ?? 0))
      .at(0);
  /** Marked as being sent, and not by this page: another tab's, or of a page that is no more. */
  const orphans = () =>
    acts.all().filter(({ row }) => row.state === 'sending' && row.id !== sending);

  function wake(hurry?: 'hurry') {
    if (hurry && !signedOut) {
      restUntil = 0;
      for (const { row } of acts.all()) if (!row.told) hurried.add(row.id);
    }
    if (stopped) return;
    if (passing) {
      onceMore = true;
      return;
    }
    passing = pass().finally(() => {
      passing = undefined;
      if (onceMore) {
        onceMore = false;
        wake();
      } else schedule();
    });
  }

  async function pass(): Promise<void> {
    try {
      if (!next() && (orphans().length === 0 || halted())) return;
      if (!world.locks) await send();
      // A tab that dies gives its lock back, and whoever waits here goes on in its place (M02).
      else await world.locks.request(lock, { signal: over.signal }, send);
    } catch {
      // The disk, or the end of the session. What is on disk is as it was.
      hurried.clear();
      wanted.clear();
      restUntil = world.now() + REST_MS;
    }
  }

  async function send(): Promise<void> {
    await acts.refresh();
    // Whoever marked these held the lock, and we hold it now.
    for (const { row } of orphans())
      if (world.locks || world.now() - (row.tried ?? 0) > SURELY_OVER_MS)
        await acts.change(row.id, { header: { state: 'ambiguous', unsure: true } });
    for (let act = next(); act && !halted(); act = next()) await attempt(act);
  }

  async function attempt({ row: before }: Act): Promise<void> {
    const { id } = before;
    hurried.delete(id);
    wanted.delete(id);
    sending = id;
    try {
      // Marked on disk first: if this page dies now, the next one reads before it writes.
      const act = await acts.change(id, {
        header: { state: 'sending', attempts: before.attempts + 1, tried: world.now() },
      });
      if (!act?.proposal) return;
      await settle(act, await delivered(act, before.attempts));
    } finally {
      sending = undefined;
    }
  }

  async function delivered(act: Act, before: number): Promise<Delivered> {
    const { row, proposal, progress } = act;
    if (!proposal) return NOT_UNDERSTOOD;
    const ours = new Set(acts.all().flatMap(one => one.progress.versions));
    try {
      return await deliver(session, proposal, {
        before,
        unsure: row.unsure,
        steps: progress.steps,
        async keep(steps) {
          if (!(await acts.change(row.id, { progress: { steps } })))
            throw new Error('The steps could not be kept');
        },
        // A second evaluation follows the first. A second decision about the same task is for a person to see.
        ours: refVersion => proposal.what === 'evaluation' && ours.has(refVersion),
        decided: new Map(Object.entries(progress.decided)),
      });
    } catch {
      return NOT_UNDERSTOOD;
    }
  }

  async function settle({ row }: Act, outcome: Delivered): Promise<void> {
    const { id, attempts } = row;
    const unsure = row.unsure || ('unsure' in outcome && outcome.unsure);
    const back = {
      state: unsure ? 'ambiguous' : 'queued',
      unsure,
      waiting: undefined,
      waitMs: 0,
      told: false,
    } as const;
    switch (outcome.kind) {
      case 'acked':
        await acts.ack(id, outcome.versions);
        return;
      case 'later': {
        const wait = waitAfter(outcome, attempts, world.random);
        // The other acts would fare no better. What the server asks for is on disk, and so holds for every tab.
        if (outcome.why === 'unreachable') restUntil = world.now() + wait.waitMs;
        await acts.change(id, { header: { ...back, ...wait, waiting: outcome.why } });
        return;
      }
      case 'signed-out':
        signedOut = true;
        await acts.change(id, { header: { ...back, waiting: 'signed-out' } });
        return;
      case 'cancelled':
        await acts.change(id, { header: back });
        return;
      case 'conflict': {
        const { conflicts } = outcome;
        // What was decided about an earlier version says nothing about this one.
        await acts.change(id, {
          header: { ...back, state: 'conflict' },
          progress: { conflicts, decided: {} },
        });
        return;
      }
      case 'needs-human':
        await acts.change(id, {
          header: { ...back, state: 'needs-human' },
          progress: { reason: outcome.reason },
        });
        return;
      default:
        outcome satisfies never;
    }
  }

  function schedule() {
    cancelTimer?.();
    if (stopped || !acts.all().some(({ row }) => row.state !== 'acked')) return;
    const soonest = Math.min(TICK_MS, ...ready().map(act => at(act) - world.now()));
    cancelTimer = world.after(Math.max(soonest, 0), ticked);
  }

  return {
    wake,
    again(id) {
      signedOut = false;
      wanted.add(id);
      wake();
    },
    pause(now) {
      paused = now;
      if (!now) wake();
    },
    nextAt: act => (ready().includes(act) ? at(act) : undefined),
    async stop() {
      stopped = true;
      cancelTimer?.();
      over.abort();
      await passing;
    },
  };
}

/** What our own code makes of an answer it did not expect. It may have arrived, and nothing is dropped. */
const NOT_UNDERSTOOD: Delivered = {
  kind: 'later',
  unsure: true,
  why: 'not-understood',
  afterSeconds: undefined,
};
