import { describe, expect, test } from 'vitest';
import type { Contacts, Plan } from '../src/record/model.ts';
import type { Item, Known, Reading } from '../src/record/reading.ts';
import type { PatientRecord } from '../src/record/record.ts';
import type { Resource } from '../src/sandbox/types.ts';
import { bench } from './bench.ts';

const read = <T extends Item>(reading: Reading<T>): Known<T> => {
  if (reading.state === 'loading') throw new Error('still loading');
  return reading;
};

/** Amina's record with these resources in it, exactly as given, and the server misbehaving as told. */
async function aminaWith(
  resources: readonly object[],
  ...rules: readonly object[]
): Promise<PatientRecord> {
  const at = await bench({ patient: 'p6' });
  at.sandbox.store.load(resources as Resource[]);
  if (rules.length > 0) await at.scenario(...rules);
  return at.record();
}

const hers = { subject: { reference: 'Patient/p6' } };
const acute = {
  resourceType: 'CarePlan',
  id: 'plan',
  ...hers,
  status: 'active',
  intent: 'plan',
  category: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'A01-2' }] }],
};
const team = (id: string, more: object = {}) => ({
  resourceType: 'CareTeam',
  id,
  ...hers,
  status: 'active',
  participant: [{ member: { reference: `Organization/${id}-unit`, display: `Enhet ${id}` } }],
  ...more,
});
const unit = (id: string, more: object = {}) => ({
  resourceType: 'Organization',
  id: `${id}-unit`,
  name: `Enhet ${id}`,
  telecom: [{ system: 'phone', value: '+47 00 00 09 01' }],
  ...more,
});
const theAcutePlan = (record: PatientRecord): Plan => {
  const plan = read(record.plans.value).items.find(({ kind }) => kind === 'acute');
  if (!plan) throw new Error('no acute plan');
  return plan;
};
const contacts = (record: PatientRecord): Contacts => {
  const found = theAcutePlan(record).contacts;
  if (found === 'unread') throw new Error('contacts unread');
  return found;
};

describe('what changes the meaning', () => {
  test('a limit of care that is only proposed is doubtful, never current', async () => {
    const consent = {
      resourceType: 'Consent',
      id: 'c',
      status: 'proposed',
      patient: { reference: 'Patient/p6' },
      scope: { coding: [{ code: 'treatment' }] },
      provision: { code: [{ text: 'HLR-minus' }] },
    };
    const { items } = read((await aminaWith([consent])).critical.value);
    expect(items).toMatchObject([{ kind: 'limits-of-care', currency: 'unknown' }]);
  });

  test('in a zone, what must not be done keeps its «not», and a revoked zone says so', async () => {
    const zone = {
      ...acute,
      id: 'zone',
      status: 'revoked',
      category: [
        { coding: [{ system: 'https://example.org/fhir/CodeSystem/no-plan', code: 'sone' }] },
      ],
      partOf: [{ reference: 'CarePlan/plan' }],
      activity: [
        { detail: { status: 'scheduled', doNotPerform: true, description: 'Gi diazepam' } },
      ],
    };
    const [shown] = theAcutePlan(await aminaWith([acute, zone])).zones;
    expect(shown).toMatchObject({ standing: 'ended', lines: [{ text: 'Gi diazepam', not: true }] });
  });

  test('R27 subsetted: a resource the server has cut down is flagged', async () => {
    const flag = {
      resourceType: 'Flag',
      id: 'f',
      ...hers,
      status: 'active',
      code: { text: 'Isolat' },
    };
    const cut = { ...flag, meta: { tag: [{ code: 'SUBSETTED' }] } };
    const { items } = read((await aminaWith([cut])).critical.value);
    expect(items).toMatchObject([{ flags: ['uninterpretable'], why: ['SUBSETTED'] }]);
  });

  test('a goal or measure of somebody else does not come in with the plan', async () => {
    const plan = {
      ...acute,
      goal: [{ reference: 'Goal/p1-g1' }],
      activity: [{ reference: { reference: 'ServiceRequest/theirs' } }],
    };
    const theirs = {
      resourceType: 'ServiceRequest',
      id: 'theirs',
      subject: { reference: 'Patient/p1' },
      code: { text: 'En annens tiltak' },
    };
    const goal = {
      resourceType: 'Goal',
      id: 'p1-g1',
      subject: { reference: 'Patient/p1' },
      description: { text: 'En annens mål' },
    };
    const record = await aminaWith([plan, theirs, goal]);
    expect(JSON.stringify(record.plans.value)).not.toContain('En annens');
    expect(theAcutePlan(record).lines).toHaveLength(1);
  });

  test('a withdrawn plan does not take a critical condition away with it', async () => {
    const addison = {
      resourceType: 'Condition',
      id: 'addison',
      ...hers,
      clinicalStatus: { coding: [{ code: 'active' }] },
      category: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7651', code: '5' }] }],
      severity: {
        coding: [
          {
            system:
              'http://hl7.no/fhir/ig/planer-hacking/CodeSystem/planer-hacking-observation-severity-zone-cs',
            code: 'red',
          },
        ],
      },
      code: { text: 'Addisons sykdom' },
    };
    const wrong = {
      ...acute,
      status: 'entered-in-error',
      addresses: [{ reference: 'Condition/addison' }],
    };
    const { items } = read((await aminaWith([addison, wrong])).critical.value);
    expect(items.map(({ text }) => text)).toEqual(['Addisons sykdom']);
  });
});

test('a zone nobody can read keeps a row of its own', async () => {
  const zone = {
    ...acute,
    id: 'zone',
    category: [
      { coding: [{ system: 'https://example.org/fhir/CodeSystem/no-plan', code: 'sone' }] },
    ],
    partOf: [{ reference: 'CarePlan/plan' }],
    description: 17,
  };
  const { items, received } = read((await aminaWith([acute, zone])).plans.value);
  expect(received).toBe(2);
  expect(items.map(({ source }) => source.ref).toSorted()).toEqual([
    'CarePlan/plan',
    'CarePlan/zone',
  ]);
});

describe('whom to call, when something is missing', () => {
  test('the plan names no team and the search for teams fails: unread, not «not recorded»', async () => {
    const record = await aminaWith([acute], { match: 'GET /fhir/CareTeam', status: 500 });
    expect(theAcutePlan(record).contacts).toBe('unread');
    expect(read(record.plans.value).gaps).toContainEqual({
      what: 'CareTeam',
      from: 'Sandkassen',
      why: 'failed',
    });
  });

  test('the plan names no team and there are two: both are shown', async () => {
    const record = await aminaWith([acute, team('a'), unit('a'), team('b'), unit('b')]);
    expect(contacts(record).people.map(({ name }) => name)).toEqual(['Enhet a', 'Enhet b']);
  });

  test('one team of two cannot be read: the other stands, and the gap is counted', async () => {
    const plan = {
      ...acute,
      careTeam: [{ reference: 'CareTeam/a' }, { reference: 'CareTeam/gone' }],
    };
    const found = contacts(await aminaWith([plan, team('a'), unit('a')]));
    expect(found.unreadTeams).toBe(1);
    expect(found.people.map(({ name }) => name)).toEqual(['Enhet a']);
  });

  test.each([
    ['is inactive', { status: 'inactive' }],
    ['has ended', { period: { end: '2020-01-01' } }],
    ['has not begun', { period: { start: '2030-01-01' } }],
  ])('a team that %s lends nobody a number to call', async (_, more) => {
    const plan = { ...acute, careTeam: [{ reference: 'CareTeam/a' }] };
    const [person] = contacts(await aminaWith([plan, team('a', more), unit('a')])).people;
    expect(person?.ended).toBe(true);
  });

  test('who must not be called is recognised by an absolute address too', async () => {
    const at = await bench({ patient: 'p6' });
    const deny = {
      resourceType: 'Consent',
      id: 'deny',
      status: 'active',
      patient: { reference: 'Patient/p6' },
      scope: { coding: [{ code: 'patient-privacy' }] },
      provision: {
        type: 'deny',
        actor: [{ reference: { reference: `${at.sandbox.fhirBase}/Organization/a-unit` } }],
      },
    };
    const record = await aminaWith([acute, team('a'), unit('a'), deny]);
    expect(contacts(record).people[0]?.neverCall).toBe(true);
  });

  test('when Consent does not answer, nobody claims to know whom not to call', async () => {
    const rule = { match: 'GET /fhir/Consent', status: 500 };
    const record = await aminaWith([acute, team('a'), unit('a')], rule);
    expect(contacts(record).denialsKnown).toBe(false);
  });

  test('a role with only an e-mail address lends its unit’s telephone; a closed unit lends none', async () => {
    const role = {
      resourceType: 'PractitionerRole',
      id: 'role',
      telecom: [{ system: 'email', value: 'vakt@example.org' }],
      organization: { reference: 'Organization/a-unit' },
    };
    const its = team('a', { participant: [{ member: { reference: 'PractitionerRole/role' } }] });
    const open = contacts(await aminaWith([acute, its, role, unit('a')])).people[0];
    expect(open?.numbers).toMatchObject([{ value: '+47 00 00 09 01', current: true }]);
    const closed = contacts(await aminaWith([acute, its, role, unit('a', { active: false })]));
    expect(closed.people[0]?.numbers).toMatchObject([{ current: false }]);
  });

  test('a team without any plan is read all the same', async () => {
    const record = await aminaWith([team('a'), unit('a')]);
    expect(record.teams.value?.people.map(({ name }) => name)).toEqual(['Enhet a']);
  });

  test('one line nobody can read does not take the plan with it', async () => {
    const plan = {
      ...acute,
      activity: [
        { detail: { status: 'scheduled', doNotPerform: 'true', description: 'x' } },
        { detail: { status: 'scheduled', description: 'Ring' } },
      ],
    };
    const { kind, lines } = theAcutePlan(await aminaWith([plan]));
    expect(kind).toBe('acute');
    expect(lines.map(({ text }) => text)).toEqual([undefined, 'Ring']);
  });
});

describe('nothing, or not known', () => {
  test('a server that says its empty answer is incomplete has failed', async () => {
    const incomplete = {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        {
          search: { mode: 'outcome' },
          resource: {
            resourceType: 'OperationOutcome',
            issue: [{ severity: 'error', code: 'incomplete' }],
          },
        },
      ],
    };
    const rule = { match: 'GET /fhir/AllergyIntolerance', status: 200, body: incomplete };
    expect(read((await aminaWith([], rule)).critical.value).state).toBe('failed');
  });

  test('a list entered in error does not say that she takes nothing', async () => {
    const list = {
      resourceType: 'List',
      id: 'pll',
      ...hers,
      status: 'entered-in-error',
      code: { coding: [{ system: 'https://example.org/fhir/CodeSystem/no-plan', code: 'pll' }] },
      emptyReason: { coding: [{ code: 'nilknown' }] },
    };
    expect(read((await aminaWith([list])).medicines.value).state).toBe('none-recorded');
    const current = { ...list, status: 'current' };
    expect(read((await aminaWith([current])).medicines.value).state).toBe('asserted-none');
  });

  test('when the list’s header cannot be read, an empty list is a failure', async () => {
    const record = await aminaWith([], { match: 'GET /fhir/List', status: 500 });
    expect(read(record.medicines.value).state).toBe('failed');
  });

  test('a limit of care nobody can read still counts as critical information', async () => {
    const broken = {
      resourceType: 'Consent',
      id: 'c',
      status: 'active',
      patient: { reference: 'Patient/p6' },
      scope: { coding: [{ code: 'treatment' }] },
      provision: 'HLR-minus',
    };
    expect(read((await aminaWith([broken])).critical.value).state).toBe('present');
  });

  test('a plan document typed by HL7 Norway’s alias is found', async () => {
    const document = {
      resourceType: 'DocumentReference',
      id: 'd',
      ...hers,
      status: 'current',
      type: {
        coding: [{ system: 'http://helsedir.no/fhir/CodeSystem/no-kodeverk-9602', code: 'A01-2' }],
      },
      content: [{ attachment: { title: 'Kriseplan' } }],
    };
    expect(read((await aminaWith([document])).plans.value).items).toMatchObject([
      { kind: 'acute', title: 'Kriseplan' },
    ]);
  });

  test('a dose in numbers is said to be there, and a course that has ended is said to have', async () => {
    const warfarin = {
      resourceType: 'MedicationStatement',
      id: 'w',
      ...hers,
      status: 'active',
      medicationCodeableConcept: { text: 'warfarin' },
      effectivePeriod: { start: '2026-01-01', end: '2026-02-01' },
      dosage: [{ doseAndRate: [{ doseQuantity: { value: 2.5, unit: 'mg' } }] }],
    };
    const [row] = read((await aminaWith([warfarin])).medicines.value).items;
    expect(row).toMatchObject({ doseNotInWords: true, past: true, until: '2026-02-01' });
  });
});
