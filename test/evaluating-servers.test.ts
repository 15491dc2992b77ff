import { beforeAll, describe, expect, test } from 'vitest';
import type { Raw } from '../src/fhir/ask.ts';
import { scopesFor } from '../src/launch/scopes.ts';
import { begin } from '../src/record/evaluating/begin.ts';
import { validate } from '../src/sandbox/store/validate.ts';
import type { Resource } from '../src/sandbox/types.ts';
import { type Bench, bench as openBench } from './bench.ts';
import {
  type Begun,
  begun,
  choice,
  crisisEvaluation,
  drafted,
  OWN_SCOPES,
  opened,
  post,
  transactionOf,
} from './evaluations.ts';

const writingAmong = (all: readonly string[]) =>
  all.filter(scope => /\.[a-z]*[cud]/.test(scope.replace(/^.*\//, ''))).toSorted();

const subsetted = (raw: Resource | undefined) => ({
  ...raw,
  meta: { ...raw?.meta, tag: [{ code: 'SUBSETTED' }] },
});

const goalTagged = (tag: readonly Raw[]): Raw => ({
  resourceType: 'Goal',
  ...(tag.length > 0 ? { meta: { tag } } : {}),
  lifecycleStatus: 'active',
  description: { text: 'Slutte med kvetiapin' },
  subject: { reference: 'Patient/p1' },
});

async function unitNumbers(it: Pick<Begun, 'session' | 'bench'>, month = '2026-11') {
  const reader = await opened({
    beside: it.bench,
    scope: 'launch openid user/MeasureReport.rs patient/*.rs',
  });
  const token = await reader.session.authorization?.token();
  const answer = await it.session.fetch(
    new Request(`${it.session.iss}/MeasureReport/indicators-${month}`, {
      headers: { authorization: `Bearer ${token}` },
    }),
  );
  const report: { group: { population: { count: number }[] }[] } = await answer.json();
  return report.group.map(({ population }) => population[0]?.count);
}

/** One journal for what is only looked at. */
let shared: Bench;
beforeAll(async () => {
  shared = await openBench();
}, 30_000);

const typesIn = ({ proposal }: ReturnType<typeof drafted>) =>
  proposal.writes.map(write =>
    write.kind === 'new' ? String(write.resource['resourceType']) : write.ref,
  );

/** As the app asks, but for these types: what a server leaves out when it grants. */
const withoutScopes = (...scopes: readonly string[]) =>
  OWN_SCOPES.split(' ')
    .filter(scope => !scopes.includes(scope))
    .join(' ');

const EVERYTHING = [
  'QuestionnaireResponse',
  'Encounter',
  'Goal',
  'Observation',
  'CarePlan',
  'Task',
  'Communication',
  'Provenance',
  'DocumentReference',
];
const taking = (...but: readonly string[]) => ({
  takes: EVERYTHING.filter(type => !but.includes(type)),
});

describe('What is asked for', () => {
  test('the right to make and to change only where something is made or changed', () => {
    const scopes = scopesFor({ launch: true, v2: true }).split(' ');
    expect(writingAmong(scopes)).toEqual([
      'patient/CarePlan.rus',
      'patient/Communication.crus',
      'patient/DocumentReference.crus',
      'patient/Encounter.crus',
      'patient/Goal.rus',
      'patient/Observation.crus',
      'patient/Provenance.crus',
      'patient/QuestionnaireResponse.crus',
      'patient/Task.crus',
    ]);
    expect(scopes).toContain('patient/Questionnaire.rs');
    const types = scopes.map(scope => scope.split('.')[0]);
    expect(new Set(types).size, 'one scope for each type').toBe(types.length);
  });

  test('in the words of version 1 where the server knows no other', () => {
    const scopes = scopesFor({ launch: true, v2: false }).split(' ');
    expect(scopes).toContain('patient/Goal.read');
    expect(scopes.filter(scope => scope.endsWith('.write'))).toHaveLength(9);
    expect(scopes).not.toContain('patient/Flag.write');
  });
});

describe('What a server takes is known before anybody starts', () => {
  test('L19: no right to make an evaluation, and no document either', async () => {
    const it = await begun({
      beside: shared,
      scope: withoutScopes('patient/QuestionnaireResponse.crus', 'patient/DocumentReference.crus'),
    });
    expect(it.occasion.takes).toEqual({ how: 'nothing', why: 'not-permitted' });
    expect(() => drafted(it)).toThrow('Nothing of an evaluation can be written');
  });

  test('a server that has no evaluations at all does not support it', async () => {
    const { occasion } = await begun({
      server: taking('QuestionnaireResponse', 'DocumentReference'),
    });
    expect(occasion.takes).toEqual({ how: 'nothing', why: 'not-supported' });
  });

  test('nobody is proven to have signed in: nothing is written in nobody’s name', async () => {
    const { occasion } = await begun({ beside: shared, signedIn: false });
    expect(occasion.takes).toEqual({ how: 'nothing', why: 'not-permitted' });
  });

  test.each([
    ['only to read goals', 'patient/Goal.rus', 'patient/Goal.rs', ['goals']],
    ['only to read plans', 'patient/CarePlan.rus', 'patient/CarePlan.rs', ['plan']],
    ['only to change tasks', 'patient/Task.crus', 'patient/Task.rus', ['tasks']],
    [
      'version 1, only to read messages',
      'patient/Communication.crus',
      'patient/Communication.read',
      ['message'],
    ],
  ])('with the right %s, that much is left out', async (_, asked, granted, without) => {
    const { occasion } = await begun({
      beside: shared,
      scope: `${withoutScopes(asked)} ${granted}`,
    });
    expect(occasion.takes).toEqual({ how: 'less', without });
  });

  test('rights given for the user, and in the words of version 1, are rights too', async () => {
    const scope = OWN_SCOPES.replace('patient/Goal.rus', 'patient/Goal.read user/Goal.write');
    expect((await begun({ beside: shared, scope })).occasion.takes).toEqual({ how: 'whole' });
  });

  test('as Epic: tasks can be changed and not made, goals and plans are read only', async () => {
    const it = await begun({ server: taking('Task', 'Goal', 'CarePlan') });
    expect(it.occasion.takes).toEqual({ how: 'less', without: ['goals', 'plan', 'tasks'] });
    const draft = drafted(it);
    expect(typesIn(draft)).toEqual([
      'QuestionnaireResponse',
      'Encounter',
      'Observation',
      'Communication',
      'Provenance',
    ]);
    expect((await post(it, transactionOf(draft.proposal))).status).toBe(200);
  });

  test('a server without goals: they are evaluated in the answers', async () => {
    const { bench, record, named } = await opened();
    await bench.scenario({ match: '/fhir/Goal', status: 404 });
    const began = await begin(record, named('p1-plan-behandling'));
    if (!began.ok) throw new Error(began.failure.kind);
    expect(began.occasion.takes).toEqual({ how: 'less', without: ['goals'] });
    expect(began.occasion.goals.map(({ goal }) => goal.ref)).toEqual([
      'Goal/p1-goal-g1',
      'Goal/p1-goal-g2',
      'Goal/p1-goal-g3',
    ]);
  });

  test('without meetings and without Provenance nothing points at them', async () => {
    const it = await begun({ server: taking('Encounter', 'Provenance') });
    expect(it.occasion.takes).toEqual({ how: 'less', without: ['meeting', 'provenance'] });
    const draft = drafted(it);
    expect(JSON.stringify(draft.proposal.writes)).not.toContain('"encounter"');
    expect((await post(it, transactionOf(draft.proposal))).status).toBe(200);
  });

  test('a patient without a GP: there is nobody to ask and nobody to tell, and that is said', async () => {
    const { bench, session, record, named } = await opened();
    const patient = bench.sandbox.store.at('Patient/p1');
    bench.sandbox.store.load([
      { ...patient, resourceType: 'Patient', generalPractitioner: undefined },
    ]);
    const began = await begin(record, named('p1-plan-behandling'));
    if (!began.ok) throw new Error(began.failure.kind);
    const { occasion } = began;
    expect(occasion.doctor).toBeUndefined();
    expect(occasion.takes).toEqual({ how: 'less', without: ['tasks', 'message'] });
    const types = typesIn(drafted({ bench, session, record, occasion }));
    expect(types).not.toContain('Task');
    expect(types).not.toContain('Communication');
  });

  test('a journal that takes only documents gets the whole evaluation as one text', async () => {
    const it = await begun({ server: { takes: ['DocumentReference'] } });
    expect(it.occasion.takes).toEqual({ how: 'document' });
    const draft = drafted(it, { message: 'Kjære Ingrid' });
    expect(draft.summary).toEqual([
      { part: 'document', words: 'Evaluering 21.11.2026 som tekstdokument i journalen' },
    ]);
    const [write, ...others] = draft.proposal.writes;
    expect(others).toEqual([]);
    if (write?.kind !== 'new') throw new Error('The document is not new');
    expect(validate({ ...write.resource, resourceType: 'DocumentReference' })).toEqual([]);
    const answer = await post(it, write.resource, '/DocumentReference');
    expect(answer.status, await answer.clone().text()).toBe(201);
    const document: Resource & {
      content?: { attachment: { contentType: string; data: string } }[];
    } = await answer.json();
    expect(document).toMatchObject({
      status: 'current',
      docStatus: 'final',
      type: { text: 'Evaluering av plan' },
      subject: { reference: 'Patient/p1' },
      date: draft.proposal.pressed,
      author: [{ reference: 'PractitionerRole/u-psy' }],
      custodian: { reference: 'Organization/org-dps' },
      context: { related: [{ reference: 'CarePlan/p1-plan-behandling' }] },
    });
    const { contentType, data } = document.content?.[0]?.attachment ?? {
      contentType: '',
      data: '',
    };
    expect(contentType).toBe('text/plain; charset=utf-8');
    const text = Buffer.from(data, 'base64').toString('utf8');
    expect(text).toBe(draft.proposal.words);
    expect(text).toContain('Hva har ikke hjulpet?: Kvetiapin: trøtt');
    expect(text).toContain('Til fastlegen:\nKjære Ingrid');
  });
});

describe('What was not shown whole is never written back', () => {
  test('R27: a plan the server has shown part of', async () => {
    const { bench, session, record, named } = await opened();
    const raw = bench.sandbox.store.at('CarePlan/p1-plan-behandling');
    await bench.scenario({ match: '/fhir/CarePlan/p1-plan-behandling', body: subsetted(raw) });
    const began = await begin(record, named('p1-plan-behandling'));
    if (!began.ok) throw new Error(began.failure.kind);
    const { occasion } = began;
    expect(occasion.takes).toEqual({ how: 'less', without: ['plan'] });
    const types = typesIn(drafted({ bench, session, record, occasion }));
    expect(types).not.toContain('CarePlan/p1-plan-behandling');
    expect(types).toContain('Goal/p1-goal-g1');
  });

  test('a plan with something in it we may misunderstand', async () => {
    const { bench, record, named } = await opened();
    const raw = bench.sandbox.store.at('CarePlan/p1-plan-behandling');
    const body = { ...raw, modifierExtension: [{ url: 'http://a.test/x', valueBoolean: true }] };
    await bench.scenario({ match: '/fhir/CarePlan/p1-plan-behandling', body });
    const began = await begin(record, named('p1-plan-behandling'));
    expect(began.ok && began.occasion.takes).toEqual({ how: 'less', without: ['plan'] });
  });

  test('a plan without a version: whoever changed it since would be overwritten', async () => {
    const { bench, record, named } = await opened();
    const raw = bench.sandbox.store.at('CarePlan/p1-plan-behandling');
    await bench.scenario({
      match: '/fhir/CarePlan/p1-plan-behandling',
      body: { ...raw, meta: {} },
    });
    const began = await begin(record, named('p1-plan-behandling'));
    expect(began.ok && began.occasion.takes).toEqual({ how: 'less', without: ['plan'] });
  });

  test('one goal of three: the other two are written, and the third is said to stand in the answers only', async () => {
    const { bench, session, record, named } = await opened();
    bench.sandbox.store.load([
      { ...subsetted(bench.sandbox.store.at('Goal/p1-goal-g2')), resourceType: 'Goal' },
    ]);
    const began = await begin(record, named('p1-plan-behandling'));
    if (!began.ok) throw new Error(began.failure.kind);
    const { occasion } = began;
    expect(occasion.takes).toEqual({ how: 'whole' });
    const draft = drafted({ bench, session, record, occasion });
    const goals = typesIn(draft).filter(type => type.startsWith('Goal/'));
    expect(goals).toEqual(['Goal/p1-goal-g1', 'Goal/p1-goal-g3']);
    expect(draft.summary.filter(({ part }) => part === 'goals').map(({ words }) => words)).toEqual([
      '«Jeg vil klare kvelden uten å kutte meg»: nådd',
      'Mål uten tekst: står bare i evalueringen. Målet selv ble ikke vist helt, og endres ikke.',
      '«Jeg vil bruke planen før jeg ringer 113»: ikke lenger viktig',
    ]);
  });

  test('a plan from another source is read and never written; the answers name it in words', async () => {
    const { bench, session, record, named } = await opened();
    const own = named('p1-plan-behandling');
    const source = { ...own.source, from: 'NHN planer', ref: '7b1f' };
    const began = await begin(record, { ...own, source, also: [] });
    if (!began.ok) throw new Error(began.failure.kind);
    const { occasion } = began;
    expect(occasion.takes).toEqual({ how: 'less', without: ['goals', 'plan'] });
    expect(occasion.goals).toHaveLength(3);
    const draft = drafted({ bench, session, record, occasion });
    expect(draft.proposal.bound).toMatchObject({ plan: undefined, planVersion: undefined });
    expect(typesIn(draft).filter(type => type.includes('/'))).toEqual([]);
    expect(JSON.stringify(draft.proposal.writes)).not.toContain('7b1f');
    const answer = await post({ session }, transactionOf(draft.proposal));
    expect(answer.status, await answer.clone().text()).toBe(200);
  });

  test('the same plan in the journal and elsewhere is evaluated as the journal has it', async () => {
    const { record, named } = await opened({ beside: shared });
    const own = named('p1-plan-behandling');
    const elsewhere = { ...own, source: { ...own.source, from: 'NHN planer', ref: '7b1f' } };
    const began = await begin(record, { ...elsewhere, also: [own] });
    expect(began.ok && began.occasion.ref).toBe('CarePlan/p1-plan-behandling');
    expect(began.ok && began.occasion.takes).toEqual({ how: 'whole' });
  });
});

describe('Who may evaluate', () => {
  test.each(['u-psy', 'u-gp', 'u-koord', 'u-lv'])('%s on Maja: all of it', async user => {
    expect((await begun({ beside: shared, user })).occasion.takes).toEqual({ how: 'whole' });
  });

  test('the ambulance, who see the acute plan alone, may not', async () => {
    const { occasion } = await begun({ beside: shared, user: 'u-amb' }, 'p1-plan-akutt');
    expect(occasion.takes).toEqual({ how: 'nothing', why: 'not-permitted' });
  });

  test.each([
    ['NAV', 'u-nav', 'p1', 'p1-plan-ip'],
    ['the school, which may write documents', 'u-skole', 'p4', 'p4-plan-ip'],
  ])('%s, who do not treat, may not', async (_, user, patient, plan) => {
    const { record, named } = await opened({ beside: shared, user, patient });
    const began = await begin(record, named(plan));
    expect(began.ok && began.occasion.takes).toEqual({ how: 'nothing', why: 'not-permitted' });
  });

  test('and the journal itself refuses NAV a goal that is not of the welfare half', async () => {
    const it = await opened({ user: 'u-nav', scope: 'launch openid patient/*.cruds' });
    const welfare = { system: 'https://example.org/fhir/CodeSystem/no-plan', code: 'velferd' };
    expect((await post(it, goalTagged([]), '/Goal')).status).toBe(403);
    expect((await post(it, goalTagged([{ ...welfare, code: 'helse' }]), '/Goal')).status).toBe(403);
    expect((await post(it, goalTagged([welfare]), '/Goal')).status).toBe(201);
  });

  test('what the psychologist wrote is seen by the GP, and not by NAV', async () => {
    const it = await begun();
    const { proposal } = drafted(it);
    expect((await post(it, transactionOf(proposal))).status).toBe(200);
    const [answers] = proposal.writes;
    const uuid = answers?.kind === 'new' ? answers.uuid : '';
    const seen = async (user: string) => {
      const other = await opened({
        user,
        beside: it.bench,
        scope: 'launch openid patient/*.rs',
      });
      const path = `/QuestionnaireResponse/${uuid}`;
      const token = await other.session.authorization?.token();
      const headers = { authorization: `Bearer ${token}` };
      return (await it.session.fetch(new Request(`${it.session.iss}${path}`, { headers }))).status;
    };
    expect(await seen('u-gp')).toBe(200);
    expect(await seen('u-nav')).toBe(403);
  });
});

describe('The unit’s numbers follow what is written (DEMO D4)', () => {
  test('in time, with the patient, and the GP told: one more of each', async () => {
    const it = await begun();
    expect(await unitNumbers(it)).toEqual([214, 167, 131, 121, 101]);
    await post(it, transactionOf(drafted(it).proposal));
    expect(await unitNumbers(it)).toEqual([214, 167, 132, 122, 102]);
    expect(await unitNumbers(it, '2026-10')).toEqual([211, 160, 127, 116, 92]);
  });

  test('without the patient, and nobody told: evaluated in time, and no more', async () => {
    const it = await begun();
    const said = {
      ...crisisEvaluation(it.occasion),
      'patient-participation': choice(it.occasion, 'patient-participation', 'ville-ikke'),
    };
    await post(it, transactionOf(drafted(it, { said, tellDoctor: false }).proposal));
    expect(await unitNumbers(it)).toEqual([214, 167, 132, 121, 101]);
  });

  test('after the date that was agreed it does not count, and neither does one by another unit', async () => {
    const it = await opened();
    const { store } = it.bench.sandbox;
    // As if it had been due the week before.
    const text = JSON.stringify(store.at('CarePlan/p1-plan-behandling'));
    const overdue = JSON.parse(text.replaceAll('2027-01-07', '2026-11-14')) as Resource;
    store.load([{ ...overdue, meta: {} }]);
    const late = await begun({ beside: it.bench });
    expect((await post(late, transactionOf(drafted(late).proposal))).status).toBe(200);
    const doctor = await begun({ beside: it.bench, user: 'u-gp' });
    expect((await post(doctor, transactionOf(drafted(doctor).proposal))).status).toBe(200);
    expect(await unitNumbers(it)).toEqual([214, 167, 131, 121, 101]);
  });

  test('an evaluation that was refused leaves no mark', async () => {
    const it = await begun();
    const { proposal } = drafted(it);
    expect((await post(it, transactionOf(proposal))).status).toBe(200);
    const again = transactionOf(drafted(it).proposal);
    expect((await post(it, again)).status, 'the plan has changed').toBe(412);
    expect(await unitNumbers(it)).toEqual([214, 167, 132, 122, 102]);
  });
});
