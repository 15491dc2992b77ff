import { describe, expect, test } from 'vitest';
import type { Deliver } from '../src/outbox/attempt.ts';
import { deliver } from '../src/outbox/deliver.ts';
import type { Bench } from './bench.ts';
import { machine, quiet, until } from './machine.ts';
import { evaluation, writingBench } from './proposals.ts';

const copies = (it: Bench, said: string) =>
  it.sandbox.store
    .all('QuestionnaireResponse')
    .filter(one => JSON.stringify(one).includes(`"valueString":"${said}"`)).length;

describe('two tabs of the same person', () => {
  test('M01: both know of what waits, one of them sends it, and it is there once', async () => {
    const it = await writingBench();
    const at = machine();
    let atOnce = 0;
    let most = 0;
    let attempts = 0;
    const counted: Deliver = async (...asked) => {
      atOnce += 1;
      attempts += 1;
      most = Math.max(most, atOnce);
      try {
        return await deliver(...asked);
      } finally {
        atOnce -= 1;
      }
    };
    const [one, other] = [
      at.open(it.session, { deliver: counted }),
      at.open(it.session, { deliver: counted }),
    ];
    const acts = ['a', 'b', 'c', 'd'].map(said => evaluation(it, { said }));
    for (const [index, act] of acts.entries()) {
      await (index % 2 ? one : other).outbox.put(act);
      one.revive();
      other.revive();
    }
    await until(() =>
      acts.every(({ id }) => one.state(id) === 'acked' || other.state(id) === 'acked'),
    );
    await quiet();
    expect(acts.map((_, index) => copies(it, 'abcd'[index]!))).toEqual([1, 1, 1, 1]);
    expect(most).toBe(1);
    expect(attempts).toBe(4);
    // Each tab shows what it had in hand itself as received.
    expect(one.state(acts[1]!.id)).toBe('acked');
    expect(other.state(acts[0]!.id)).toBe('acked');
  });

  test('M02 lock-holder-dies: the tab that was sending is killed, and the other goes on without waiting', async () => {
    const it = await writingBench();
    const at = machine();
    const [one, other] = [at.open(it.session), at.open(it.session)];
    await until(() => other.outbox.storage.value.state === 'open');
    one.network = 'silent';
    const act = evaluation(it, { said: 'M02' });
    await one.outbox.put(act);
    await until(() => one.state(act.id) === 'sending' && other.state(act.id) === 'sending');
    at.pass(5_000);
    await quiet();
    expect(copies(it, 'M02')).toBe(0);
    one.die();
    await until(() => other.state(act.id) === 'acked');
    expect(copies(it, 'M02')).toBe(1);
  });

  test('killed after the server had it: the next page looks before it writes', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session, {
      async deliver(...asked) {
        await deliver(...asked);
        return new Promise<never>(() => {});
      },
    });
    const act = evaluation(it, { said: 'killed' });
    await tab.outbox.put(act);
    await until(() => copies(it, 'killed') === 1);
    tab.die();
    const told: { before: number; unsure: boolean }[] = [];
    const next = at.open(it.session, {
      deliver(session, proposal, attempt) {
        told.push({ before: attempt.before, unsure: attempt.unsure });
        return deliver(session, proposal, attempt);
      },
    });
    at.pass(1_000);
    await until(() => next.state(act.id) === 'acked');
    expect(told).toEqual([{ before: 1, unsure: true }]);
    expect(copies(it, 'killed')).toBe(1);
  });

  test('what one tab withdraws is gone in the other', async () => {
    const it = await writingBench();
    const at = machine();
    const [one, other] = [at.open(it.session), at.open(it.session)];
    for (const tab of [one, other]) tab.outbox.pause(true);
    const act = evaluation(it, { said: 'withdrawn' });
    await one.outbox.put(act);
    await until(() => other.state(act.id) === 'queued');
    expect(await other.outbox.withdraw(act.id)).toBe('withdrawn');
    await until(() => one.item(act.id) === undefined);
    for (const tab of [one, other]) tab.outbox.pause(false);
    await quiet();
    expect(copies(it, 'withdrawn')).toBe(0);
  });

  test('steps that were done are not done again by the page that goes on', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session, {
      async deliver(_, __, { keep }) {
        await keep({ first: 'QuestionnaireResponse/1' });
        return new Promise<never>(() => {});
      },
    });
    const act = evaluation(it);
    await tab.outbox.put(act);
    await until(() => tab.state(act.id) === 'sending');
    await quiet();
    tab.die();
    const known: unknown[] = [];
    at.open(it.session, {
      deliver(session, proposal, attempt) {
        known.push(attempt.steps);
        return deliver(session, proposal, { ...attempt, steps: {} });
      },
    });
    at.pass(1_000);
    await until(() => known.length === 1);
    expect(known).toEqual([{ first: 'QuestionnaireResponse/1' }]);
  });
});
