import { describe, expect, test, vi } from 'vitest';
import type { Session } from '../src/fhir/session.ts';
import { countsOf, expectWhole, sending, writesAsked } from './deliveries.ts';
import { answer, evaluation, writingBench } from './proposals.ts';

// Each makes a whole sandbox with all its people, some several.
vi.setConfig({ testTimeout: 30_000 });

const yesNo = [true, false];
const servers = yesNo.flatMap(transactions =>
  yesNo.flatMap(updateCreate =>
    yesNo.map(conditionalCreate => ({ transactions, updateCreate, conditionalCreate })),
  ),
);
const NOTHING = [0, 0, 0, 0, 0];
const GET = /^GET|^POST .*_search/;

describe('W26 no-conditional: every kind of server', () => {
  test.each(servers)(
    'transactions $transactions, own ids $updateCreate, conditions $conditionalCreate: one of each, every link leads somewhere, one Provenance',
    async server => {
      const it = await writingBench({ server });
      const proposal = evaluation(it);
      expect(await sending(it.session, proposal).attempt()).toMatchObject({ kind: 'acked' });
      expectWhole(it, proposal);
      // And when it was not noticed that it had arrived, it is found again.
      const again = sending(it.session, proposal, { before: 1, unsure: true });
      expect(await again.attempt()).toMatchObject({ kind: 'acked' });
      expectWhole(it, proposal);
    },
  );

  test.each(servers)(
    'transactions $transactions, own ids $updateCreate, conditions $conditionalCreate: each answer may be lost once, and nothing is there twice',
    async server => {
      const it = await writingBench({ server });
      const proposal = evaluation(it);
      const writes = server.transactions ? '/^POST .fhir$/' : '/^(PUT|POST) .fhir.[A-Z]/';
      for (let nth = 1; nth <= 7; nth += 1) {
        await it.scenario({ match: writes, nth, then: 'commit-then-drop' });
        const fresh = evaluation(it, { pressed: `2026-11-21T20:2${nth}:00+01:00` });
        const item = sending(it.session, fresh);
        expect(await item.untilSettled()).toMatchObject({ kind: 'acked' });
        expectWhole(it, fresh);
      }
      expect(countsOf(it, proposal)).toEqual(NOTHING);
    },
  );

  test('a server that does not describe itself is written to one step at a time, each once', async () => {
    const it = await writingBench({ silentAboutItself: true });
    await it.scenario({ match: '/fhir/metadata', status: 500 });
    const proposal = evaluation(it);
    expect(await sending(it.session, proposal).attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
    expect((await writesAsked(it)).filter(line => line.startsWith('POST'))).toHaveLength(5);
  });

  test('and is asked once more what it offers, which may only have been late', async () => {
    const it = await writingBench({ silentAboutItself: true });
    expect(await sending(it.session, evaluation(it)).attempt()).toMatchObject({ kind: 'acked' });
    expect((await writesAsked(it)).filter(line => line === 'POST /fhir')).toHaveLength(1);
  });

  test('what was sent while it was silent is found when it has said that it takes our ids, and the other way round', async () => {
    for (const first of [true, false]) {
      const it = await writingBench({ silentAboutItself: first });
      const silence = [{ match: '/fhir/metadata', status: 500 }];
      if (first) await it.scenario(...silence);
      const proposal = evaluation(it);
      const { session } = it;
      await sending(session, proposal).attempt();
      const other = await writingBench();
      const offer = first ? other.session.offer : Promise.resolve({ ...(await session.offer) });
      const silent = {
        ...(await offer),
        known: true,
        updateCreate: () => first,
        transaction: first,
      };
      const later: Session = { ...session, offer: Promise.resolve(silent) };
      const again = sending(later, proposal, { before: 1, unsure: true });
      expect(await again.attempt()).toMatchObject({ kind: 'acked' });
      expectWhole(it, proposal);
    }
  });

  test('a server that will not take one of the things is asked for none of them', async () => {
    const it = await writingBench({
      server: { transactions: false, takes: ['QuestionnaireResponse', 'Encounter', 'Goal'] },
    });
    const proposal = evaluation(it);
    expect(await sending(it.session, proposal).attempt()).toMatchObject({
      kind: 'needs-human',
      reason: { why: 'refused' },
    });
    expect(await writesAsked(it)).toEqual([]);
  });

  test('without ids of ours, and no right to update, things are made on condition that they are not there', async () => {
    const it = await writingBench({
      scope: 'openid launch patient/*.crs patient/Goal.u patient/CarePlan.u',
    });
    const proposal = evaluation(it);
    expect(await sending(it.session, proposal).attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });
});

describe('W27 no-blind-put', () => {
  test.each(servers)(
    'transactions $transactions, own ids $updateCreate, conditions $conditionalCreate: no change is ever sent without the version it was made on',
    async server => {
      const it = await writingBench({ server: { ...server, rejectBlindPut: true } });
      const proposal = evaluation(it);
      expect(await sending(it.session, proposal).attempt()).toMatchObject({ kind: 'acked' });
      expectWhole(it, proposal);
      const response = await sending(it.session, answer(it)).attempt();
      expect(response).toMatchObject({ kind: 'acked', versions: ['Task/p1-change-1|2'] });
    },
  );
});

describe('W11 duplicate-on-server', () => {
  test.each([true, false])(
    'with transactions %s: two are there with our identifier, and a person must look; nothing more is sent',
    async transactions => {
      const server = { transactions, updateCreate: false };
      const it = await writingBench({ server });
      const proposal = evaluation(it);
      const encounter = proposal.writes[1];
      if (encounter?.kind !== 'new') throw new Error('The second is new');
      const identifier = [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${encounter.uuid}` }];
      it.sandbox.store.load(
        ['copy-1', 'copy-2'].map(id => ({
          ...encounter.resource,
          resourceType: 'Encounter',
          id,
          identifier,
        })),
      );
      expect(await sending(it.session, proposal).attempt()).toMatchObject({
        kind: 'needs-human',
        reason: { why: 'several-there' },
      });
      expect(countsOf(it, proposal)).toEqual([0, 2, 0, 0, 0]);
      const again = sending(it.session, proposal, { before: 1 });
      const before = (await writesAsked(it)).length;
      expect((await again.attempt()).kind).toBe('needs-human');
      const since = (await writesAsked(it)).slice(before);
      expect(since.filter(line => line !== 'POST /fhir')).toEqual([]);
    },
  );
});

describe('A server that has neither our ids nor conditions', () => {
  const server = { updateCreate: false, conditionalCreate: false };

  test.each([true, false])(
    'with transactions %s: one that cannot be told from lost is never sent again; a person must look',
    async transactions => {
      const it = await writingBench({ server: { ...server, transactions } });
      const proposal = evaluation(it);
      const match = transactions ? '/^POST .fhir$/' : 'POST /fhir/Encounter';
      await it.scenario({ match, nth: 1, then: 'rst' });
      const item = sending(it.session, proposal);
      expect(await item.attempt()).toMatchObject({ kind: 'later', unsure: true });
      expect(await item.attempt()).toMatchObject({
        kind: 'needs-human',
        reason: { why: 'cannot-tell' },
      });
      // Asked once more by the person, it still is not sent blindly.
      expect((await item.attempt()).kind).toBe('needs-human');
      expect(countsOf(it, proposal)).toEqual(NOTHING);
    },
  );

  test('one it said no to for now is sent again', async () => {
    const it = await writingBench({ server: { ...server, transactions: false } });
    const proposal = evaluation(it);
    await it.scenario({ match: 'POST /fhir/Communication', nth: 1, status: 503 });
    const item = sending(it.session, proposal);
    expect(await item.attempt()).toMatchObject({ kind: 'later', why: 'busy' });
    expect(await item.attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });

  test('the program ended between two steps: what was not begun is sent, what was done is not', async () => {
    const it = await writingBench({ server: { ...server, transactions: false } });
    const proposal = evaluation(it);
    const end = new AbortController();
    const fetch = async (request: Request) => {
      const response = await it.session.fetch(request);
      if (request.url.endsWith('/Task')) setTimeout(() => end.abort(), 0);
      if (request.url.endsWith('/Task')) await response.clone().text();
      return response;
    };
    const item = sending({ ...it.session, fetch }, proposal);
    await item.attempt();
    const kept = item.steps();
    const resumed = sending(it.session, proposal, { before: 1, unsure: true, steps: kept });
    expect(await resumed.attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });
});

describe('W19 what is done by halves', () => {
  test.each(['Communication', 'CarePlan'])(
    'a server that runs a transaction as a batch, and refuses the %s for now, is sent that one again',
    async type => {
      const it = await writingBench({ server: { transactions: 'as-batch' } });
      const proposal = evaluation(it);
      await it.scenario({ match: `PUT /fhir/${type}`, nth: 1, status: 503 });
      expect(await sending(it.session, proposal).attempt()).toMatchObject({ kind: 'acked' });
      expectWhole(it, proposal);
    },
  );

  test('where it has let others point at what it did not make, they are made to point at what it made in the end', async () => {
    const it = await writingBench({
      server: { transactions: 'as-batch', updateCreate: false },
    });
    const proposal = evaluation(it);
    await it.scenario({ match: 'POST /fhir/Encounter', nth: 1, status: 503 });
    expect(await sending(it.session, proposal).attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });

  test('and one it will never take is told as half done, in its own words', async () => {
    const it = await writingBench({ server: { transactions: 'as-batch' } });
    const proposal = evaluation(it);
    const body = { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'Ikke herfra.' }] };
    await it.scenario({ match: 'PUT /fhir/Communication', status: 422, body });
    expect(await sending(it.session, proposal).attempt()).toEqual({
      kind: 'needs-human',
      reason: { why: 'half-done', status: 422, says: ['Ikke herfra.'] },
    });
    expect(countsOf(it, proposal)).toEqual([1, 1, 1, 0, 1]);
  });

  test('one that lies about an entry, saying «created» of what it did not make, is not believed', async () => {
    const it = await writingBench({ server: { transactions: false } });
    const proposal = evaluation(it);
    await it.scenario({ match: 'PUT /fhir/Communication', nth: 1, status: 201, body: '' });
    const item = sending(it.session, proposal);
    expect(await item.attempt()).toMatchObject({ kind: 'later', unsure: true });
    expect(await item.attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });

  test.each([1, 2, 3, 4, 5, 6, 7])(
    'steps that stop at the %ith are taken up from there, and nothing that was done is done again',
    async nth => {
      const it = await writingBench({ server: { transactions: false } });
      const proposal = evaluation(it);
      await it.scenario({ match: '/^PUT .fhir/', nth, status: 429 });
      const item = sending(it.session, proposal);
      expect(await item.attempt()).toMatchObject({ kind: 'later', why: 'busy', unsure: nth > 1 });
      expect(Object.keys(item.steps())).toHaveLength(nth - 1);
      expect(await item.attempt()).toMatchObject({ kind: 'acked' });
      expectWhole(it, proposal);
      expect((await writesAsked(it)).filter(line => line.startsWith('PUT'))).toHaveLength(8);
    },
  );

  test('a conflict is found before anything is written', async () => {
    const it = await writingBench({ server: { transactions: false } });
    const proposal = evaluation(it);
    const goal = it.sandbox.store.at('Goal/p1-goal-g1');
    it.sandbox.store.load([{ ...goal!, meta: { versionId: '9' }, startDate: '2026-02-02' }]);
    expect((await sending(it.session, proposal).attempt()).kind).toBe('conflict');
    expect(
      (await writesAsked(it)).filter(line => !GET.test(line) && line !== 'POST /fhir'),
    ).toEqual([]);
  });
});
