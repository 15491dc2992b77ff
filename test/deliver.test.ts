import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../src/fhir/session.ts';
import { versionOf } from '../src/fhir/write.ts';
import { deliver } from '../src/outbox/deliver.ts';
import { copiesOf, countsOf, expectWhole, sending, writesAsked } from './deliveries.ts';
import { evaluation, writingBench } from './proposals.ts';

// Each makes a whole sandbox with all its people, some several.
vi.setConfig({ testTimeout: 30_000 });

/** The request that carries a whole proposal; its entries have lines of their own in the log. */
const WHOLE = '/^POST .fhir$/';
const PLAN = 'CarePlan/p1-plan-behandling';

/** The same session, with the network as the test wants it. */
const through = (
  session: Session,
  fetch: (request: Request, next: Session['fetch']) => Promise<Response>,
): Session => ({ ...session, fetch: request => fetch(request, session.fetch) });

const diskFull = () => Promise.reject(new Error('the disk is full'));

const isWhole = ({ method, url }: Request) => method === 'POST' && url.endsWith('/fhir');

afterEach(() => {
  vi.restoreAllMocks();
});

describe('W01 happy: an evaluation that is sent', () => {
  test('is there once, with subject, author, time with offset, identifier and the plan, and one Provenance', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    const delivered = await sending(it.session, proposal).attempt();
    expect(delivered).toMatchObject({
      kind: 'acked',
      versions: ['Goal/p1-goal-g1|2', `${PLAN}|2`],
    });
    expectWhole(it, proposal);
    expect(copiesOf(it, proposal)[0]?.[0]).toMatchObject({
      subject: { reference: 'Patient/p1' },
      author: { reference: 'PractitionerRole/u-psy' },
      authored: '2026-11-21T20:20:00+01:00',
      identifier: { system: 'urn:ietf:rfc:3986' },
      basedOn: [{ reference: PLAN }],
    });
    const [encounter] = copiesOf(it, proposal)[1] ?? [];
    expect(encounter?.['identifier']).toHaveLength(1);
    const [provenance] = copiesOf(it, proposal)[4] ?? [];
    expect(provenance?.['identifier']).toBeUndefined();
    expect(provenance?.['target']).toHaveLength(6);
  });

  test('and sent again from the start, by a program that forgot that it had arrived, is there once', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    await sending(it.session, proposal).attempt();
    const before = (await writesAsked(it)).length;
    const again = await sending(it.session, proposal, { before: 1, unsure: true }).attempt();
    expect(again).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
    // Asked for in batches, and nothing written.
    const since = (await writesAsked(it)).slice(before);
    expect(since).toEqual(['POST /fhir', 'POST /fhir', 'POST /fhir']);
  });

  test('leaves everything else of the plan and the goal as it was', async () => {
    const it = await writingBench();
    const before = it.sandbox.store.at(PLAN)!;
    await sending(it.session, evaluation(it)).attempt();
    const { meta: _, extension, ...rest } = it.sandbox.store.at(PLAN)!;
    const { meta: __, extension: was, ...old } = before;
    expect(rest).toEqual(old);
    expect(extension).toHaveLength((was as unknown[]).length);
  });

  test('by somebody who may write a message and not read it, is received on the answer that showed it whole', async () => {
    const types = ['QuestionnaireResponse', 'Encounter', 'Task', 'Goal', 'CarePlan', 'Provenance'];
    const scope = ['openid', 'launch', 'patient/Communication.cu'];
    const it = await writingBench({
      scope: [...scope, ...types.map(type => `patient/${type}.cruds`)].join(' '),
    });
    const proposal = evaluation(it);
    expect(await sending(it.session, proposal).attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
    // An answer that shows nothing is no proof.
    const silent = through(it.session, async (request, next) => {
      const response = await next(request);
      const text = await response.text();
      const without = text.replaceAll('"resourceType":"Communication"', '"resourceType":"Basic"');
      return new Response(without, response);
    });
    const other = evaluation(it, { pressed: '2026-11-21T20:21:00+01:00' });
    expect(await sending(silent, other).attempt()).toMatchObject({
      kind: 'needs-human',
      reason: { why: 'cannot-tell' },
    });
  });

  test('is one request, and one that asks whether all of it is there', async () => {
    const it = await writingBench();
    await sending(it.session, evaluation(it)).attempt();
    const asked = (await it.asked()).slice((await it.asked()).indexOf('GET /fhir/metadata') + 1);
    expect(asked.filter(line => line === 'POST /fhir')).toHaveLength(2);
    expect(asked.filter(line => line.startsWith('PUT'))).toHaveLength(7);
    expect(asked.filter(line => line.startsWith('GET'))).toHaveLength(7);
  });
});

describe('An evaluation is never sent', () => {
  test.each([
    ['to another server', { iss: 'http://localhost:8080/fhir2' }],
    ['in the name of somebody else than its author', { sub: 'u-gp' }],
    ['about another patient than is open', { patient: 'Patient/p2' as const }],
  ])('%s', async (_, other) => {
    const it = await writingBench();
    const whole = evaluation(it);
    const proposal = { ...whole, bound: { ...whole.bound, ...other } };
    await expect(sending(it.session, proposal).attempt()).rejects.toThrow('bound to another');
    expect(await writesAsked(it)).toEqual([]);
  });

  test('with something in it about somebody else', async () => {
    const it = await writingBench();
    const whole = evaluation(it);
    const writes = whole.writes.map(one =>
      one.kind === 'new' && one.resource['resourceType'] === 'Task'
        ? { ...one, resource: { ...one.resource, for: { reference: 'Patient/p2' } } }
        : one,
    );
    const attempt = sending(it.session, { ...whole, writes }).attempt();
    await expect(attempt).rejects.toThrow('about another patient: Task');
    expect(await writesAsked(it)).toEqual([]);
  });

  test('once the session has ended', async () => {
    const it = await writingBench();
    const session = { ...it.session, signal: AbortSignal.abort() };
    const delivered = await sending(session, evaluation(it)).attempt();
    expect(delivered).toEqual({ kind: 'cancelled', unsure: false });
    expect(await writesAsked(it)).toEqual([]);
  });

  test('by a program that cannot keep what it has done: it stops there', async () => {
    const it = await writingBench({ server: { transactions: false } });
    const attempt = { before: 0, unsure: false, steps: {}, ours: () => false, decided: new Map() };
    const proposal = evaluation(it);
    await expect(deliver(it.session, proposal, { ...attempt, keep: diskFull })).rejects.toThrow(
      'full',
    );
    expect((await writesAsked(it)).filter(line => line.startsWith('PUT'))).toHaveLength(1);
  });
});

describe('When the answer does not come', () => {
  test('W09 hang: it is waited for half a minute, then looked for, and sent again if it is not there', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    const waits: number[] = [];
    const real = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(ms => {
      waits.push(ms);
      return real(ms / 500);
    });
    await it.scenario({ match: WHOLE, nth: 1, then: 'hang' });
    // Held, so that Node does not collect the signal of the one that hangs.
    const held: Request[] = [];
    const holding = through(it.session, (request, next) => {
      held.push(request);
      return next(request);
    });
    const item = sending(holding, proposal);
    expect(await item.attempt()).toEqual({
      kind: 'later',
      unsure: true,
      why: 'timeout',
      afterSeconds: undefined,
    });
    expect(Math.max(...waits)).toBe(30_000);
    expect(countsOf(it, proposal)).toEqual([0, 0, 0, 0, 0]);
    expect(await item.attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });

  test.each([
    ['W10 the answer is «500» after all was done', { status: 500, commit: true }, 'server-error'],
    ['W10 a proxy gave up waiting', { status: 504, commit: true }, 'server-error'],
    ['W10 the connection broke after all was done', { then: 'commit-then-drop' }, 'unreachable'],
    ['W10 the answer was cut in the middle', { then: 'truncate' }, 'unreachable'],
    ['W10 the connection was refused before anything was done', { then: 'rst' }, 'unreachable'],
    [
      'W17 success-that-is-not: it is a login page with «200»',
      { status: 200, commit: true, body: '<html>Logg inn</html>' },
      'not-understood',
    ],
    [
      'W17 it is «200» with a login page, and nothing was done',
      { status: 200, body: '<html>Logg inn</html>' },
      'not-understood',
    ],
    [
      'W17 it is «200» with something else',
      { status: 200, body: { resourceType: 'Patient', id: 'p1' } },
      'not-understood',
    ],
  ])('%s: it is looked for before it is sent again', async (_, fault, why) => {
    const it = await writingBench();
    const proposal = evaluation(it);
    await it.scenario({ match: WHOLE, nth: 1, ...fault });
    const item = sending(it.session, proposal);
    expect(await item.attempt()).toMatchObject({ kind: 'later', unsure: true, why });
    expect(await item.attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });

  test('W03 the browser sends the request twice by itself: still one of each', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    const twice = through(it.session, async (request, next) => {
      if (!isWhole(request)) return next(request);
      await next(request.clone());
      return next(request);
    });
    expect(await sending(twice, proposal).untilSettled()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });

  test('the session ends meanwhile: nobody is told that it is there, and nobody that it is not', async () => {
    const it = await writingBench();
    const end = new AbortController();
    const session = through({ ...it.session, signal: end.signal }, async (request, next) => {
      const response = await next(request);
      end.abort();
      return response;
    });
    const delivered = await sending(session, evaluation(it)).attempt();
    expect(delivered).toEqual({ kind: 'cancelled', unsure: true });
  });

  test('and there is no network at all, it has certainly not been sent', async () => {
    const it = await writingBench();
    vi.stubGlobal('navigator', { onLine: false });
    const session = through(it.session, () => Promise.reject(new TypeError('Failed to fetch')));
    const delivered = await sending(session, evaluation(it)).attempt();
    vi.unstubAllGlobals();
    expect(delivered).toMatchObject({ kind: 'later', unsure: false, why: 'unreachable' });
  });
});

describe('When the server answers no', () => {
  test.each([
    [429, 'busy', false],
    [503, 'busy', false],
    [500, 'server-error', true],
    [502, 'server-error', true],
    [501, 'acked', false],
  ])('%i is for later: %s', async (status, why, unsure) => {
    const it = await writingBench();
    await it.scenario({ match: WHOLE, times: 1, status, headers: { 'Retry-After': '17' } });
    const delivered = await sending(it.session, evaluation(it)).attempt();
    if (why === 'acked') expect(delivered.kind).toBe('acked');
    else expect(delivered).toEqual({ kind: 'later', why, unsure, afterSeconds: 17 });
  });

  test.each([
    ['W14 422: what it says is kept, as it said it', 422, 'refused'],
    ['400 is the same', 400, 'refused'],
    ['413 is the same', 413, 'refused'],
    ['W15 403: it may not be written', 403, 'not-permitted'],
    ['W16 410: what it is about is gone', 410, 'gone'],
  ])('%s', async (_, status, why) => {
    const it = await writingBench();
    const body = { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'Feltet mangler.' }] };
    await it.scenario({ match: WHOLE, times: 1, status, body });
    const delivered = await sending(it.session, evaluation(it)).attempt();
    expect(delivered).toEqual({
      kind: 'needs-human',
      reason: { why, status, says: ['Feltet mangler.'] },
    });
  });

  test('W16 410-plan: the plan was deleted meanwhile, and the person is shown that it is gone', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    const gone = await it.session.fetch(
      new Request(`${it.session.iss}/${PLAN}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${await it.session.authorization?.token()}` },
      }),
    );
    expect(gone.status).toBe(204);
    const delivered = await sending(it.session, proposal).attempt();
    expect(delivered).toMatchObject({
      kind: 'conflict',
      conflicts: [{ ref: PLAN, theirs: undefined }],
    });
    expect(countsOf(it, proposal)).toEqual([0, 0, 0, 0, 0]);
    const insists = { before: 1, decided: new Map([[PLAN, 'set-mine' as const]]) };
    expect(await sending(it.session, proposal, insists).attempt()).toMatchObject({
      kind: 'needs-human',
      reason: { why: 'gone' },
    });
    const lets = { before: 1, decided: new Map([[PLAN, 'leave-theirs' as const]]) };
    expect(await sending(it.session, proposal, lets).attempt()).toMatchObject({ kind: 'acked' });
    expect(countsOf(it, proposal)).toEqual([1, 1, 1, 1, 1]);
  });

  test('T07 expiry-mid-write: the login ran out as it was sent; it is renewed and everything is there once', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    await it.scenario({ match: WHOLE, nth: 1, status: 401 });
    expect(await sending(it.session, proposal).attempt()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
    expect((await it.asked()).filter(line => line === 'POST /auth/token')).toHaveLength(2);
  });

  test('T07 and cannot be renewed: it is kept for the next login', async () => {
    const it = await writingBench({ scope: 'openid launch patient/*.cruds' });
    const proposal = evaluation(it);
    await it.scenario({ match: WHOLE, status: 401 });
    expect(await sending(it.session, proposal).attempt()).toEqual({
      kind: 'signed-out',
      unsure: false,
    });
    expect(countsOf(it, proposal)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('Success that is not', () => {
  test('W17 the server says «done» and does not have it: it is not «received», and it is sent again', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    let lost = false;
    const session = through(it.session, async (request, next) => {
      if (lost || !isWhole(request)) return next(request);
      lost = true;
      const other = await writingBench();
      const headers = {
        authorization: `Bearer ${await other.session.authorization?.token()}`,
        'content-type': 'application/fhir+json',
      };
      return other.session.fetch(
        new Request(request.url, { method: 'POST', headers, body: await request.text() }),
      );
    });
    const item = sending(session, proposal);
    expect(await item.attempt()).toMatchObject({ kind: 'later', unsure: true });
    expect(countsOf(it, proposal)).toEqual([0, 0, 0, 0, 0]);
    expect(await item.untilSettled()).toMatchObject({ kind: 'acked' });
    expectWhole(it, proposal);
  });

  test('W17 what is there under our id is about another patient: a person must look', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    const [root] = proposal.writes;
    if (root?.kind !== 'new') throw new Error('The first is new');
    const strange = { ...root.resource, id: root.uuid, subject: { reference: 'Patient/p2' } };
    const offer = it.session.offer.then(all => ({ ...all, batch: false }));
    const session = through({ ...it.session, offer }, async (request, next) =>
      request.method === 'GET' && request.url.endsWith(root.uuid)
        ? Response.json(strange)
        : next(request),
    );
    expect(await sending(session, proposal).attempt()).toMatchObject({
      kind: 'needs-human',
      reason: { why: 'other-there' },
    });
  });

  test('something else lies under our id: a person must look, and it is not overwritten', async () => {
    const it = await writingBench();
    const proposal = evaluation(it);
    const [, encounter] = proposal.writes;
    if (encounter?.kind !== 'new') throw new Error('The second is new');
    const planted = {
      ...encounter.resource,
      resourceType: 'Encounter',
      id: encounter.uuid,
      period: { start: '2020-01-01' },
    };
    it.sandbox.store.load([planted]);
    expect(await sending(it.session, proposal).attempt()).toMatchObject({
      kind: 'needs-human',
      reason: { why: 'other-there' },
    });
    const there = it.sandbox.store.at(`Encounter/${encounter.uuid}`);
    expect(there && versionOf(there)).toBe('1');
  });

  test.each([true, false])(
    'W18 foreign-location: with transactions %s, an empty 201 whose address is elsewhere is looked for here only',
    async transactions => {
      const it = await writingBench({ server: { transactions, updateCreate: false } });
      const proposal = evaluation(it);
      const foreign = 'https://evil.example/fhir/Task/1';
      const session = through(it.session, async (request, next) => {
        expect(new URL(request.url).origin).toBe(it.sandbox.ehrOrigin);
        const response = await next(request);
        if (response.status === 201)
          return new Response(null, { status: 201, headers: { location: foreign } });
        if (!isWhole(request) || response.status !== 200) return response;
        const bundle = (await response.json()) as {
          type: string;
          entry: { response: { status: string } }[];
        };
        if (bundle.type !== 'transaction-response') return Response.json(bundle);
        const entry = bundle.entry.map(({ response: { status } }) => ({
          response: { status, location: foreign },
        }));
        return Response.json({ ...bundle, entry });
      });
      expect(await sending(session, proposal).attempt()).toMatchObject({ kind: 'acked' });
      expectWhole(it, proposal);
    },
  );
});
