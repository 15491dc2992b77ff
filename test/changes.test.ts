import { describe, expect, test, vi } from 'vitest';
import { changeText, isWaiting } from '../src/record/changes/change.ts';
import { caughtUp, discrepanciesOf, isGuarded, listedAs } from '../src/record/changes/listed.ts';
import { answered } from './bench.ts';
import { changesBench, changesOf, discrepanciesIn } from './changes-bench.ts';

// Each test signs in and reads a whole record.
vi.setConfig({ testTimeout: 30_000 });

const SFM = [{ kind: 'sfm', at: 'sfm' }] as const;

describe('what waits for the GP', () => {
  test('Olav: seven changes from one sender, the gravest first, with the deadline and what set it', async () => {
    const { changes } = await changesBench();
    const [sending, ...others] = changes.sendings;

    expect(others).toEqual([]);
    expect(sending).toMatchObject({
      task: { source: { ref: 'Task/p2-changes', version: '1' } },
      sender: { ref: 'PractitionerRole/u-ger', name: 'Arne Gerisen' },
      sent: '2026-11-14T11:05:00+01:00',
      due: '2026-11-24T12:00:00+01:00',
      dueBecause: 'multidose, pakkeperiode 01.–14.12.2026',
    });
    expect(sending?.changes.map(each => `${each.risk}: ${changeText(each)}`)).toEqual([
      'dose-up: furosemid 40 mg × 1 → furosemid 40 mg × 2',
      'new: dapagliflozin 10 mg × 1',
      'stop: metformin 1000 mg × 2 → seponert',
      'pause: tamsulosin 0,4 mg → pause',
      'other: ramipril 5 mg → ramipril 2,5 mg',
      'other: apiksaban 5 mg × 2 → apiksaban 2,5 mg × 2',
      'other: zopiklon 7,5 mg → nedtrapping 3,75 mg i 14 døgn, så stopp',
    ]);
    expect(sending?.changes.every(isWaiting)).toBe(true);
    expect(sending?.changes[0]?.because).toBe('Vekt opp 4 kg, ødem');
  });

  test('Maja: five changes, and what is no medicine is told apart', async () => {
    const { changes } = await changesBench({ patient: 'p1' });
    const [sending] = changes.sendings;

    expect(sending?.changes.map(({ risk, kind }) => `${risk}, ${kind}`)).toEqual([
      'dose-up, legemiddel',
      'new, legemiddel',
      'stop, legemiddel',
      'other, oppfølging',
      'other, oppfølging',
    ]);
  });

  test.each([
    ['p4', 'u-gp', 'adrenalin 0,15 mg → adrenalin 0,3 mg'],
    ['p5', 'u-gp2', 'buprenorfin 96 mg hver 28. dag → buprenorfin 128 mg hver 28. dag'],
  ])(
    '%s: what the GP has answered waits no more, and says how it stands',
    async (patient, user, text) => {
      const { changes } = await changesBench({ patient, user });
      const [change] = changes.sendings.flatMap(sending => sending.changes);

      expect(change && changeText(change)).toBe(text);
      expect(change).toMatchObject({
        standing: 'answered',
        risk: 'dose-up',
        answer: { outcome: undefined, said: 'godtatt av fastlegen' },
      });
    },
  );

  test('paper copies of the plan are tasks, and no changes in treatment', async () => {
    const { it, changes } = await changesBench({ patient: 'p4' });

    expect(it.sandbox.store.all('Task').some(({ id }) => id === 'p4-copy-1')).toBe(true);
    expect(changes.reading.items.map(({ source }) => source.ref).toSorted()).toEqual([
      'Task/p4-change-1',
      'Task/p4-changes',
    ]);
  });

  test('a change about another patient is set aside and named, never shown', async () => {
    const { session } = await changesBench();
    // As from a server that passes over the parameter.
    const theirs = /("id":"p2-change-2".*?"for":\{"reference":")Patient\/p2/g;
    const swapped = {
      ...session,
      async fetch(request: Request) {
        const response = await session.fetch(request);
        return new Response((await response.text()).replaceAll(theirs, '$1Patient/p1'), response);
      },
    };
    const { reading } = await changesOf(swapped);

    expect(reading.setAside).toEqual([{ ref: 'Task/p2-change-2', why: 'other-patient' }]);
    expect(reading.items.map(({ source }) => source.ref)).not.toContain('Task/p2-change-2');
  });
});

const role = (
  it: Awaited<ReturnType<typeof changesBench>>['it'],
  id: string,
  code: string,
  at: string,
) =>
  it.sandbox.store.load([
    {
      resourceType: 'PractitionerRole',
      id: `${id}-more`,
      active: true,
      practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: `Organization/${at}` },
      code: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9034', code }] }],
    },
  ]);

describe('who may decide', () => {
  test.each([
    ['u-gp', 'p2', 'gp'],
    ['u-ger', 'p2', undefined],
    ['u-hjt', 'p2', undefined],
    ['u-lv', 'p2', undefined],
    ['u-gp2', 'p5', 'gp'],
  ])('%s for %s: %s', async (user, patient, decider) => {
    expect((await changesBench({ user, patient })).changes.decider).toBe(decider);
  });

  test('the stand-in at the GP’s own practice may decide, one at another practice may not', async () => {
    const { it, session } = await changesBench({ user: 'u-lv' });
    role(it, 'u-lv', '15', 'org-gp2');
    expect((await changesOf(session)).decider).toBeUndefined();
    role(it, 'u-lv', '15', 'org-gp1');
    expect((await changesOf(session)).decider).toBe('stand-in');
  });

  test('a GP at the same practice is not the GP of this patient, unless the patient is the practice’s', async () => {
    const { it, session } = await changesBench({ user: 'u-lv' });
    role(it, 'u-lv', '6', 'org-gp1');
    expect((await changesOf(session)).decider).toBeUndefined();
    const patient = it.sandbox.store.at('Patient/p2');
    if (!patient) throw new Error('no patient');
    it.sandbox.store.load([
      { ...patient, generalPractitioner: [{ reference: 'Organization/org-gp1' }] },
    ]);
    expect((await changesOf(session)).decider).toBe('gp');
  });

  test('nobody who is not proven to have signed in decides anything', async () => {
    const { session } = await changesBench();
    const unproven = { ...session, user: { ...session.user, sub: undefined } };
    const { decider, takes } = await changesOf(unproven);
    expect(decider).toBeUndefined();
    expect(takes.answer).toBe('not-permitted');
  });
});

describe('where change and list do not fit', () => {
  test('Olav: furosemide stands twice, and metformin that is stopped is still packed; nothing else', async () => {
    const bench = await changesBench({ sources: SFM });
    const found = await discrepanciesIn(bench);

    expect(found.map(({ change, rule, rows }) => [change, rule, rows[0]?.substance])).toEqual([
      ['Task/p2-change-1', 'twice', 'furosemid'],
      ['Task/p2-change-5', 'multidose', 'metformin'],
    ]);
  });

  test('what SFM says is given loose is not packed, and nothing is concluded where it says nothing', async () => {
    const { it, changes } = await changesBench({ sources: SFM });
    const { items } = await answered((await it.record()).medicines);
    const all = changes.sendings.flatMap(sending => sending.changes);
    const rules = (multidose: boolean | undefined) =>
      discrepanciesOf(
        all,
        items.map(({ also = [], ...row }) => ({
          ...row,
          multidose,
          also: also.map(other => ({ ...other, multidose })),
        })),
      ).map(({ rule }) => rule);

    expect(rules(false)).toEqual(['twice']);
    expect(rules(undefined)).toEqual(['twice']);
  });

  test('Maja: none', async () => {
    expect(await discrepanciesIn(await changesBench({ patient: 'p1', sources: SFM }))).toEqual([]);
  });

  test('a dose that is neither the old nor the new is said, and one in other words is not judged', async () => {
    const bench = await changesBench();
    const { it } = bench;
    const set = (text: string) => {
      const statement = it.sandbox.store.at('MedicationStatement/p2-med-2');
      if (!statement) throw new Error('no medicine');
      it.sandbox.store.load([{ ...statement, dosage: [{ text }] }]);
    };
    const rules = async () =>
      (await discrepanciesIn(bench))
        .filter(({ change }) => change === 'Task/p2-change-2')
        .map(({ rule }) => rule);

    set('10 mg kl. 8');
    expect(await rules()).toEqual(['dose']);
    set('5 mg kl. 8');
    expect(await rules()).toEqual([]);
    set('2,5 mg kl. 8');
    expect(await rules()).toEqual([]);
    set('en halv tablett til frokost');
    expect(await rules()).toEqual([]);
  });

  test('the list has caught up with what it can be compared with, and blood thinners are told apart', async () => {
    const { it, changes } = await changesBench({ sources: SFM });
    const { items } = await answered((await it.record()).medicines);
    const all = changes.sendings.flatMap(sending => sending.changes);
    const of = (id: number) => {
      const change = all.find(({ source }) => source.ref === `Task/p2-change-${id}`);
      if (!change) throw new Error('no change');
      const rows = listedAs(change, items);
      return [caughtUp(change, rows), isGuarded(rows)];
    };

    expect(of(2)).toEqual(['yes', false]);
    expect(of(3)).toEqual(['yes', true]);
    expect(of(4)).toEqual(['yes', false]);
    expect(of(5)).toEqual(['yes', false]);
    expect(of(6)).toEqual(['unknown', false]);
    expect(of(7)).toEqual(['yes', false]);
  });
});
