import { IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../src/fhir/session.ts';
import type { Attempt } from '../src/outbox/attempt.ts';
import type { Delivered } from '../src/outbox/delivered.ts';
import { recordOf } from './hand-made.tsx';
import { conflict, proposal } from './hand-made-outbox.ts';
import { type Machine, machine, quiet, type Tab, type TabOptions, until } from './machine.ts';

// What the queue does with each way an attempt can end. The attempts themselves are made by hand here: what a server
// makes of them is told in `deliver` and `outbox`.

const session: Session = {
  ...recordOf().session,
  user: { sub: 'u-psy', name: 'Tuva Poliklin', fhirUser: undefined },
};
const PLAN = 'CarePlan/1';
const OTHER = 'CarePlan/2';

const act = (plan: string = PLAN, more: object = {}) => {
  const one = proposal(more);
  return { ...one, bound: { ...one.bound, plan } };
};

const ACKED = { kind: 'acked', refs: [], versions: [] } as const;
const later = (more: object = {}): Delivered => ({
  kind: 'later',
  unsure: false,
  why: 'busy',
  afterSeconds: undefined,
  ...more,
});

interface Asked extends Attempt {
  readonly id: string;
  readonly at: number;
}

/** A tab whose attempts end as they are told to, one after the other, and arrive when nothing is told. */
function tabOf(
  at: Machine,
  endings: (Delivered | ((asked: Asked) => Delivered | Promise<Delivered>))[] = [],
  options: TabOptions = {},
) {
  const asked: Asked[] = [];
  const tab = at.open(session, {
    async deliver(_, { id }, attempt) {
      const one = { ...attempt, id, at: at.now() };
      asked.push(one);
      const ending = endings.shift() ?? ACKED;
      return await (typeof ending === 'function' ? ending(one) : ending);
    },
    ...options,
  });
  return { tab, asked };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<T>() {
  const ends: ((value: T) => void)[] = [];
  const promise = new Promise<T>(resolve => {
    ends.push(resolve);
  });
  return { promise, resolve: (value: T) => ends.forEach(end => end(value)) };
}

afterEach(() => void vi.restoreAllMocks());

/** From now on the disk notes nothing more. */
const fullDisk = () =>
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });

const states = (tab: Tab, ...acts: { id: string }[]) => acts.map(({ id }) => tab.state(id));

describe('an attempt that ends with', () => {
  test('«received»: it is, and nothing more is done', async () => {
    const at = machine();
    const { tab, asked } = tabOf(at);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.state(one.id) === 'acked');
    at.pass(3_600_000);
    await quiet();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ before: 0, unsure: false, steps: {} });
    expect([...asked[0]!.decided]).toEqual([]);
  });

  test('«later»: it waits, and is tried when its time has come', async () => {
    const at = machine();
    const { tab, asked } = tabOf(at, [later(), later({ why: 'timeout', unsure: true }), later()]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.item(one.id)?.waiting === 'busy');
    expect(tab.item(one.id)).toMatchObject({ state: 'queued', attempts: 1 });
    expect(tab.item(one.id)?.nextAt).toBe(new Date(at.now() + 1_000).toISOString());
    at.pass(999);
    await quiet();
    expect(asked).toHaveLength(1);
    at.pass(1);
    await until(() => tab.item(one.id)?.waiting === 'timeout');
    expect(asked[1]).toMatchObject({ before: 1, unsure: false });
    // It may have arrived, and that stays so until it has been seen.
    expect(tab.state(one.id)).toBe('ambiguous');
    at.pass(60_000);
    await until(() => tab.item(one.id)?.attempts === 3 && tab.item(one.id)?.waiting === 'busy');
    expect(asked[2]).toMatchObject({ before: 2, unsure: true });
    expect(tab.state(one.id)).toBe('ambiguous');
    at.pass(60_000);
    await until(() => tab.state(one.id) === 'acked');
  });

  test('«busy»: the acts of other plans go on', async () => {
    const { tab } = tabOf(machine(), [later()]);
    const [one, other] = [act(), act(OTHER)];
    tab.outbox.pause(true);
    for (const each of [one, other]) await tab.outbox.put(each);
    tab.outbox.pause(false);
    await until(() => tab.state(other.id) === 'acked');
    expect(tab.state(one.id)).toBe('queued');
  });

  test.each([
    ['«nobody answers»', later({ why: 'unreachable' }), 1_000],
    ['«ask again in two minutes»', later({ afterSeconds: 120 }), 120_000],
  ])('%s: nothing else is tried meanwhile', async (_, ending, ms) => {
    const at = machine();
    const { tab, asked } = tabOf(at, [ending]);
    const [one, other] = [act(), act(OTHER)];
    tab.outbox.pause(true);
    for (const each of [one, other]) await tab.outbox.put(each);
    tab.outbox.pause(false);
    await until(() => tab.item(one.id)?.waiting !== undefined);
    await quiet();
    expect(asked).toHaveLength(1);
    expect(tab.item(other.id)?.nextAt).toBe(new Date(at.now() + ms).toISOString());
    at.pass(ms);
    await until(() => states(tab, one, other).every(state => state === 'acked'));
    // Never tried comes first.
    expect(asked.map(({ id }) => id)).toEqual([one.id, other.id, one.id]);
  });

  test('a network that is back is tried at once, a server that asked for time is not', async () => {
    const at = machine();
    const { tab, asked } = tabOf(at, [
      later({ why: 'unreachable' }),
      later({ why: 'unreachable' }),
      later({ why: 'unreachable' }),
    ]);
    const one = act();
    await tab.outbox.put(one);
    for (let tried = 1; tried <= 2; tried += 1) {
      await until(
        () => tab.item(one.id)?.attempts === tried && tab.item(one.id)?.nextAt !== undefined,
      );
      at.pass(60_000);
    }
    await until(() => tab.item(one.id)?.attempts === 3 && tab.item(one.id)?.nextAt !== undefined);
    at.pass(1_000);
    await quiet();
    expect(asked).toHaveLength(3);
    tab.revive();
    await until(() => tab.state(one.id) === 'acked');
    // And so is what is pressed afterwards: of the silence before it nothing is left.
    const next = act(OTHER);
    await tab.outbox.put(next);
    await until(() => tab.state(next.id) === 'acked');

    const told = tabOf(at, [later({ afterSeconds: 120 })]);
    const two = act();
    await told.tab.outbox.put(two);
    await until(() => told.tab.item(two.id)?.waiting === 'busy');
    at.pass(2_000);
    told.tab.revive();
    await quiet();
    expect(told.asked).toHaveLength(1);
    // But a person may.
    await told.tab.outbox.again(two.id);
    await until(() => told.tab.state(two.id) === 'acked');
  });

  test('a server that asks for time gets it from every act, in every tab, and whatever wakes them', async () => {
    const at = machine();
    const first = tabOf(at, [later({ afterSeconds: 120 })]);
    const [one, other, third] = [act(), act(OTHER), act('CarePlan/3')];
    await first.tab.outbox.put(one);
    await until(() => first.tab.item(one.id)?.waiting === 'busy');
    await first.tab.outbox.put(other);
    at.pass(2_000);
    first.tab.revive();
    await first.tab.outbox.put(third);
    await quiet();
    expect(first.asked).toHaveLength(1);

    first.tab.die();
    const second = tabOf(at);
    await quiet();
    expect(second.asked).toHaveLength(0);
    at.pass(120_000);
    await until(() => states(second.tab, one, other, third).every(state => state === 'acked'));
  });

  test('what a person was asked to decide on keeps nobody else waiting', async () => {
    const at = machine();
    const { tab } = tabOf(at, [
      later({ afterSeconds: 3_600 }),
      { kind: 'conflict', conflicts: [conflict()] },
    ]);
    const [one, other] = [act(), act(OTHER)];
    await tab.outbox.put(one);
    await until(() => tab.item(one.id)?.waiting === 'busy');
    at.pass(2_000);
    await tab.outbox.again(one.id);
    await until(() => tab.state(one.id) === 'conflict');
    await tab.outbox.put(other);
    await until(() => tab.state(other.id) === 'acked');
  });

  test('«signed out» after some of it was done: it may be there, and is not taken back', async () => {
    const at = machine();
    const { tab } = tabOf(at, [{ kind: 'signed-out', unsure: true }]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.item(one.id)?.waiting === 'signed-out');
    expect(tab.state(one.id)).toBe('ambiguous');
  });

  test('«signed out»: nothing is tried, whatever wakes it, until a person asks', async () => {
    const at = machine();
    const { tab, asked } = tabOf(at, [{ kind: 'signed-out', unsure: false }]);
    const [one, other] = [act(), act(OTHER)];
    await tab.outbox.put(one);
    await until(() => tab.item(one.id)?.waiting === 'signed-out');
    expect(tab.item(one.id)).toMatchObject({ state: 'queued', nextAt: undefined });
    await tab.outbox.put(other);
    at.pass(3_600_000);
    tab.revive();
    await quiet();
    expect(asked).toHaveLength(1);
    await tab.outbox.again(one.id);
    await until(() => states(tab, one, other).every(state => state === 'acked'));
  });

  test('a person’s wish holds for one attempt: a server that asks for time again gets it', async () => {
    const at = machine();
    const { tab, asked } = tabOf(at, [later({ afterSeconds: 120 }), later({ afterSeconds: 120 })]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.item(one.id)?.waiting === 'busy');
    at.pass(2_000);
    await tab.outbox.again(one.id);
    await until(() => tab.item(one.id)?.attempts === 2 && tab.state(one.id) === 'queued');
    at.pass(119_000);
    await quiet();
    expect(asked).toHaveLength(2);
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'acked');
  });

  test('«signed out»: the next login sends it at once, however long the server had asked it to wait', async () => {
    const at = machine();
    const first = tabOf(at, [
      later({ afterSeconds: 3_600 }),
      { kind: 'signed-out', unsure: false },
    ]);
    const one = act();
    await first.tab.outbox.put(one);
    await until(() => first.tab.item(one.id)?.waiting === 'busy');
    at.pass(2_000);
    await first.tab.outbox.again(one.id);
    await until(() => first.tab.item(one.id)?.waiting === 'signed-out');
    await first.tab.leave();
    at.pass(1_000);
    const next = tabOf(at);
    await until(() => next.tab.state(one.id) === 'acked');
  });

  test('«cancelled»: it waits, in doubt where it was in doubt', async () => {
    const at = machine();
    const { tab } = tabOf(at, [
      { kind: 'cancelled', unsure: false },
      { kind: 'cancelled', unsure: true },
    ]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.state(one.id) === 'queued' && tab.item(one.id)?.attempts === 1);
    expect(tab.item(one.id)?.waiting).toBeUndefined();
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'ambiguous');
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'acked');
  });

  test('«conflict»: both versions wait for a person, and what was decided before counts no more', async () => {
    const at = machine();
    const clash: Delivered = { kind: 'conflict', conflicts: [conflict()] };
    const { tab, asked } = tabOf(at, [clash, clash]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.state(one.id) === 'conflict');
    expect(tab.item(one.id)?.conflicts).toEqual([conflict()]);
    await tab.outbox.decide(one.id, 'set-mine');
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'conflict' && asked.length === 2);
    expect([...asked[1]!.decided]).toEqual([['Goal/g1', 'set-mine']]);
    await quiet();
    await tab.outbox.again(one.id);
    at.pass(60_000);
    await quiet();
    // Without a new decision it is not sent.
    expect(asked).toHaveLength(2);
    await tab.outbox.decide(one.id, 'leave-theirs');
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'acked');
    expect([...asked[2]!.decided]).toEqual([['Goal/g1', 'leave-theirs']]);
  });

  test('«a person must look»: with the reason, and nothing is tried by itself', async () => {
    const at = machine();
    const reason = { why: 'refused', status: 422, says: ['Nei'] } as const;
    const { tab, asked } = tabOf(at, [later({ unsure: true }), { kind: 'needs-human', reason }]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.item(one.id)?.waiting === 'busy');
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'needs-human');
    expect(tab.item(one.id)).toMatchObject({ reason, waiting: undefined, nextAt: undefined });
    at.pass(3_600_000);
    await quiet();
    expect(asked).toHaveLength(2);
    await tab.outbox.again(one.id);
    await until(() => tab.state(one.id) === 'acked');
    // It may have arrived the first time.
    expect(asked[2]).toMatchObject({ unsure: true });
  });

  test('W24 «a person must look», and the disk is full: trying again says so, and it stays with the person', async () => {
    const at = machine();
    const reason = { why: 'refused', status: 422, says: ['Nei'] } as const;
    const { tab, asked } = tabOf(at, [{ kind: 'needs-human', reason }]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.state(one.id) === 'needs-human');
    const disk = fullDisk();
    await expect(tab.outbox.again(one.id)).rejects.toThrow('full');
    await quiet();
    expect(tab.item(one.id)).toMatchObject({ state: 'needs-human', reason });
    expect(asked).toHaveLength(1);
    disk.mockRestore();
    await tab.outbox.again(one.id);
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'acked');
  });

  test('an error of our own: it may have arrived, and is tried again', async () => {
    const at = machine();
    const { tab, asked } = tabOf(at, [() => Promise.reject(new Error('nobody thought of it'))]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.item(one.id)?.waiting === 'not-understood');
    expect(tab.item(one.id)).toMatchObject({ state: 'ambiguous', attempts: 1 });
    expect(tab.item(one.id)?.nextAt).toBe(new Date(at.now() + 1_000).toISOString());
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'acked');
    expect(asked[1]).toMatchObject({ before: 1, unsure: true });
  });

  test('what the disk will not note: it is in doubt, and tried again when the disk has been left alone a while', async () => {
    const at = machine();
    let disk: ReturnType<typeof fullDisk> | undefined;
    const asksDisk = () => disk?.mock.calls.length ?? 0;
    const { tab, asked } = tabOf(at, [
      () => {
        disk = fullDisk();
        return ACKED;
      },
    ]);
    const [one, other] = [act(), act(OTHER)];
    tab.outbox.pause(true);
    for (const each of [one, other]) await tab.outbox.put(each);
    tab.outbox.pause(false);
    await until(() => asksDisk() > 0);
    await quiet();
    const before = asksDisk();
    at.pass(4_999);
    await quiet();
    expect(asksDisk()).toBe(before);
    disk?.mockRestore();
    at.pass(1);
    await until(() => states(tab, one, other).every(state => state === 'acked'));
    expect(asked.filter(({ id }) => id === one.id)).toMatchObject([
      { before: 0, unsure: false },
      { before: 1, unsure: true },
    ]);
  });
});

describe('what one attempt leaves to the next', () => {
  test('is what it had kept of its steps', async () => {
    const at = machine();
    const { tab, asked } = tabOf(at, [
      async ({ keep }) => {
        await keep({ a: 'Task/1|1' });
        return later();
      },
    ]);
    const one = act();
    await tab.outbox.put(one);
    await until(() => tab.item(one.id)?.waiting === 'busy');
    at.pass(1_000);
    await until(() => tab.state(one.id) === 'acked');
    expect(asked[1]?.steps).toEqual({ a: 'Task/1|1' });
  });

  test('steps that cannot be kept, because another tab was faster, stop the attempt', async () => {
    const at = machine();
    let kept: unknown;
    const { tab } = tabOf(at, [
      async ({ id, keep }) => {
        const [row] = await at.rows('ledger');
        await at.put('ledger', { ...row, id, revision: 99 });
        kept = await keep({ a: '?' }).catch((error: unknown) => error);
        return later();
      },
    ]);
    await tab.outbox.put(act());
    await until(() => kept !== undefined);
    expect(String(kept)).toContain('could not be kept');
  });

  test('is what this author’s evaluations have changed; a second answer is for a person to see', async () => {
    const at = machine();
    const versions = ['Goal/g1|2'];
    const { tab, asked } = tabOf(at, [{ ...ACKED, versions }]);
    const acts = [act(), act(), act(PLAN, { what: 'answer' })];
    for (const one of acts) {
      await tab.outbox.put(one);
      await until(() => tab.state(one.id) === 'acked');
    }
    expect(asked[0]!.ours('Goal/g1|2')).toBe(false);
    expect(asked[1]!.ours('Goal/g1|2')).toBe(true);
    expect(asked[1]!.ours('Goal/g1|3')).toBe(false);
    expect(asked[2]!.ours('Goal/g1|2')).toBe(false);
  });
});

const silent = () => new Promise<never>(() => {});

test('where the browser has no locks a page still sends one at a time, however often it is woken', async () => {
  const at = machine();
  const { promise, resolve: end } = withResolvers<Delivered>();
  const { tab, asked } = tabOf(at, [() => promise], { withoutLocks: true });
  const [one, other] = [act(), act(OTHER)];
  await tab.outbox.put(one);
  await until(() => asked.length === 1);
  await tab.outbox.put(other);
  at.pass(60_000);
  tab.revive();
  await quiet();
  expect(asked).toHaveLength(1);
  end(ACKED);
  await until(() => states(tab, one, other).every(state => state === 'acked'));
});

describe('what was being sent when its page died', () => {
  test('is in doubt for the next page, which tries it again', async () => {
    const at = machine();
    const first = tabOf(at, [silent]);
    const one = act();
    await first.tab.outbox.put(one);
    await until(() => first.tab.state(one.id) === 'sending' && first.asked.length === 1);
    first.tab.die();
    at.pass(1_000);
    const next = tabOf(at);
    await until(() => next.tab.state(one.id) === 'acked');
    expect(next.asked[0]).toMatchObject({ before: 1, unsure: true });
  });

  test('without locks only when surely nobody is still sending it', async () => {
    const at = machine();
    const first = tabOf(at, [silent], { withoutLocks: true });
    const one = act();
    await first.tab.outbox.put(one);
    await until(() => first.tab.state(one.id) === 'sending' && first.asked.length === 1);
    first.tab.die();
    const next = tabOf(at, [], { withoutLocks: true });
    at.pass(300_000);
    await quiet();
    expect([next.tab.state(one.id), next.asked.length]).toEqual(['sending', 0]);
    at.pass(60_000);
    await until(() => next.tab.state(one.id) === 'acked');
    expect(next.asked[0]).toMatchObject({ unsure: true });
  });

  test('is left to the other tab while that lives', async () => {
    const at = machine();
    const first = tabOf(at, [silent]);
    const one = act();
    await first.tab.outbox.put(one);
    await until(() => first.tab.state(one.id) === 'sending' && first.asked.length === 1);
    const next = tabOf(at);
    await until(() => next.tab.state(one.id) === 'sending');
    at.pass(600_000);
    await quiet();
    expect([next.tab.state(one.id), next.asked.length]).toEqual(['sending', 0]);
    first.tab.die();
    await until(() => next.tab.state(one.id) === 'acked');
  });
});

describe('nothing is sent', () => {
  test('while the panel is hidden; then at once', async () => {
    const at = machine();
    const { tab, asked } = tabOf(at);
    const one = act();
    tab.outbox.pause(true);
    await tab.outbox.put(one);
    at.pass(60_000);
    tab.revive();
    await quiet();
    expect([asked.length, tab.item(one.id)?.nextAt]).toEqual([0, undefined]);
    tab.outbox.pause(false);
    await until(() => tab.state(one.id) === 'acked');
  });

  test('more, once the panel is hidden while one is on its way', async () => {
    const { tab, asked } = tabOf(machine(), [
      () => {
        tab.outbox.pause(true);
        return ACKED;
      },
    ]);
    const [one, other] = [act(), act(OTHER)];
    tab.outbox.pause(true);
    for (const each of [one, other]) await tab.outbox.put(each);
    tab.outbox.pause(false);
    await until(() => tab.state(one.id) === 'acked');
    await quiet();
    expect(asked).toHaveLength(1);
  });

  test('after the panel was left; and leaving waits until what is under way has been written down', async () => {
    const at = machine();
    const { promise, resolve: end } = withResolvers<Delivered>();
    const { tab, asked } = tabOf(at, [() => promise]);
    const [one, other] = [act(), act(OTHER)];
    tab.outbox.pause(true);
    for (const each of [one, other]) await tab.outbox.put(each);
    tab.outbox.pause(false);
    await until(() => asked.length === 1);
    const left = tab.leave();
    await quiet();
    end(later({ unsure: true }));
    await left;
    const rows = await at.rows('items');
    expect(rows.find(({ id }) => id === one.id)).toMatchObject({ state: 'ambiguous', attempts: 1 });
    at.pass(600_000);
    tab.revive();
    tab.outbox.pause(false);
    await tab.outbox.again(other.id);
    await quiet();
    expect(asked).toHaveLength(1);
  });
});

test('of several that fail each is tried in turn, the one that waited longest first', async () => {
  const at = machine();
  const endings = Array.from({ length: 4 }, () => later());
  const { tab, asked } = tabOf(at, endings);
  const [one, other] = [act(), act(OTHER)];
  await tab.outbox.put(one);
  await until(() => tab.item(one.id)?.waiting === 'busy');
  at.pass(500);
  await tab.outbox.put(other);
  await until(() => tab.item(other.id)?.waiting === 'busy');
  at.pass(60_000);
  await until(() => asked.length === 4 && tab.item(other.id)?.attempts === 2);
  expect(asked.map(({ id }) => id)).toEqual([one.id, other.id, one.id, other.id]);
  // And a third that was pressed meanwhile comes before both.
  await until(() => tab.item(other.id)?.waiting === 'busy');
  const third = act('CarePlan/3');
  tab.outbox.pause(true);
  await tab.outbox.put(third);
  at.pass(60_000);
  tab.outbox.pause(false);
  await until(() => states(tab, one, other, third).every(state => state === 'acked'));
  expect(asked.slice(4).map(({ id }) => id)).toEqual([third.id, one.id, other.id]);
});

test('four hours pass, and what waits is said to be overdue without anybody doing anything', async () => {
  const at = machine();
  const { tab } = tabOf(at, [], {});
  const one = act(PLAN, { pressed: new Date(at.now()).toISOString() });
  tab.outbox.pause(true);
  await tab.outbox.put(one);
  await quiet();
  at.pass(4 * 3_600_000 - 1);
  await quiet();
  expect(tab.item(one.id)?.overdue).toBe(false);
  at.pass(59_000);
  await quiet();
  expect(tab.item(one.id)?.overdue).toBe(false);
  at.pass(1_000);
  await until(() => tab.item(one.id)?.overdue === true);
});
