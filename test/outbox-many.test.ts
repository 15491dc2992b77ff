import { expect, test } from 'vitest';
import { deliver } from '../src/outbox/deliver.ts';
import { waitAfter } from '../src/outbox/waiting.ts';
import { machine, until } from './machine.ts';
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
