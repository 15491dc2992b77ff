import { describe, expect, test } from 'vitest';
import type { Plan } from '../src/record/model.ts';
import type { PlanDetails } from '../src/record/plans/plan-details.ts';
import type { Item, Known, Reading } from '../src/record/reading.ts';
import type { PatientRecord } from '../src/record/record.ts';
import type { Resource } from '../src/sandbox/types.ts';
import { bench } from './bench.ts';

const read = <T extends Item>(reading: Reading<T>): Known<T> => {
  if (reading.state === 'loading') throw new Error('still loading');
  return reading;
};
const planOf = (record: PatientRecord, kind: Plan['kind']): Plan => {
  const plan = read(record.plans.value).items.find(
    each => each.kind === kind && each.document === undefined,
  );
  if (!plan) throw new Error(`no ${kind} plan`);
  return plan;
};
const detailsOf = (record: PatientRecord, kind: Plan['kind']): PlanDetails => {
  const { details } = planOf(record, kind);
  if (typeof details === 'string') throw new Error(details);
  return details;
};
async function aminaWith(...resources: readonly object[]): Promise<PatientRecord> {
  const at = await bench({ patient: 'p6' });
  at.sandbox.store.load(resources as Resource[]);
  return at.record();
}
/** Maja as the doctor sees her, opened once for all that only look. */
let opened: Promise<PatientRecord> | undefined;
const maja = () => (opened ??= bench().then(at => at.record()));
const hers = { subject: { reference: 'Patient/p6' } };
const noPlan = 'https://example.org/fhir/CodeSystem/no-plan';
const treatment = {
  resourceType: 'CarePlan',
  id: 'plan',
  ...hers,
  status: 'active',
  intent: 'plan',
  category: [{ coding: [{ system: noPlan, code: 'behandlingsplan' }] }],
};

const tagged = (id: string, ...codes: readonly string[]) => ({
  resourceType: 'ServiceRequest',
  id,
  ...hers,
  status: 'active',
  intent: 'plan',
  code: { text: id },
  meta: { security: codes.map(code => ({ system: noPlan, code })) },
});

describe('goals', () => {
  test("Maja's goals are her own words, with how far they have come and when they are due", async () => {
    const { goals } = detailsOf(await maja(), 'treatment');
    expect(goals).toMatchObject([
      {
        text: 'Jeg vil klare kvelden uten å kutte meg',
        patientsOwn: true,
        achievement: 'delvis',
        due: ['2027-02-01'],
      },
      { achievement: 'nådd', since: '2026-11-12' },
      { achievement: 'nådd' },
    ]);
  });

  test('a goal by somebody else says by whom, and one put aside says so', async () => {
    const goal = {
      resourceType: 'Goal',
      id: 'g',
      ...hers,
      lifecycleStatus: 'on-hold',
      description: { text: 'Trygg hjemme' },
      expressedBy: { reference: 'RelatedPerson/mor', display: 'Mor' },
    };
    const never = { ...goal, id: 'h', lifecycleStatus: 'entered-in-error' };
    const plan = { ...treatment, goal: [{ reference: 'Goal/g' }, { reference: 'Goal/h' }] };
    expect(detailsOf(await aminaWith(plan, goal, never), 'treatment').goals).toMatchObject([
      { text: 'Trygg hjemme', patientsOwn: false, by: 'Mor', lifecycle: 'on-hold' },
      { text: undefined, lifecycle: 'entered-in-error' },
    ]);
  });

  test('a goal the server does not show keeps its place', async () => {
    const plan = { ...treatment, goal: [{ reference: 'Goal/gone' }] };
    const { goals } = detailsOf(await aminaWith(plan), 'treatment');
    expect(goals).toMatchObject([{ ref: 'Goal/gone', text: undefined }]);
  });
});

describe('measures', () => {
  test('each says who is responsible, by when, which goal it serves and whose to see', async () => {
    const { measures } = detailsOf(await maja(), 'individual');
    expect(measures).toHaveLength(6);
    expect(measures[2]).toMatchObject({
      text: 'Delvis opplegg, tre fag, eget rom ved eksamen',
      responsible: ['Fjordvik videregående skole'],
      due: '2027-06-20',
      goals: ['Goal/p1-goal-ip2'],
      infoClass: 'other',
    });
    expect(measures[4]).toMatchObject({ text: 'DBT og ferdighetsgruppe', infoClass: 'health' });
  });

  test('a task, a message and a meeting are read as what they are; so is one written on the plan', async () => {
    const unit = { display: 'Hjemmetjenesten' };
    const resources = [
      {
        resourceType: 'Task',
        id: 't',
        for: hers.subject,
        subject: hers.subject,
        status: 'on-hold',
        intent: 'order',
        description: 'Måle vekt',
        owner: unit,
        restriction: { period: { end: '2026-12-01' } },
      },
      {
        resourceType: 'CommunicationRequest',
        id: 'c',
        ...hers,
        status: 'active',
        payload: [{ contentString: 'Ring skolen' }],
        sender: unit,
        occurrenceDateTime: '2026-12-02',
      },
      {
        resourceType: 'Appointment',
        id: 'a',
        status: 'booked',
        description: 'Ansvarsgruppe',
        start: '2099-01-12T10:00:00+01:00',
        end: '2099-01-12T11:00:00+01:00',
        participant: [
          { actor: hers.subject, status: 'accepted' },
          { actor: unit, status: 'accepted' },
        ],
      },
    ];
    const plan = {
      ...treatment,
      activity: [
        { reference: { reference: 'Task/t' } },
        { reference: { reference: 'CommunicationRequest/c' } },
        { reference: { reference: 'Appointment/a' } },
        {
          detail: {
            status: 'scheduled',
            description: 'Trening',
            performer: [unit],
            scheduledPeriod: { end: '2026-12-03' },
          },
        },
        { detail: { status: 'scheduled', description: 'Kutte alkohol', doNotPerform: true } },
        'ikke en aktivitet',
      ],
    };
    const record = await aminaWith(plan, ...resources);
    const { measures, nextMeeting } = detailsOf(record, 'treatment');
    expect(measures.map(({ text, responsible, due }) => [text, responsible, due])).toEqual([
      ['Måle vekt', ['Hjemmetjenesten'], '2026-12-01'],
      ['Ring skolen', ['Hjemmetjenesten'], '2026-12-02'],
      ['Ansvarsgruppe', ['Hjemmetjenesten'], undefined],
      ['Trening', ['Hjemmetjenesten'], '2026-12-03'],
      [undefined, [], undefined],
    ]);
    expect(measures[0]?.status).toBe('on-hold');
    expect(nextMeeting).toBe('2099-01-12T10:00:00+01:00');
    expect(planOf(record, 'treatment').lines).toContainEqual(
      expect.objectContaining({ text: 'Kutte alkohol', kind: 'avoid', not: true }),
    );
  });

  test('what carries no class, or both, is health information', async () => {
    const all = [tagged('none'), tagged('shared', 'velferd'), tagged('both', 'velferd', 'helse')];
    const plan = {
      ...treatment,
      activity: all.map(({ id }) => ({ reference: { reference: `ServiceRequest/${id}` } })),
    };
    const { measures } = detailsOf(await aminaWith(plan, ...all), 'treatment');
    expect(measures.map(({ infoClass }) => infoClass)).toEqual(['health', 'other', 'health']);
  });
});

describe('who, with whom, and how it came to be', () => {
  test('the coordinator of the individual plan stands with the number to call', async () => {
    const { coordinators } = detailsOf(await maja(), 'individual');
    expect(coordinators).toMatchObject([
      { name: 'Silje Samrud', numbers: [{ value: '+47 00 00 05 10', current: true }] },
    ]);
  });

  test('its history says what was done, when and by whom; reading it is not changing it', async () => {
    const { history, updatedBy } = detailsOf(await maja(), 'acute');
    expect(history?.map(({ by }) => by)).toEqual([
      'Tuva Poliklin',
      'Sindre Vaktmo',
      'Silje Samrud',
      'Tuva Poliklin',
    ]);
    expect(updatedBy).toBe('Tuva Poliklin');
  });

  test('a plan the patient contributed to was made together with the patient', async () => {
    const contributor = [{ reference: 'Patient/p6' }, { display: 'Tuva Poliklin' }];
    const record = await aminaWith({ ...treatment, contributor });
    expect(detailsOf(record, 'treatment')).toMatchObject({
      withPatient: true,
      contributors: ['Tuva Poliklin'],
    });
  });

  test('a plan replaced by another is so; one that only a draft would replace stands', async () => {
    const other = (id: string, status: string, replaces: string) => ({
      ...treatment,
      id,
      status,
      replaces: [{ reference: `CarePlan/${replaces}` }],
    });
    const { items } = read(
      (
        await aminaWith(
          treatment,
          other('newer', 'active', 'plan'),
          other('draft', 'draft', 'newer'),
        )
      ).plans.value,
    );
    expect(items.map(({ source, standing }) => [source.ref, standing])).toEqual(
      expect.arrayContaining([
        ['CarePlan/plan', 'replaced'],
        ['CarePlan/newer', 'in-force'],
        ['CarePlan/draft', 'draft'],
      ]),
    );
  });

  test('two plans that each say they replace the other both stand', async () => {
    const both = [
      { ...treatment, id: 'a', replaces: [{ reference: 'CarePlan/b' }] },
      { ...treatment, id: 'b', replaces: [{ reference: 'CarePlan/a' }] },
    ];
    const { items } = read((await aminaWith(...both)).plans.value);
    expect(items.map(({ standing }) => standing)).toEqual(['in-force', 'in-force']);
  });
});

describe('evaluations', () => {
  test('a meeting and its answers are one evaluation, newest first, and everything adds up', async () => {
    const known = read((await maja()).evaluations.value);
    expect(known.items.map(({ date }) => date?.slice(0, 10))).toEqual([
      '2026-11-12',
      '2026-08-27',
      '2026-05-21',
      '2026-03-05',
    ]);
    expect(known.items[0]).toMatchObject({
      mode: 'oppmøte',
      patient: 'deltok',
      next: '2027-01-07',
      by: 'Tuva Poliklin',
      messages: [{ to: 'Ingrid Fastlund', read: undefined }],
    });
    expect(known.items[0]?.changes).toHaveLength(5);
    expect(known.items[0]?.goals).toContainEqual({
      goal: 'Goal/p1-goal-g2',
      achievement: 'nådd',
      score: 7,
    });
    const shown = known.items.reduce((n, { also = [] }) => n + 1 + also.length, 0);
    expect(shown + known.setAside.length).toBe(known.received);
  });

  test('a meeting a plan points to is an evaluation, though nothing else says so', async () => {
    const plan = {
      ...treatment,
      activity: [
        {
          detail: { status: 'completed', description: 'Evaluering' },
          outcomeReference: [{ reference: 'Encounter/met' }],
        },
      ],
    };
    const meeting = {
      resourceType: 'Encounter',
      id: 'met',
      ...hers,
      status: 'finished',
      class: { code: 'AMB' },
      period: { start: '2026-06-02T10:00:00+02:00' },
    };
    const other = { ...meeting, id: 'other' };
    const { items } = read((await aminaWith(plan, meeting, other)).evaluations.value);
    expect(items.map(({ source }) => source.ref)).toEqual(['Encounter/met']);
  });

  test('evaluations that could not be fetched are a failure, and the plans stand with their goals', async () => {
    const at = await bench();
    await at.scenario({ match: 'GET /fhir/QuestionnaireResponse', status: 500 });
    const record = await at.record();
    const known = read(record.evaluations.value);
    expect(known.gaps).toContainEqual({
      what: 'QuestionnaireResponse',
      from: 'Sandkassen',
      why: 'failed',
    });
    expect(detailsOf(record, 'treatment').goals).toHaveLength(3);
  });

  test('nothing evaluated is «not recorded», and a role without access is told that', async () => {
    const amina = await (await bench({ patient: 'p6' })).record();
    expect(amina.evaluations.value.state).toBe('none-recorded');
    const ambulance = await (await bench({ user: 'u-amb' })).record();
    expect(ambulance.evaluations.value.state).toBe('not-permitted');
  });
});

describe('what a welfare user sees', () => {
  test('their half of the plan, and no trace of what is left out', async () => {
    const record = await (await bench({ user: 'u-nav' })).record();
    const details = detailsOf(record, 'individual');
    expect(details.excerpt).toBe(true);
    expect(details.goals.map(({ infoClass, text }) => [infoClass, text !== undefined])).toEqual([
      ['other', true],
      ['other', true],
      ['other', true],
    ]);
    expect(details.measures).toHaveLength(4);
    expect(details.measures.flatMap(({ responsible }) => responsible)).not.toContain(undefined);
  });
});

describe('how much is asked', () => {
  test('nothing that came along with the plans, or was asked for, is asked for again', async () => {
    for (const user of ['u-lv', 'u-nav']) {
      const at = await bench({ user });
      await at.record();
      const asked = (await at.asked()).filter(row => row.startsWith('GET /fhir/'));
      expect(new Set(asked).size).toBe(asked.length);
      const goals = asked.filter(row => row.startsWith('GET /fhir/Goal'));
      expect(goals.join()).not.toContain('p1-goal-ip1');
    }
  });

  test('whom to call waits for no goal: plans are shown while goals are still on their way', async () => {
    const at = await bench();
    await at.scenario({ match: 'GET /fhir/QuestionnaireResponse', delayMs: 1500 });
    const { openRecord } = await import('../src/record/record.ts');
    const { plans } = openRecord(at.session);
    const first = await new Promise<Plan>(resolve => {
      plans.subscribe(reading => {
        if (reading.state !== 'loading' && reading.items[0]) resolve(reading.items[0]);
      });
    });
    expect(first.details).toBe('waiting');
    expect(first.contacts).not.toBe('unread');
  });
});
