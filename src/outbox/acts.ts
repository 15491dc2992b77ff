import type { Signal } from '@preact/signals';
import type { Proposal } from '../fhir/proposal.ts';
import type { Session } from '../fhir/session.ts';
import { type Act, ackedAct, type Change, changedAct, newRow, sealedAct } from './act.ts';
import { type Database, problemOf } from './database.ts';
import type { Kept, Outbox } from './kept.ts';
import { type Keyring, openKeyring } from './keyring.ts';
import { isStill, putRow, removeRow, seqIn } from './row.ts';
import { readShelf } from './shelf.ts';
import { NOTHING_YET } from './stored.ts';
import { sweep } from './sweep.ts';
import { inTurn } from './turn.ts';
import type { Whose } from './whose.ts';
import type { World } from './world.ts';

/** This person's acts about this patient: what this page knows, held in step with what lies on disk. */
export interface Acts {
  /** In the order in which they were pressed. */
  readonly all: () => readonly Act[];
  readonly find: (id: string) => Act | undefined;
  /** Reads the disk again: another tab may have done something. Never rejects; `storage` says how it went. */
  readonly refresh: () => Promise<void>;
  readonly add: (proposal: Proposal) => Promise<Kept>;
  readonly addUnkept: (proposal: Proposal) => Promise<void>;
  /** Undefined: it is not as this page knew it, and nothing was changed. Rejects when the disk does not take it. */
  readonly change: (id: string, change: Change) => Promise<Act | undefined>;
  readonly ack: (id: string, versions: readonly string[]) => Promise<Act | undefined>;
  /** Gone, key first. False: it is not as this page knew it, and still there. */
  readonly remove: (id: string) => Promise<boolean>;
  /** Rejects where nothing can be kept. */
  readonly keyring: () => Promise<Keyring>;
  /** True: the database was made anew underneath, so what was sealed just now must be sealed again. */
  readonly renewed: () => Promise<boolean>;
}

export interface ActsOptions {
  readonly session: Session;
  readonly whose: Whose;
  readonly world: World;
  readonly database: Database;
  /** Set when the database was made anew; whatever lay in it is gone. */
  readonly made: { anew: boolean };
  readonly storage: Signal<Outbox['storage']['value']>;
  readonly elsewhere: Signal<Outbox['elsewhere']['value']>;
  readonly lost: Signal<boolean>;
  /** Called after every change; `here`: made by this page, so that others must be told. */
  readonly changed: (here: boolean) => void;
}

/** After everything that is on disk. */
const UNKEPT = 2 ** 40;

export function openActs(options: ActsOptions): Acts {
  const { session, whose, world, database, made, storage, elsewhere, lost, changed } = options;
  const acts = new Map<string, Act>();
  const turn = inTurn();
  let keyring: Keyring | undefined;

  const known = { act: (id: string) => acts.get(id), now: () => session.clock.now() };
  const kept = () => [...acts.values()].filter(act => act.kept);

  async function ring(): Promise<Keyring> {
    if (keyring && !made.anew) return keyring;
    const first = keyring === undefined;
    const opened = await openKeyring(session, whose, database, world.now);
    // The mark says that something lay here, and the database that it was made just now (S09).
    if (made.anew && world.mark.read()) lost.value = true;
    made.anew = false;
    keyring = opened;
    if (first) await sweep(database, whose.owner, session.clock.now());
    else await restore(opened);
    return opened;
  }

  /** The database was taken away underneath: what this page still knows is put back. */
  async function restore(opened: Keyring) {
    const to = opened.newest();
    for (const { row, proposal, progress } of kept()) {
      if (!proposal || row.state === 'acked') continue;
      const state = row.state === 'sending' ? 'ambiguous' : row.state;
      const header = { ...row, state, kid: to.kid } as const;
      const act = await sealedAct(header, proposal, progress, whose, to);
      await database.write(transaction => putRow(transaction, act.row));
      acts.set(row.id, act);
    }
  }

  async function read() {
    let opened = await ring();
    let shelf = await readShelf(database, opened, whose, known);
    if (made.anew) {
      opened = await ring();
      shelf = await readShelf(database, opened, whose, known);
    }
    const { missing } = shelf;
    if (missing.length > 0) {
      lost.value = true;
      await database.write(async transaction => {
        for (const id of missing) await transaction.objectStore('ledger').delete(id);
      });
    }
    // What arrived stays until the page is left, even when its row is swept away.
    for (const { row } of kept()) if (row.state !== 'acked') acts.delete(row.id);
    for (const act of shelf.mine) acts.set(act.row.id, act);
    elsewhere.value = shelf.elsewhere;
    world.mark.write(shelf.anything);
    storage.value = { state: 'open', key: opened.where() };
  }

  async function nextSeq(): Promise<number> {
    return database.write(async transaction => {
      const counters = transaction.objectStore('counters');
      const last = seqIn(await counters.get(whose.owner));
      const seq = Math.max(last, ...kept().map(({ row }) => row.seq)) + 1;
      await counters.put({ owner: whose.owner, seq });
      return seq;
    });
  }

  async function add(proposal: Proposal): Promise<Kept> {
    if (acts.get(proposal.id)?.kept) return { ok: true };
    try {
      await ring();
      const seq = await nextSeq();
      const to = (await ring()).newest();
      const header = await newRow(proposal, whose, seq, to.kid);
      const act = await sealedAct(header, proposal, NOTHING_YET, whose, to);
      await database.write(async transaction => {
        // The last moment before it lasts: another patient may have come into context meanwhile (SAFETY TM21).
        session.signal.throwIfAborted();
        await putRow(transaction, act.row);
      });
      acts.set(proposal.id, act);
      // It may have been made anew on the way, without the key this was sealed to.
      if (made.anew) await read();
      world.mark.write(true);
      changed(true);
      return { ok: true };
    } catch (error) {
      return { ok: false, why: problemOf(error) };
    }
  }

  /** Puts what became of an act, if it still is what this page took it for. */
  async function replace(act: Act, next: Act): Promise<Act | undefined> {
    const done =
      !act.kept ||
      (await database.write(async transaction => {
        if (!(await isStill(transaction, act.row))) return false;
        await putRow(transaction, next.row);
        return true;
      }));
    if (done) acts.set(act.row.id, next);
    else await read();
    changed(true);
    return done ? next : undefined;
  }

  async function remove(act: Act): Promise<boolean> {
    const { id } = act.row;
    const gone =
      !act.kept ||
      (await database.write(async transaction => {
        // What cannot be opened is not in step with the ledger either, and may go whatever that says.
        if (act.readable === 'yes' && !(await isStill(transaction, act.row))) return false;
        await removeRow(transaction, id);
        return true;
      }));
    if (gone) acts.delete(id);
    else await read();
    changed(true);
    return gone;
  }

  return {
    all: () => [...acts.values()].sort((a, b) => a.row.seq - b.row.seq),
    find: id => acts.get(id),
    refresh: () =>
      turn(async () => {
        try {
          await read();
        } catch (error) {
          storage.value = { state: 'denied', why: problemOf(error) };
        }
        changed(false);
      }),
    add: proposal => turn(() => add(proposal)),
    addUnkept: proposal =>
      turn(async () => {
        if (acts.has(proposal.id)) return;
        const row = await newRow(proposal, whose, UNKEPT + acts.size, '');
        const progress = NOTHING_YET;
        acts.set(row.id, { row, readable: 'yes', proposal, progress, key: undefined, kept: false });
        changed(true);
      }),
    change: (id, change) =>
      turn(async () => {
        const act = acts.get(id);
        return act && replace(act, await changedAct(act, change, whose));
      }),
    ack: (id, versions) =>
      turn(async () => {
        const act = acts.get(id);
        if (!act) return undefined;
        const at = session.clock.now().toISOString();
        const to = act.kept ? (await ring()).newest() : undefined;
        return replace(act, await ackedAct(act, at, versions, whose, to));
      }),
    remove: id =>
      turn(async () => {
        const act = acts.get(id);
        return act !== undefined && remove(act);
      }),
    keyring: () => turn(ring),
    renewed: () =>
      turn(async () => {
        if (!made.anew) return false;
        await read();
        return true;
      }),
  };
}
