import { describe, expect, test } from 'vitest';
import type { Contact, Plan } from '../src/record/model.ts';
import type { Item, Known, Reading } from '../src/record/reading.ts';
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

  test('an allergy on the last of many small pages is found', async () => {
    const many = Array.from({ length: 450 }, (_, n) => allergy(`a${n}`));
    const { record } = await benchWith(many, p6);
    const critical = read((await record()).critical.value);
    expect(critical.items).toHaveLength(450);
    expect(critical.items.some(({ text }) => text === 'Stoff a449')).toBe(true);
    expect(critical.gaps).toEqual([]);
  });

  test('a page that does not come leaves the rest standing and is named', async () => {
    const many = Array.from({ length: 450 }, (_, n) => allergy(`a${n}`));
    const at = await benchWith(many, p6);
    await at.scenario({ match: '/GET .*_?(page|offset|cursor|paging|_page)/', status: 500 });
    const critical = read((await at.record()).critical.value);
    expect(critical.state).toBe('present');
    expect(critical.items).toHaveLength(200);
    expect(critical.gaps).toEqual([{ what: 'AllergyIntolerance', why: 'page-lost' }]);
  });
});

describe('one source failing never blanks another', () => {
  test('allergies that could not be read are a failure, and the plan and the medicines stand', async () => {
    const at = await bench({ patient: 'p2' });
    await at.scenario({ match: 'GET /fhir/AllergyIntolerance', status: 500 });
    const { plans, critical, medicines } = await at.record();
    expect(read(plans.value).state).toBe('present');
    expect(read(medicines.value).state).toBe('present');
    expect(read(critical.value).gaps).toContainEqual({ what: 'AllergyIntolerance', why: 'failed' });
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

  test('a login page instead of FHIR is a failure', async () => {
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

describe('four kinds of nothing', () => {
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

  test('what Jonas has blocked is withheld, and his plan is shown all the same', async () => {
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

  test('a missing right is said as that, and no request is made in vain', async () => {
    const scope =
      'openid fhirUser launch patient/Patient.rs patient/CarePlan.rs patient/CareTeam.rs';
    const at = await bench({ scope });
    const { critical, medicines } = await at.record();
    expect(read(critical.value).state).toBe('not-permitted');
    expect(read(medicines.value).state).toBe('not-permitted');
    expect((await at.asked()).filter(row => row.includes('AllergyIntolerance'))).toEqual([]);
  });
});

describe('other people, other meanings', () => {
  test.each([
    ['another patient', 'Patient/p2'],
    ['a near miss', 'Patient/p66'],
    ['another server', 'https://other.example/fhir/Patient/p6'],
  ])('an allergy about %s is set aside and counted', async (_, reference) => {
    const at = await bench(p6);
    const stranger = { ...allergy('x'), patient: { reference } };
    const careless = carelessly(at.session.fetch, 'AllergyIntolerance', stranger);
    const critical = await readWith(at, careless);
    expect(critical.setAside).toEqual([{ ref: 'AllergyIntolerance/x', why: 'other-patient' }]);
    expect(critical.items).toEqual([]);
    expect(critical.state).toBe('failed');
  });

  test.each(['Patient/p6', 'Patient/p6/_history/3', 'http://localhost:8080/fhir/Patient/p6'])(
    'an allergy about the patient is hers also when written %s',
    async reference => {
      const at = await bench(p6);
      const hers = { ...allergy('x'), patient: { reference } };
      const critical = await readWith(at, carelessly(at.session.fetch, 'AllergyIntolerance', hers));
      expect(critical.items.map(({ text }) => text)).toEqual(['Stoff x']);
    },
  );

  test('a modifier we do not know is shown with a flag, never as a plain fact', async () => {
    const negated = allergy('x', { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] });
    const nested = allergy('y', {
      reaction: [{ manifestation: [{ text: 'utslett' }], modifierExtension: [{ url: 'urn:y' }] }],
    });
    const { record } = await benchWith([negated, nested], p6);
    const { items } = read((await record()).critical.value);
    expect(items.map(({ flags }) => flags)).toEqual([['uninterpretable'], ['uninterpretable']]);
  });

  test('one unreadable allergy does not hide its neighbours', async () => {
    const broken = { ...allergy('x'), reaction: 'utslett', code: 17 };
    const { record } = await benchWith([broken, allergy('y')], p6);
    const { items, received } = read((await record()).critical.value);
    expect(received).toBe(2);
    expect(items.map(({ source, flags }) => [source.ref, ...flags])).toEqual([
      ['AllergyIntolerance/x', 'unreadable'],
      ['AllergyIntolerance/y'],
    ]);
  });

  test('what was entered in error is counted and not shown', async () => {
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

  test('a medicine that must not be given keeps its «not»', async () => {
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

  test('a medicine keeps its row when its name cannot be had', async () => {
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

  test('a server that answers with another patient is not read any further', async () => {
    const at = await bench();
    const other = { resourceType: 'Patient', id: 'p2', name: [{ text: 'Olav' }] };
    const record = await recordWith(at, carelessly(at.session.fetch, 'Patient', other));
    for (const reading of [record.patient, record.plans, record.critical, record.medicines])
      expect(read<Item>(reading.value)).toMatchObject({ state: 'failed', items: [] });
  });
});

describe('whom to call', () => {
  test('an old number and a contact who has left are kept and not current', async () => {
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
});

describe('how much is asked', () => {
  test('two batches and nothing twice; nothing is written', async () => {
    const at = await bench();
    await at.record();
    const asked = (await at.asked()).filter(
      row => row.includes(' /fhir') && !row.includes('.well-known'),
    );
    const posts = asked.filter(row => row.startsWith('POST'));
    expect(posts).toEqual(['POST /fhir', 'POST /fhir']);
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
