import { describe, expect, test } from 'vitest';
import type { Deliver } from '../src/outbox/attempt.ts';
import { deliver } from '../src/outbox/deliver.ts';
import type { Bench } from './bench.ts';
import { type Machine, machine, quiet, type Tab, until } from './machine.ts';
import { evaluation, writingBench } from './proposals.ts';

const OTHER_PLAN = { plan: 'CarePlan/p1-plan-ip', goal: 'Goal/p1-goal-ip1' };
const TRANSACTION = '/^POST \\/fhir\\/?$/';

const copies = (it: Bench, id: string) =>
  it.sandbox.store
    .all('QuestionnaireResponse')
    .filter(one => JSON.stringify(one).includes(`"valueString":"${id}"`));

/** An evaluation that can be told from others on the server by what was said. */
const saying = (it: Bench, said: string, more: object = {}) => evaluation(it, { said, ...more });

/** When the next attempt is due, it is that time. */
function whenDue(at: Machine, tab: Tab, id: string) {
  at.pass(Date.parse(tab.item(id)?.nextAt ?? '') - at.now());
}

/** The real thing, with a note of when it was asked to send what. */
function noted(at: Machine) {
  const attempts: { id: string; at: number; before: number; unsure: boolean }[] = [];
  const delivering: Deliver = (session, proposal, attempt) => {
    const { before, unsure } = attempt;
    attempts.push({ id: proposal.id, at: at.now(), before, unsure });
    return deliver(session, proposal, attempt);
  };
  return { attempts, deliver: delivering };
}

describe('an evaluation on its way', () => {
  test('W02 honest-status: it is on the disk before anything is sent, and «mottatt» only after the server has it', async () => {
    const it = await writingBench();
    const at = machine();
    const act = saying(it, 'W02');
    const onDiskWhenSent: unknown[] = [];
    const tab = at.open(it.session, {
      async deliver(...asked) {
        const rows = await at.rows('items');
        onDiskWhenSent.push(rows.map(({ id, state }) => [id, state]));
        const answer = await deliver(...asked);
        expect(tab.state(act.id)).toBe('sending');
        return answer;
      },
    });
    expect(await tab.outbox.put(act)).toEqual({ ok: true });
    await until(() => tab.state(act.id) === 'acked');
    expect(onDiskWhenSent).toEqual([[[act.id, 'sending']]]);
    expect(copies(it, 'W02')).toHaveLength(1);
    // What arrived is destroyed here: no text, and nothing that could open one.
    const [row] = await at.rows('items');
    expect(row).toMatchObject({ state: 'acked', body: undefined });
    expect(tab.item(act.id)?.proposal?.words).toContain('W02');
  });

  test('W06 offline: five evaluations of one plan arrive by themselves and in order when the network is back', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    tab.network = 'down';
    const acts = ['ein', 'to', 'tre', 'fire', 'fem'].map(said => saying(it, said));
    for (const act of acts) expect(await tab.outbox.put(act)).toEqual({ ok: true });
    await until(() => tab.item(acts[0]!.id)?.waiting !== undefined);
    expect(tab.item(acts[1]!.id)?.waiting).toBe('behind-another');
    tab.network = 'up';
    tab.revive();
    at.pass(1_000);
    await until(() => acts.every(({ id }) => tab.state(id) === 'acked'));
    const written = (await it.asked()).filter(line =>
      line.startsWith('PUT /fhir/QuestionnaireResponse/'),
    );
    // Each but the first is refused once, on a plan that its own author has changed meanwhile.
    expect([...new Set(written)]).toEqual(
      acts.map(
        ({ writes }) => `PUT /fhir/QuestionnaireResponse/${(writes[0] as { uuid: string }).uuid}`,
      ),
    );
  });

  test('W07 500s: three failures and then one copy, with growing pauses of at least a second', async () => {
    const it = await writingBench();
    const at = machine();
    const { attempts, deliver: send } = noted(at);
    await it.scenario({ match: '/fhir', status: 500 });
    const tab = at.open(it.session, { deliver: send });
    const act = saying(it, 'W07');
    await tab.outbox.put(act);
    for (let turn = 1; turn <= 3; turn += 1) {
      await until(() => attempts.length === turn && tab.item(act.id)?.nextAt !== undefined);
      expect(tab.item(act.id)).toMatchObject({ state: 'ambiguous', waiting: 'server-error' });
      if (turn === 3) await it.scenario();
      whenDue(at, tab, act.id);
    }
    await until(() => tab.state(act.id) === 'acked');
    expect(copies(it, 'W07')).toHaveLength(1);
    const pauses = attempts.slice(1).map((one, index) => one.at - attempts[index]!.at);
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
    expect(attempts.map(({ before }) => before)).toEqual([0, 1, 2, 3]);
  });

  test('W08 retry-after: the server said two minutes, so not a second sooner', async () => {
    const it = await writingBench();
    const at = machine();
    const { attempts, deliver: send } = noted(at);
    await it.scenario({
      match: TRANSACTION,
      status: 503,
      times: 1,
      headers: { 'Retry-After': '120' },
    });
    const tab = at.open(it.session, { deliver: send });
    const act = saying(it, 'W08');
    await tab.outbox.put(act);
    await until(() => tab.item(act.id)?.waiting === 'busy');
    at.pass(119_000);
    tab.revive();
    await quiet();
    expect(attempts).toHaveLength(1);
    at.pass(1_000);
    await until(() => tab.state(act.id) === 'acked');
    expect(attempts).toHaveLength(2);
  });

  test('W14 W21: one that the server refuses keeps its text and holds back its own plan only', async () => {
    const it = await writingBench();
    const tab = machine().open(it.session);
    tab.outbox.pause(true);
    const refused = saying(it, 'refused');
    const behind = saying(it, 'behind');
    const other = saying(it, 'other', OTHER_PLAN);
    for (const act of [refused, behind, other]) await tab.outbox.put(act);
    await it.scenario({ match: TRANSACTION, status: 422, times: 1 });
    tab.outbox.pause(false);
    await until(() => tab.state(other.id) === 'acked');
    expect(tab.item(refused.id)).toMatchObject({
      state: 'needs-human',
      reason: { why: 'refused' },
    });
    expect(tab.item(refused.id)?.proposal?.words).toContain('refused');
    expect(tab.item(behind.id)).toMatchObject({ state: 'queued', waiting: 'behind-another' });
    await tab.outbox.settle(refused.id);
    await until(() => tab.state(behind.id) === 'acked');
    expect(tab.item(refused.id)).toBeUndefined();
    expect(copies(it, 'refused')).toHaveLength(0);
  });

  test('W12: a change by somebody else waits for a person, who decides, and then it arrives', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    const act = saying(it, 'W12');
    const goal = it.sandbox.store.at('Goal/p1-goal-g1')!;
    await changedByOthers(it, { ...goal, achievementStatus: { text: 'satt av en annen' } });
    await tab.outbox.put(act);
    await until(() => tab.state(act.id) === 'conflict');
    expect(tab.item(act.id)?.conflicts).toMatchObject([
      { ref: 'Goal/p1-goal-g1', theirs: { achievementStatus: { text: 'satt av en annen' } } },
    ]);
    await tab.outbox.decide(act.id, 'leave-theirs');
    at.pass(1_000);
    await until(() => tab.state(act.id) === 'acked');
    expect(it.sandbox.store.at('Goal/p1-goal-g1')).toMatchObject({
      achievementStatus: { text: 'satt av en annen' },
    });
    expect(copies(it, 'W12')).toHaveLength(1);
  });

  test('the same author’s next evaluation is no conflict, not even after the page was opened anew', async () => {
    const it = await writingBench();
    const at = machine();
    const first = saying(it, 'first');
    const second = saying(it, 'second', { achieved: 'in-progress', next: '2027-02-14' });
    const tab = at.open(it.session);
    await tab.outbox.put(first);
    await until(() => tab.state(first.id) === 'acked');
    await tab.leave();
    const next = at.open(it.session);
    await next.outbox.put(second);
    await until(() => next.state(second.id) === 'acked');
    expect(copies(it, 'second')).toHaveLength(1);
  });

  test('the same doctor’s second answer to a task that has been answered is a conflict, and not set over the first', async () => {
    const it = await writingBench();
    const tab = machine().open(it.session);
    const first = { ...saying(it, 'first'), what: 'answer' as const };
    const second = {
      ...saying(it, 'second', { achieved: 'in-progress', next: '2027-02-14' }),
      what: 'answer' as const,
    };
    await tab.outbox.put(first);
    await until(() => tab.state(first.id) === 'acked');
    await tab.outbox.put(second);
    await until(() => tab.state(second.id) === 'conflict');
    expect(copies(it, 'second')).toHaveLength(0);
  });

  test('W22 double-press: the same act put twice at once is one', async () => {
    const it = await writingBench();
    const at = machine();
    const { attempts, deliver: send } = noted(at);
    const tab = at.open(it.session, { deliver: send });
    const act = saying(it, 'W22');
    expect(await Promise.all([tab.outbox.put(act), tab.outbox.put(act)])).toEqual([
      { ok: true },
      { ok: true },
    ]);
    await until(() => tab.state(act.id) === 'acked');
    expect(await tab.outbox.put(act)).toEqual({ ok: true });
    await quiet();
    at.pass(2_000);
    await quiet();
    expect(await at.rows('items')).toHaveLength(1);
    expect(attempts).toHaveLength(1);
    expect(copies(it, 'W22')).toHaveLength(1);
  });

  test('W25 sleep: after two hours it is tried once, however many things wake it', async () => {
    const it = await writingBench();
    const at = machine();
    const { attempts, deliver: send } = noted(at);
    const tab = at.open(it.session, { deliver: send });
    tab.network = 'down';
    const acts = [saying(it, 'a'), saying(it, 'b', OTHER_PLAN)];
    for (const act of acts) await tab.outbox.put(act);
    await until(() => attempts.length > 0 && tab.item(acts[0]!.id)?.nextAt !== undefined);
    await quiet();
    attempts.length = 0;
    at.pass(7_200_000);
    for (let turn = 0; turn < 5; turn += 1) tab.revive();
    await quiet();
    for (let turn = 0; turn < 5; turn += 1) tab.revive();
    await quiet();
    const each = acts.map(({ id }) => attempts.filter(one => one.id === id).length);
    expect(Math.max(...each)).toBe(1);
    expect(attempts.length).toBeGreaterThan(0);
  });

  test('W28 authored: sent three hours later it says when it was pressed, and it is overdue after four', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    tab.network = 'down';
    const pressed = '2026-11-21T20:15:00+01:00';
    const act = saying(it, 'W28', { pressed });
    const late = saying(it, 'late', { pressed, ...OTHER_PLAN });
    await tab.outbox.put(act);
    await until(() => tab.item(act.id)?.waiting !== undefined);
    at.pass(3 * 3_600_000);
    expect(tab.item(act.id)?.overdue).toBe(false);
    tab.network = 'up';
    tab.revive();
    await until(() => tab.state(act.id) === 'acked');
    expect(copies(it, 'W28')).toMatchObject([{ authored: pressed }]);
    expect(tab.item(act.id)).toMatchObject({
      since: '2026-11-21T19:15:00.000Z',
      acked: '2026-11-21T22:15:00.000Z',
      overdue: false,
    });
    tab.network = 'down';
    await tab.outbox.put(late);
    at.pass(3_700_000);
    await until(() => tab.item(late.id)?.overdue === true);
    expect(tab.state(late.id)).not.toBe('acked');
  });

  test('W30 withdraw: what was never sent never is; what may have arrived is no longer ours to take back', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    tab.outbox.pause(true);
    const taken = saying(it, 'taken');
    await tab.outbox.put(taken);
    expect(await tab.outbox.withdraw(taken.id)).toBe('withdrawn');
    tab.outbox.pause(false);
    await quiet();
    expect(copies(it, 'taken')).toHaveLength(0);
    expect(await at.rows('items')).toEqual([]);

    await it.scenario({ match: TRANSACTION, then: 'commit-then-drop', times: 1 });
    const arrived = saying(it, 'arrived');
    await tab.outbox.put(arrived);
    await until(() => tab.state(arrived.id) === 'ambiguous');
    expect(await tab.outbox.withdraw(arrived.id)).toBe('too-late');
    whenDue(at, tab, arrived.id);
    await until(() => tab.state(arrived.id) === 'acked');
    expect(copies(it, 'arrived')).toHaveLength(1);
    expect(await tab.outbox.withdraw(arrived.id)).toBe('too-late');
  });

  test('W30 withdraw: also after a failure that surely wrote nothing, but not while it is being sent', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    await it.scenario({ match: TRANSACTION, status: 429, times: 1 });
    const act = saying(it, 'W30');
    await tab.outbox.put(act);
    await until(() => tab.item(act.id)?.waiting === 'busy');
    expect(await tab.outbox.withdraw(act.id)).toBe('withdrawn');
    tab.network = 'silent';
    const next = saying(it, 'next');
    await tab.outbox.put(next);
    at.pass(1_000);
    await until(() => tab.state(next.id) === 'sending');
    expect(await tab.outbox.withdraw(next.id)).toBe('too-late');
  });

  test('T07: a login that ends with nothing to renew it keeps the text, and the same person’s next one sends it', async () => {
    const it = await writingBench({ scope: 'openid fhirUser launch patient/*.cruds' });
    const at = machine();
    const tab = at.open(it.session);
    it.pass(700_000);
    const act = saying(it, 'T07');
    expect(await tab.outbox.put(act)).toEqual({ ok: true });
    await until(() => tab.item(act.id)?.waiting === 'signed-out');
    at.pass(600_000);
    await quiet();
    expect(tab.item(act.id)?.attempts).toBe(1);
    await tab.leave();
    const again = await writingBench({ beside: it });
    const next = at.open(again.session);
    await until(() => copies(it, 'T07').length === 1);
    await until(() => next.outbox.items.value.length === 0 || next.state(act.id) === 'acked');
  });

  test('C02: nothing is kept that is bound to another patient, and nothing is sent when the patient changes', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    const act = saying(it, 'C02');
    const elses = { ...act, bound: { ...act.bound, patient: 'Patient/p2' as const } };
    await expect(tab.outbox.put(elses)).rejects.toThrow('bound');
    expect(() => tab.outbox.sendUnkept(elses)).toThrow('bound');
    tab.outbox.pause(true);
    await tab.outbox.put(act);
    await tab.leave();
    tab.outbox.pause(false);
    tab.revive();
    at.pass(60_000);
    await quiet();
    expect(copies(it, 'C02')).toHaveLength(0);
    expect(await tab.outbox.put(saying(it, 'after'))).toMatchObject({ ok: false });
    // Another patient of the same person: it is counted, and neither shown nor sent.
    const other = at.open({ ...it.session, patient: 'Patient/p2' });
    await until(() => other.outbox.elsewhere.value.myOtherPatients === 1);
    await quiet();
    expect(other.outbox.items.value).toEqual([]);
    expect(await at.rows('items')).toMatchObject([{ state: 'queued' }]);
  });

  test('C02: the patient changes while it is being sent, and afterwards it is there once', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    tab.network = 'silent';
    const act = saying(it, 'mid');
    await tab.outbox.put(act);
    await until(() => tab.state(act.id) === 'sending');
    await tab.leave();
    expect((await at.rows('items'))[0]?.['state']).toMatch(/queued|ambiguous/);
    const back = at.open(it.session);
    at.pass(1_000);
    await until(() => copies(it, 'mid').length === 1);
    await until(() => back.state(act.id) === 'acked');
  });
});

async function changedByOthers(
  it: Bench,
  resource: { resourceType: string; id?: string; achievementStatus: object },
) {
  const { meta } = it.sandbox.store.at(`${resource.resourceType}/${resource.id}`)!;
  const other = await writingBench({ beside: it });
  const token = (await other.session.authorization?.token()) ?? '';
  const answer = await it.sandbox.fetch(
    new Request(`${it.session.iss}/${resource.resourceType}/${resource.id}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/fhir+json',
        'if-match': `W/"${meta?.versionId}"`,
      },
      body: JSON.stringify(resource),
    }),
  );
  if (!answer.ok) throw new Error(await answer.text());
}
