// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { bench, KARI, machine, plan, task } from './sandbox-store-bench.ts';

const VER = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
const CLIN = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
const CON = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const CONVER = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';

function concept(system: string, code: string): object {
  return { coding: [{ system, code }] };
}

function allergy(rest: object): object {
  return { resourceType: 'AllergyIntolerance', patient: KARI, ...rest };
}

function condition(rest: object): object {
  return { resourceType: 'Condition', subject: KARI, ...rest };
}

const PROBLEM = [
  concept('http://terminology.hl7.org/CodeSystem/condition-category', 'problem-list-item'),
];

describe('what is stored is proper FHIR', () => {
  test.each<[string, object, number, string]>([
    ['an element nobody knows', task({ colour: 'red' }), 400, 'Task.colour'],
    [
      'an unknown element further in',
      plan('', { period: { from: '2026' } }),
      400,
      'CarePlan.period.from',
    ],
    ['a single value where a list belongs', plan('', { category: {} }), 400, 'CarePlan.category'],
    ['a list where a single value belongs', plan('', { title: ['a'] }), 400, 'CarePlan.title'],
    ['text where an object belongs', plan('', { period: '2026' }), 400, 'CarePlan.period'],
    ['a number where text belongs', plan('', { title: 7 }), 400, 'CarePlan.title'],
    [
      'text where yes or no belongs',
      { resourceType: 'Patient', active: 'true' },
      400,
      'Patient.active',
    ],
    ['a day that does not exist', plan('', { created: '2026-02-30' }), 400, 'CarePlan.created'],
    [
      'a time without a zone',
      plan('', { created: '2026-02-03T10:00:00' }),
      400,
      'CarePlan.created',
    ],
    [
      'a date written the Norwegian way',
      plan('', { created: '03.02.2026' }),
      400,
      'CarePlan.created',
    ],
    ['an empty list', plan('', { note: [] }), 400, 'CarePlan.note'],
    ['an empty object', plan('', { period: {} }), 400, 'CarePlan.period'],
    ['empty text', plan('', { title: '' }), 400, 'CarePlan.title'],
    ['null', plan('', { title: null }), 400, 'CarePlan.title'],
    ['a status that does not exist', plan('', { status: 'fine' }), 422, 'CarePlan.status'],
    [
      'no status',
      { resourceType: 'CarePlan', intent: 'plan', subject: KARI },
      422,
      'CarePlan.status',
    ],
    [
      'one choice given twice',
      { resourceType: 'Patient', deceasedBoolean: true, deceasedDateTime: '2026-01-01' },
      400,
      'Patient.deceased[x]',
    ],
    [
      'a plan about an organisation',
      plan('', { subject: { reference: 'Organization/o1' } }),
      422,
      'CarePlan.subject',
    ],
    [
      'a reference that says another type than it has',
      task({ for: { ...KARI, type: 'Group' } }),
      422,
      'Task.for',
    ],
    ['a reference to nothing', task({ for: { reference: 'Kari' } }), 400, 'Task.for'],
    [
      'a reference to something not contained',
      task({ for: { reference: '#gone' } }),
      400,
      'Task.for',
    ],
    [
      'a period that ends before it starts',
      plan('', { period: { start: '2026-02', end: '2026-01' } }),
      422,
      'CarePlan.period',
    ],
    [
      'a script in the narrative',
      plan('', { text: { status: 'generated', div: '<div><script>x</script></div>' } }),
      400,
      'CarePlan.text.div',
    ],
    [
      'an extension with neither value nor extensions',
      task({ extension: [{ url: 'urn:x' }] }),
      422,
      'Task.extension[0]',
    ],
    [
      'a contained resource without an id',
      task({ contained: [{ resourceType: 'Patient' }] }),
      422,
      'Task.contained[0].id',
    ],
    [
      'an activity with both a reference and a detail',
      plan('', {
        activity: [{ reference: { reference: 'Task/1' }, detail: { status: 'scheduled' } }],
      }),
      422,
      'CarePlan.activity[0]',
    ],
  ])('%s is refused, and the place is named', async (_, resource, status, place) => {
    const { ask, store } = bench();
    const type = 'resourceType' in resource ? String(resource.resourceType) : '';
    const before = store.all().length;
    const answer = await ask(machine, `POST ${type}`, { ...resource, id: 'x' });
    expect(answer.body?.issue.flatMap(each => each.expression)).toContain(place);
    expect(answer.status).toBe(status);
    expect(store.all()).toHaveLength(before);
  });

  test.each<[string, object]>([
    ['ait-1', allergy({ verificationStatus: concept(VER, 'confirmed') })],
    [
      'ait-2',
      allergy({
        verificationStatus: concept(VER, 'entered-in-error'),
        clinicalStatus: concept(CLIN, 'active'),
      }),
    ],
    ['con-3', condition({ category: PROBLEM })],
    [
      'con-4',
      condition({ clinicalStatus: concept(CON, 'active'), abatementDateTime: '2026-01-01' }),
    ],
    [
      'con-5',
      condition({
        clinicalStatus: concept(CON, 'active'),
        verificationStatus: concept(CONVER, 'entered-in-error'),
      }),
    ],
  ])('a resource that breaks %s is refused', async (key, resource) => {
    const type = 'resourceType' in resource ? String(resource.resourceType) : '';
    const answer = await bench().ask(machine, `POST ${type}`, resource);
    expect(answer.status).toBe(422);
    expect(answer.body?.issue[0]).toMatchObject({ code: 'invariant' });
    expect(answer.body?.issue[0]?.diagnostics).toContain(key);
  });

  test.each<[string, object]>([
    [
      'an allergy with its statuses',
      allergy({
        clinicalStatus: concept(CLIN, 'active'),
        verificationStatus: concept(VER, 'confirmed'),
      }),
    ],
    [
      'an allergy entered in error',
      allergy({ verificationStatus: concept(VER, 'entered-in-error') }),
    ],
    [
      'a resolved condition',
      condition({ clinicalStatus: concept(CON, 'resolved'), abatementString: 'over' }),
    ],
    [
      'extensions anywhere, on primitives too',
      {
        resourceType: 'Patient',
        extension: [{ url: 'urn:x', extension: [{ url: 'a', valueTime: '08:00:00' }] }],
        _birthDate: { extension: [{ url: 'urn:y', valueDateTime: '2026-01-01T10:00:00+01:00' }] },
        name: [
          {
            given: ['Kari', null],
            _given: [null, { extension: [{ url: 'urn:z', valueCode: 'x' }] }],
          },
        ],
      },
    ],
    [
      'a contained resource that is referred to',
      task({
        contained: [{ resourceType: 'Practitioner', id: 'doc', name: [{ family: 'Lege' }] }],
        owner: { reference: '#doc' },
      }),
    ],
    [
      'an activity with only an outcome',
      plan('', { activity: [{ outcomeReference: [{ reference: 'Encounter/1' }] }] }),
    ],
    [
      'a reference to another server',
      task({ for: { reference: 'https://other.example.org/fhir/Patient/7' } }),
    ],
    [
      'questions inside questions',
      {
        resourceType: 'Questionnaire',
        status: 'active',
        item: [{ linkId: '1', type: 'group', item: [{ linkId: '1.1', type: 'string' }] }],
      },
    ],
    [
      'a repeating time',
      plan('', {
        activity: [
          {
            detail: {
              status: 'scheduled',
              scheduledTiming: { repeat: { dayOfWeek: ['mon'], timeOfDay: ['08:00:00'] } },
            },
          },
        ],
      }),
    ],
    ['a leap day', plan('', { created: '2028-02-29' })],
    [
      'a document',
      { resourceType: 'Binary', contentType: 'application/pdf', data: 'JVBERi0xLjQK' },
    ],
  ])('%s is accepted', async (_, resource) => {
    const type = 'resourceType' in resource ? String(resource.resourceType) : '';
    const answer = await bench().ask(machine, `POST ${type}`, { ...resource, id: undefined });
    expect(answer.body?.issue ?? []).toEqual([]);
    expect(answer.status).toBe(201);
  });
});
