import { signal } from '@preact/signals';
import type { Proposal } from '../fhir/proposal.ts';
import type { Session } from '../fhir/session.ts';
import { type Acts, openActs } from './acts.ts';
import type { Deliver } from './attempt.ts';
import { databaseOf, type Step } from './database.ts';
import { draftsOf } from './drafts.ts';
import { itemOf } from './item.ts';
import type { Drafts, Kept, Outbox, OutboxItem } from './kept.ts';
import { openQueue, type Queue } from './queue.ts';
import { behindAnother } from './waiting.ts';
import { isBoundTo, whoseOf } from './whose.ts';
import { browserWorld, type World } from './world.ts';

export interface OutboxOptions {
  readonly deliver: Deliver;
  readonly world?: World;
  /** Versions of the database, for the tests of those to come. */
  readonly steps?: readonly Step[];
}

/** An outbox, and how to leave it: resolves when what was under way has been written down. */
export type OpenOutbox = Outbox & { readonly close: () => Promise<void> };

/**
 * Opens what this person has pressed about this patient and the server is not known to have (docs/decisions/0013).
 *
 * It ends with the session. What is on disk stays there until the same person signs in for the same patient again; it
 * is never sent by anybody else, and never expires.
 */
export function openOutbox(session: Session, options: OutboxOptions): OpenOutbox {
  const { deliver, world = browserWorld(window), steps } = options;
  const storage = signal<Outbox['storage']['value']>({ state: 'opening' });
  const items = signal<readonly OutboxItem[]>([]);
  const elsewhere = signal({ myOtherPatients: 0, others: 0 });
  const lost = signal(false);
  const made = { anew: false };
  let opened: { acts: Acts; queue: Queue; drafts: Drafts } | undefined;
  let paused = false;

  const reread = () => {
    void opened?.acts.refresh().then(() => opened?.queue.wake());
  };
  const channel = world.channel(reread);
  const unlisten = world.revived(() => {
    void opened?.acts.refresh().then(() => opened?.queue.wake('hurry'));
  });
  const database = databaseOf(
    world.indexedDB,
    {
      made() {
        made.anew = true;
      },
      taken: reread,
    },
    steps,
  );

  function show() {
    if (!opened) return;
    const { acts, queue } = opened;
    const all = acts.all();
    const behind = behindAnother(all);
    const now = session.clock.now();
    items.value = all
      // Of what arrived before this page was opened nothing is left to show.
      .filter(
        ({ row, proposal, readable }) => row.state !== 'acked' || proposal || readable === 'no',
      )
      .map(act => {
        const next = queue.nextAt(act);
        const nextAt =
          next === undefined ? undefined : new Date(now.getTime() + next - world.now());
        return itemOf(act, { behind: behind.has(act.row.id), nextAt, now });
      });
  }

  const ready = (async () => {
    const whose = await whoseOf(session);
    if (!whose) {
      storage.value = { state: 'denied', why: 'not-signed-in' };
      return;
    }
    const acts = openActs({
      session,
      whose,
      world,
      database,
      made,
      storage,
      elsewhere,
      lost,
      changed(here) {
        show();
        if (here) channel.tell();
      },
    });
    const lock = `outbox:${whose.owner}`;
    const queue = openQueue({ session, acts, deliver, world, lock, ticked: reread });
    const drafts = draftsOf({ session, whose, database, acts, lost });
    opened = { acts, queue, drafts };
    queue.pause(paused);
    await acts.refresh();
    world.persist();
    queue.wake('hurry');
  })();

  async function close() {
    unlisten();
    await ready;
    await opened?.queue.stop();
    channel.close();
    database.close();
  }
  session.signal.addEventListener('abort', () => void close(), { once: true });

  const checked = (proposal: Proposal) => {
    if (!isBoundTo(session, proposal.bound))
      throw new Error('The proposal is bound to another issuer, person or patient');
  };
  const find = (id: string) => opened?.acts.find(id);

  return {
    storage,
    items,
    elsewhere,
    lost,
    async put(proposal): Promise<Kept> {
      if (session.user.sub === undefined) return { ok: false, why: 'not-signed-in' };
      checked(proposal);
      await ready;
      if (!opened || session.signal.aborted) return { ok: false, why: 'broken' };
      const kept = await opened.acts.add(proposal);
      if (kept.ok) opened.queue.wake();
      return kept;
    },
    sendUnkept(proposal) {
      checked(proposal);
      void ready.then(() => opened?.acts.addUnkept(proposal)).then(() => opened?.queue.wake());
    },
    async withdraw(id) {
      const act = find(id);
      if (!act || !opened) return 'too-late';
      const { row, progress } = act;
      const mayGo =
        act.readable === 'yes' &&
        (row.state === 'queued' || row.state === 'conflict') &&
        !row.unsure &&
        Object.keys(progress.steps).length === 0;
      return mayGo && (await opened.acts.remove(id)) ? 'withdrawn' : 'too-late';
    },
    async again(id) {
      const act = find(id);
      if (!act || !opened) return;
      if (act.row.state === 'needs-human')
        await opened.acts.change(id, {
          header: { state: act.row.unsure ? 'ambiguous' : 'queued' },
          progress: { reason: undefined },
        });
      opened.queue.again(id);
    },
    async decide(id, choice) {
      const act = find(id);
      if (!opened || act?.row.state !== 'conflict') return;
      const { row, progress } = act;
      const decided = Object.fromEntries(progress.conflicts.map(({ ref }) => [ref, choice]));
      await opened.acts.change(id, {
        header: { state: row.unsure ? 'ambiguous' : 'queued' },
        progress: { decided, conflicts: [] },
      });
      opened.queue.again(id);
    },
    async settle(id) {
      const act = find(id);
      if (act && (act.row.state === 'needs-human' || act.readable === 'no'))
        await opened?.acts.remove(id);
      opened?.queue.wake();
    },
    drafts: {
      async find(of) {
        await ready;
        return opened?.drafts.find(of);
      },
      async save(of, content) {
        await ready;
        return opened ? opened.drafts.save(of, content) : { ok: false, why: 'not-signed-in' };
      },
      async drop(of) {
        await ready;
        await opened?.drafts.drop(of);
      },
    },
    pause(now) {
      paused = now;
      opened?.queue.pause(now);
    },
    close,
  };
}
