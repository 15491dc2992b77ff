import { IDBObjectStore } from 'fake-indexeddb';
import { expect, test, vi } from 'vitest';
import { deliver } from '../src/outbox/deliver.ts';
import { waitAfter } from '../src/outbox/waiting.ts';
import { type Machine, machine, type Stored, until } from './machine.ts';
import { evaluation, writingBench } from './proposals.ts';

const OTHER_PLAN = { plan: 'CarePlan/p1-plan-ip', goal: 'Goal/p1-goal-ip1' };
const even = (nth: number) => nth % 2 === 0;

test('P06 backlog: of a hundred that wait, never more than one is on its way, and those of one plan arrive in order', async () => {
  const it = await writingBench();
  const at = machine();
  let underWay = 0;
  let most = 0;
  const tab = at.open(it.session, {
    async deliver(...asked) {
      underWay += 1;
      most = Math.max(most, underWay);
      const answer = await deliver(...asked);
      underWay -= 1;
      return answer;
    },
  });
  tab.outbox.pause(true);
  const acts = Array.from({ length: 100 }, (_, nth) =>
    evaluation(it, { said: `nr ${nth}`, ...(even(nth) ? {} : OTHER_PLAN) }),
  );
  for (const act of acts) expect(await tab.outbox.put(act)).toEqual({ ok: true });
  tab.outbox.pause(false);
  for (const { id } of acts) await until(() => tab.state(id) === 'acked');
  expect(most).toBe(1);
  const arrived = it.sandbox.store
    .all('QuestionnaireResponse')
    .flatMap(answers => /"valueString":"nr (\d+)"/.exec(JSON.stringify(answers))?.[1] ?? [])
    .map(Number);
  const inOrder = Array.from({ length: 100 }, (_, nth) => nth);
  expect(arrived.filter(even)).toEqual(inOrder.filter(even));
  expect(arrived.filter(nth => !even(nth))).toEqual(inOrder.filter(nth => !even(nth)));
}, 60_000);

test('P07 reconnect: fifty panels that lost the same server do not come back in the same second', () => {
  const later = {
    kind: 'later',
    unsure: false,
    why: 'unreachable',
    afterSeconds: undefined,
  } as const;
  // Their chance is spread evenly, so that nothing here is left to luck.
  const seconds = Array.from({ length: 50 }, (_, nth) =>
    Math.floor(waitAfter(later, 5, () => nth / 50).waitMs / 1000),
  );
  const inOneSecond = Math.max(
    ...seconds.map(second => seconds.filter(each => each === second).length),
  );
  expect(inOneSecond).toBeLessThanOrEqual(4);
  expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(25);
});

test('P08 big-idb: with five thousand lying there the disk is asked no more often than with one, and nothing is opened but this person’s about this patient', async () => {
  const it = await writingBench();
  const at = machine();
  const act = evaluation(it, { said: 'P08' });
  const tab = at.open(it.session);
  tab.outbox.pause(true);
  await tab.outbox.put(act);
  await tab.leave();
  const alone = await opening();
  expect(alone.reads.reduce((sum, n) => sum + n)).toBeGreaterThan(3);
  expect(alone.opened).toBeGreaterThan(1);
  const [mine] = await at.rows('items');
  await fill(at, mine!, 4999);
  const { reads, opened, elsewhere } = await opening();
  expect({ reads, opened }).toEqual({ reads: alone.reads, opened: alone.opened });
  expect(elsewhere).toEqual({ myOtherPatients: 2500, others: 2499 });

  /** How often the disk is read, and how often anything is opened, until what waits is on screen. */
  async function opening() {
    const read = (['get', 'getAll', 'getAllKeys', 'openCursor'] as const).map(method =>
      vi.spyOn(IDBObjectStore.prototype, method),
    );
    const decrypted = vi.spyOn(crypto.subtle, 'decrypt');
    const again = at.open(it.session);
    again.outbox.pause(true);
    await until(() => again.item(act.id)?.proposal !== undefined);
    const counted = {
      reads: read.map(({ mock }) => mock.calls.length),
      opened: decrypted.mock.calls.length,
      elsewhere: again.outbox.elsewhere.value,
    };
    await again.leave();
    vi.restoreAllMocks();
    return counted;
  }
}, 60_000);

/** As many as that, in the shape of this one: half the same person's about others, half other people's. */
async function fill(at: Machine, like: Stored, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    const id = crypto.randomUUID();
    const owner = even(nth) ? like['owner'] : 'somebody else';
    await at.put('items', { ...like, id, owner, about: `patient ${nth}`, seq: nth + 2 });
    await at.put('ledger', { id, owner, revision: like['revision'] });
  }
}
