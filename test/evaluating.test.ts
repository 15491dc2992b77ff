import { beforeAll, describe, expect, test } from 'vitest';
import type { Raw } from '../src/fhir/ask.ts';
import { begin } from '../src/record/evaluating/begin.ts';
import { lacking } from '../src/record/evaluating/lacking.ts';
import { messageFor } from '../src/record/evaluating/message.ts';
import { allOf } from '../src/record/evaluating/response.ts';
import { workingDaysAfter } from '../src/record/evaluating/working-days.ts';
import { localTime } from '../src/record/local-time.ts';
import { validate } from '../src/sandbox/store/validate.ts';
import type { Resource } from '../src/sandbox/types.ts';
import { answered } from './bench.ts';
import {
  type Begun,
  begun,
  choice,
  crisisEvaluation,
  drafted,
  opened,
  post,
  saying,
  transactionOf,
} from './evaluations.ts';

/** One evaluation somebody has begun, for what is only looked at. */
let maja: Begun;
beforeAll(async () => {
  maja = await begun();
}, 30_000);

const reasons = (lacks: ReturnType<typeof lacking>) =>
  lacks.map(({ linkId, why, about }) => [linkId, why, about]);

const refTo = ({ resourceType, id }: Resource) => ({ reference: `${resourceType}/${id}` });

const statusOf = (code: string, text: string) => ({
  achievementStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/goal-achievement', code }],
    text,
  },
  statusDate: '2026-11-21',
});

/** Whatever the store has now that the proposal put there, by type. */
function stored({ bench }: Begun, bundle: Raw, type: string): readonly Resource[] {
  const ids = new Set(
    (bundle['entry'] as { fullUrl?: string }[]).flatMap(({ fullUrl }) =>
      fullUrl ? [fullUrl.replace('urn:uuid:', '')] : [],
    ),
  );
  return bench.sandbox.store.all(type).filter(({ id }) => ids.has(id ?? ''));
}

describe('What an evaluation begins with', () => {
  test('the plan, its goals and the people in it are read anew, in one request', async () => {
    const { bench, record, named } = await opened();
    const before = (await bench.asked()).length;
    const began = await begin(record, named('p1-plan-behandling'));
    const asked = (await bench.asked()).slice(before);
    expect(asked.filter(line => line === 'POST /fhir')).toHaveLength(1);
    expect(asked[0]).toBe('POST /fhir');
    expect(asked.slice(1).map(line => line.replace(/[?&].*/, ''))).toEqual([
      'GET /fhir/Patient/p1',
      'GET /fhir/CarePlan/p1-plan-behandling',
      'GET /fhir/Goal',
      'GET /fhir/CareTeam',
      'GET /fhir/PractitionerRole',
      'GET /fhir/Questionnaire',
    ]);
    expect(began.ok).toBe(true);
  });

  test('who writes, who is told, who may have been there, and what is known already', async () => {
    const { occasion } = maja;
    expect(occasion.author).toEqual({
      ref: 'PractitionerRole/u-psy',
      name: 'Tuva Poliklin',
      organizationRef: 'Organization/org-dps',
      organization: 'Fjordvik DPS, allmennpoliklinikk',
    });
    expect(occasion.doctor).toEqual({ ref: 'PractitionerRole/u-gp', name: 'Ingrid Fastlund' });
    expect(occasion.patientName).toBe('Maja Testdal');
    expect(occasion.ref).toBe('CarePlan/p1-plan-behandling');
    expect(occasion.version).toBe('1');
    expect(occasion.goals.map(({ goal, raw }) => [goal.text, raw['id']])).toEqual([
      ['Jeg vil klare kvelden uten å kutte meg', 'p1-goal-g1'],
      ['Jeg vil sove minst seks timer fem netter i uken', 'p1-goal-g2'],
      ['Jeg vil bruke planen før jeg ringer 113', 'p1-goal-g3'],
    ]);
    expect(occasion.people.map(({ name, outside }) => [name, outside])).toEqual([
      ['Ambulant akutteam', true],
      ['Døgnenhet DPS – brukerstyrt plass', true],
      ['Kommunens kveldsteam', true],
      // Next of kin are no agency.
      ['Thea Testdal', false],
      ['Bakvakt psykiatri', true],
      ['Tuva Poliklin', false],
      ['Ingrid Fastlund', true],
      ['Anita Ettervik', true],
    ]);
    expect(occasion.form.from).toBe('server');
    expect(occasion.takes).toEqual({ how: 'whole' });
    expect(allOf(occasion.initial, 'date')[0]?.answer).toEqual([{ valueDate: '2026-11-21' }]);
    expect(allOf(occasion.initial, 'goal').map(({ answer }) => answer?.[0])).toEqual(
      occasion.goals.map(({ goal }) => ({
        valueReference: { reference: goal.ref, display: goal.text },
      })),
    );
  });

  test('the measures of an individual plan stand ready to be spoken of', async () => {
    const { occasion } = await begun({}, 'p1-plan-ip');
    expect(allOf(occasion.initial, 'measure').map(({ answer }) => answer?.[0])).toContainEqual({
      valueString: 'DBT og ferdighetsgruppe',
    });
  });

  test('a goal nobody works on any more is not asked about', async () => {
    const { bench, record, named } = await opened();
    const goal = bench.sandbox.store.at('Goal/p1-goal-g2');
    bench.sandbox.store.load([{ ...goal, resourceType: 'Goal', lifecycleStatus: 'completed' }]);
    const began = await begin(record, named('p1-plan-behandling'));
    expect(began.ok && began.occasion.goals.map(({ raw }) => raw['id'])).toEqual([
      'p1-goal-g1',
      'p1-goal-g3',
    ]);
  });

  test('a journal that does not answer is said to, and nothing is begun on half of it', async () => {
    const { bench, record, named } = await opened();
    await bench.scenario({ match: '/fhir/Goal', status: 500 });
    const began = await begin(record, named('p1-plan-behandling'));
    expect(began).toMatchObject({ ok: false, failure: { kind: 'server-error' } });
  });

  test('a plan that has become somebody else’s is not evaluated', async () => {
    const { bench, record, named } = await opened();
    const plan = named('p1-plan-behandling');
    const raw = bench.sandbox.store.at('CarePlan/p1-plan-behandling');
    await bench.scenario({
      match: '/fhir/CarePlan/p1-plan-behandling',
      body: { ...raw, subject: { reference: 'Patient/p2' } },
    });
    expect(await begin(record, plan)).toMatchObject({
      ok: false,
      failure: { kind: 'not-understood' },
    });
  });
});

describe('What must be answered before it can be sent', () => {
  test('nothing, when all of it is', async () => {
    const { occasion } = maja;
    expect(lacking(occasion, saying(occasion, crisisEvaluation(occasion)))).toEqual([]);
  });

  test('at the start: how the patient took part, each goal, the next date, and the rest', async () => {
    const { occasion } = maja;
    expect(reasons(lacking(occasion, occasion.initial))).toEqual([
      ['type', 'unanswered', undefined],
      ['patient-participation', 'unanswered', undefined],
      ['present', 'unanswered', undefined],
      ['status', 'unanswered', 'Jeg vil klare kvelden uten å kutte meg'],
      ['status', 'unanswered', 'Jeg vil sove minst seks timer fem netter i uken'],
      ['status', 'unanswered', 'Jeg vil bruke planen før jeg ringer 113'],
      ['plan-update', 'unanswered', undefined],
      ['ip-update', 'unanswered', undefined],
      ['next-evaluation', 'unanswered', undefined],
    ]);
  });

  test('the three facts, even where the journal’s own form demands nothing', async () => {
    const { occasion } = maja;
    const lax = (items: typeof occasion.form.items): typeof occasion.form.items =>
      items.map(item => ({ ...item, required: false, items: lax(item.items) }));
    const own = { ...occasion, form: { ...occasion.form, items: lax(occasion.form.items) } };
    expect(reasons(lacking(own, []))).toEqual([
      ['patient-participation', 'unanswered', undefined],
      ['status', 'unanswered', 'Jeg vil klare kvelden uten å kutte meg'],
      ['status', 'unanswered', 'Jeg vil sove minst seks timer fem netter i uken'],
      ['status', 'unanswered', 'Jeg vil bruke planen før jeg ringer 113'],
      ['next-evaluation', 'unanswered', undefined],
    ]);
  });

  test('«Ikke mulig» needs a why, and then nobody asks how useful the patient finds it', async () => {
    const { occasion } = maja;
    const participation = choice(occasion, 'patient-participation', 'ikke-mulig');
    const items = saying(occasion, {
      ...crisisEvaluation(occasion),
      'patient-participation': participation,
      useful: undefined,
    });
    expect(reasons(lacking(occasion, items))).toEqual([
      ['participation-why', 'unanswered', undefined],
    ]);
  });

  test('«verre» needs one line, about that goal', async () => {
    const { occasion } = maja;
    const items = saying(occasion, {
      ...crisisEvaluation(occasion),
      'goal-status': [
        { status: choice(occasion, 'status', 'achieved') },
        { status: choice(occasion, 'status', 'worsening'), 'status-why': { valueString: '  ' } },
        { status: choice(occasion, 'status', 'improving') },
      ],
    });
    expect(reasons(lacking(occasion, items))).toEqual([
      ['status-why', 'unanswered', 'Jeg vil sove minst seks timer fem netter i uken'],
    ]);
  });

  test.each([
    ['2026-11-21', 'in-the-past'],
    ['2026-10-01', 'in-the-past'],
    ['2026-02-30', 'not-a-date'],
    ['neste uke', 'not-a-date'],
  ])('a next evaluation %s is %s', async (date, reason) => {
    const { occasion } = maja;
    const said = { ...crisisEvaluation(occasion), 'next-evaluation': { valueDate: date } };
    expect(reasons(lacking(occasion, saying(occasion, said)))).toEqual([
      ['next-evaluation', reason, undefined],
    ]);
  });

  test('numbers that are none, scores beyond ten and texts without end are pointed out', async () => {
    const { occasion } = maja;
    const said = {
      ...crisisEvaluation(occasion),
      useful: { valueInteger: 11 },
      crises: { valueInteger: 1.5 },
      helped: { valueString: 'x'.repeat(2001) },
    };
    expect(reasons(lacking(occasion, saying(occasion, said)))).toEqual([
      ['useful', 'out-of-range', undefined],
      ['helped', 'too-long', undefined],
      ['crises', 'not-a-number', undefined],
    ]);
  });

  test('a change says what, to what, why, and whether the GP decides; which one is named', async () => {
    const { occasion } = maja;
    const said = {
      ...crisisEvaluation(occasion),
      change: [
        { what: { valueString: 'sertralin' }, kind: choice(occasion, 'kind', 'legemiddel') },
      ],
    };
    expect(reasons(lacking(occasion, saying(occasion, said)))).toEqual([
      ['to', 'unanswered', 'sertralin'],
      ['why', 'unanswered', 'sertralin'],
      ['gp-decides', 'unanswered', 'sertralin'],
    ]);
  });

  test('a message to the GP that somebody has emptied, when the treatment was changed', async () => {
    const { occasion } = maja;
    const said = { ...crisisEvaluation(occasion), gp: { valueString: ' ' } };
    const lacks = (more: object) =>
      reasons(lacking(occasion, saying(occasion, { ...said, ...more })));
    expect(lacks({})).toEqual([['gp', 'unanswered', undefined]]);
    expect(lacks({ change: undefined })).toEqual([]);
    expect(lacks({ gp: { valueString: 'x'.repeat(2001) } })).toEqual([
      ['gp', 'too-long', undefined],
    ]);
  });
});

describe('The message to the GP', () => {
  test('says who, when, how it went, each change, what the GP decides, and whom to answer', async () => {
    const { occasion } = maja;
    const message = messageFor(occasion, saying(occasion, crisisEvaluation(occasion)));
    expect(message.split('\n')).toEqual([
      'Evaluering av «Behandlingsplan DPS» 21.11.2026 (oppmøte, etter krise) ved Fjordvik DPS, allmennpoliklinikk. Maja Testdal deltok.',
      'Til stede: Tuva Poliklin, Fjordvik DPS; Thea Testdal; Silje Samrud, Fjordvik kommune.',
      'Mål:',
      '– Jeg vil klare kvelden uten å kutte meg: nådd, egen skår 7 av 10',
      '– Jeg vil sove minst seks timer fem netter i uken: verre enn før, Sover to timer',
      '– Jeg vil bruke planen før jeg ringer 113: ikke lenger viktig',
      'Hjulpet: Planen på legevakten, Thea og kveldsteamet',
      'Ikke hjulpet: Kvetiapin: trøtt',
      'Endringer i behandlingen:',
      '1 sertralin 100 → 150 mg: Fortsatt angst (du tar stilling)',
      '2 kvetiapin 25 mg ved behov → seponert: Tretthet (du tar stilling)',
      '3 kveldsteam ringer hver søndag: Søndager er verst',
      'Neste evaluering: 07.01.2027.',
      'Vi ber deg ta stilling til 2 endringer innen 5 virkedager.',
      'Svar til Tuva Poliklin, Fjordvik DPS, allmennpoliklinikk. Ikke akutt.',
    ]);
  });

  test('has no national id in it', async () => {
    const { occasion } = maja;
    const message = messageFor(occasion, saying(occasion, crisisEvaluation(occasion)));
    expect(message.replaceAll(' ', '')).not.toMatch(/\d{11}/);
  });

  test('with no answers it is short and promises nothing', async () => {
    const { occasion } = maja;
    expect(messageFor(occasion, occasion.initial)).toBe(
      'Evaluering av «Behandlingsplan DPS» 21.11.2026 (oppmøte) ved Fjordvik DPS, allmennpoliklinikk.\n' +
        'Svar til Tuva Poliklin, Fjordvik DPS, allmennpoliklinikk. Ikke akutt.',
    );
  });

  test('is kept within 2000 characters by shortening what was written freely, and says so', async () => {
    const { occasion } = maja;
    const long = 'Kveldsteamet kom hver gang. '.repeat(70);
    const said = {
      ...crisisEvaluation(occasion),
      helped: { valueString: long },
      'did-not-help': { valueString: long },
    };
    const message = messageFor(occasion, saying(occasion, said));
    expect(message.length).toBeLessThanOrEqual(2000);
    expect(message.match(/ … \[forkortet\]/g)).toHaveLength(2);
    expect(message).toContain('2 kvetiapin 25 mg ved behov → seponert: Tretthet');
  });
});

describe('Times', () => {
  test.each([
    ['2026-11-21T19:15:01.500Z', '2026-11-21T20:15:01+01:00'],
    ['2026-07-01T22:30:00Z', '2026-07-02T00:30:00+02:00'],
    ['2026-12-31T23:00:00Z', '2027-01-01T00:00:00+01:00'],
  ])('%s is %s in Norway', (utc, local) => {
    expect(localTime(new Date(utc))).toBe(local);
  });

  test('five working days after a Saturday is the Friday after', () => {
    expect(workingDaysAfter(new Date('2026-11-21T20:15:00+01:00'), 5)).toBe(
      '2026-11-27T15:00:00+01:00',
    );
    expect(workingDaysAfter(new Date('2026-03-25T12:00:00+01:00'), 5)).toBe(
      '2026-04-01T15:00:00+02:00',
    );
  });
});

describe('W01 What one press writes', () => {
  test('every resource is valid R4, and the whole is accepted as one transaction', async () => {
    const it = await begun();
    const { proposal } = drafted(it);
    for (const entry of transactionOf(proposal)['entry'] as { resource: Resource }[])
      expect(validate(entry.resource), entry.resource.resourceType).toEqual([]);
    const answer = await post(it, transactionOf(proposal));
    expect(answer.status, await answer.clone().text()).toBe(200);
  });

  test('is bound to who pressed, to the patient, and to the edition of the plan that was seen', async () => {
    const { session, ...it } = maja;
    const { proposal } = drafted({ session, ...it });
    expect(proposal.what).toBe('evaluation');
    expect(proposal.bound).toEqual({
      iss: session.iss,
      sub: 'u-psy',
      patient: 'Patient/p1',
      plan: 'CarePlan/p1-plan-behandling',
      planVersion: '1',
    });
    expect(proposal.pressed).toMatch(/^2026-11-21T20:1\d:\d\d\+01:00$/);
  });

  test('comes in an order in which each can be done: the answers first, where it comes from last', async () => {
    const { proposal } = drafted(maja);
    expect(
      proposal.writes.map(write =>
        write.kind === 'new' ? String(write.resource['resourceType']) : write.ref,
      ),
    ).toEqual([
      'QuestionnaireResponse',
      'Encounter',
      'Goal/p1-goal-g1',
      'Goal/p1-goal-g2',
      'Goal/p1-goal-g3',
      'Observation',
      'CarePlan/p1-plan-behandling',
      'Task',
      'Task',
      'Task',
      'Communication',
      'Provenance',
    ]);
  });

  test('every sentence of it is in the store afterwards', async () => {
    const it = await begun();
    const { proposal } = drafted(it);
    const bundle = transactionOf(proposal);
    expect((await post(it, bundle)).status).toBe(200);
    const { store } = it.bench.sandbox;
    const one = (type: string): Resource => {
      const [found, ...more] = stored(it, bundle, type);
      if (!found || more.length > 0) throw new Error(`There are ${more.length + 1} ${type}`);
      return found;
    };
    const answers = one('QuestionnaireResponse');
    const meeting = one('Encounter');
    const score = one('Observation');
    const message = one('Communication');
    const origin = one('Provenance');
    const author = { reference: 'PractitionerRole/u-psy', display: 'Tuva Poliklin' };
    const doctor = { reference: 'PractitionerRole/u-gp', display: 'Ingrid Fastlund' };
    const subject = { reference: 'Patient/p1' };
    const plan = { reference: 'CarePlan/p1-plan-behandling' };

    expect(answers).toMatchObject({
      extension: [
        {
          url: 'https://example.org/fhir/StructureDefinition/no-plan-plan-version',
          valueString: '1',
        },
      ],
      questionnaire: 'https://example.org/fhir/Questionnaire/no-plan-evaluering|2',
      status: 'completed',
      basedOn: [plan],
      subject,
      author,
      authored: proposal.pressed,
      encounter: refTo(meeting),
    });
    expect(meeting).toMatchObject({
      status: 'finished',
      class: { code: 'AMB' },
      type: [
        {
          text: 'Evaluering: etter krise',
          coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9322', code: 'E' }],
        },
      ],
      subject,
      participant: [
        {
          type: [{ text: 'Fjordvik DPS' }],
          individual: { reference: 'PractitionerRole/p1-contact-6', display: 'Tuva Poliklin' },
        },
        { individual: { reference: 'RelatedPerson/p1-contact-4', display: 'Thea Testdal' } },
        { type: [{ text: 'Fjordvik kommune' }], individual: { display: 'Silje Samrud' } },
      ],
      period: { start: '2026-11-21', end: '2026-11-21' },
      serviceProvider: { reference: 'Organization/org-dps' },
    });
    const goal = (id: string) => {
      const found = store.at(`Goal/${id}`);
      if (!found) throw new Error(`There is no Goal/${id}`);
      return found;
    };
    expect(goal('p1-goal-g1')).toMatchObject(statusOf('achieved', 'nådd'));
    expect(goal('p1-goal-g2')).toMatchObject(statusOf('worsening', 'verre'));
    expect(goal('p1-goal-g3')).toMatchObject(statusOf('not-attainable', 'ikke lenger viktig'));
    expect(goal('p1-goal-g1')['description']).toEqual({
      text: 'Jeg vil klare kvelden uten å kutte meg',
    });
    expect(score).toMatchObject({
      category: [{ coding: [{ code: 'survey' }] }],
      code: { text: 'Egen skår for mål, 0–10' },
      valueInteger: 7,
      subject,
      focus: [{ reference: 'Goal/p1-goal-g1' }],
      performer: [subject],
      effectiveDateTime: '2026-11-21',
      derivedFrom: [refTo(answers)],
    });
    expect(store.at(plan.reference)?.['extension']).toEqual([
      {
        url: 'https://example.org/fhir/StructureDefinition/no-plan-approved-by-patient',
        valueDate: '2026-05-21',
      },
      {
        url: 'https://example.org/fhir/StructureDefinition/no-plan-evaluated',
        extension: [
          { url: 'date', valueDate: '2026-11-21' },
          { url: 'with', valueString: 'Maja' },
        ],
      },
      {
        url: 'https://example.org/fhir/StructureDefinition/no-plan-next-evaluation',
        valueDate: '2027-01-07',
      },
    ]);
    const tasks = stored(it, bundle, 'Task');
    const parent = tasks.find(task => !task['partOf']);
    expect(parent).toMatchObject({
      description: '2 endringer til fastlegen',
      status: 'requested',
      focus: refTo(answers),
      basedOn: [plan],
      for: subject,
      requester: author,
      owner: doctor,
      authoredOn: proposal.pressed,
      restriction: { period: { end: '2026-11-27T15:00:00+01:00' } },
    });
    const children = tasks.filter(task => task['partOf']);
    expect(children.map(({ partOf }) => partOf)).toEqual([
      [refTo(parent ?? answers)],
      [refTo(parent ?? answers)],
    ]);
    expect(
      children.map(({ description, reasonCode, input }) => ({ description, reasonCode, input })),
    ).toEqual([
      {
        description: 'sertralin 100 → 150 mg',
        reasonCode: { text: 'Fortsatt angst' },
        input: [
          { type: { text: 'Fra' }, valueString: 'sertralin 100 mg' },
          { type: { text: 'Til' }, valueString: 'sertralin 150 mg' },
          { type: { text: 'Gjelder' }, valueString: 'legemiddel' },
        ],
      },
      {
        description: 'kvetiapin 25 mg ved behov → seponert',
        reasonCode: { text: 'Tretthet' },
        input: [
          { type: { text: 'Fra' }, valueString: 'kvetiapin 25 mg ved behov' },
          { type: { text: 'Til' }, valueString: 'kvetiapin seponert' },
          { type: { text: 'Gjelder' }, valueString: 'legemiddel' },
        ],
      },
    ]);
    expect(message).toMatchObject({
      status: 'in-progress',
      priority: 'routine',
      basedOn: [plan],
      about: [refTo(answers)],
      encounter: refTo(meeting),
      recipient: [doctor],
      sender: author,
      sent: proposal.pressed,
    });
    expect(message).not.toHaveProperty('received');
    expect(origin).toMatchObject({
      recorded: proposal.pressed,
      agent: [{ who: author, onBehalfOf: { reference: 'Organization/org-dps' } }],
      entity: [{ role: 'revision', what: { reference: 'CarePlan/p1-plan-behandling/_history/1' } }],
    });
    const targets = (origin['target'] as { reference: string }[]).map(({ reference }) => reference);
    expect(targets).toHaveLength(proposal.writes.length - 1);
    for (const target of targets) expect(store.at(target), target).toBeDefined();
    expect(store.all('Provenance').filter(({ id }) => id === origin.id)).toHaveLength(1);
  });

  test('the answers stand as the form has its questions, each with its words, and the message that went', async () => {
    const { proposal } = drafted(maja, { message: 'Kjære Ingrid' });
    const [answers] = proposal.writes;
    const item = answers?.kind === 'new' ? (answers.resource['item'] as Raw[]) : [];
    expect(item.map(({ linkId, text }) => [linkId, text])).toEqual([
      ['page-present', 'Hvem var med'],
      ['page-goals', 'Mål'],
      ['page-experience', 'Hva har hjulpet, og hva har ikke hjulpet'],
      ['page-measures', 'Tiltak'],
      ['page-changes', 'Endringer i behandlingen'],
      ['page-next', 'Neste evaluering'],
    ]);
    const next = item[5]?.['item'] as Raw[];
    expect(next.map(({ linkId, answer }) => [linkId, answer])).toEqual([
      ['next-evaluation', [{ valueDate: '2027-01-07' }]],
      ['gp-decides-count', [{ valueInteger: 2 }]],
      ['gp', [{ valueString: 'Kjære Ingrid' }]],
    ]);
    const everyText = JSON.stringify(item).match(/"linkId"/g)?.length;
    expect(JSON.stringify(item).match(/"text"/g)).toHaveLength(everyText ?? 0);
  });

  test('what was answered before the question fell away is not written', async () => {
    const it = maja;
    const said = {
      ...crisisEvaluation(it.occasion),
      'participation-why': { valueString: 'glemt svar' },
    };
    expect(JSON.stringify(drafted(it, { said }).proposal)).not.toContain('glemt svar');
  });

  test('is what stands on the review page, line for line', async () => {
    const { summary } = drafted(maja);
    expect(summary).toEqual([
      { part: 'answers', words: 'Evaluering 21.11.2026 av «Behandlingsplan DPS»' },
      {
        part: 'meeting',
        words:
          'Møtet, med Tuva Poliklin, Fjordvik DPS; Thea Testdal; Silje Samrud, Fjordvik kommune',
      },
      { part: 'goals', words: '«Jeg vil klare kvelden uten å kutte meg»: nådd' },
      { part: 'goals', words: '«Jeg vil sove minst seks timer fem netter i uken»: verre' },
      { part: 'goals', words: '«Jeg vil bruke planen før jeg ringer 113»: ikke lenger viktig' },
      {
        part: 'plan',
        words: 'Planen: evaluert 21.11.2026, neste evaluering 07.01.2027',
      },
      {
        part: 'tasks',
        words: '2 endringer som Ingrid Fastlund må ta stilling til innen 27.11.2026',
      },
      { part: 'tasks', words: 'sertralin 100 → 150 mg' },
      { part: 'tasks', words: 'kvetiapin 25 mg ved behov → seponert' },
      { part: 'message', words: 'Melding til Ingrid Fastlund' },
      { part: 'provenance', words: 'Hvem som skrev det, og når' },
    ]);
  });

  test('can be read and copied as plain text, every answer of it', async () => {
    const { proposal } = drafted(maja, { message: 'Kjære Ingrid' });
    for (const sentence of [
      'Evaluering 21.11.2026 av «Behandlingsplan DPS»',
      'Skrevet av Tuva Poliklin, Fjordvik DPS, allmennpoliklinikk',
      'Pasientens deltakelse: Deltok',
      'Mål: Jeg vil klare kvelden uten å kutte meg',
      'Hva er verre?: Sover to timer',
      'Pasientens egen skår: 7',
      'Hva har hjulpet?: Planen på legevakten, Thea og kveldsteamet',
      'Må individuell plan endres?: ja',
      'Neste evaluering: 07.01.2027',
      'Til fastlegen:\nKjære Ingrid',
    ])
      expect(proposal.words).toContain(sentence);
    expect(proposal.words.replaceAll(' ', '')).not.toMatch(/\d{11}/);
  });

  test('a meeting by video is one, and one without the patient names those who were there', async () => {
    const it = maja;
    const said = {
      ...crisisEvaluation(it.occasion),
      mode: choice(it.occasion, 'mode', 'video'),
      'patient-participation': choice(it.occasion, 'patient-participation', 'ville-ikke'),
    };
    const written = JSON.stringify(drafted(it, { said }).proposal.writes);
    expect(written).toContain('"code":"VR"');
    expect(written).toContain('"valueString":"Tuva Poliklin, Thea Testdal, Silje Samrud"');
  });

  test('an evaluation held last week is written as held then, and pressed now', async () => {
    const it = maja;
    const said = { ...crisisEvaluation(it.occasion), date: { valueDate: '2026-11-13' } };
    const { proposal } = drafted(it, { said });
    const written = JSON.stringify(proposal.writes);
    expect(written).toContain('"period":{"start":"2026-11-13","end":"2026-11-13"}');
    expect(written).toContain(`"authored":"${proposal.pressed}"`);
  });

  test('a doctor who is not to be told gets no message, and is still asked to decide', async () => {
    const { proposal } = drafted(maja, { tellDoctor: false });
    const types = proposal.writes.flatMap(write =>
      write.kind === 'new' ? String(write.resource['resourceType']) : [],
    );
    expect(types).not.toContain('Communication');
    expect(types.filter(type => type === 'Task')).toHaveLength(3);
    expect(JSON.stringify(proposal.writes)).not.toContain('"linkId":"gp"');
  });

  test('two presses are two acts with names of their own', async () => {
    const it = maja;
    const [one, other] = [drafted(it).proposal, drafted(it).proposal];
    expect(one.id).not.toBe(other.id);
    const uuids = [one, other].flatMap(({ writes }) =>
      writes.flatMap(write => (write.kind === 'new' ? write.uuid : [])),
    );
    expect(new Set(uuids).size).toBe(uuids.length);
  });
});

test('what was written is read back on the plan tab, and nothing of it is lost', async () => {
  const it = await begun();
  const { proposal } = drafted(it, { message: 'Kjære Ingrid' });
  expect((await post(it, transactionOf(proposal))).status).toBe(200);
  await it.record.refresh();
  const reading = await answered(it.record.evaluations);
  const uuid = proposal.writes[0]?.kind === 'new' ? proposal.writes[0].uuid : '';
  const evaluation = reading.items.find(
    ({ source }) => source.ref === `QuestionnaireResponse/${uuid}`,
  );
  expect(evaluation).toMatchObject({
    date: '2026-11-21',
    type: 'etter krise',
    mode: 'oppmøte',
    patient: 'Deltok',
    present: [
      'Tuva Poliklin, Fjordvik DPS',
      'Thea Testdal',
      'Silje Samrud, Fjordvik kommune; utenfra',
    ],
    goals: [
      { goal: 'Goal/p1-goal-g1', achievement: 'Nådd', score: 7 },
      { goal: 'Goal/p1-goal-g2', achievement: 'Verre enn før: Sover to timer' },
      { goal: 'Goal/p1-goal-g3', achievement: 'Ikke lenger viktig' },
    ],
    helped: ['Planen på legevakten, Thea og kveldsteamet'],
    didNotHelp: ['Kvetiapin: trøtt'],
    changes: [
      'sertralin 100 → 150 mg (legemiddel): Fortsatt angst; fastlegen tar stilling',
      'kvetiapin 25 mg ved behov → seponert (legemiddel): Tretthet; fastlegen tar stilling',
      'kveldsteam ringer hver søndag (legemiddel): Søndager er verst',
    ],
    crises: '1',
    next: '2027-01-07',
    doctor: ['Kjære Ingrid'],
    others: [
      { label: 'Til stede utenfra', text: '1' },
      { label: 'Opplever pasienten behandlingen som nyttig?', text: '8' },
      { label: 'Må behandlingsplanen endres?', text: 'nei' },
      { label: 'Må individuell plan endres?', text: 'ja' },
      { label: 'Endringer fastlegen må ta stilling til', text: '2' },
    ],
    messages: [{ to: 'Ingrid Fastlund', read: undefined }],
    by: 'Tuva Poliklin',
    unfinished: undefined,
  });
  // The meeting is one row with what was answered in it.
  expect(evaluation?.also?.map(({ source }) => source.ref.split('/')[0])).toEqual(['Encounter']);
  const plans = await answered(it.record.plans);
  const plan = plans.items.find(({ source }) => source.ref === 'CarePlan/p1-plan-behandling');
  expect(plan).toMatchObject({
    evaluated: '2026-11-21',
    evaluatedWith: 'Maja',
    nextEvaluation: '2027-01-07',
  });
});
