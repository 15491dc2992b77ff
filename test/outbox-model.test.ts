import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Proposal, Write } from '../src/fhir/proposal.ts';
import type { Session } from '../src/fhir/session.ts';
import type { Deliver } from '../src/outbox/attempt.ts';
import { STEPS, type Step } from '../src/outbox/database.ts';
import { deliver } from '../src/outbox/deliver.ts';
import type { OutboxItem } from '../src/outbox/kept.ts';
import type { Bench } from './bench.ts';
import { type Machine, machine, type Tab } from './machine.ts';
import { changed, writingBench } from './proposals.ts';

/** 2 000 in all; `OUTBOX_SEQUENCES=10000` before a release. */
const SEQUENCES = Number(process.env['OUTBOX_SEQUENCES'] ?? 2_000);
const MOST_MS = SEQUENCES * 100;
const PEOPLE = ['u-gp', 'u-somebody-else'] as const;
const GOALS = { p1: 'Goal/p1-goal-g1', p2: 'Goal/p2-goal-o1' } as const;
const TRANSACTION = '/^(POST|PUT) \\/fhir/';

type Who = (typeof PEOPLE)[number];
type Patient = keyof typeof GOALS;
type Pause = number | 'kept';

/** What may happen to a workstation on a bad day. */
type Event =
  | { readonly kind: 'save'; readonly plan: number; readonly withGoal: boolean }
  | { readonly kind: 'crash' }
  | { readonly kind: 'second-tab' }
  | { readonly kind: 'network'; readonly is: Tab['network'] }
  | { readonly kind: 'server'; readonly rule: object }
  | { readonly kind: 'person'; readonly who: Who }
  | { readonly kind: 'patient'; readonly patient: Patient }
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'upgrade' }
  | { readonly kind: 'revive' }
  | { readonly kind: 'again' };

const save = fc.record({
  kind: fc.constant('save' as const),
  plan: fc.integer({ min: 1, max: 2 }),
  withGoal: fc.boolean(),
});
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: save },
  { weight: 2, arbitrary: fc.constant({ kind: 'crash' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'second-tab' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('network' as const),
      is: fc.constantFrom('up' as const, 'down' as const, 'silent' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('server' as const),
      rule: fc.constantFrom<object>(
        { status: 500 },
        { status: 503, headers: { 'Retry-After': '5' } },
        { status: 422 },
        { status: 401 },
        { then: 'commit-then-drop' },
        { then: 'truncate' },
        { then: 'reset' },
        { status: 200, body: 'not FHIR' },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('person' as const), who: fc.constantFrom(...PEOPLE) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('patient' as const),
      patient: fc.constantFrom('p1' as const, 'p2' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      ms: fc.constantFrom(1_000, 60_000, 7_200_000, -3_600_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'upgrade' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'revive' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'again' as const }) },
);
/** An event, and how far things get before the next: milliseconds, or until what was saved is known to be kept. */
const sequence = fc.array(fc.tuple(event, fc.constantFrom<Pause>(0, 2, 'kept', 'kept')), {
  minLength: 3,
  maxLength: 10,
});

const SERVERS: readonly [string, object][] = [
  ['does everything', {}],
  ['has no transactions', { transactions: false }],
  ['gives its own ids', { updateCreate: false }],
  [
    'has neither, nor conditional create',
    { transactions: false, updateCreate: false, conditionalCreate: false },
  ],
];

describe('W29 model-based: whatever happens, nothing that was kept is lost, doubled, misplaced or out of order', () => {
  test.concurrent.each(SERVERS)(
    'with a server that %s',
    { timeout: 600_000 },
    async (_, server) => {
      const p1 = await writingBench({ user: 'u-gp', server });
      const benches = { p1, p2: await writingBench({ user: 'u-gp', patient: 'p2', beside: p1 }) };
      let delivered = 0;
      await fc.assert(
        fc.asyncProperty(sequence, async events => {
          delivered += await aBadDay(benches, events);
        }),
        {
          numRuns: SEQUENCES / SERVERS.length,
          endOnFailure: true,
          // A machine that is busy with other things gets through fewer.
          interruptAfterTimeLimit: MOST_MS,
        },
      );
      // The sequences do bring something to the server, or the invariants would hold of nothing.
      expect(delivered).toBeGreaterThan(20);
    },
  );
});

interface Kept {
  readonly act: Proposal;
  readonly said: string;
  readonly ok: boolean;
  /** When it was pressed and when it was said to be kept, by a count of both. */
  readonly pressed: number;
  readonly known: number;
}

async function aBadDay(
  benches: Readonly<Record<Patient, Bench>>,
  events: readonly (readonly [Event, Pause])[],
): Promise<number> {
  const at = machine();
  const saved: Promise<Kept>[] = [];
  const tabs: Tab[] = [];
  let who: Who = 'u-gp';
  let patient: Patient = 'p1';
  let network: Tab['network'] = 'up';
  let steps: readonly Step[] = STEPS;
  let count = 0;
  /** Pressed, and nobody was told yet whether it was kept. Who was killed meanwhile never is. */
  const unanswered = new Set<string>();

  const open = () => {
    const tab = at.open(sessionOf(benches[patient], who), { deliver: watched, steps });
    tab.network = network;
    tabs.unshift(tab);
    return tab;
  };
  const leave = () => Promise.all(tabs.splice(0).map(tab => tab.leave()));
  const crash = () => {
    for (const tab of tabs.splice(0)) tab.die();
    unanswered.clear();
  };

  const gotOn = (pause: Pause) =>
    pause === 'kept' ? spin(() => unanswered.size === 0) : left(pause);

  open();
  for (const [happens, turns] of events) {
    const [tab] = tabs;
    switch (happens.kind) {
      case 'save': {
        const said = crypto.randomUUID();
        const pressed = (count += 1);
        unanswered.add(said);
        const act = evaluationOf(benches[patient], who, said, happens);
        saved.push(
          (tab ?? open()).outbox.put(act).then(({ ok }) => {
            unanswered.delete(said);
            return { act, said, ok, pressed, known: (count += 1) };
          }),
          // A page that is killed never says whether it was kept.
        );
        break;
      }
      case 'crash':
        crash();
        open();
        break;
      case 'second-tab':
        if (tabs.length < 2) open();
        break;
      case 'network':
        network = happens.is;
        for (const one of tabs) one.network = network;
        break;
      case 'server':
        await benches.p1.scenario({ match: TRANSACTION, times: 1, ...happens.rule });
        break;
      case 'person':
        network = network === 'silent' ? 'up' : network;
        await leave();
        ({ who } = happens);
        open();
        break;
      case 'patient':
        await leave();
        ({ patient } = happens);
        open();
        break;
      case 'clock':
        at.pass(happens.ms);
        break;
      case 'upgrade':
        steps = [...steps, () => {}];
        crash();
        open();
        break;
      case 'revive':
        for (const one of tabs) one.revive();
        break;
      case 'again':
        // In a tab that is killed or left in the middle of it, nobody is there to be told.
        for (const one of tabs)
          for (const { id } of one.outbox.items.value) one.outbox.again(id).catch(() => undefined);
        break;
      default:
        happens satisfies never;
    }
    await gotOn(turns);
  }

  await gotOn('kept');
  crash();
  await benches.p1.scenario();
  const kept = (await Promise.all(saved.map(one => Promise.race([one, unknown()])))).filter(
    one => one !== undefined,
  );
  const seen = await inTheEnd(at, benches, steps, kept);
  return judged(benches, kept, seen);
}

/** Everything works again, and each person looks at each patient once more: what is then shown, by id. */
async function inTheEnd(
  at: Machine,
  benches: Readonly<Record<Patient, Bench>>,
  steps: readonly Step[],
  kept: readonly Kept[],
): Promise<ReadonlyMap<string, string>> {
  const seen = new Map<string, string>();
  for (const who of PEOPLE)
    for (const bench of Object.values(benches)) {
      const { patient } = bench.session;
      if (!kept.some(({ act }) => act.bound.sub === who && act.bound.patient === patient)) continue;
      const tab = at.open(sessionOf(bench, who), { deliver: watched, steps });
      const { items } = tab.outbox;
      const isOver = () => items.value.every(hasEnded);
      const rests = () => items.value.every(one => hasEnded(one) || isLater(one, at));
      await spin(() => tab.outbox.storage.value.state === 'open');
      await left(0);
      for (let turn = 0; turn < 20 && !isOver(); turn += 1) {
        await spin(rests);
        at.pass(61_000);
      }
      // Behind one that waits for a person, others wait for ever.
      for (const { id, state } of tab.outbox.items.value) seen.set(id, state);
      tab.die();
    }
  return seen;
}

const OVER: ReadonlySet<string> = new Set(['acked', 'conflict', 'needs-human']);
const hasEnded = ({ state, waiting }: OutboxItem) =>
  OVER.has(state) || waiting === 'behind-another';
const isLater = ({ state, nextAt }: OutboxItem, at: Machine) =>
  state !== 'sending' && nextAt !== undefined && Date.parse(nextAt) > at.now();

function judged(
  benches: Readonly<Record<Patient, Bench>>,
  kept: readonly Kept[],
  seen: ReadonlyMap<string, string>,
): number {
  const there = benches.p1.sandbox.store.all('QuestionnaireResponse').map(one => ({
    one,
    text: JSON.stringify(one),
  }));
  const order = new Map<string, { pressed: number; known: number; place: number }[]>();
  let arrived = 0;
  for (const { act, said, ok, pressed, known } of kept) {
    const copies = there.filter(({ text }) => text.includes(said));
    const { sub, patient, plan } = act.bound;
    expect(copies.length, 'copies').toBeLessThanOrEqual(1);
    if (!ok) expect(copies.length, 'what was not kept was sent').toBe(0);
    else if (copies.length === 0) expect(seen.has(act.id), 'lost').toBe(true);
    const [copy] = copies;
    if (!copy) continue;
    arrived += 1;
    expect(copy.one['subject']).toEqual({ reference: patient });
    expect(copy.one['author']).toEqual({ display: sub });
    const key = `${sub} ${patient} ${plan}`;
    order.set(key, [...(order.get(key) ?? []), { pressed, known, place: there.indexOf(copy) }]);
  }
  // Two presses at once have no order; one that was known to be kept comes before one that was pressed after that.
  for (const same of order.values())
    for (const one of same)
      for (const later of same.filter(({ pressed }) => pressed > one.known))
        expect(later.place, 'order').toBeGreaterThan(one.place);
  return arrived;
}

/** Never by another person, and never about another patient. */
const watched: Deliver = (session, proposal, attempt) => {
  expect([session.user.sub, session.patient]).toEqual([proposal.bound.sub, proposal.bound.patient]);
  return deliver(session, proposal, attempt);
};

const sessionOf = ({ session }: Bench, sub: Who): Session => ({
  ...session,
  user: { ...session.user, sub },
});

function evaluationOf(
  bench: Bench,
  sub: Who,
  said: string,
  { plan, withGoal }: { readonly plan: number; readonly withGoal: boolean },
): Proposal {
  const { iss, patient } = bench.session;
  const goal = GOALS[patient === 'Patient/p1' ? 'p1' : 'p2'];
  const answers: Write = {
    kind: 'new',
    uuid: crypto.randomUUID(),
    resource: {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      subject: { reference: patient },
      authored: '2026-11-21T20:20:00+01:00',
      author: { display: sub },
      item: [{ linkId: 'helped', answer: [{ valueString: said }] }],
    },
  };
  const changes = changed(bench, goal, [
    { at: 'statusReason', value: said, label: 'Begrunnelse', words: said },
  ]);
  return {
    id: crypto.randomUUID(),
    what: 'evaluation',
    bound: { iss, sub, patient, plan: `CarePlan/${plan}`, planVersion: '1' },
    pressed: '2026-11-21T20:20:00+01:00',
    writes: withGoal ? [answers, changes] : [answers],
    words: said,
  };
}

const unknown = () => left(1).then(() => undefined);

/** Some of what is under way gets on, and the rest does not. */
const left = (ms: number): Promise<void> =>
  new Promise(resolve => {
    if (ms === 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });

async function spin(what: () => boolean): Promise<void> {
  const end = Date.now() + 2_000;
  while (!what() && Date.now() < end) await left(0);
}
