import { describe, expect, test, vi } from 'vitest';
import type { Raw } from '../src/fhir/ask.ts';
import type { Proposal } from '../src/fhir/proposal.ts';
import type { Choice } from '../src/outbox/delivered.ts';
import type { Bench } from './bench.ts';
import { countsOf, expectSet, expectWhole, sending, writesAsked } from './deliveries.ts';
import { answer, evaluation, writingBench } from './proposals.ts';

// Each makes a whole sandbox with all its people, some several.
vi.setConfig({ testTimeout: 30_000 });

const GOAL = 'Goal/p1-goal-g1';
const PLAN = 'CarePlan/p1-plan-behandling';

/** Somebody else changes it, through the door everybody uses. */
async function somebodyChanges(it: Bench, ref: string, change: Raw): Promise<void> {
  const response = await it.session.fetch(
    new Request(`${it.session.iss}/${ref}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await it.session.authorization?.token()}`,
        'content-type': 'application/fhir+json',
      },
      body: JSON.stringify({ ...it.sandbox.store.at(ref), ...change }),
    }),
  );
  expect(response.status).toBe(200);
}

const deciding = (...choices: readonly [string, Choice][]) => ({
  before: 1,
  decided: new Map(choices),
});

const provenanceTargets = (it: Bench, proposal: Proposal) =>
  it.sandbox.store
    .all('Provenance')
    .filter(({ recorded }) => recorded === proposal.pressed)
    .map(({ target }) => (target as { reference: string }[]).map(each => each.reference));

const servers = [
  ['with transactions', {}],
  ['without transactions', { transactions: false }],
  ['that runs a transaction as a batch', { transactions: 'as-batch' }],
] as const;

describe.each(servers)('On a server %s', (name, server) => {
  test('W12 if-match-412: when the plan was changed meanwhile, both versions come back and nothing is overwritten', async () => {
    const it = await writingBench({ server });
    const proposal = evaluation(it);
    const asRead = it.sandbox.store.at(PLAN);
    await somebodyChanges(it, PLAN, { title: 'Ny tittel' });
    const delivered = await sending(it.session, proposal).attempt();
    expect(delivered).toMatchObject({
      kind: 'conflict',
      conflicts: [
        {
          ref: PLAN,
          theirs: { title: 'Ny tittel', meta: { versionId: '2' } },
          read: asRead,
          mine: [{ label: 'Neste evaluering', words: '2027-01-14' }],
        },
      ],
    });
    expect(it.sandbox.store.at(PLAN)).toMatchObject({
      title: 'Ny tittel',
      meta: { versionId: '2' },
    });
    // A server that takes a transaction apart has taken the rest; the others have taken nothing.
    const nothing = [0, 0, 0, 0, 0];
    if (name !== servers[2][0]) expect(countsOf(it, proposal)).toEqual(nothing);
  });

  test('both of two conflicts are shown at once', async () => {
    const it = await writingBench({ server });
    const proposal = evaluation(it);
    await somebodyChanges(it, PLAN, { title: 'Ny tittel' });
    await somebodyChanges(it, GOAL, { startDate: '2026-02-02' });
    const delivered = await sending(it.session, proposal).attempt();
    const refs = delivered.kind === 'conflict' ? delivered.conflicts.map(({ ref }) => ref) : [];
    expect(refs).toEqual([GOAL, PLAN]);
  });

  test('what the person leaves as theirs is not written, and Provenance does not name it', async () => {
    const it = await writingBench({ server });
    const proposal = evaluation(it);
    await somebodyChanges(it, PLAN, { title: 'Ny tittel' });
    const item = sending(it.session, proposal, deciding([PLAN, 'leave-theirs']));
    expect(await item.attempt()).toMatchObject({ kind: 'acked', versions: [`${GOAL}|2`] });
    expect(countsOf(it, proposal)).toEqual([1, 1, 1, 1, 1]);
    expect(it.sandbox.store.at(PLAN)?.meta?.versionId).toBe('2');
    const [targets] = provenanceTargets(it, proposal);
    expect(targets).toHaveLength(5);
    expect(targets).not.toContain(PLAN);
  });

  test('what the person sets on the new version keeps everything the other wrote', async () => {
    const it = await writingBench({ server });
    const proposal = evaluation(it);
    await somebodyChanges(it, PLAN, { title: 'Ny tittel' });
    const item = sending(it.session, proposal, deciding([PLAN, 'set-mine']));
    expect(await item.attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
    expect(it.sandbox.store.at(PLAN)).toMatchObject({
      title: 'Ny tittel',
      meta: { versionId: '3' },
    });
  });

  test('and once more on the newest, when it is changed again as it is sent', async () => {
    const it = await writingBench({ server });
    const proposal = evaluation(it);
    await somebodyChanges(it, PLAN, { title: 'Ny tittel' });
    let again = true;
    const fetch = async (request: Request) => {
      if (
        again &&
        request.method !== 'GET' &&
        (await request.clone().text()).includes('W/\\"2\\"')
      ) {
        again = false;
        await somebodyChanges(it, PLAN, { title: 'Enda en' });
      }
      if (again && request.headers.get('if-match') === 'W/"2"') {
        again = false;
        await somebodyChanges(it, PLAN, { title: 'Enda en' });
      }
      return it.session.fetch(request);
    };
    const item = sending({ ...it.session, fetch }, proposal, deciding([PLAN, 'set-mine']));
    expect(await item.untilSettled()).toMatchObject({ kind: 'acked' });
    expect(again).toBe(false);
    expectWhole(it, proposal);
    expect(it.sandbox.store.at(PLAN)).toMatchObject({ title: 'Enda en', meta: { versionId: '4' } });
  });

  test("the author's own earlier evaluation, sent a moment ago, is no conflict: this one is set on top of it", async () => {
    const it = await writingBench({ server });
    const first = evaluation(it, { next: '2026-12-24', achieved: 'improving' });
    const second = evaluation(it, { pressed: '2026-11-21T20:21:00+01:00', said: 'Hunden' });
    const mine = await sending(it.session, first).attempt();
    const versions = mine.kind === 'acked' ? mine.versions : [];
    const ours = (refVersion: string) => versions.includes(refVersion);
    expect(await sending(it.session, second).attempt()).toMatchObject({ kind: 'conflict' });
    const item = sending(it.session, second, { ours, before: 1, unsure: true });
    expect(await item.attempt()).toMatchObject({
      kind: 'acked',
      versions: [`${GOAL}|3`, `${PLAN}|3`],
    });
    expectWhole(it, second);
    expect(countsOf(it, first)).toEqual([1, 1, 1, 1, 1]);
  });

  test('and when the answer to that is lost, what was set on top is found to be there', async () => {
    const it = await writingBench({ server });
    const whole = evaluation(it, { next: '2026-12-24', achieved: 'improving' });
    const more = { at: 'description', value: 'Ny', label: 'Beskrivelse', words: 'Ny' };
    // What the first changed, and the second does not, must stay.
    const first = {
      ...whole,
      writes: whole.writes.map(one =>
        one.kind === 'changed' && one.ref === PLAN ? { ...one, sets: [...one.sets, more] } : one,
      ),
    };
    const second = evaluation(it, { pressed: '2026-11-21T20:21:00+01:00' });
    const mine = await sending(it.session, first).attempt();
    const versions = mine.kind === 'acked' ? mine.versions : [];
    const isLast = (request: Request, text: string) =>
      request.method === 'PUT' ? request.url.endsWith(PLAN) : text.includes('ifMatch');
    let dropped = false;
    const fetch = async (request: Request) => {
      const text = await request.clone().text();
      const response = await it.session.fetch(request);
      if (dropped || !isLast(request, text) || response.status !== 200) return response;
      dropped = true;
      throw new TypeError('Failed to fetch');
    };
    const lossy = sending({ ...it.session, fetch }, second, {
      ours: each => versions.includes(each),
    });
    expect((await lossy.attempt()).kind).toBe('later');
    expect(dropped).toBe(true);
    expect(await lossy.untilSettled()).toMatchObject({ kind: 'acked' });
    expectWhole(it, second);
    expect(it.sandbox.store.at(PLAN)).toMatchObject({
      description: 'Ny',
      meta: { versionId: '3' },
    });
  });

  test("an answer's change that is there already, by our own hand, is found to be ours", async () => {
    const it = await writingBench({ server });
    const proposal = answer(it);
    await sending(it.session, proposal).attempt();
    const again = sending(it.session, proposal, { before: 1, unsure: true });
    const before = it.sandbox.store.at('Task/p1-change-1')?.meta?.versionId;
    expect(await again.attempt()).toMatchObject({ kind: 'acked' });
    expect(it.sandbox.store.at('Task/p1-change-1')?.meta?.versionId).toBe(before);
    expect(provenanceTargets(it, proposal)).toHaveLength(1);
  });

  test('HZ14 somebody else gave the same answer to another wording: it is a conflict, not ours', async () => {
    const it = await writingBench({ server });
    const proposal = answer(it);
    const sets = Object.fromEntries(
      proposal.writes.flatMap(one =>
        one.kind === 'changed' ? one.sets.map(({ at, value }) => [at, value]) : [],
      ),
    );
    await somebodyChanges(it, 'Task/p1-change-1', { ...sets, description: 'noe ganske annet' });
    const item = sending(it.session, proposal, { before: 1, unsure: true });
    expect(await item.attempt()).toMatchObject({ kind: 'conflict' });
  });
});

describe('W13 409', () => {
  test.each([true, false])(
    'with transactions %s, a 409 about a version that was changed is shown as the same conflict',
    async transactions => {
      const it = await writingBench({ server: { transactions } });
      const proposal = evaluation(it);
      await somebodyChanges(it, PLAN, { title: 'Ny tittel' });
      const match = transactions ? '/^POST .fhir$/' : `PUT /fhir/${PLAN}`;
      await it.scenario({ match, times: 1, status: 409 });
      const delivered = await sending(it.session, proposal).attempt();
      expect(delivered).toMatchObject({ kind: 'conflict', conflicts: [{ ref: PLAN }] });
      expect(it.sandbox.store.at(PLAN)?.['title']).toBe('Ny tittel');
    },
  );

  test('a 409 nobody can explain is tried again, and in the end a person must look', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    await it.scenario({ match: '/^POST .fhir$/', nth: 1, status: 409 });
    const item = sending(it.session, proposal);
    expect(await item.attempt()).toMatchObject({ kind: 'later', why: 'busy', unsure: false });
    expect(await item.attempt()).toMatchObject({ kind: 'acked' });
    const other = await writingBench({ server: { transactions: false } });
    await other.scenario({ match: 'PUT /fhir/Encounter', status: 409 });
    expect(await sending(other.session, evaluation(other)).untilSettled()).toMatchObject({
      kind: 'needs-human',
      reason: { why: 'refused', status: 409 },
    });
  });
});

describe('A plan that came in part', () => {
  test('R27 subsetted: is not sent back as if it were whole', async () => {
    const it = await writingBench({ server: { transactions: false } });
    const proposal = evaluation(it);
    const fetch = async (request: Request) => {
      const response = await it.session.fetch(request);
      const text = await response.text();
      return new Response(
        text.replaceAll('"versionId":"1"', '"versionId":"1","tag":[{"code":"SUBSETTED"}]'),
        response,
      );
    };
    expect(await sending({ ...it.session, fetch }, proposal).attempt()).toMatchObject({
      kind: 'needs-human',
      reason: { why: 'unreadable' },
    });
    expect((await writesAsked(it)).filter(line => line.startsWith('PUT'))).toEqual([]);
    expectSet(it, GOAL, [{ at: 'lifecycleStatus', value: 'active' }]);
  });
});

describe('Two evaluations of one plan, pressed in the same second by the same person in two places', () => {
  test('M06 each keeps a Provenance of its own: the other’s is neither taken for it nor changed', async () => {
    const it = await writingBench();
    const [one, other] = [evaluation(it, { said: 'her' }), evaluation(it, { said: 'der' })];
    const originOf = ({ writes }: Proposal) =>
      it.sandbox.store
        .all('Provenance')
        .filter(({ target }) =>
          writes.some(each => each.kind === 'new' && JSON.stringify(target).includes(each.uuid)),
        );
    expect(await sending(it.session, one).attempt()).toMatchObject({ kind: 'acked' });
    const before = originOf(one);
    expect(before).toHaveLength(1);
    // What it would change says the same already; so it must look, and may find.
    const item = sending(it.session, other, { before: 1, unsure: true });
    expect(await item.untilSettled()).toMatchObject({ kind: 'acked' });
    expect(originOf(one)).toEqual(before);
    expect(originOf(other)).toHaveLength(1);
  });
});
