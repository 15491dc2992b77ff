// @vitest-environment node
import { describe, expect, test } from 'vitest';
import type { Policy } from '../src/sandbox/types.ts';
import {
  type Answer,
  access,
  bench,
  bundle,
  entry,
  KARI,
  link,
  machine,
  notices,
  OLA,
  plan,
  refs,
  SEEDS,
  task,
  withKari,
  withKariV1,
} from './sandbox-store-bench.ts';

const CODES = 'https://example.org/fhir/CodeSystem/no-plan-access';

function policy(rest: Partial<Policy>): Policy {
  return { sees: () => 'show', blocked: () => false, ...rest };
}

function category(code: string): object {
  return { category: [{ coding: [{ system: 'urn:c', code }] }] };
}

function why({ status, body }: Answer): [number, string | undefined] {
  return [status, body?.issue?.[0]?.code];
}

describe('what the granted scopes allow', () => {
  test.each([
    ['patient/CarePlan.read', 'GET CarePlan/c1', 200],
    ['patient/CarePlan.read', 'GET CarePlan', 200],
    ['patient/CarePlan.read', 'PUT CarePlan/c1', 403],
    ['patient/CarePlan.write', 'PUT CarePlan/c1', 200],
    ['patient/CarePlan.write', 'GET CarePlan/c1', 403],
    ['patient/CarePlan.*', 'DELETE CarePlan/c1', 204],
    ['patient/*.read', 'GET CarePlan/c1', 200],
    ['patient/CarePlan.rs', 'GET CarePlan', 200],
    ['patient/CarePlan.r', 'GET CarePlan', 403],
    ['patient/CarePlan.s', 'GET CarePlan/c1', 403],
    ['patient/CarePlan.r', 'GET CarePlan/c1/_history', 200],
    ['patient/CarePlan.r', 'GET CarePlan/_history', 403],
    ['patient/CarePlan.u', 'PUT CarePlan/c1', 200],
    ['patient/CarePlan.u', 'PUT CarePlan/new', 403],
    ['patient/CarePlan.c', 'PUT CarePlan/new', 201],
    ['patient/CarePlan.c', 'PUT CarePlan/c1', 403],
    ['patient/CarePlan.cu', 'DELETE CarePlan/c1', 403],
    ['patient/CarePlan.sr', 'GET CarePlan/c1', 403],
    ['patient/Task.cruds launch openid fhirUser', 'GET CarePlan/c1', 403],
    ['user/CarePlan.rs', 'GET CarePlan/c3', 200],
    ['system/*.rs', 'GET CarePlan/c3', 200],
    ['', 'GET Patient/p1', 403],
  ])('%s: %s is %i', async (scopes, line, status) => {
    const id = line.split('/')[1] ?? '';
    const body = line.startsWith('PUT') ? plan(id) : undefined;
    const answer = await bench().ask(access(scopes, { patient: 'p1' }), line, body);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body?.issue[0]).toMatchObject({ code: 'forbidden' });
    if (status === 403) expect(answer.body?.issue[0]?.diagnostics).toMatch(/\w.*\.$/);
  });

  test('a patient scope without a patient in context gives nothing', async () => {
    const { ask } = bench();
    for (const path of ['Patient/p1', 'Organization/o1', 'CarePlan']) {
      const answer = await ask(access('patient/*.cruds'), `GET ${path}`);
      expect(why(answer)).toEqual([403, 'forbidden']);
    }
  });

  test('a scope with a condition lets through only what fits it', async () => {
    const lab = {
      resourceType: 'Observation',
      subject: KARI,
      status: 'final',
      code: { text: 'x' },
    };
    const { ask } = bench({}, [
      { ...lab, id: 'lab', ...category('laboratory') },
      { ...lab, id: 'vital', ...category('vital-signs') },
    ]);
    const who = access('patient/Observation.cruds?category=urn:c|laboratory', { patient: 'p1' });
    expect(refs(await ask(who, 'GET Observation'))).toEqual(['Observation/lab']);
    expect((await ask(who, 'GET Observation/lab')).status).toBe(200);
    expect(why(await ask(who, 'GET Observation/vital'))).toEqual([403, 'forbidden']);
    const write = { ...lab, ...category('vital-signs') };
    expect((await ask(who, 'POST Observation', write)).status).toBe(403);
  });

  test('a scope with a condition the type does not have lets nothing through', async () => {
    const who = access('patient/CarePlan.rs?colour=red', { patient: 'p1' });
    expect(refs(await bench().ask(who, 'GET CarePlan'))).toEqual([]);
  });

  test('counts for each entry of a batch', async () => {
    const answer = await bench().ask(
      access('patient/CarePlan.rs', { patient: 'p1' }),
      'POST ',
      bundle('batch', [
        entry('GET', 'CarePlan'),
        entry('GET', 'CareTeam'),
        entry('GET', 'CarePlan/c3'),
      ]),
    );
    expect(answer.body?.entry?.map(each => each.response?.status)).toEqual([
      '200 OK',
      '403 Forbidden',
      '403 Forbidden',
    ]);
  });

  test('counts for what comes along, too', async () => {
    const { ask } = bench();
    const query =
      'GET CarePlan?_include=CarePlan:care-team&_include=CarePlan:subject&_revinclude=*';
    const answer = await ask(access('patient/CarePlan.rs', { patient: 'p1' }), query);
    expect(refs(answer, 'include')).toEqual([]);
    expect(refs(await ask(withKari, query), 'include')).toEqual(['CareTeam/t1', 'Patient/p1']);
  });

  test('counts for what a search looks through on its way', async () => {
    const { ask } = bench();
    const chained = 'GET CarePlan?subject:Patient.name=kari';
    expect(refs(await ask(withKari, chained))).toHaveLength(2);
    expect(refs(await ask(access('patient/CarePlan.rs', { patient: 'p1' }), chained))).toEqual([]);
    const who = access('patient/Patient.rs', { patient: 'p1' });
    expect(refs(await ask(who, 'GET Patient?_has:CarePlan:patient:status=active'))).toEqual([]);
  });
});

describe.each([
  ['SMART v2', withKari],
  ['SMART v1', withKariV1],
])('with Kari in context (%s)', (_, who) => {
  test('other patients are invisible', async () => {
    const { ask } = bench();
    for (const path of [
      'Patient/p2',
      'CarePlan/c3',
      'CarePlan/c3/_history',
      'CarePlan/c3/_history/1',
    ]) {
      expect(why(await ask(who, `GET ${path}`))).toEqual([403, 'forbidden']);
    }
    expect(refs(await ask(who, 'GET Patient'))).toEqual(['Patient/p1']);
    expect(refs(await ask(who, 'GET CarePlan'))).toEqual(['CarePlan/c1', 'CarePlan/c2']);
    expect(refs(await ask(who, 'GET CarePlan?_id=c1,c3'))).toEqual(['CarePlan/c1']);
    expect((await ask(who, 'GET CarePlan?_summary=count')).body?.total).toBe(2);
  });

  test.each([
    'CarePlan?patient=p2',
    'CarePlan?subject=Patient/p2',
    'CarePlan?patient=p1,p2',
    'CarePlan?patient=p1&subject=Patient/p2',
    'Patient?_id=p2',
  ])('%s names another patient and is refused', async query => {
    expect(why(await bench().ask(who, `GET ${query}`))).toEqual([403, 'forbidden']);
  });

  test('organisations and colleagues are nobody’s, and are read', async () => {
    const { ask } = bench();
    for (const path of [
      'Organization/o1',
      'Practitioner/d1',
      'PractitionerRole/r1',
      'Medication',
    ]) {
      expect((await ask(who, `GET ${path}`)).status).toBe(200);
    }
  });

  test('nothing is written for, moved from, or deleted from another patient', async () => {
    const { ask, store } = bench();
    const before = JSON.stringify(store.all());
    const attempts = [
      ask(who, 'POST Task', task({ for: OLA })),
      ask(who, 'POST Task', task({ for: undefined })),
      ask(who, 'PUT CarePlan/c1', plan('c1', { subject: OLA })),
      ask(who, 'PUT CarePlan/c3', plan('c3')),
      ask(who, 'DELETE CarePlan/c3'),
      ask(who, 'PUT CarePlan?_id=c3', plan('c3')),
      ask(who, 'POST Patient', { resourceType: 'Patient' }),
      // Kari performs it, but it is about Ola.
      ask(who, 'POST ServiceRequest', {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        subject: OLA,
        performer: [KARI],
      }),
    ];
    for (const attempt of attempts) expect((await attempt).status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(store.all())).toBe(before);
  });

  test('a deleted plan of another patient does not say that it was deleted', async () => {
    const { ask } = bench();
    await ask(machine, 'DELETE CarePlan/c3');
    expect((await ask(who, 'GET CarePlan/c3')).status).toBe(403);
    expect((await ask(who, 'PUT CarePlan/c3', plan('c3'))).status).toBe(403);
  });

  test('a document belongs where its context belongs', async () => {
    const pdf = { resourceType: 'Binary', contentType: 'application/pdf' };
    const { ask } = bench({}, [
      ...SEEDS,
      { ...pdf, id: 'open' },
      { ...pdf, id: 'own', securityContext: { reference: 'CarePlan/c1' } },
      { ...pdf, id: 'other', securityContext: { reference: 'CarePlan/c3' } },
    ]);
    const answers = ['open', 'own', 'other'].map(id => ask(who, `GET Binary/${id}`));
    expect((await Promise.all(answers)).map(each => each.status)).toEqual([200, 200, 403]);
  });
});

describe('what the patient has decided', () => {
  const restricted = policy({ sees: (_, { id }) => (id === 'c1' ? 'restricted' : 'show') });

  test('a restricted plan is left out of a search, and the search says so once', async () => {
    const { ask } = bench({ policy: restricted });
    const answer = await ask(withKari, 'GET CarePlan?patient=p1');
    expect(refs(answer)).toEqual(['CarePlan/c2']);
    expect(answer.body?.total).toBe(1);
    expect(notices(answer)).toEqual([
      {
        severity: 'warning',
        code: 'suppressed',
        details: { coding: [{ system: CODES, code: 'restricted' }] },
        diagnostics: 'Sperret av pasienten',
      },
    ]);
    expect(notices(await ask(withKari, 'GET CarePlan?status=revoked'))).toEqual([]);
  });

  test('a restricted plan is said to be restricted when it is read, changed or would have come along', async () => {
    const { ask, store } = bench({ policy: restricted });
    expect(why(await ask(withKari, 'GET CarePlan/c1'))).toEqual([403, 'suppressed']);
    expect(why(await ask(withKari, 'PUT CarePlan/c1', plan('c1')))).toEqual([403, 'suppressed']);
    expect(why(await ask(withKari, 'DELETE CarePlan/c1'))).toEqual([403, 'suppressed']);
    expect(store.history('CarePlan/c1')).toHaveLength(1);
    const along = await ask(withKari, 'GET Patient?_revinclude=CarePlan:patient');
    expect([refs(along, 'include'), notices(along).length]).toEqual([['CarePlan/c2'], 1]);
  });

  test('says it on every page, also when the patient decides between two pages', async () => {
    let closed = false;
    const changing = policy({
      sees: (_, { id }) => (closed && id === 'c2' ? 'restricted' : 'show'),
    });
    const { ask } = bench({ policy: changing });
    const first = await ask(withKari, 'GET CarePlan?patient=p1&_count=1');
    closed = true;
    const second = await ask(withKari, `GET ${link(first, 'next')}`);
    expect([refs(second), notices(second)[0]?.code]).toEqual([[], 'suppressed']);
  });

  test('a hidden plan is as if it did not exist', async () => {
    const hidden = policy({ sees: (_, { id }) => (id === 'c1' ? 'hide' : 'show') });
    const { ask } = bench({ policy: hidden });
    expect(why(await ask(withKari, 'GET CarePlan/c1'))).toEqual(
      why(await ask(withKari, 'GET CarePlan/none')),
    );
    const answer = await ask(withKari, 'GET CarePlan?patient=p1');
    expect([refs(answer), notices(answer)]).toEqual([['CarePlan/c2'], []]);
    expect((await ask(withKari, 'PUT CarePlan/c1', plan('c1'))).status).toBe(403);
  });

  test('a whole type that is withheld is said to be, though there is nothing of it', async () => {
    const withheld = policy({ withheld: (_, id, type) => id === 'p1' && type === 'Consent' });
    const { ask } = bench({ policy: withheld });
    const answer = await ask(withKari, 'GET Consent');
    expect([refs(answer), notices(answer)[0]?.diagnostics]).toEqual([[], 'Sperret av pasienten']);
    expect(notices(await ask(withKari, 'GET Flag'))).toEqual([]);
    expect(notices(await ask(machine, 'GET Consent?patient=p2'))).toEqual([]);
    expect(notices(await ask(machine, 'GET Consent?patient=p1'))).toHaveLength(1);
  });

  test('a blocked user is refused whatever the question, one by one and in bundles', async () => {
    const { ask } = bench({ policy: policy({ blocked: (_, id) => id === 'p1' }) });
    const read = await ask(withKari, 'GET Patient/p1');
    expect(why(read)).toEqual([403, 'forbidden']);
    expect(read.body?.issue[0]?.details?.coding).toEqual([{ system: CODES, code: 'blocked' }]);
    for (const line of ['GET CarePlan', 'GET Organization/o1', 'POST Task', 'GET CarePlan/none']) {
      expect((await ask(withKari, line, task())).status).toBe(403);
    }
    const batch = await ask(withKari, 'POST ', bundle('batch', [entry('GET', 'Patient/p1')]));
    expect(batch.status).toBe(403);
    expect((await ask(withKari, 'GET metadata')).status).toBe(200);
  });

  test('a user of the whole unit is blocked for that patient only', async () => {
    const { ask } = bench({ policy: policy({ blocked: (_, id) => id === 'p1' }) });
    expect(refs(await ask(machine, 'GET CarePlan'))).toEqual(['CarePlan/c3']);
    for (const line of ['GET CarePlan?patient=p1', 'GET CarePlan/c1', 'POST Task']) {
      const answer = await ask(machine, line, task());
      expect(answer.body?.issue[0]?.details?.coding[0]?.code).toBe('blocked');
    }
    expect((await ask(machine, 'GET CarePlan/c3')).status).toBe(200);
  });
});

describe('the whole record in one answer', () => {
  test('holds the patient, what is hers and those it names, and nothing of anybody else', async () => {
    const answer = await bench().ask(withKari, 'GET Patient/p1/$everything');
    expect(refs(answer).toSorted()).toEqual([
      'CarePlan/c1',
      'CarePlan/c2',
      'CareTeam/t1',
      'Patient/p1',
      'PractitionerRole/r1',
    ]);
    expect((await bench().ask(withKari, 'GET Patient/p2/$everything')).status).toBe(403);
  });
});
