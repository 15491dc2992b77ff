import { describe, expect, test, vi } from 'vitest';
import { deliver } from '../src/outbox/deliver.ts';
import type { Reply } from '../src/record/changes/answer.ts';
import { proposeAnswer } from '../src/record/changes/propose-answer.ts';
import { validate } from '../src/sandbox/store/validate.ts';
import { accept, type ChangesBench, changesBench, changesOf, replyTo } from './changes-bench.ts';

// Each test signs in and reads a whole record.
vi.setConfig({ testTimeout: 30_000 });

const adjust = { outcome: 'adjust', value: '500 mg × 2', reason: 'Kontroll 15.12.' } as const;
const reject = { outcome: 'reject', value: undefined, reason: 'Han vil vente.' } as const;
const pharmacy = {
  change: 'Task/p2-change-5',
  rule: 'multidose',
  whom: { kind: 'pharmacy', ref: 'Organization/org-apo', name: 'Fjordvik apotek' },
  words: 'Fjordvik apotek er bedt om å ta metformin ut av rullen.',
} as const;

const all = (more: Parameters<typeof replyTo>[1] = {}) => ({
  'Task/p2-change-1': accept,
  'Task/p2-change-2': accept,
  'Task/p2-change-3': accept,
  'Task/p2-change-4': accept,
  'Task/p2-change-5': adjust,
  'Task/p2-change-6': reject,
  'Task/p2-change-7': accept,
  ...more,
});

const proposed = ({ changes, session }: ChangesBench, reply: Reply) =>
  proposeAnswer(changes, session, reply, session.clock.now());

const ATTEMPT = {
  before: 0,
  unsure: false,
  steps: {},
  keep: () => Promise.resolve(),
  ours: () => false,
  decided: new Map(),
};

/** What becomes of the first transaction; the reading around it goes through. */
function once(
  session: ChangesBench['session'],
  broken: (send: () => Promise<Response>) => Promise<Response>,
) {
  let left = 1;
  return {
    ...session,
    async fetch(request: Request) {
      const body = request.method === 'POST' ? await request.clone().text() : '';
      if (left === 0 || !body.includes('"transaction"')) return session.fetch(request);
      left -= 1;
      return broken(() => session.fetch(request));
    },
  };
}
const versionsOf = ({ it }: ChangesBench) =>
  [1, 2, 3, 4, 5, 6, 7].map(n => it.sandbox.store.at(`Task/p2-change-${n}`)?.meta?.versionId);

describe('the GP’s answer', () => {
  test('seven decisions are stored, each on the version that was seen, and the sender reads each of them', async () => {
    const bench = await changesBench();
    const { it, session, changes } = bench;
    const { proposal, message } = proposed(bench, replyTo(changes, all(), [pharmacy]));
    const { store } = it.sandbox;
    const before = store.all('Task').length;

    expect(await deliver(session, proposal, ATTEMPT)).toMatchObject({ kind: 'acked' });

    const versions = ['p2-changes', ...[1, 2, 3, 4, 5, 6, 7].map(n => `p2-change-${n}`)];
    expect(versions.map(id => store.at(`Task/${id}`)?.meta?.versionId)).toEqual(
      versions.map(() => '2'),
    );
    expect(store.all('Task')).toHaveLength(before + 1);
    expect(store.at('Task/p2-changes')).toMatchObject({
      status: 'completed',
      businessStatus: { text: 'besvart av fastlegen' },
    });
    expect(store.at('Task/p2-change-6')).toMatchObject({
      status: 'rejected',
      statusReason: { text: 'Han vil vente.' },
    });
    expect(store.at('Task/p2-change-5')).toMatchObject({
      status: 'completed',
      statusReason: { text: 'Kontroll 15.12.' },
      output: [
        { valueCodeableConcept: { coding: [{ code: 'tilpass' }] } },
        { valueString: '500 mg × 2' },
        { valueReference: { reference: 'PractitionerRole/u-gp' } },
      ],
    });
    const text = store
      .all('Communication')
      .find(({ topic }) => JSON.stringify(topic).includes('Svar fra fastlege'));
    expect(text).toMatchObject({
      recipient: [{ reference: 'PractitionerRole/u-ger' }],
      partOf: [{ reference: 'Task/p2-changes' }],
      payload: [{ contentString: message }],
    });
    const origins = store
      .all('Provenance')
      .filter(({ activity }) => JSON.stringify(activity).includes('besvart'));
    expect(origins).toHaveLength(1);
    expect(origins[0]).toMatchObject({
      agent: [{ type: { coding: [{ code: 'verifier' }] }, who: { display: 'Ingrid Fastlund' } }],
    });
    expect(JSON.stringify(origins[0]?.['entity'])).toContain('Task/p2-change-1/_history/1');
  });

  test('the sender sees what was decided about each, by whom and why', async () => {
    const bench = await changesBench();
    const { proposal } = proposed(bench, replyTo(bench.changes, all()));
    await deliver(bench.session, proposal, ATTEMPT);
    const sender = await changesBench({ user: 'u-ger', beside: bench.it });
    const answers = new Map(
      sender.changes.sendings[0]?.changes.map(({ source, answer }) => [source.ref, answer]),
    );

    expect(answers.get('Task/p2-change-1')).toMatchObject({
      outcome: 'accept',
      by: 'Ingrid Fastlund',
    });
    expect(answers.get('Task/p2-change-5')).toMatchObject({
      outcome: 'adjust',
      value: '500 mg × 2',
      reason: 'Kontroll 15.12.',
    });
    expect(answers.get('Task/p2-change-6')).toMatchObject({
      outcome: 'reject',
      reason: 'Han vil vente.',
    });
    expect(
      sender.changes.messages.find(({ about }) => about.includes('Task/p2-changes')),
    ).toMatchObject({
      to: 'Arne Gerisen',
      read: undefined,
    });
  });

  test('the text has one line for each change, also for those that are not decided, and no national id', async () => {
    const bench = await changesBench();
    const { message } = proposed(
      bench,
      replyTo(bench.changes, { 'Task/p2-change-5': adjust, 'Task/p2-change-6': reject }, [
        pharmacy,
      ]),
    );

    expect(message.split('\n')).toEqual([
      'Svar på 7 endringer for Olav Prøvenes, sendt 14.11.2026.',
      '1 furosemid 40 mg × 1 → furosemid 40 mg × 2: ikke besvart ennå.',
      '2 dapagliflozin 10 mg × 1: ikke besvart ennå.',
      '3 metformin 1000 mg × 2 → seponert: Tilpasset til «500 mg × 2». Kontroll 15.12.',
      '4 tamsulosin 0,4 mg → pause: ikke besvart ennå.',
      '5 ramipril 5 mg → ramipril 2,5 mg: ikke besvart ennå.',
      '6 apiksaban 5 mg × 2 → apiksaban 2,5 mg × 2: ikke besvart ennå.',
      '7 zopiklon 7,5 mg → nedtrapping 3,75 mg i 14 døgn, så stopp: Avvist. Han vil vente.',
      'Avvik: Fjordvik apotek er bedt om å ta metformin ut av rullen.',
      'Svaret endrer ikke legemiddellisten (PLL) og er ikke en resept.',
      expect.stringMatching(/^Svar fra Ingrid Fastlund.*, 21\.11\.2026\. Ikke akutt\.$/),
    ]);
    expect(message).not.toMatch(/\d{6}\s?\d{5}/);
  });

  test('some now and the rest later: the task for all of it is read until the last is answered', async () => {
    const bench = await changesBench();
    const { it, session } = bench;
    const first = proposed(bench, replyTo(bench.changes, { 'Task/p2-change-1': accept }));
    await deliver(session, first.proposal, ATTEMPT);
    expect(it.sandbox.store.at('Task/p2-changes')).toMatchObject({
      status: 'accepted',
      businessStatus: { text: '1 av 7 besvart av fastlegen' },
    });

    const again = { ...bench, changes: await changesOf(session) };
    const { proposal } = proposed(again, replyTo(again.changes, all()));
    await deliver(session, proposal, ATTEMPT);
    expect(it.sandbox.store.at('Task/p2-changes')).toMatchObject({ status: 'completed' });
    expect(it.sandbox.store.at('Task/p2-change-1')?.meta?.versionId).toBe('2');
  });

  test('another GP has answered meanwhile: a conflict, and not one of the other six is written', async () => {
    const bench = await changesBench();
    const { it, session } = bench;
    const late = proposed(bench, replyTo(bench.changes, all())).proposal;
    const first = proposed(bench, replyTo(bench.changes, { 'Task/p2-change-3': reject }));
    await deliver(session, first.proposal, ATTEMPT);

    const ended = await deliver(session, late, ATTEMPT);

    expect(ended).toMatchObject({ kind: 'conflict' });
    expect(it.sandbox.store.at('Task/p2-change-1')?.meta?.versionId).toBe('1');
    expect(it.sandbox.store.at('Task/p2-change-3')).toMatchObject({ status: 'rejected' });
  });

  test('what was decided on an older version is not sent', async () => {
    const bench = await changesBench();
    const reply = replyTo(bench.changes, all());
    const stale = new Map(reply.decisions);
    stale.set('Task/p2-change-1', { ...accept, version: '0' });
    const { proposal, message } = proposed(bench, { ...reply, decisions: stale });

    const refs = proposal.writes.flatMap(one => (one.kind === 'changed' ? [one.ref] : []));
    expect(refs).not.toContain('Task/p2-change-1');
    expect(message).toContain('furosemid 40 mg × 2: ikke besvart ennå.');
  });

  test('sent back: every change, and the sender is told that the patient has another doctor now', async () => {
    const bench = await changesBench();
    const { it, session, changes } = bench;
    const back = {
      outcome: 'return',
      value: undefined,
      reason: 'Ikke min pasient lenger',
    } as const;
    const refs = changes.sendings[0]?.changes.map(({ source }) => source.ref) ?? [];
    const { proposal } = proposed(
      bench,
      replyTo(changes, Object.fromEntries(refs.map(ref => [ref, back]))),
    );
    await deliver(session, proposal, ATTEMPT);

    expect(it.sandbox.store.at('Task/p2-changes')).toMatchObject({ status: 'rejected' });
    const [sending] = (await changesOf(session)).sendings;
    expect(new Set(sending?.changes.map(({ answer }) => answer?.outcome))).toEqual(
      new Set(['return']),
    );
  });

  test('the answer is lost on the way back: it is looked for, found, and not given twice', async () => {
    const bench = await changesBench();
    const { proposal } = proposed(bench, replyTo(bench.changes, all()));
    const dropped = once(bench.session, async send => {
      await send();
      throw new TypeError('the network went away');
    });
    expect(await deliver(dropped, proposal, ATTEMPT)).toMatchObject({
      kind: 'later',
      unsure: true,
    });
    const written = bench.it.sandbox.store.all('Communication').length;

    const again = await deliver(dropped, proposal, { ...ATTEMPT, before: 1, unsure: true });

    expect(again).toMatchObject({ kind: 'acked' });
    expect(versionsOf(bench)).toEqual(Array.from({ length: 7 }, () => '2'));
    expect(bench.it.sandbox.store.all('Communication')).toHaveLength(written);
  });

  test('the server fails in the middle: nothing is answered, and then all of it is', async () => {
    const bench = await changesBench();
    const { proposal } = proposed(bench, replyTo(bench.changes, all()));
    const failing = once(bench.session, () =>
      Promise.resolve(
        new Response('{"resourceType":"OperationOutcome","issue":[]}', { status: 503 }),
      ),
    );
    expect(await deliver(failing, proposal, ATTEMPT)).toMatchObject({ kind: 'later' });
    expect(versionsOf(bench)).toEqual(Array.from({ length: 7 }, () => '1'));

    expect(await deliver(failing, proposal, { ...ATTEMPT, before: 1 })).toMatchObject({
      kind: 'acked',
    });
    expect(versionsOf(bench)).toEqual(Array.from({ length: 7 }, () => '2'));
  });

  test('where the server takes no messages, the decisions are written all the same', async () => {
    const bench = await changesBench();
    const changes = {
      ...bench.changes,
      takes: { ...bench.changes.takes, message: false, provenance: false, tasks: false },
    };
    const { proposal } = proposed({ ...bench, changes }, replyTo(changes, all(), [pharmacy]));

    expect(proposal.writes.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 8 }, () => 'changed'),
    );
  });

  test('where nothing may be written, nothing is made', async () => {
    const bench = await changesBench({ scope: 'openid fhirUser launch patient/*.rs' });
    expect(bench.changes.takes.answer).toBe('not-permitted');
    expect(() => proposed(bench, replyTo(bench.changes, all()))).toThrow('Nothing can be answered');
  });

  test('everything new in it is FHIR', async () => {
    const bench = await changesBench();
    const { proposal } = proposed(bench, replyTo(bench.changes, all(), [pharmacy]));
    await deliver(bench.session, proposal, ATTEMPT);
    const { store } = bench.it.sandbox;
    const written = ['Task', 'Communication', 'Provenance'].flatMap(type => store.all(type));

    expect(written.flatMap(resource => validate(resource))).toEqual([]);
  });
});
