import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Contact, Plan } from '../src/record/model.ts';
import type { Item, Known, Reading } from '../src/record/reading.ts';
import { openRecord } from '../src/record/record.ts';
import type { Resource } from '../src/sandbox/types.ts';
import { bench, type Wanted } from './bench.ts';

const read = <T extends Item>(reading: Reading<T>): Known<T> => {
  if (reading.state === 'loading') throw new Error('still loading');
  return reading;
};
const acute = (plans: Known<Plan>) => {
  const plan = plans.items.find(({ kind }) => kind === 'acute');
  if (!plan) throw new Error('no acute plan');
  return plan;
};
const people = (plans: Known<Plan>): readonly Contact[] => {
  const { contacts } = acute(plans);
  if (contacts === 'unread') throw new Error('contacts unread');
  return contacts.people;
};

/** A bench with some resources added or changed in the store, exactly as given. */
async function benchWith(resources: readonly object[], wanted: Wanted = {}) {
  const at = await bench(wanted);
  at.sandbox.store.load(resources as Resource[]);
  return at;
}

const allergy = (id: string, more: object = {}) => ({
  resourceType: 'AllergyIntolerance',
  id,
  patient: { reference: 'Patient/p6' },
  code: { text: `Stoff ${id}` },
  clinicalStatus: { coding: [{ code: 'active' }] },
  ...more,
});
const p6 = { patient: 'p6' };

describe('what the sources hold is all there', () => {
  test.each(['p1', 'p2', 'p3', 'p4', 'p5', 'p6'])(
    'everything received about %s is either shown or set aside, in every section',
    async patient => {
      const { record } = await bench({ patient });
      const { plans, critical, medicines } = await record();
      for (const reading of [plans.value, critical.value, medicines.value]) {
        const known = read(reading as Reading<Item & { zones?: readonly Item[] }>);
        const zones = known.items.flatMap(item =>
          (item.zones ?? []).filter(({ source }) => source.ref !== item.source.ref),
        );
        const shown =
          known.items.length +
          zones.filter(({ source }) => source.ref.startsWith('CarePlan')).length;
        expect(shown + known.setAside.length).toBe(known.received);
      }
    },
  );

  test('R02 last-page-allergy: an allergy on the last of many small pages is found', async () => {
    const many = Array.from({ length: 450 }, (_, n) => allergy(`a${n}`));
    const { record } = await benchWith(many, p6);
    const critical = read((await record()).critical.value);
    expect(critical.items).toHaveLength(450);
    expect(critical.items.some(({ text }) => text === 'Stoff a449')).toBe(true);
    expect(critical.gaps).toEqual([]);
  });

  test('R01 a page that does not come leaves the rest standing and is named', async () => {
    const many = Array.from({ length: 450 }, (_, n) => allergy(`a${n}`));
    const at = await benchWith(many, p6);
    await at.scenario({ match: '/GET .*_?(page|offset|cursor|paging|_page)/', status: 500 });
    const critical = read((await at.record()).critical.value);
    expect(critical.state).toBe('present');
    expect(critical.items).toHaveLength(200);
    expect(critical.gaps).toEqual([
      { what: 'AllergyIntolerance', from: 'Sandkassen', why: 'page-lost' },
    ]);
  });

  test('R04 total-mismatch: a list shorter than the server says it is, is not taken for the whole', async () => {
    const one = { ...searchset([allergy('x')]), total: 2 };
    const critical = read((await recordOf({ AllergyIntolerance: one })).critical.value);
    expect(critical.items).toHaveLength(1);
    expect(critical.gaps).toEqual([
      { what: 'AllergyIntolerance', from: 'Sandkassen', why: 'count-differs' },
    ]);
  });

  test('an empty list of which the server counts two is a failure, never «not recorded»', async () => {
    const none = { ...searchset([]), total: 2 };
    const critical = read((await recordOf({ AllergyIntolerance: none })).critical.value);
    expect(critical.state).toBe('failed');
  });

  test('R03 next-loop: pages that lead back to themselves come to an end, and the list is not taken for the whole', async () => {
    const link = [
      { relation: 'next', url: 'http://localhost:8080/fhir/AllergyIntolerance?page=2' },
    ];
    const round = { ...searchset([allergy('x')]), total: undefined, link };
    const critical = read((await recordOf({ AllergyIntolerance: round })).critical.value);
    expect(critical.gaps).toEqual([
      { what: 'AllergyIntolerance', from: 'Sandkassen', why: 'page-lost' },
    ]);
  });

  test('what is hardly an entry is kept or said to be lost, and its neighbour stands', async () => {
    const { resourceType: _, ...nameless } = allergy('x');
    const entry = ['tull', { resource: nameless }, { resource: allergy('y') }];
    const odd = { ...searchset([]), total: undefined, entry };
    const critical = read((await recordOf({ AllergyIntolerance: odd })).critical.value);
    expect(critical.items.map(({ flags }) => flags)).toEqual([['unreadable'], []]);
    expect(critical.gaps).toEqual([
      { what: 'AllergyIntolerance', from: 'Sandkassen', why: 'page-lost' },
    ]);
  });

  test('a bundle that is no list of answers is a failure', async () => {
    const other = { ...searchset([]), type: 'batch-response' };
    const critical = read((await recordOf({ AllergyIntolerance: other })).critical.value);
    expect(critical.state).toBe('failed');
  });
});

describe('one source failing never blanks another', () => {
  test('allergies that could not be read are a failure, and the plan and the medicines stand', async () => {
    const at = await bench({ patient: 'p2' });
    await at.scenario({ match: 'GET /fhir/AllergyIntolerance', status: 500 });
    const { plans, critical, medicines } = await at.record();
    expect(read(plans.value).state).toBe('present');
    expect(read(medicines.value).state).toBe('present');
    expect(read(critical.value).gaps).toContainEqual({
      what: 'AllergyIntolerance',
      from: 'Sandkassen',
      why: 'failed',
    });
  });

  test('with nothing else recorded, a failed allergy search is «failed», never «not recorded»', async () => {
    const at = await bench(p6);
    await at.scenario({ match: 'GET /fhir/AllergyIntolerance', status: 500 });
    expect(read((await at.record()).critical.value).state).toBe('failed');
  });

  test('a batch the server refuses is asked again one by one', async () => {
    const at = await bench();
    await at.scenario({ match: 'POST /fhir', status: 500 });
    const { plans, critical, medicines } = await at.record();
    expect(people(read(plans.value))).toHaveLength(8);
    expect(read(critical.value).gaps).toEqual([]);
    expect(read(medicines.value).items).toHaveLength(8);
  });

  test('a server that cannot say what it offers is read all the same, people included', async () => {
    const at = await bench({ silentAboutItself: true });
    const plans = read((await at.record()).plans.value);
    expect(people(plans).map(({ name }) => name)).toContain('Thea Testdal');
    expect(people(plans).every(({ numbers }) => numbers !== 'unread')).toBe(true);
    expect(acute(plans).zones).toHaveLength(3);
  });

  test('R24 not-fhir-200: a login page instead of FHIR is a failure', async () => {
    const at = await bench(p6);
    await at.scenario({
      match: 'GET /fhir/Flag',
      status: 200,
      body: '<html>Logg inn</html>',
      headers: { 'content-type': 'text/html' },
    });
    await at.scenario(
      { match: 'POST /fhir', status: 500 },
      {
        match: 'GET /fhir/Flag',
        status: 200,
        body: '<html>Logg inn</html>',
        headers: { 'content-type': 'text/html' },
      },
    );
    expect(read((await at.record()).critical.value).state).toBe('failed');
  });
});

describe('R08 four kinds of nothing', () => {
  test('nothing registered about Amina is «not recorded» in every section', async () => {
    const { record } = await bench(p6);
    const { plans, critical, medicines } = await record();
    expect([plans.value, critical.value, medicines.value].map(({ state }) => state)).toEqual([
      'none-recorded',
      'none-recorded',
      'none-recorded',
    ]);
  });

  test('Turid has none, and it says who said so and when', async () => {
    const { record } = await bench({ patient: 'p3' });
    const none = read((await record()).critical.value).items.find(item => item.none);
    expect(none).toMatchObject({ none: 'allergy', recorded: '2026-08-12', by: 'Ingrid Fastlund' });
  });

  test('only a statement of none makes the section «none»', async () => {
    const none = allergy('nka', {
      code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] },
    });
    const { record } = await benchWith([none], p6);
    expect(read((await record()).critical.value).state).toBe('asserted-none');
  });

  test('R05 suppressed: what Jonas has blocked is withheld, and his plan is shown all the same', async () => {
    const { record } = await bench({ patient: 'p5' });
    const { plans, critical } = await record();
    expect(read(critical.value)).toMatchObject({ state: 'withheld', withheld: 'restricted' });
    expect(acute(read(plans.value)).title).toBe('Overdose- og kriseplan');
  });

  test('a doctor the patient has blocked sees nothing, not even that there is a plan', async () => {
    const { record } = await bench({ patient: 'p5', user: 'u-blokk' });
    const { patient, plans, critical, medicines } = await record();
    for (const reading of [patient.value, plans.value, critical.value, medicines.value])
      expect(read<Item>(reading)).toMatchObject({
        state: 'withheld',
        withheld: 'blocked',
        items: [],
      });
  });

  test('who is blocked sees nothing, also where the server forgets to hold it back', async () => {
    const at = await bench(p6);
    const forgetful = exactly(at.session.fetch, { AllergyIntolerance: [allergy('x')] });
    const blocked = JSON.stringify({ issue: [{ code: 'blocked' }] });
    const { plans, critical, medicines } = await recordWith(at, async request =>
      request.url.endsWith('/Patient/p6')
        ? new Response(blocked, { status: 403 })
        : forgetful(request),
    );
    for (const reading of [plans.value, critical.value, medicines.value])
      expect(read<Item>(reading)).toMatchObject({
        state: 'withheld',
        withheld: 'blocked',
        items: [],
      });
  });

  test('a missing right is said as that, and no request is made in vain', async () => {
    const scope =
      'openid fhirUser launch patient/Patient.rs patient/CarePlan.rs patient/CareTeam.rs';
    const at = await bench({ scope });
    const { critical, medicines } = await at.record();
    expect(read(critical.value).state).toBe('not-permitted');
    expect(read(medicines.value).state).toBe('not-permitted');
    expect((await at.asked()).filter(row => row.includes('AllergyIntolerance'))).toEqual([]);
  });

  test.each([
    ['nilknown', 'asserted-none'],
    ['notasked', 'asserted-unknown'],
    ['unavailable', 'asserted-unknown'],
    ['withheld', 'withheld'],
    ['closed', 'none-recorded'],
  ])('a medication list that is empty because of «%s» is «%s»', async (reason, state) => {
    const { medicines } = await recordOf({ List: [emptyList(reason)] });
    expect(read(medicines.value).state).toBe(state);
  });

  test('that somebody else takes no medicines says nothing about Amina', async () => {
    const { medicines } = await recordOf({ List: [emptyList('nilknown', 'p2')] });
    expect(read(medicines.value).state).toBe('none-recorded');
  });

  test('a server without allergies or medicines is «not supported», never «not recorded»', async () => {
    const { critical, medicines } = await recordOf({
      AllergyIntolerance: 405,
      MedicationStatement: 405,
      MedicationRequest: 405,
      Immunization: 405,
    });
    expect(read(critical.value).state).toBe('not-supported');
    expect(read(medicines.value).state).toBe('not-supported');
  });

  test('what may not be read is named beside what may', async () => {
    const { critical } = await recordOf({ AllergyIntolerance: [allergy('x')], Condition: 403 });
    expect(read(critical.value)).toMatchObject({
      state: 'present',
      gaps: [{ what: 'Condition', from: 'Sandkassen', why: 'not-permitted' }],
    });
  });

  test('R05 suppressed: what was held back is named beside what is shown', async () => {
    const suppressed = { resourceType: 'OperationOutcome', issue: [{ code: 'suppressed' }] };
    const entry = [
      { resource: allergy('x'), search: { mode: 'match' } },
      { resource: suppressed, search: { mode: 'outcome' } },
    ];
    const { critical } = await recordOf({
      AllergyIntolerance: { ...searchset([]), total: 1, entry },
    });
    expect(read(critical.value)).toMatchObject({
      state: 'present',
      withheld: 'unspecified',
      gaps: [{ what: 'AllergyIntolerance', from: 'Sandkassen', why: 'withheld' }],
    });
  });

  test('a «none» with a modifier we do not know is not taken for «none»', async () => {
    const doubtful = noKnownAllergy({ modifierExtension: [{ url: 'urn:x', valueBoolean: true }] });
    const { critical } = await recordOf({ AllergyIntolerance: [doubtful] });
    expect(read(critical.value).state).toBe('present');
  });

  test('a «none» that no longer holds asserts nothing', async () => {
    const before = noKnownAllergy({ clinicalStatus: { coding: [{ code: 'inactive' }] } });
    const { critical } = await recordOf({ AllergyIntolerance: [before] });
    expect(read(critical.value)).toMatchObject({ state: 'present', items: [{ none: undefined }] });
  });

  test('a «none» beside an allergy does not make the section «none»', async () => {
    const { critical } = await recordOf({ AllergyIntolerance: [noKnownAllergy({}), allergy('x')] });
    expect(read(critical.value).state).toBe('present');
  });
});

describe('other people, other meanings', () => {
  test.each([
    ['another patient', 'Patient/p2'],
    ['a near miss', 'Patient/p66'],
    ['a near miss in the letter’s size', 'Patient/P6'],
    ['another server', 'https://other.example/fhir/Patient/p6'],
  ])('C15 reference-forms: an allergy about %s is set aside and counted', async (_, reference) => {
    const at = await bench(p6);
    const stranger = { ...allergy('x'), patient: { reference } };
    const careless = carelessly(at.session.fetch, 'AllergyIntolerance', stranger);
    const critical = await readWith(at, careless);
    expect(critical.setAside).toEqual([{ ref: 'AllergyIntolerance/x', why: 'other-patient' }]);
    expect(critical.items).toEqual([]);
    expect(critical.state).toBe('failed');
  });

  test.each(['Patient/p6', 'Patient/p6/_history/3', 'http://localhost:8080/fhir/Patient/p6'])(
    'C15 reference-forms: an allergy about the patient is hers also when written %s',
    async reference => {
      const at = await bench(p6);
      const hers = { ...allergy('x'), patient: { reference } };
      const critical = await readWith(at, carelessly(at.session.fetch, 'AllergyIntolerance', hers));
      expect(critical.items.map(({ text }) => text)).toEqual(['Stoff x']);
    },
  );

  test('R12 a modifier we do not know is shown with a flag, never as a plain fact', async () => {
    const negated = allergy('x', { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] });
    const nested = allergy('y', {
      reaction: [{ manifestation: [{ text: 'utslett' }], modifierExtension: [{ url: 'urn:y' }] }],
    });
    const { record } = await benchWith([negated, nested], p6);
    const { items } = read((await record()).critical.value);
    expect(items.map(({ flags }) => flags)).toEqual([['uninterpretable'], ['uninterpretable']]);
  });

  test('R20 one unreadable allergy does not hide its neighbours', async () => {
    const broken = { ...allergy('x'), reaction: 'utslett', code: 17 };
    const { record } = await benchWith([broken, allergy('y')], p6);
    const { items, received } = read((await record()).critical.value);
    expect(received).toBe(2);
    expect(items.map(({ source, flags }) => [source.ref, ...flags])).toEqual([
      ['AllergyIntolerance/x', 'unreadable'],
      ['AllergyIntolerance/y'],
    ]);
  });

  test('R10 eie-refuted: what was entered in error is counted and not shown', async () => {
    const wrong = allergy('x', {
      verificationStatus: { coding: [{ code: 'entered-in-error' }] },
    });
    const { record } = await benchWith([wrong], p6);
    const critical = read((await record()).critical.value);
    expect(critical).toMatchObject({
      state: 'none-recorded',
      setAside: [{ ref: 'AllergyIntolerance/x', why: 'withdrawn' }],
    });
  });

  test('R14 a medicine that must not be given keeps its «not»', async () => {
    const never = {
      resourceType: 'MedicationRequest',
      id: 'never',
      status: 'active',
      intent: 'order',
      doNotPerform: true,
      subject: { reference: 'Patient/p6' },
      medicationCodeableConcept: { text: 'penicillin' },
    };
    const { record } = await benchWith([never], p6);
    expect(read((await record()).medicines.value).items[0]?.flags).toEqual(['negated']);
  });

  test('R22 dangling-ref: a medicine keeps its row when its name cannot be had', async () => {
    const nameless = {
      resourceType: 'MedicationStatement',
      id: 'm',
      status: 'active',
      subject: { reference: 'Patient/p6' },
      medicationReference: { reference: 'Medication/gone' },
      dosage: [{ text: '1 tablett' }],
    };
    const { record } = await benchWith([nameless], p6);
    const [row] = read((await record()).medicines.value).items;
    expect(row).toMatchObject({ substance: undefined, dose: ['1 tablett'] });
  });

  test('a medicine that came along as a name is a name, and not a row of its own', async () => {
    const inside = { ...medicineNamed('b', '#d'), contained: [drug('d', 'warfarin')] };
    const rows = searchset([medicineNamed('a', 'Medication/d'), inside, drug('d', 'digoksin')]);
    const { medicines } = await recordOf({ MedicationStatement: { ...rows, total: 2 } });
    expect(read(medicines.value)).toMatchObject({
      received: 2,
      gaps: [],
      items: [{ substance: 'digoksin' }, { substance: 'warfarin' }],
    });
  });

  test('C05 patient-read-mismatch: a server that answers with another patient is not read any further', async () => {
    const at = await bench();
    const other = { resourceType: 'Patient', id: 'p2', name: [{ text: 'Olav' }] };
    const record = await recordWith(at, carelessly(at.session.fetch, 'Patient', other));
    for (const reading of [record.patient, record.plans, record.critical, record.medicines])
      expect(read<Item>(reading.value)).toMatchObject({ state: 'failed', items: [] });
  });
});

describe('whose it is, in every way a source may say it', () => {
  const number = { system: 'urn:test', value: 'amina-1' };
  const Patient = { resourceType: 'Patient', id: 'p6', identifier: [number] };
  const contained = (value: string) => ({
    patient: { reference: '#p' },
    contained: [{ resourceType: 'Patient', id: 'p', identifier: [{ ...number, value }] }],
  });

  test.each([
    ['by her number', { patient: { identifier: number } }],
    ['by her number on a patient inside it', contained('amina-1')],
  ])('an allergy that names Amina %s is hers', async (_, more) => {
    const record = await recordOf({ Patient, AllergyIntolerance: [allergy('x', more)] });
    expect(read(record.critical.value)).toMatchObject({ state: 'present', setAside: [] });
  });

  test.each([
    [
      "somebody else's number",
      { patient: { identifier: { ...number, value: 'olav-1' } } },
      'other-patient',
    ],
    ["somebody else's number on a patient inside it", contained('olav-1'), 'other-patient'],
    ['nobody', { patient: undefined }, 'no-patient'],
  ])(
    'an allergy with %s is set aside, and the section is not «not recorded»',
    async (_, more, why) => {
      const record = await recordOf({ Patient, AllergyIntolerance: [allergy('x', more)] });
      expect(read(record.critical.value)).toMatchObject({
        state: 'failed',
        items: [],
        setAside: [{ ref: 'AllergyIntolerance/x', why }],
      });
    },
  );
});

describe('what a status means', () => {
  test('R13 implicit-rules: rules we do not know make an allergy uncertain', async () => {
    const ruled = allergy('x', { implicitRules: 'urn:rules' });
    expect((await criticalOf({ AllergyIntolerance: [ruled] }))[0]?.flags).toEqual([
      'uninterpretable',
    ]);
  });

  test('R10 eie-refuted: a refuted allergy is shown as no longer true', async () => {
    const refuted = allergy('x', { verificationStatus: { coding: [{ code: 'refuted' }] } });
    const [item] = await criticalOf({ AllergyIntolerance: [refuted] });
    expect(item).toMatchObject({ currency: 'over', certainty: 'refuted', flags: ['inactive'] });
  });

  test('R11 status-missing: a condition without a status is unknown, never over', async () => {
    const condition = {
      resourceType: 'Condition',
      id: 'c',
      subject: { reference: 'Patient/p6' },
      code: { text: 'malign hypertermi' },
    };
    const [item] = await criticalOf({ Condition: [condition] });
    expect(item).toMatchObject({ currency: 'unknown', flags: [] });
  });

  test('a medicine entered in error is counted and not shown', async () => {
    expect(await medicinesWith({ status: 'entered-in-error' })).toMatchObject({
      state: 'none-recorded',
      items: [],
      setAside: [{ ref: 'MedicationStatement/m', why: 'withdrawn' }],
    });
  });

  test('a stopped medicine does not stand among those in use', async () => {
    const statusReason = [{ text: 'svimmel' }];
    expect((await medicinesWith({ status: 'stopped', statusReason })).items).toMatchObject([
      { group: 'stopped', flags: ['inactive'], stoppedBecause: 'svimmel' },
    ]);
  });

  test('a paused medicine is paused', async () => {
    expect((await medicinesWith({ status: 'on-hold' })).items).toMatchObject([{ group: 'paused' }]);
  });

  test.each([
    ['MedicationRequest', { intent: 'proposal' }, 'proposal'],
    ['MedicationStatement', { status: 'intended' }, 'intended'],
    ['MedicationStatement', { status: undefined }, 'unknown'],
    ['MedicationRequest', { intent: 'order' }, undefined],
  ])('a %s with %j is in use, or says what it is: %s', async (type, more, tentative) => {
    expect((await medicinesWith(more, type)).items).toMatchObject([{ tentative }]);
  });

  test('the patient is called by the name in use, and a death is not passed over', async () => {
    const Patient = {
      resourceType: 'Patient',
      id: 'p6',
      name: [
        { text: 'Amina Før', use: 'old' },
        { text: 'Amina Gift', use: 'official', period: { end: '2020-01-01' } },
        { text: 'Amina Nå' },
      ],
      deceasedDateTime: '2026-11-20',
    };
    expect(read((await recordOf({ Patient })).patient.value).items).toMatchObject([
      { name: 'Amina Nå', deceased: '2026-11-20', test: false },
    ]);
  });

  test('a synthetic person is known as one', async () => {
    const { record } = await bench(p6);
    expect(read((await record()).patient.value).items).toMatchObject([{ test: true }]);
  });

  const now = '2026-11-21T12:00:00+01:00';
  test.each([
    [{ status: 'active' }, 'in-force'],
    [{ status: 'active', period: { end: '2026-11-21' } }, 'in-force'],
    [{ status: 'active', period: { end: '2026-11' } }, 'in-force'],
    [{ status: 'active', period: { end: '2026-11-20' } }, 'expired'],
    [{ status: 'active', period: { start: '2026-11-22' } }, 'not-yet'],
    [{ status: 'active', intent: 'proposal' }, 'draft'],
    [{ status: 'draft' }, 'draft'],
    [{ status: 'revoked' }, 'ended'],
    [{ status: 'completed' }, 'ended'],
    [{ status: 'on-hold' }, 'ended'],
    [{ status: 'unknown' }, 'doubtful'],
  ])('on 21 November a plan with %j is «%s»', async (more, standing) => {
    const record = await recordOf({ CarePlan: [carePlan(more)] }, { ...p6, now });
    expect(read(record.plans.value).items).toMatchObject([{ kind: 'acute', standing }]);
  });

  test('what a plan says must not be done stands under «avoid» with its «not»', async () => {
    const doNotPerform = true;
    const own = { detail: { status: 'not-started', doNotPerform, description: 'legge i belter' } };
    const elsewhere = { reference: { reference: 'ServiceRequest/s' } };
    const order = {
      resourceType: 'ServiceRequest',
      id: 's',
      subject: { reference: 'Patient/p6' },
      code: { text: 'gi diazepam' },
      doNotPerform,
    };
    const record = await recordOf({
      CarePlan: [carePlan({ activity: [own, elsewhere] })],
      ServiceRequest: [order],
    });
    expect(acute(read(record.plans.value)).lines).toMatchObject([
      { kind: 'avoid', not: true, text: 'legge i belter' },
      { kind: 'avoid', not: true, text: 'gi diazepam' },
    ]);
  });

  test('a zone of the plan is shown there, and not once more as critical information', async () => {
    const system =
      'http://hl7.no/fhir/ig/planer-hacking/CodeSystem/planer-hacking-observation-severity-zone-cs';
    const zone = {
      resourceType: 'Condition',
      id: 'z',
      subject: { reference: 'Patient/p6' },
      severity: { coding: [{ system, code: 'red' }] },
      code: { text: 'svarer ikke' },
    };
    const { plans, critical } = await recordOf({
      CarePlan: [carePlan({ addresses: [{ reference: 'Condition/z' }] })],
      Condition: [zone],
    });
    expect(acute(read(plans.value)).zones).toMatchObject([
      { level: 'red', condition: 'svarer ikke' },
    ]);
    expect(read(critical.value)).toMatchObject({ items: [], received: 0 });
  });

  test('who may see the record is not critical information', async () => {
    const sharing = {
      resourceType: 'Consent',
      id: 'c',
      status: 'active',
      patient: { reference: 'Patient/p6' },
      scope: { coding: [{ code: 'patient-privacy' }] },
    };
    expect(await criticalOf({ Consent: [sharing] })).toEqual([]);
  });

  test('a plan document the patient has closed says so', async () => {
    const record = await recordOf({
      DocumentReference: [planDocument('a', 'NORS'), planDocument('b', 'N')],
    });
    expect(read(record.plans.value).items).toMatchObject([
      { document: { restricted: true } },
      { document: { restricted: false } },
    ]);
  });
});

describe('only the newest answer, and only while the session lasts', () => {
  test('an answer that comes late does not replace a newer one', async () => {
    const at = await bench(p6);
    const { fetch } = at.session;
    const bell = new EventEmitter();
    const asked = once(bell, 'asked');
    const released = once(bell, 'released');
    let times = 0;
    const slowFirst: Fetch = async request => {
      if (!new URL(request.url).pathname.endsWith('/AllergyIntolerance'))
        return exactly(fetch, {})(request);
      times += 1;
      if (times > 1) return Response.json(searchset([allergy('new')]));
      bell.emit('asked');
      await released;
      return Response.json(searchset([allergy('old')]));
    };
    const record = openRecord({ ...at.session, fetch: slowFirst });
    await asked;
    await record.refresh();
    bell.emit('released');
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(read(record.critical.value).items.map(({ text }) => text)).toEqual(['Stoff new']);
  });

  test('when the session has ended, nothing more is put on the screen', async () => {
    const at = await bench(p6);
    const end = new AbortController();
    const record = openRecord({ ...at.session, signal: end.signal });
    end.abort();
    await record.refresh();
    await new Promise(resolve => setTimeout(resolve, 50));
    for (const section of [record.patient, record.plans, record.critical, record.medicines])
      expect(section.value.state).toBe('loading');
  });
});

describe('whom to call', () => {
  test('R29 an old number and a contact who has left are kept and not current', async () => {
    const at = await bench();
    const role = at.sandbox.store.at('PractitionerRole/p1-contact-1');
    const changed = {
      ...role,
      telecom: [
        { system: 'phone', value: '+47 00 00 09 99', use: 'old' },
        { system: 'phone', value: '+47 00 00 08 88', period: { end: '2025-01-01' } },
        { system: 'phone', value: '+47 00 00 02 05' },
      ],
    };
    const left = { ...at.sandbox.store.at('PractitionerRole/p1-contact-2'), active: false };
    at.sandbox.store.load([changed, left] as Resource[]);
    const [first, second] = people(read((await at.record()).plans.value));
    expect(first?.numbers).toMatchObject([
      { current: false },
      { current: false },
      { current: true },
    ]);
    expect(second?.ended).toBe(true);
  });

  test('a contact the server keeps to itself is named, with details unread', async () => {
    const at = await bench();
    await at.scenario({ match: 'p1-contact-4', status: 403 });
    const team = at.sandbox.store.at('CareTeam/p1-team');
    const changed = JSON.parse(
      JSON.stringify(team).replace('RelatedPerson/p1-contact-4', 'RelatedPerson/elsewhere'),
    ) as Resource;
    at.sandbox.store.load([changed]);
    const thea = people(read((await at.record()).plans.value)).find(
      ({ name }) => name === 'Thea Testdal',
    );
    expect(thea?.numbers).toBe('unread');
  });

  test('who must not be called comes with the reason', async () => {
    const { record } = await bench();
    const { contacts } = acute(read((await record()).plans.value));
    expect(contacts === 'unread' ? [] : contacts.never).toEqual([
      {
        who: 'Mor (navn ikke i planen)',
        why: 'Maja ønsker ikke at mor kontaktes eller får opplysninger',
      },
    ]);
  });

  test('the nurse and the sister can be called', async () => {
    expect(await called()).toMatchObject([
      { name: 'Sykepleier', ended: false, neverCall: false, numbers: [{ current: true }] },
      { name: 'Søster', ended: false, neverCall: false, numbers: [{ current: true }] },
    ]);
  });

  test.each([
    ['her part in the plan has ended', { participant: { period: { end: '2020-01-01' } } }],
    ['her position has ended', { role: { period: { end: '2020-01-01' } } }],
    ['her position is inactive', { role: { active: false } }],
    ['her own entry is inactive', { nurse: { active: false } }],
  ])('a nurse is shown as no longer in it when %s', async (_, more) => {
    expect((await called(more)).map(({ ended }) => ended)).toEqual([true, false]);
  });

  test("somebody else's next of kin lends this plan no number", async () => {
    const [, sister] = await called({ sister: { patient: { reference: 'Patient/p2' } } });
    expect(sister).toMatchObject({ name: 'Søster', numbers: 'unread' });
  });

  test("somebody else's care team is not read, and that is said", async () => {
    const answers = aminasPlan({ team: { subject: { reference: 'Patient/p2' } } });
    expect(acute(read((await recordOf(answers)).plans.value)).contacts).toBe('unread');
  });

  test('a plan whose second team does not come shows the people of the first, and says one is missing', async () => {
    const careTeam = [{ reference: 'CareTeam/t' }, { reference: 'CareTeam/gone' }];
    const { contacts } = acute(
      read((await recordOf(aminasPlan({ plan: { careTeam } }))).plans.value),
    );
    expect(contacts).toMatchObject({ team: 'CareTeam/t', unreadTeams: 1 });
    expect(contacts === 'unread' ? [] : contacts.people).toHaveLength(2);
  });

  test('whom a valid refusal names must never be called; a withdrawn refusal names nobody', async () => {
    expect((await called({ consent: {} }))[1]?.neverCall).toBe(true);
    expect((await called({ consent: { status: 'inactive' } }))[1]?.neverCall).toBe(false);
  });

  test.each([
    ['half an opening time is «not given»', { availableStartTime: '08:00:00' }, 'unknown'],
    ['half a closing time is «not given»', { availableEndTime: '15:30:00' }, 'unknown'],
    [
      '23:59 is midnight',
      { daysOfWeek: ['sat'], availableStartTime: '08:00:00', availableEndTime: '23:59:00' },
      [{ days: [6], allDay: false, opens: 480, closes: 1440 }],
    ],
  ])('%s', async (_, time, hours) => {
    expect((await called({ role: { availableTime: [time] } }))[0]?.hours).toEqual(hours);
  });

  test('everybody in Majas plan says when to call them', async () => {
    const { record } = await bench();
    const purposes = people(read((await record()).plans.value)).map(({ purpose }) => purpose);
    expect(purposes).toHaveLength(8);
    expect(purposes.every(Boolean)).toBe(true);
  });
});

describe('how much is asked', () => {
  test('two batches, a third for what nobody waits for, and nothing twice; nothing is written', async () => {
    const at = await bench();
    await at.record();
    const asked = (await at.asked()).filter(
      row => row.includes(' /fhir') && !row.includes('.well-known'),
    );
    const posts = asked.filter(row => row.startsWith('POST'));
    expect(posts).toEqual(['POST /fhir', 'POST /fhir', 'POST /fhir']);
    const singles = asked.filter(row => row.startsWith('GET'));
    expect(new Set(singles).size).toBe(singles.length);
    expect(asked.filter(row => /^(PUT|PATCH|DELETE)/.test(row))).toEqual([]);
  });

  test('a server that checks every parameter finds nothing to remark on', async () => {
    const { record } = await bench();
    const { plans, critical, medicines } = await record();
    const remarks = [plans.value, critical.value, medicines.value].flatMap(
      reading => read<Item>(reading).remarks,
    );
    expect(remarks).toEqual([]);
  });

  test('no national id stands in any address', async () => {
    const at = await bench();
    await at.record();
    expect((await at.asked()).filter(row => /\d{11}/.test(row))).toEqual([]);
  });
});

type Fetch = (request: Request) => Promise<Response>;

/** A server that does not batch and answers one type with this resource, whatever was asked. */
function carelessly(fetch: Fetch, type: string, resource: object): Fetch {
  return async request => {
    if (request.method === 'POST') return new Response('', { status: 500 });
    const path = new URL(request.url).pathname;
    if (!path.startsWith(`/fhir/${type}`)) return fetch(request);
    const body =
      type === 'Patient'
        ? resource
        : { resourceType: 'Bundle', type: 'searchset', total: 1, entry: [{ resource }] };
    return Response.json(body);
  };
}

async function recordWith(at: Awaited<ReturnType<typeof bench>>, fetch: Fetch) {
  Object.assign(at.session, { fetch });
  return at.record();
}

async function readWith(at: Awaited<ReturnType<typeof bench>>, fetch: Fetch) {
  return read((await recordWith(at, fetch)).critical.value);
}

const searchset = (resources: readonly object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map(resource => ({ resource })),
});

const carePlan = (more: object) => ({
  resourceType: 'CarePlan',
  id: 'plan',
  status: 'active',
  intent: 'plan',
  subject: { reference: 'Patient/p6' },
  category: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'A01-2' }] }],
  ...more,
});

/** By type: a list of what is found, one answer word for word, or a status. */
type Answers = Readonly<Record<string, readonly object[] | object | number>>;

/** A server that does not batch and answers these types with exactly this, whatever was asked. */
function exactly(fetch: Fetch, answers: Answers): Fetch {
  return async request => {
    if (request.method === 'POST') return new Response('', { status: 500 });
    const [type = ''] = new URL(request.url).pathname.replace('/fhir/', '').split('/');
    const answer = answers[type];
    if (answer === undefined) return fetch(request);
    if (typeof answer === 'number') return new Response('{}', { status: answer });
    return Response.json(Array.isArray(answer) ? searchset(answer) : answer);
  };
}

/** Amina, about whom nothing is registered, with these answers. */
async function recordOf(answers: Answers, wanted: Wanted = p6) {
  const at = await bench(wanted);
  return recordWith(at, exactly(at.session.fetch, answers));
}

const emptyList = (reason: string, patient = 'p6') => ({
  resourceType: 'List',
  id: 'l',
  status: 'current',
  mode: 'working',
  code: { coding: [{ system: 'http://loinc.org', code: '10160-0' }] },
  subject: { reference: `Patient/${patient}` },
  emptyReason: { coding: [{ code: reason }] },
});

const noKnownAllergy = (more: object) =>
  allergy('nka', {
    code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] },
    ...more,
  });

const criticalOf = async (answers: Answers) => read((await recordOf(answers)).critical.value).items;

const medicinesWith = async (more: object, type = 'MedicationStatement') => {
  const one = {
    resourceType: type,
    id: 'm',
    status: 'active',
    subject: { reference: 'Patient/p6' },
    medicationCodeableConcept: { text: 'metoprolol' },
    ...more,
  };
  return read((await recordOf({ [type]: [one] })).medicines.value);
};

/** Amina with a plan, one nurse in its team and her sister, changed as told. */
const aminasPlan = (
  more: {
    readonly participant?: object;
    readonly role?: object;
    readonly nurse?: object;
    readonly sister?: object;
    readonly team?: object;
    readonly plan?: object;
    readonly consent?: object;
  } = {},
): Answers => {
  const subject = { reference: 'Patient/p6' };
  const denial = {
    resourceType: 'Consent',
    id: 'c',
    patient: subject,
    status: 'active',
    provision: { type: 'deny', actor: [{ reference: { reference: 'RelatedPerson/sister' } }] },
  };
  return {
    CarePlan: [carePlan({ careTeam: [{ reference: 'CareTeam/t' }], ...more.plan })],
    CareTeam: [
      {
        resourceType: 'CareTeam',
        id: 't',
        subject,
        participant: [
          { member: { reference: 'PractitionerRole/r' }, ...more.participant },
          { member: { reference: 'RelatedPerson/sister', display: 'Søster' } },
        ],
        ...more.team,
      },
    ],
    PractitionerRole: [
      {
        resourceType: 'PractitionerRole',
        id: 'r',
        practitioner: { reference: 'Practitioner/n' },
        telecom: [{ system: 'phone', value: '+47 00 00 01 01' }],
        ...more.role,
      },
    ],
    Practitioner: [
      { resourceType: 'Practitioner', id: 'n', name: [{ text: 'Sykepleier' }], ...more.nurse },
    ],
    RelatedPerson: [
      {
        resourceType: 'RelatedPerson',
        id: 'sister',
        patient: subject,
        telecom: [{ system: 'phone', value: '+47 00 00 01 02' }],
        ...more.sister,
      },
    ],
    Consent: more.consent ? [{ ...denial, ...more.consent }] : [],
  };
};

const called = async (more: Parameters<typeof aminasPlan>[0] = {}) =>
  people(read((await recordOf(aminasPlan(more))).plans.value));

const planDocument = (id: string, code: string) => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  subject: { reference: 'Patient/p6' },
  type: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'A01-2' }] },
  securityLabel: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9603', code }] }],
});

const medicineNamed = (id: string, reference: string) => ({
  resourceType: 'MedicationStatement',
  id,
  status: 'active',
  subject: { reference: 'Patient/p6' },
  medicationReference: { reference },
});

const drug = (id: string, text: string) => ({ resourceType: 'Medication', id, code: { text } });
