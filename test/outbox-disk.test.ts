import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { STEPS } from '../src/outbox/database.ts';
import type { Bench } from './bench.ts';
import { type Machine, machine, quiet, type Stored, type Tab, until } from './machine.ts';
import { evaluation, writingBench } from './proposals.ts';

const OTHER_PLAN = { plan: 'CarePlan/p1-plan-ip', goal: 'Goal/p1-goal-ip1' };
const saying = (it: Bench, said: string, more: object = {}) => evaluation(it, { said, ...more });
const copies = (it: Bench, said: string) =>
  it.sandbox.store
    .all('QuestionnaireResponse')
    .filter(one => JSON.stringify(one).includes(`"valueString":"${said}"`)).length;
const asSomebodyElse = ({ session }: Bench) => ({
  ...session,
  user: { ...session.user, sub: 'u-somebody-else' },
});
/** Everything that lies on the disk, as text and as bytes. */
async function everything(at: Machine): Promise<string> {
  const stores = await Promise.all(['items', 'ledger', 'drafts', 'keys', 'counters'].map(at.rows));
  return JSON.stringify(stores, (_, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value,
  );
}
/** Kept, and not sent: the panel is hidden. */
async function waiting(at: Machine, it: Bench, ...acts: readonly ReturnType<typeof saying>[]) {
  const tab = at.open(it.session);
  tab.outbox.pause(true);
  for (const act of acts) expect(await tab.outbox.put(act)).toEqual({ ok: true });
  await tab.leave();
}
const byId = async (at: Machine, id: string) =>
  (await at.rows('items')).find(row => row['id'] === id)!;
const isOpen = (tab: Tab) => () => tab.outbox.storage.value.state === 'open';

afterEach(() => void vi.restoreAllMocks());

describe('what lies on the disk', () => {
  test('says nothing of patient, person, plan or text, neither while it waits nor after it has arrived', async () => {
    const it = await writingBench();
    const at = machine();
    const act = saying(it, 'Sover dårlig');
    await waiting(at, it, act);
    const tab = at.open(it.session);
    await tab.outbox.drafts.save(
      { name: 'evaluation', plan: 'CarePlan/p1-plan-ip' },
      { said: 'Sover dårlig' },
    );
    await until(() => tab.state(act.id) === 'acked');
    await tab.leave();
    const text = await everything(at);
    for (const secret of ['Sover', 'u-psy', 'Patient/p1', 'p1-plan', 'localhost', 'Goal/', 'Maja'])
      expect(text).not.toContain(secret);
    expect(text).toContain(act.id);
  });

  test('W20 S03 user-separation: the next user sees that something waits, cannot open it and does not send it', async () => {
    const it = await writingBench();
    const at = machine();
    const act = saying(it, 'W20');
    await waiting(at, it, act);
    const before = await byId(at, act.id);
    const other = at.open(asSomebodyElse(it));
    await until(() => other.outbox.elsewhere.value.others === 1);
    other.revive();
    at.pass(3_600_000);
    await quiet();
    expect(other.outbox.items.value).toEqual([]);
    await other.outbox.again(act.id);
    await other.outbox.settle(act.id);
    expect(await other.outbox.withdraw(act.id)).toBe('too-late');
    expect(copies(it, 'W20')).toBe(0);
    expect(await byId(at, act.id)).toEqual(before);
    // Even where the rows are relabelled as the next user's own, her key does not open them.
    await other.outbox.put({
      ...saying(it, 'hers'),
      bound: { ...act.bound, sub: 'u-somebody-else' },
    });
    const hers = (await at.rows('items')).find(row => row['id'] !== act.id)!;
    const { owner, about } = hers;
    await at.put('items', { ...before, owner, about });
    await at.put('ledger', { id: act.id, owner, revision: before['revision'] });
    await other.leave();
    const again = at.open(asSomebodyElse(it));
    await until(() => again.state(act.id) === 'needs-human');
    expect(again.item(act.id)?.proposal).toBeUndefined();
    expect(copies(it, 'W20')).toBe(0);
  });

  test('W20: and its author sends it at the next login', async () => {
    const it = await writingBench();
    const at = machine();
    const act = saying(it, 'W20');
    await waiting(at, it, act);
    await at.open(asSomebodyElse(it)).leave();
    const back = at.open(it.session);
    await until(() => back.state(act.id) === 'acked');
    expect(copies(it, 'W20')).toBe(1);
  });

  const tampering: readonly [string, (rows: readonly [Stored, Stored]) => readonly Stored[]][] = [
    ['a byte of the text was changed', ([one]) => [flipped(one, 'body')]],
    ['a byte of the key was changed', ([one]) => [flipped(one, 'key')]],
    ['a byte of what became of it was changed', ([one]) => [flipped(one, 'progress')]],
    [
      'two texts were swapped',
      ([one, other]) => [
        { ...one, body: other['body'] },
        { ...other, body: one['body'] },
      ],
    ],
    [
      'text and key were moved to another row',
      ([one, other]) => [
        { ...one, body: other['body'], key: other['key'], progress: other['progress'] },
      ],
    ],
    [
      'it is said to wait, and it was being sent',
      ([one]) => [{ ...one, unsure: true, attempts: 3 }],
    ],
    ['it is said to have arrived', ([one]) => [{ ...one, state: 'acked' }]],
    ['it is of no shape we know', ([one]) => [{ ...one, seq: 'first' }]],
  ];
  test.each(tampering)('S04 tamper: where %s, it is flagged and not sent', async (_, change) => {
    const it = await writingBench();
    const at = machine();
    const [one, other] = [saying(it, 'one'), saying(it, 'other', OTHER_PLAN)];
    await waiting(at, it, one, other);
    const changed = change([await byId(at, one.id), await byId(at, other.id)]);
    for (const row of changed) await at.put('items', row);
    const tab = at.open(it.session);
    for (const row of changed) {
      const id = String(row['id']);
      await until(() => tab.state(id) === 'needs-human');
      expect(tab.item(id)).toMatchObject({ proposal: undefined, reason: { why: 'unreadable' } });
    }
    if (changed.length === 1) await until(() => tab.state(other.id) === 'acked');
    await quiet();
    expect(copies(it, 'one')).toBe(0);
    // A person can have it gone, and then it is.
    await tab.outbox.settle(one.id);
    expect((await at.rows('items')).map(row => row['id'])).not.toContain(one.id);
  });

  test('S04 rollback: a row that was put back after it had arrived is flagged and not sent again', async () => {
    const it = await writingBench();
    const at = machine();
    const act = saying(it, 'S04');
    await waiting(at, it, act);
    const old = await byId(at, act.id);
    const tab = at.open(it.session);
    await until(() => tab.state(act.id) === 'acked');
    await tab.leave();
    await at.put('items', old);
    const asked = (await it.asked()).length;
    const next = at.open(it.session);
    await until(() => next.state(act.id) === 'needs-human');
    await quiet();
    expect((await it.asked()).length).toBe(asked);
    expect(next.item(act.id)?.reason?.why).toBe('unreadable');
  });

  test('S04 rollback: with the whole disk put back it is sent again, and there is still one copy', async () => {
    const it = await writingBench();
    const at = machine();
    const act = saying(it, 'disk');
    await waiting(at, it, act);
    const [items, ledger] = [await at.rows('items'), await at.rows('ledger')];
    const tab = at.open(it.session);
    await until(() => tab.state(act.id) === 'acked');
    await tab.leave();
    for (const row of items) await at.put('items', row);
    for (const row of ledger) await at.put('ledger', row);
    const next = at.open(it.session);
    await until(() => next.state(act.id) === 'acked');
    expect(copies(it, 'disk')).toBe(1);
  });

  test('a row that is gone while the ledger still knows of it is said to be lost, once', async () => {
    const it = await writingBench();
    const at = machine();
    const act = saying(it, 'gone');
    await waiting(at, it, act);
    const all = at.disk;
    at.disk = new IDBFactory();
    await waiting(at, it);
    const ledgerOnly = {
      id: act.id,
      owner: (await rowsOf(all, at, 'items'))[0]!['owner'],
      revision: 1,
    };
    await at.put('ledger', ledgerOnly);
    const tab = at.open(it.session);
    await until(isOpen(tab));
    expect(tab.outbox.lost.value).toBe(true);
    await tab.leave();
    const next = at.open(it.session);
    await until(isOpen(next));
    expect(next.outbox.lost.value).toBe(false);
  });
});

describe('a disk that does not do what it should', () => {
  test('W24 quota: a full disk keeps nothing, says so, and the same text can be sent without a copy here', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    await until(isOpen(tab));
    // The last thing to be written: what came before it must be taken back.
    const full = vi.spyOn(IDBObjectStore.prototype, 'put');
    full.mockImplementation(function (this: IDBObjectStore, row: unknown) {
      if (this.name === 'ledger') throw new DOMException('The disk is full', 'QuotaExceededError');
      return this.add(row);
    });
    const act = saying(it, 'W24');
    expect(await tab.outbox.put(act)).toEqual({ ok: false, why: 'full' });
    expect(tab.outbox.items.value).toEqual([]);
    expect(await at.rows('items')).toEqual([]);
    tab.outbox.sendUnkept(act);
    await until(() => tab.state(act.id) === 'acked');
    expect(tab.item(act.id)).toMatchObject({ kept: false });
    expect(await at.rows('items')).toEqual([]);
    expect(copies(it, 'W24')).toBe(1);
    full.mockRestore();
    expect(await tab.outbox.put(saying(it, 'after'))).toEqual({ ok: true });
  });

  test('W24: where storage is denied it is said, and what is sent all the same arrives once, in order', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session, {
      withoutLocks: true,
      indexedDB() {
        throw new DOMException('Storage is denied', 'SecurityError');
      },
    });
    await until(() => tab.outbox.storage.value.state === 'denied');
    expect(tab.outbox.storage.value).toEqual({ state: 'denied', why: 'denied' });
    const acts = ['one', 'two'].map(said => saying(it, said));
    expect(await tab.outbox.put(acts[0]!)).toEqual({ ok: false, why: 'denied' });
    expect(await tab.outbox.drafts.save({ name: 'n', plan: 'p' }, {})).toEqual({
      ok: false,
      why: 'denied',
    });
    expect(await tab.outbox.drafts.find({ name: 'n', plan: 'p' })).toBeUndefined();
    for (const act of acts) tab.outbox.sendUnkept(act);
    await until(() => acts.every(({ id }) => tab.state(id) === 'acked'));
    expect([copies(it, 'one'), copies(it, 'two')]).toEqual([1, 1]);
  });

  test('nobody signed in: nothing is kept, because it would be anybody’s', async () => {
    const it = await writingBench();
    const { user } = it.session;
    const tab = machine().open({ ...it.session, user: { ...user, sub: undefined } });
    await until(() => tab.outbox.storage.value.state === 'denied');
    expect(tab.outbox.storage.value).toEqual({ state: 'denied', why: 'not-signed-in' });
    expect(await tab.outbox.put(saying(it, 'x'))).toEqual({ ok: false, why: 'not-signed-in' });
  });

  test('S09 eviction: deleted underneath, it is said, what this page knows is put back, and the next one is kept', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    tab.outbox.pause(true);
    const [act, next] = [saying(it, 'S09'), saying(it, 'next')];
    await tab.outbox.put(act);
    expect(tab.outbox.lost.value).toBe(false);
    at.disk.deleteDatabase('sideplan');
    await until(() => tab.outbox.lost.value);
    await until(isOpen(tab));
    expect(tab.state(act.id)).toBe('queued');
    expect(await tab.outbox.put(next)).toEqual({ ok: true });
    await tab.leave();
    const back = at.open(it.session);
    await until(() => back.state(act.id) === 'acked' && back.state(next.id) === 'acked');
    expect([copies(it, 'S09'), copies(it, 'next')]).toEqual([1, 1]);
    expect(back.outbox.lost.value).toBe(false);
  });

  test('S09 eviction: gone between two launches, it is said, and everything works', async () => {
    const it = await writingBench();
    const at = machine();
    await waiting(at, it, saying(it, 'S09'));
    at.disk = new IDBFactory();
    const tab = at.open(it.session);
    await until(() => tab.outbox.lost.value);
    const act = saying(it, 'anew');
    expect(await tab.outbox.put(act)).toEqual({ ok: true });
    await until(() => tab.state(act.id) === 'acked');
    await tab.leave();
    const next = at.open(it.session);
    await until(isOpen(next));
    expect(next.outbox.lost.value).toBe(false);
  });

  test('S09: a machine that has never kept anything has lost nothing', async () => {
    const it = await writingBench();
    const tab = machine().open(it.session);
    await until(isOpen(tab));
    expect(tab.outbox.lost.value).toBe(false);
  });
});

describe('another version of Sideplan', () => {
  const NEXT = [...STEPS, (database: IDBDatabase) => void database.createObjectStore('later')];

  test('S08 migration: a later version finds everything that waits, in every state, and nothing is lost', async () => {
    const it = await writingBench();
    const at = machine();
    const states = await oneOfEach(at, it);
    const tab = at.open(it.session, { steps: NEXT });
    tab.outbox.pause(true);
    await until(() => tab.outbox.items.value.length === states.size);
    for (const [id, state] of states)
      expect([tab.state(id), tab.item(id)?.proposal?.id]).toEqual([state, id]);
    expect(tab.outbox.lost.value).toBe(false);
  });

  test('S08 downgrade: an older version refuses, and leaves everything as it is', async () => {
    const it = await writingBench();
    const at = machine();
    await oneOfEach(at, it);
    await at.open(it.session, { steps: NEXT }).leave();
    const before = await at.rows('items');
    const old = at.open(it.session);
    await until(() => old.outbox.storage.value.state === 'denied');
    expect(old.outbox.storage.value).toEqual({ state: 'denied', why: 'broken' });
    expect(await old.outbox.put(saying(it, 'old'))).toEqual({ ok: false, why: 'broken' });
    old.revive();
    await quiet();
    expect(await at.rows('items')).toEqual(before);
  });

  test('M05 upgrade: an old tab lets go at once, says that it keeps nothing more, and the new one goes on', async () => {
    const it = await writingBench();
    const at = machine();
    const old = at.open(it.session);
    old.outbox.pause(true);
    const act = saying(it, 'M05');
    await old.outbox.put(act);
    const tab = at.open(it.session, { steps: NEXT });
    await until(isOpen(tab));
    await until(() => old.outbox.storage.value.state === 'denied');
    expect(await old.outbox.put(saying(it, 'old'))).toEqual({ ok: false, why: 'broken' });
    await until(() => tab.state(act.id) === 'acked');
    expect(copies(it, 'M05')).toBe(1);
  });
});

/** One act in each state an act can wait in, left behind by tabs that are gone. */
async function oneOfEach(at: Machine, it: Bench): Promise<ReadonlyMap<string, string>> {
  const plans = ['akutt', 'akutt-gronn', 'akutt-gul', 'behandling', 'ip'];
  const [queued, ambiguous, conflict, human, sending] = plans.map(plan =>
    saying(it, plan, { plan: `CarePlan/p1-plan-${plan}`, goal: 'Goal/p1-goal-g3' }),
  );
  const endings = new Map<string, string>([
    [ambiguous!.id, 'ambiguous'],
    [conflict!.id, 'conflict'],
    [human!.id, 'needs-human'],
    [sending!.id, 'sending'],
  ]);
  const tab = at.open(it.session, {
    deliver: async (_, { id, writes }) => {
      const why = { why: 'timeout', afterSeconds: undefined } as const;
      const [first] = writes.filter(one => one.kind === 'changed');
      switch (endings.get(id)) {
        case 'ambiguous':
          return { kind: 'later', unsure: true, ...why };
        case 'conflict':
          return {
            kind: 'conflict',
            conflicts: [
              { ref: first!.ref, theirs: undefined, read: first!.read, mine: first!.sets },
            ],
          };
        case 'needs-human':
          return { kind: 'needs-human', reason: { why: 'refused', status: 422, says: ['Nei'] } };
        default:
          return new Promise<never>(() => {});
      }
    },
  });
  for (const act of [ambiguous, conflict, human, sending]) await tab.outbox.put(act!);
  await until(() => [...endings].every(([id, state]) => tab.state(id) === state));
  await tab.outbox.put(queued!);
  tab.die();
  return new Map([...endings, [queued!.id, 'queued']]);
}

function flipped(row: Stored, part: string): Stored {
  const sealed = row[part] as { text: Uint8Array };
  const text = Uint8Array.from(sealed.text, (byte, index) => (index === 5 ? byte ^ 1 : byte));
  return { ...row, [part]: { ...sealed, text } };
}

async function rowsOf(disk: IDBFactory, at: Machine, store: string) {
  const { disk: now } = at;
  at.disk = disk;
  const rows = await at.rows(store);
  at.disk = now;
  return rows;
}
