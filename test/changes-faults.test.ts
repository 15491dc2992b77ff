import { describe, expect, test, vi } from 'vitest';
import type { Session } from '../src/fhir/session.ts';
import type { Decided } from '../src/record/changes/answer.ts';
import { proposeAnswer } from '../src/record/changes/propose-answer.ts';
import { noticeId, proposeNotice } from '../src/record/changes/propose-notice.ts';
import { validate } from '../src/sandbox/store/validate.ts';
import type { Resource } from '../src/sandbox/types.ts';
import { accept, type ChangesBench, changesBench, changesOf, replyTo } from './changes-bench.ts';
import { sending } from './deliveries.ts';
import { machine, until } from './machine.ts';

// Each test signs in and reads a whole record, some several times.
vi.setConfig({ testTimeout: 30_000 });

const reject = { outcome: 'reject', value: undefined, reason: 'Han vil vente.' } as const;
const NUMBERS = [1, 2, 3, 4, 5, 6, 7];
const OTHERS = 'Den andre har sagt sitt.';

type Decisions = Readonly<Record<string, Omit<Decided, 'version'>>>;
const all: Decisions = Object.fromEntries(
  NUMBERS.map(n => [`Task/p2-change-${n}`, n === 6 ? reject : accept]),
);
const proposed = ({ changes, session }: ChangesBench, decisions: Decisions = all) =>
  proposeAnswer(changes, session, replyTo(changes, decisions), session.clock.now()).proposal;

const statuses = ({ it }: ChangesBench) =>
  NUMBERS.map(n => it.sandbox.store.at(`Task/p2-change-${n}`)?.['status']);
const versions = ({ it }: ChangesBench) =>
  NUMBERS.map(n => it.sandbox.store.at(`Task/p2-change-${n}`)?.meta?.versionId);
const replies = ({ it }: ChangesBench) =>
  it.sandbox.store
    .all('Communication')
    .filter(({ topic }) => JSON.stringify(topic).includes('Svar fra fastlege'));
const EACH_ONCE = NUMBERS.map(() => '2');
const ANSWERED = NUMBERS.map(n => (n === 6 ? 'rejected' : 'completed'));

/** The server as it is, but for what happens at one request. */
const meeting = (
  session: Session,
  at: (request: Request, body: string) => Promise<Response | undefined>,
): Session => ({
  ...session,
  async fetch(request) {
    const body = request.method === 'GET' ? '' : await request.clone().text();
    return (await at(request, body)) ?? session.fetch(request);
  },
});

const STEPS = { transactions: false };

describe('where a server takes one thing at a time', () => {
  test('another answers one change in the middle of it: 412, what was done stands, that one is theirs, and the sender is told nothing untrue', async () => {
    const bench = await changesBench({ server: STEPS });
    const theirs = proposed(bench, { 'Task/p2-change-2': { ...reject, reason: OTHERS } });
    const mine = proposed(bench);
    let met = false;
    const session = meeting(bench.session, async request => {
      if (met || request.method !== 'PUT' || !request.url.endsWith('Task/p2-change-2')) return;
      met = true;
      expect(await sending(bench.session, theirs).untilSettled()).toMatchObject({ kind: 'acked' });
    });

    const ended = await sending(session, mine).attempt();

    expect(met).toBe(true);
    expect(ended).toMatchObject({ kind: 'conflict' });
    expect(bench.it.sandbox.store.at('Task/p2-change-2')).toMatchObject({
      status: 'rejected',
      statusReason: { text: OTHERS },
    });
    expect(new Set(versions(bench))).toEqual(new Set(['1', '2']));
    // Theirs, and no word of ours before a person has looked at both.
    expect(replies(bench)).toHaveLength(1);
    expect(JSON.stringify(replies(bench))).toContain(OTHERS);
  });

  test('the panel dies after three of them: the rest is sent later, and none of them twice', async () => {
    const bench = await changesBench({ server: STEPS });
    let left = 3;
    const dying = meeting(bench.session, async request => {
      if (request.method !== 'PUT') return undefined;
      left -= 1;
      if (left < 0) throw new TypeError('the panel is gone');
      return undefined;
    });
    const mine = proposed(bench);
    const first = sending(dying, mine);
    await first.attempt();
    expect(versions(bench).filter(version => version === '2')).toHaveLength(3);
    expect(replies(bench)).toEqual([]);

    const again = sending(bench.session, mine, { before: 1, unsure: true, steps: first.steps() });
    expect(await again.untilSettled()).toMatchObject({ kind: 'acked' });
    expect(versions(bench)).toEqual(EACH_ONCE);
    expect(statuses(bench)).toEqual(ANSWERED);
    expect(replies(bench)).toHaveLength(1);
  });
});

/** 200 for the whole, and one refused inside it. */
const halfway = (bench: ChangesBench, inside: () => Promise<void> = async () => {}) => {
  let left = 1;
  return meeting(bench.session, async (request, body) => {
    if (left === 0 || !body.includes('"transaction"')) return undefined;
    left -= 1;
    await inside();
    const bundle = JSON.parse(body) as {
      entry: { request: { url: string; ifMatch?: string } }[];
    };
    for (const { request: one } of bundle.entry)
      if (one.url === 'Task/p2-change-3') one.ifMatch = 'W/"99"';
    const { url, headers } = request;
    const asBatch = JSON.stringify({ ...bundle, type: 'batch' });
    return bench.session.fetch(new Request(url, { method: 'POST', headers, body: asBatch }));
  });
};

describe('a server that calls it a transaction and does half of it', () => {
  test('what is missing is sent by itself, and nothing is there twice', async () => {
    const bench = await changesBench();
    const ended = await sending(halfway(bench), proposed(bench)).untilSettled();

    expect(ended).toMatchObject({ kind: 'acked' });
    expect(versions(bench)).toEqual(EACH_ONCE);
    expect(statuses(bench)).toEqual(ANSWERED);
    expect(replies(bench)).toHaveLength(1);
  });

  test('and where the missing one is answered by another meanwhile, a person is asked, and theirs stands', async () => {
    const bench = await changesBench();
    const session = halfway(bench, async () => {
      const { store } = bench.it.sandbox;
      const task = store.at('Task/p2-change-3') as Resource;
      store.load([
        {
          ...task,
          status: 'rejected',
          statusReason: { text: OTHERS },
          meta: { ...task.meta, versionId: '2' },
        },
      ]);
    });
    const ended = await sending(session, proposed(bench)).untilSettled();

    expect(ended).toMatchObject({ kind: 'conflict', conflicts: [{ ref: 'Task/p2-change-3' }] });
    expect(bench.it.sandbox.store.at('Task/p2-change-3')).toMatchObject({
      statusReason: { text: OTHERS },
    });
  });
});

describe('two tabs of the same doctor', () => {
  test('both have looked, both press: one answer is received, the other is a conflict and is not sent', async () => {
    const bench = await changesBench();
    const at = machine();
    const [first, second] = [proposed(bench), proposed(bench, { 'Task/p2-change-1': reject })];
    const [one, other] = [at.open(bench.session), at.open(bench.session)];
    await Promise.all([one.outbox.put(first), other.outbox.put(second)]);

    const states = () => [one.state(first.id), one.state(second.id)];
    await until(() => states().includes('acked') && states().includes('conflict'));
    expect(replies(bench)).toHaveLength(1);
    expect(bench.it.sandbox.store.at('Task/p2-change-1')?.meta?.versionId).toBe('2');
  });
});

const notices = ({ it }: ChangesBench) =>
  it.sandbox.store
    .all('Communication')
    .filter(({ category }) => JSON.stringify(category ?? '').includes('over-frist'));
const notice = async ({ changes, session }: ChangesBench) => {
  const [about] = changes.sendings;
  if (!about) throw new Error('nothing was sent');
  return proposeNotice(changes, session, about, session.clock.now());
};
const both = async (server?: object) => {
  const gp = await changesBench({ patient: 'p1', ...(server ? { server } : {}) });
  const sender = await changesBench({ patient: 'p1', user: 'u-psy', beside: gp.it });
  return { gp, sender };
};

describe('that the deadline has passed', () => {
  test.each([
    { transactions: true, updateCreate: true },
    { transactions: false, updateCreate: true },
    { transactions: true, updateCreate: false, conditionalCreate: true },
    { transactions: false, updateCreate: false, conditionalCreate: true },
  ])('is told once, however many tell it at the same time: %o', async server => {
    const { gp, sender } = await both(server);
    const [theirs, own] = [await notice(sender), await notice(gp)];

    expect(await sending(sender.session, theirs.proposal).untilSettled()).toMatchObject({
      kind: 'acked',
    });
    expect(await sending(gp.session, own.proposal).untilSettled()).toMatchObject({ kind: 'acked' });
    expect(notices(gp)).toHaveLength(1);
    expect(gp.it.sandbox.store.at('Task/p1-changes')?.meta?.versionId).toBe('1');
    expect(notices(gp).flatMap(each => validate(each))).toEqual([]);
  });

  test('goes to the GP from the sender, says what is not answered and since when, and no national id', async () => {
    const { sender } = await both();
    const { proposal, message } = await notice(sender);
    await sending(sender.session, proposal).untilSettled();

    expect(notices(sender)[0]).toMatchObject({
      status: 'in-progress',
      partOf: [{ reference: 'Task/p1-changes' }],
      recipient: [{ reference: 'PractitionerRole/u-gp' }],
      payload: [{ contentString: message }],
    });
    const lines = message.split('\n');
    expect(lines[0]).toMatch(
      /^Fristen 19\.11\.2026 kl\. 15\.00 er ute: 5 av 5 endringer for .* er ikke besvart av Ingrid Fastlund\.$/,
    );
    expect(lines).toHaveLength(8);
    expect(message).not.toMatch(/\d{6}\s?\d{5}/);
    const { messages } = await changesOf(sender.session);
    expect(messages.filter(({ overdue }) => overdue)).toMatchObject([
      { to: 'Ingrid Fastlund', read: undefined },
    ]);
  });

  test('is another message for another request, and at another server', async () => {
    const ids = await Promise.all([
      noticeId({ iss: 'https://a.example/fhir' }, 'Task/1'),
      noticeId({ iss: 'https://a.example/fhir' }, 'Task/2'),
      noticeId({ iss: 'https://b.example/fhir' }, 'Task/1'),
      noticeId({ iss: 'https://a.example/fhir' }, 'Task/1'),
    ]);
    expect(new Set(ids).size).toBe(3);
    expect(ids[3]).toBe(ids[0]);
    expect(ids[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});
