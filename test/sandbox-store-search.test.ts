// @vitest-environment node
import { describe, expect, test } from 'vitest';
import type { Resource } from '../src/sandbox/types.ts';
import {
  BASE,
  bench,
  KARI,
  link,
  machine,
  notices,
  plan,
  refs,
  SEEDS,
} from './sandbox-store-bench.ts';

const LOINC = 'http://loinc.org';
const VITALS: readonly Resource[] = [
  measured('w1', 71.5, '2026-11-21T23:30:00+01:00'),
  measured('w2', 80, '2026-11-22T00:30:00+01:00'),
  { ...measured('w3', 100, '2026-11'), effectivePeriod: { start: '2026-11-01' } },
];

function measured(id: string, kilo: number, at: string): Resource {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    subject: KARI,
    code: { text: 'Vekt', coding: [{ system: LOINC, code: '29463-7', display: 'Body weight' }] },
    valueQuantity: { value: kilo, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    ...(at.length > 7 ? { effectiveDateTime: at } : {}),
  };
}

async function found(
  query: string,
  seeds: readonly Resource[] = [...SEEDS, ...VITALS],
): Promise<string[]> {
  return refs(await bench({}, seeds).ask(machine, `GET ${query}`));
}

describe('searching by whom it is about', () => {
  test.each([
    'CarePlan?patient=p1',
    'CarePlan?patient=Patient/p1',
    'CarePlan?subject=p1',
    'CarePlan?subject:Patient=p1',
    `CarePlan?subject=${BASE}/Patient/p1`,
    'CarePlan?subject:Patient.name=kari',
    'CarePlan?patient.birthdate=1990-02-28',
  ])('%s finds the plans of Kari and nobody else', async query => {
    expect(await found(query)).toEqual(['CarePlan/c1', 'CarePlan/c2']);
  });

  test.each([
    'CarePlan?subject=https://other.example.org/fhir/Patient/p1',
    'CarePlan?patient=Practitioner/p1',
    'CarePlan?subject:Group=p1',
  ])('%s finds nothing', async query => {
    expect(await found(query)).toEqual([]);
  });

  test('finds the patients that have a certain measurement', async () => {
    expect(await found(`Patient?_has:Observation:patient:code=${LOINC}|29463-7`)).toEqual([
      'Patient/p1',
    ]);
    expect(await found('Patient?_has:Observation:patient:code=none')).toEqual([]);
  });

  test('does not take a group for a patient', async () => {
    const seeds = [plan('g', { subject: { reference: 'Group/g1' } }), plan('c')];
    expect(await found('CarePlan?patient:missing=true', seeds)).toEqual(['CarePlan/g']);
    expect(await found('CarePlan?subject:missing=true', seeds)).toEqual([]);
  });

  test('finds a reference that has only an identifier', async () => {
    const seed = plan('c9', { author: { identifier: { system: 'urn:x', value: '7' } } });
    const seeds = [{ ...seed, resourceType: 'DocumentReference', author: [seed['author']] }];
    expect(await found('DocumentReference?author:identifier=urn:x|7', seeds)).toHaveLength(1);
  });
});

describe('searching by code', () => {
  test.each([
    ['code=29463-7', 3],
    [`code=${LOINC}|29463-7`, 3],
    [`code=${LOINC}|`, 3],
    ['code=|29463-7', 0],
    ['code=http://snomed.info/sct|29463-7', 0],
    ['code:text=body', 3],
    ['code:text=vekt', 3],
    ['code:not=29463-7', 0],
    ['code:not=other', 3],
    ['code=other,29463-7', 3],
    ['code=other&code=29463-7', 0],
    ['code:missing=true', 0],
    ['code:missing=false', 3],
    ['status=final', 3],
    ['_id=w1,w3,none', 2],
  ])('Observation?%s finds %i', async (query, count) => {
    expect(await found(`Observation?${query}`)).toHaveLength(count);
  });

  test('takes an escaped comma as part of the code', async () => {
    const seeds = [plan('c9', { category: [{ coding: [{ system: 'urn:x', code: 'a,b' }] }] })];
    expect(await found('CarePlan?category=a\\,b', seeds)).toEqual(['CarePlan/c9']);
    expect(await found('CarePlan?category=a,b', seeds)).toEqual([]);
  });

  test('knows who has died and whose telephone is whose', async () => {
    const seeds = [
      { resourceType: 'Patient', id: 'a', deceasedDateTime: '2026-01-01' },
      { resourceType: 'Patient', id: 'b', telecom: [{ system: 'phone', value: '+4700000001' }] },
    ];
    expect(await found('Patient?deceased=true', seeds)).toEqual(['Patient/a']);
    expect(await found('Patient?deceased=false', seeds)).toEqual(['Patient/b']);
    expect(await found('Patient?phone=%2B4700000001', seeds)).toEqual(['Patient/b']);
    expect(await found('Patient?email=%2B4700000001', seeds)).toEqual([]);
  });
});

describe('searching by date', () => {
  test.each([
    // Half past eleven in the evening in Norway is the 21st; an hour later it is the 22nd.
    ['date=2026-11-21', ['w1']],
    ['date=2026-11-22', ['w2']],
    ['date=2026-11', ['w1', 'w2']],
    ['date=ge2026-11-22', ['w2', 'w3']],
    ['date=gt2026-11-22', ['w3']],
    ['date=lt2026-11-22', ['w1', 'w3']],
    ['date=le2026-11-21', ['w1', 'w3']],
    ['date=sa2026-11-21', ['w2']],
    ['date=eb2026-11-22', ['w1']],
    ['date=ne2026-11-21', ['w2', 'w3']],
    ['date=ap2026-11-21', ['w1', 'w2', 'w3']],
    ['date=2026-11-21T22:30:00Z', ['w1']],
    ['date=ge2026-11-21&date=lt2026-11-22', ['w1', 'w3']],
  ])('Observation?%s finds %j', async (query, ids) => {
    const all = (await found(`Observation?${query}`)).map(each => each.split('/')[1]);
    expect(all).toEqual(ids);
  });

  test('knows summer time: half past midnight in July is already the next day', async () => {
    const seeds = [measured('s', 70, '2026-07-01T22:30:00Z')];
    expect(await found('Observation?date=2026-07-02', seeds)).toEqual(['Observation/s']);
    expect(await found('Observation?date=2026-07-01', seeds)).toEqual([]);
  });

  test('finds everybody born in a year when only the year is known', async () => {
    expect(await found('Patient?birthdate=1971')).toEqual(['Patient/p2']);
    expect(await found('Patient?birthdate=1971-05-01')).toEqual([]);
    expect(await found('Patient?birthdate=lt1980')).toEqual(['Patient/p2']);
  });
});

describe('searching by name, number and address', () => {
  test.each(['oys', 'Øys', 'ØYSTEIN', 'naess', 'næ', 'nae'])(
    '«%s» finds Øystein Næss',
    async name => {
      expect(await found(`Patient?name=${encodeURIComponent(name)}`)).toEqual(['Patient/p2']);
    },
  );

  test.each([
    ['name:exact=Øystein', 1],
    ['name:exact=øystein', 0],
    ['name:contains=stei', 1],
    ['name=stein', 0],
    ['family=as', 1],
  ])('Patient?%s finds %i', async (query, count) => {
    expect(await found(`Patient?${query}`)).toHaveLength(count);
  });

  test.each([
    ['value-quantity=80', ['w2']],
    ['value-quantity=71.5||kg', ['w1']],
    ['value-quantity=gt75|http://unitsofmeasure.org|kg', ['w2', 'w3']],
    ['value-quantity=gt75|http://unitsofmeasure.org|g', []],
    ['value-quantity=ap79', ['w1', 'w2']],
    ['value-quantity=72', ['w1']],
    ['value-quantity=le80', ['w1', 'w2']],
  ])('Observation?%s finds %j', async (query, ids) => {
    const all = (await found(`Observation?${query}`)).map(each => each.split('/')[1]);
    expect(all).toEqual(ids);
  });

  test('finds by tag, label, profile and time of change', async () => {
    const seeds = [
      plan('c9', {
        meta: {
          lastUpdated: '2020-01-01T00:00:00Z',
          tag: [{ system: 'urn:t', code: 'demo' }],
          security: [{ code: 'R' }],
          profile: ['http://example.org/p'],
        },
      }),
      plan('c8'),
    ];
    const queries = ['_tag=urn:t|demo', '_security=R', '_profile=http://example.org/p'];
    for (const query of [...queries, '_lastUpdated=lt2021', '_profile:below=http://example.org']) {
      expect(await found(`CarePlan?${query}`, seeds)).toEqual(['CarePlan/c9']);
    }
  });
});

describe('order and amount', () => {
  test('sorts by several keys, and puts those without a value last both ways', async () => {
    const seeds = [
      measured('a', 2, '2026-01-02'),
      measured('b', 1, '2026-01-02'),
      measured('c', 3, '2026-01-03'),
      measured('d', 9, ''),
    ];
    const up = await found('Observation?_sort=date,value-quantity', seeds);
    expect(up.join()).toBe('Observation/b,Observation/a,Observation/c,Observation/d');
    const down = await found('Observation?_sort=-date,-value-quantity', seeds);
    expect(down.join()).toBe('Observation/c,Observation/a,Observation/b,Observation/d');
  });

  test('counts without sending anything, and leaves the total out when asked to', async () => {
    const { ask } = bench();
    const counted = await ask(machine, 'GET CarePlan?_summary=count');
    expect(counted.body).toMatchObject({ total: 3 });
    expect(counted.body?.entry).toBeUndefined();
    expect((await ask(machine, 'GET CarePlan?_count=0')).body?.total).toBe(3);
    expect((await ask(machine, 'GET CarePlan?_total=none')).body?.total).toBeUndefined();
    expect((await ask(machine, 'GET CarePlan?_total=accurate&_count=1')).body?.total).toBe(3);
  });

  test('sends only the elements asked for and the mandatory ones, and marks them as incomplete', async () => {
    const { body } = await bench().ask(machine, 'GET CarePlan?_id=c1&_elements=period');
    const [first] = body?.entry ?? [];
    expect(Object.keys(first?.resource ?? {}).sort()).toEqual(
      ['id', 'intent', 'meta', 'period', 'resourceType', 'status', 'subject'].sort(),
    );
    expect(first?.resource?.meta.tag?.[0]?.code).toBe('SUBSETTED');
  });

  test('searches by POST as by GET', async () => {
    const { ask } = bench();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const byForm = await ask(machine, 'POST CarePlan/_search?status=active', 'patient=p1', headers);
    expect(refs(byForm)).toEqual(['CarePlan/c1']);
    const byPairs = new URLSearchParams({ patient: 'p1' });
    expect(refs(await ask(machine, 'POST CarePlan/_search', byPairs))).toHaveLength(2);
  });
});

describe('what a search does not understand', () => {
  test('is ignored aloud, and is not in the self link', async () => {
    const answer = await bench().ask(machine, 'GET CarePlan?patient=p1&colour=red&_sort=mood');
    expect(refs(answer)).toHaveLength(2);
    expect(notices(answer).map(each => [each.severity, each.code])).toEqual([
      ['warning', 'not-supported'],
      ['warning', 'not-supported'],
    ]);
    expect(notices(answer)[0]?.diagnostics).toContain('colour');
    expect(link(answer, 'self')).toBe(`${BASE}/CarePlan?patient=p1`);
  });

  test('is refused when the caller asks for strictness', async () => {
    const answer = await bench().ask(machine, 'GET CarePlan?colour=red', undefined, {
      Prefer: 'handling=strict',
    });
    expect(answer.status).toBe(400);
    expect(answer.body?.issue[0]?.severity).toBe('error');
  });

  test.each([
    'CarePlan?date=yesterday',
    'CarePlan?date=2026-02-30',
    'CarePlan?status:exact=active',
    'CarePlan?patient=what is this',
    'CarePlan?patient:missing=perhaps',
    'CarePlan?subject:Patient.organization.name=x',
    'CarePlan?_count=many',
    'CarePlan?_total=guess',
    'CarePlan?_include:always=CarePlan:subject',
    'Patient?_has:Observation:patient=x',
    'Patient?_has:Moon:patient:code=x',
    'Observation?value-quantity=heavy',
  ])('%s is refused with a sentence', async query => {
    const answer = await bench().ask(machine, `GET ${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body?.issue[0]?.diagnostics).toMatch(/\w.*\.$/);
  });
});

describe('what comes along', () => {
  test('brings the care team and, step by step, the people behind it', async () => {
    const { ask } = bench();
    const query = 'CarePlan?_id=c1&_include=CarePlan:care-team';
    expect(refs(await ask(machine, `GET ${query}`), 'include')).toEqual(['CareTeam/t1']);
    const further = `${query}&_include:iterate=CareTeam:participant&_include:iterate=PractitionerRole:*`;
    expect(refs(await ask(machine, `GET ${further}`), 'include')).toEqual([
      'CareTeam/t1',
      'PractitionerRole/r1',
      'Organization/o1',
      'Practitioner/d1',
    ]);
  });

  test('brings everything a plan refers to, once, and never counts it as a match', async () => {
    const answer = await bench().ask(machine, 'GET CarePlan?patient=p1&_include=*');
    expect(refs(answer, 'include').toSorted()).toEqual(['CareTeam/t1', 'Patient/p1']);
    expect(answer.body?.total).toBe(2);
  });

  test('brings what refers to a patient, by one parameter or by all', async () => {
    const { ask } = bench();
    const plans = await ask(machine, 'GET Patient?_id=p1&_revinclude=CarePlan:patient');
    expect(refs(plans, 'include')).toEqual(['CarePlan/c1', 'CarePlan/c2']);
    const all = await ask(machine, 'GET Patient?_id=p1&_revinclude=*');
    expect(refs(all, 'include')).toEqual(['CarePlan/c1', 'CarePlan/c2', 'CareTeam/t1']);
  });

  test('goes one step up from a zone to its plan, and further only when asked to', async () => {
    const seeds = [
      plan('top'),
      plan('middle', { partOf: [{ reference: 'CarePlan/top' }] }),
      plan('zone', { partOf: [{ reference: 'CarePlan/middle' }] }),
    ];
    const { ask } = bench({}, seeds);
    const once = await ask(machine, 'GET CarePlan?_id=zone&_include=CarePlan:part-of');
    expect(refs(once, 'include')).toEqual(['CarePlan/middle']);
    const all = await ask(machine, 'GET CarePlan?_id=zone&_include:iterate=CarePlan:part-of');
    expect(refs(all, 'include')).toEqual(['CarePlan/middle', 'CarePlan/top']);
  });

  test('brings only the named kind of target', async () => {
    const { ask } = bench();
    const answer = await ask(machine, 'GET CarePlan?_id=c1&_include=CarePlan:subject:Group');
    expect(refs(answer, 'include')).toEqual([]);
  });
});
