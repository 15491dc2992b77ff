// Rows of the catalogue about bad data and bad servers that no other test stands for.
import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { Session } from '../src/fhir/session.ts';
import { openRecord, type PatientRecord } from '../src/record/record.ts';
import { isOver } from '../src/record/when.ts';
import { ageOn, dateText, dayOf } from '../src/shell/dates.ts';
import { bench } from './bench.ts';
import { expectConserved, knownIn, sectionsOf } from './conserved.ts';

/** By type: the resources found, or the body of the answer word for word. */
type Answers = Readonly<Record<string, readonly object[] | string>>;

const { session: hers } = await bench({ patient: 'p6' });
const about = { subject: { reference: 'Patient/p6' } };
const amina = { resourceType: 'Patient', id: 'p6', name: [{ text: 'Amina' }] };

/** Amina on a server that has exactly this. */
function serverWith(answers: Answers): Session {
  const offer = hers.offer.then(known => ({ ...known, batch: false }));
  return {
    ...hers,
    offer,
    async fetch(request) {
      const [type = '', id] = new URL(request.url).pathname.replace('/fhir/', '').split('/');
      const answer = answers[type] ?? [];
      if (typeof answer === 'string') return new Response(answer);
      return Response.json(type === 'Patient' && id ? amina : searchset(answer));
    },
  };
}

async function recordOf(answers: Answers): Promise<PatientRecord> {
  const record = openRecord(serverWith(answers));
  await record.refresh();
  for (const section of sectionsOf(record)) expectConserved(section);
  return record;
}

const searchset = (resources: readonly object[], more: object = {}) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map(resource => ({ resource })),
  ...more,
});
const allergy = (id: string, more: object = {}) => ({
  resourceType: 'AllergyIntolerance',
  id,
  patient: { reference: 'Patient/p6' },
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { text: `Stoff ${id}` },
  ...more,
});
const medicine = (id: string, more: object = {}) => ({
  resourceType: 'MedicationStatement',
  id,
  ...about,
  status: 'active',
  medicationCodeableConcept: { text: 'metoprolol' },
  ...more,
});
const allergiesOf = async (answers: Answers) => knownIn((await recordOf(answers)).critical.value);
const medicinesOf = async (answers: Answers) => knownIn((await recordOf(answers)).medicines.value);

describe('lists', () => {
  test('R03 next-loop: pages that never end are left after the most any list can have, and that is said', async () => {
    let pages = 0;
    const endless: Session = {
      ...serverWith({}),
      async fetch(request) {
        if (!request.url.includes('/AllergyIntolerance')) return serverWith({}).fetch(request);
        pages += 1;
        const link = [{ relation: 'next', url: `AllergyIntolerance?page=${pages}` }];
        return Response.json(searchset([allergy(`a${pages}`)], { link }));
      },
    };
    const record = openRecord(endless);
    await record.refresh();
    const critical = knownIn(record.critical.value);
    expect(critical.items.length).toBeGreaterThan(1000);
    // The record was read when it was opened, and once more.
    expect(pages).toBe(2 * critical.items.length);
    expect(critical.gaps).toMatchObject([{ what: 'AllergyIntolerance', why: 'page-lost' }]);
  }, 60_000);

  test('R06 server-warning: what the server says beside its answer is kept as its own words', async () => {
    const text = 'Opplysningene kan være <b>24 timer</b> gamle';
    const outcome = {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', code: 'informational', diagnostics: text }],
    };
    const critical = await allergiesOf({ AllergyIntolerance: [allergy('x'), outcome] });
    expect(critical.remarks).toMatchObject([{ from: 'Sandkassen', text, serious: false }]);
    expect(critical.items).toHaveLength(1);
    expect(critical.gaps).toEqual([]);
  });

  test('R07 param-ignored: of a list about several patients hers are shown, the others set aside and counted', async () => {
    const theirs = allergy('theirs', { patient: { reference: 'Patient/p2' } });
    const critical = await allergiesOf({ AllergyIntolerance: [theirs, allergy('hers')] });
    expect(critical.items.map(({ text }) => text)).toEqual(['Stoff hers']);
    expect(critical.setAside).toEqual([{ ref: 'AllergyIntolerance/theirs', why: 'other-patient' }]);
    expect(JSON.stringify(critical)).not.toContain('Stoff theirs');
  });

  test.each([
    ['changes', 'none-recorded'],
    ['snapshot', 'asserted-none'],
  ])(
    'R16 list-modes: a list of mode «%s» that is empty because nothing is known is «%s»',
    async (mode, state) => {
      const list = {
        resourceType: 'List',
        id: 'l',
        ...about,
        status: 'current',
        mode,
        code: { coding: [{ system: 'http://loinc.org', code: '10160-0' }] },
        emptyReason: { coding: [{ code: 'nilknown' }] },
      };
      expect((await medicinesOf({ List: [list] })).state).toBe(state);
    },
  );

  test('R34 small-pages: a server that gives one thing at a time gives all of it', async () => {
    const { session } = await bench({ patient: 'p2' });
    const offer = session.offer.then(known => ({ ...known, batch: false }));
    const wide = openRecord({ ...session, offer });
    const narrow = openRecord({
      ...session,
      offer,
      fetch: request =>
        session.fetch(new Request(request.url.replace('_count=200', '_count=1'), request)),
    });
    await Promise.all([wide.refresh(), narrow.refresh()]);
    expect(refs(narrow)).toEqual(refs(wide));
    expect(refs(narrow).flat().length).toBeGreaterThan(30);
    for (const reading of sectionsOf(narrow)) expect(knownIn(reading).gaps).toEqual([]);
  }, 60_000);
});

describe('P03 slow-server', () => {
  test('what to avoid is shown while the medication list is still on its way, and the other way round', async () => {
    const answers = { AllergyIntolerance: [allergy('x')], MedicationStatement: [medicine('m')] };
    for (const [slow, held, other] of [
      ['MedicationStatement', 'medicines', 'critical'],
      ['AllergyIntolerance', 'critical', 'medicines'],
    ] as const) {
      const server = serverWith(answers);
      const gate = new EventEmitter();
      const free = once(gate, 'open');
      const record = openRecord({
        ...server,
        async fetch(request) {
          if (request.url.includes(`/${slow}`)) await free;
          return server.fetch(request);
        },
      });
      await until(() => record[other].value.state !== 'loading');
      expect(record[held].value.state).toBe('loading');
      // Whom to call waits for neither.
      await until(() => record.plans.value.state !== 'loading');
      gate.emit('open');
      await until(() => record[held].value.state === 'present');
    }
  }, 20_000);
});

describe('what it is', () => {
  test('R17 intent-status: the same medicine as statement and as prescription are two rows, each saying what it is', async () => {
    const order = { ...medicine('r'), resourceType: 'MedicationRequest', intent: 'order' };
    const { items } = await medicinesOf({
      MedicationStatement: [medicine('s')],
      MedicationRequest: [order],
    });
    expect(items.map(({ source, origin }) => [source.ref, origin])).toEqual([
      ['MedicationStatement/s', 'statement'],
      ['MedicationRequest/r', 'request'],
    ]);
  });

  test.each([
    ['a code of an unknown system', { coding: [{ system: 'urn:x', code: 'Q7' }] }, 'Q7'],
    ['a code without a system', { coding: [{ code: 'Q8' }] }, 'Q8'],
    ['a display', { coding: [{ system: 'urn:x', code: 'Q7', display: 'Nøtter' }] }, 'Nøtter'],
    ['an empty text before the code', { text: '', coding: [{ code: 'Q9' }] }, 'Q9'],
  ])('R19 unknown-code: %s is shown as it is, never blank', async (_, code, text) => {
    const { items } = await allergiesOf({ AllergyIntolerance: [allergy('x', { code })] });
    expect(items).toMatchObject([{ text }]);
  });

  test('R21 contained: a medicine that points inside itself at nothing keeps its row and dose', async () => {
    const lost = medicine('m', {
      medicationCodeableConcept: undefined,
      medicationReference: { reference: '#m' },
      dosage: [{ text: '1 tablett' }],
    });
    const { items } = await medicinesOf({ MedicationStatement: [lost] });
    expect(items).toMatchObject([{ substance: undefined, dose: ['1 tablett'] }]);
  });

  test('R21 contained: roles that point at each other, and an author who is its own unit, hang nothing', async () => {
    const answers = {
      resourceType: 'QuestionnaireResponse',
      id: 'q',
      ...about,
      status: 'completed',
      basedOn: [{ reference: 'CarePlan/plan' }],
      author: { reference: 'PractitionerRole/a' },
    };
    const document = {
      resourceType: 'DocumentReference',
      id: 'd',
      ...about,
      status: 'current',
      description: 'Epikrise',
      contained: [{ resourceType: 'PractitionerRole', id: 'a', organization: { reference: '#a' } }],
      author: [{ reference: '#a' }],
    };
    const record = await recordOf({
      QuestionnaireResponse: [answers],
      PractitionerRole: [round('a', 'b'), round('b', 'a')],
      DocumentReference: [document],
    });
    expect(knownIn(record.evaluations.value).items).toMatchObject([{ by: undefined, flags: [] }]);
    expect(knownIn(record.documents.value).items).toMatchObject([{ title: 'Epikrise', flags: [] }]);
  });

  test('R26 version: an allergy as STU3 wrote it is flagged, and so is a medicine as R5 writes it, which keeps its row', async () => {
    const stu3 = allergy('x', { clinicalStatus: 'active', verificationStatus: 'confirmed' });
    const r5 = medicine('m', {
      status: 'recorded',
      medicationCodeableConcept: undefined,
      medication: { concept: { text: 'metoprolol' } },
    });
    const record = await recordOf({ AllergyIntolerance: [stu3], MedicationStatement: [r5] });
    expect(knownIn(record.critical.value).items).toMatchObject([{ flags: ['unreadable'] }]);
    // R4 has no status «recorded» and no name here: the row says the one, and that it lacks the other.
    expect(knownIn(record.medicines.value).items).toMatchObject([
      { substance: undefined, tentative: 'recorded', flags: ['unreadable'] },
    ]);
  });

  test('R28 labels: where somebody lives is never read, protected or not', async () => {
    const Patient = JSON.stringify({
      ...amina,
      meta: {
        security: [
          { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' },
        ],
      },
      address: [{ text: 'Hemmelig vei 1', line: ['Hemmelig vei 1'] }],
    });
    const record = await recordOf({ Patient });
    expect(knownIn(record.patient.value).items).toMatchObject([{ name: 'Amina' }]);
    expect(JSON.stringify(record.patient.value)).not.toContain('Hemmelig');
  });
});

describe('R23 parser-abuse', () => {
  test('a key called __proto__ changes nothing, neither here nor elsewhere', async () => {
    const text = JSON.stringify(medicine('m')).replace(
      '"status":"active"',
      '"status":"active","__proto__":{"doNotPerform":true,"status":"stopped"}',
    );
    const body = `{"resourceType":"Bundle","type":"searchset","entry":[{"resource":${text}}]}`;
    const { items } = await medicinesOf({ MedicationStatement: body });
    expect(items).toMatchObject([{ substance: 'metoprolol', flags: [], group: 'unspecified' }]);
    expect(Reflect.get({}, 'doNotPerform')).toBeUndefined();
  });

  test('a code called «constructor» is a code like any other', async () => {
    const plan = {
      resourceType: 'CarePlan',
      id: 'plan',
      ...about,
      status: 'active',
      intent: 'plan',
      activity: [
        {
          detail: {
            status: 'scheduled',
            description: 'Ring',
            code: {
              coding: [
                { system: 'https://example.org/fhir/CodeSystem/no-plan', code: 'constructor' },
              ],
            },
          },
        },
      ],
    };
    const glucose = {
      resourceType: 'Observation',
      id: 'o',
      ...about,
      status: 'final',
      category: [{ coding: [{ code: 'laboratory' }] }],
      code: { text: 'Glukose' },
      valueQuantity: { value: 5, unit: 'mmol/L' },
      interpretation: [{ coding: [{ code: 'constructor' }] }],
    };
    const record = await recordOf({ CarePlan: [plan], Observation: [glucose] });
    expect(knownIn(record.plans.value).items[0]?.lines).toMatchObject([
      { kind: 'measure', text: 'Ring' },
    ]);
    expect(knownIn(record.results.value).items).toMatchObject([{ value: { outside: undefined } }]);
  });

  test('keys that come twice, NUL and half a character: the row stands', async () => {
    const text =
      '{"resourceType":"AllergyIntolerance","id":"x","id":"y","patient":{"reference":"Patient/p6"},"code":{"text":"a\\u0000b\\ud800"}}';
    const body = `{"resourceType":"Bundle","entry":[{"resource":${text}}]}`;
    const { items } = await allergiesOf({ AllergyIntolerance: body });
    expect(items).toMatchObject([
      { source: { ref: 'AllergyIntolerance/y' }, text: 'a\u0000b\uD800' },
    ]);
  });

  test('a plan whose id is half a character does not keep documents, results and measurements away', async () => {
    const plan = { resourceType: 'CarePlan', id: '\uD800', ...about, status: 'active' };
    const record = await recordOf({ CarePlan: [plan] });
    expect(knownIn(record.plans.value).items).toHaveLength(1);
    expect(knownIn(record.measurements.value).state).toBe('none-recorded');
  });

  test.each(['url', 'system', 'id'])(
    'an object where «%s» should be text takes nothing else with it',
    async key => {
      const trap = { toString: 1, valueOf: 1 };
      const bad = { [key]: trap };
      const goal = {
        resourceType: 'Goal',
        id: 'g',
        ...about,
        extension: [bad],
        description: { text: 'Mål' },
      };
      const meeting = { resourceType: 'Encounter', id: 'e', ...about, status: 'finished', ...bad };
      const plan = {
        resourceType: 'CarePlan',
        id: 'plan',
        ...about,
        status: 'active',
        goal: [{ reference: 'Goal/g' }],
      };
      const record = await recordOf({
        Patient: JSON.stringify({ ...amina, identifier: [{ ...bad, value: '1' }] }),
        CarePlan: [plan, { ...about, ...bad }],
        Goal: [goal],
        Encounter: [meeting],
        MedicationStatement: [
          { ...about, resourceType: trap, identifier: [bad] },
          medicine('m', { identifier: [bad] }),
        ],
        AllergyIntolerance: [allergy('x', { identifier: [bad] })],
      });
      const [first] = knownIn(record.plans.value).items;
      expect(first?.details).toMatchObject({ goals: [{ text: 'Mål' }] });
      expect(knownIn(record.medicines.value).items).toHaveLength(2);
      expect(knownIn(record.critical.value).items).toHaveLength(1);
      expect(record.evaluations.value.state).not.toBe('loading');
    },
  );

  test('nested ten thousand deep, an allergy is flagged and its neighbour stands', async () => {
    const deep = `${'{"extension":['.repeat(10_000)}{}${']}'.repeat(10_000)}`;
    const text = JSON.stringify(allergy('deep')).replace(/\}$/, `,"x":${deep}}`);
    const body = `{"resourceType":"Bundle","entry":[{"resource":${text}},{"resource":${JSON.stringify(allergy('y'))}}]}`;
    const { items } = await allergiesOf({ AllergyIntolerance: body });
    expect(items.map(({ text: said, flags }) => [said, ...flags])).toEqual([
      ['Stoff deep', 'uninterpretable'],
      ['Stoff y'],
    ]);
  });

  test('an answer of fifty million characters is refused whole, and said to be too large', async () => {
    const critical = await allergiesOf({ AllergyIntolerance: `"${'x'.repeat(50_000_000)}"` });
    expect(critical).toMatchObject({
      state: 'failed',
      failure: { kind: 'not-understood', detail: 'the answer is too large to read safely' },
    });
  });

  test('a page of two hundred thousand small entries is read like any other', async () => {
    const entry = '{"resource":{"resourceType":"Medication"}}';
    const link = '[{"relation":"next","url":"AllergyIntolerance?page=2"}]';
    const server = serverWith({});
    const record = openRecord({
      ...server,
      async fetch(request) {
        if (!request.url.includes('/AllergyIntolerance')) return server.fetch(request);
        const entries = request.url.includes('page=2') ? Array(200_000).fill(entry).join() : '';
        return new Response(
          `{"resourceType":"Bundle","entry":[${entries}]${entries ? '' : `,"link":${link}`}}`,
        );
      },
    });
    await record.refresh();
    expect(knownIn(record.critical.value)).toMatchObject({ state: 'none-recorded', gaps: [] });
  }, 30_000);
});

describe('when', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test.each([
    ['2024', '2024'],
    ['2024-05', '05.2024'],
    ['2024-05-06', '06.05.2024'],
    ['0001-01-01', '01.01.0001'],
    ['2030-01-01', '01.01.2030'],
    ['2026-11-20T23:30:00Z', '21.11.2026'],
    ['2026-11-20T23:30:00-08:00', '21.11.2026'],
    ['i fjor sommer', 'i fjor sommer'],
    ['2026-13-45T99', '2026-13-45T99'],
  ])('R18 dates: %s is «%s», as exact as it was written and no more', (written, shown) => {
    expect(dateText(written)).toBe(shown);
  });

  test.each(['America/Los_Angeles', 'Europe/Oslo', 'Pacific/Kiritimati'])(
    'R33 timezone: on a machine in %s a date is the same date, and a plan ends the same moment',
    name => {
      process.env['TZ'] = name;
      const offset = new Date(2026, 10, 21).getTimezoneOffset();
      expect(offset).toBe({ 'America/Los_Angeles': 480, 'Europe/Oslo': -60 }[name] ?? -840);
      expect(dateText('2026-11-21')).toBe('21.11.2026');
      expect(dayOf('2026-11-21T23:30:00+01:00')).toBe('2026-11-21');
      expect(isOver('2026-11-21', new Date('2026-11-21T22:00:00Z'))).toBe(false);
      expect(isOver('2026-11-21', new Date('2026-11-22T00:00:00Z'))).toBe(true);
      expect(ageOn('1998-11-21', new Date('2026-11-21T00:30:00+01:00'))).toBe(28);
    },
  );
});

/** What every section shows, by name. */
const refs = (record: PatientRecord) =>
  sectionsOf(record).map(reading =>
    knownIn(reading)
      .items.map(({ source }) => source.ref)
      .toSorted(),
  );

/** A role that is somebody only by way of another role. */
const round = (id: string, other: string) => ({
  resourceType: 'PractitionerRole',
  id,
  practitioner: { reference: `PractitionerRole/${other}` },
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 5));
}
