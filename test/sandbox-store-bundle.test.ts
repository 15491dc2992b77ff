// @vitest-environment node
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FhirResponse } from '../src/sandbox/types.ts';
import {
  type Answer,
  BASE,
  bench,
  bundle,
  entry,
  KARI,
  machine,
  plan,
  refs,
  task,
  withKari,
} from './sandbox-store-bench.ts';

const A = 'urn:uuid:aaaaaaaa-0000-4000-8000-000000000001';
const B = 'urn:uuid:bbbbbbbb-0000-4000-8000-000000000002';

function provenance(target: string): object {
  return {
    resourceType: 'Provenance',
    target: [{ reference: target }],
    recorded: '2026-11-21T20:15:00Z',
    agent: [{ who: { reference: 'Practitioner/d1' } }],
  };
}

function owner(hpr: string): object {
  return { reference: `Practitioner?identifier=${hpr}` };
}

function statuses({ body }: Answer): (string | undefined)[] {
  return (body?.entry ?? []).map(each => each.response?.status);
}

const broken: FhirResponse = { status: 503, headers: {}, body: undefined };

describe('a batch', () => {
  test('answers each search by itself, and one refusal does not touch the others', async () => {
    const answer = await bench().ask(
      machine,
      'POST ',
      bundle('batch', [
        entry('GET', 'CarePlan?patient=p1'),
        entry('GET', 'CarePlan?date=never'),
        entry('GET', 'Patient/none'),
        entry('GET', `${BASE}/Patient/p1`),
        entry('POST', 'Task', task({ colour: 'red' })),
        entry('POST', 'Task', task()),
      ]),
    );
    expect(answer.body?.['type']).toBe('batch-response');
    expect(statuses(answer)).toEqual([
      '200 OK',
      '400 Bad Request',
      '404 Not Found',
      '200 OK',
      '400 Bad Request',
      '201 Created',
    ]);
    const [first, , third] = answer.body?.entry ?? [];
    expect(refs({ ...answer, body: first?.resource })).toEqual(['CarePlan/c1', 'CarePlan/c2']);
    expect(third?.response?.outcome?.issue[0]?.code).toBe('not-found');
  });

  test('lets a fault stand in for one entry only, and asks about each', async () => {
    const asked: string[] = [];
    const answer = await bench().ask(
      machine,
      'POST ',
      bundle('batch', [entry('GET', 'Patient/p1'), entry('GET', 'CareTeam?patient=p1')]),
      {},
      request => {
        asked.push(`${request.method} ${request.path}`);
        return Promise.resolve(request.path === 'CareTeam' ? broken : undefined);
      },
    );
    expect(statuses(answer)).toEqual(['200 OK', '503 Service Unavailable']);
    expect(asked).toEqual(['POST ', 'GET Patient/p1', 'GET CareTeam']);
  });

  test('honours a condition and a version on each entry', async () => {
    const { ask } = bench();
    const identified = task({ identifier: [{ system: 'urn:x', value: '1' }] });
    const twice = entry('POST', 'Task', identified, { ifNoneExist: 'identifier=urn:x|1' });
    const answer = await ask(
      machine,
      'POST ',
      bundle('batch', [
        twice,
        twice,
        entry('PUT', 'CarePlan/c1', plan('c1'), { ifMatch: 'W/"9"' }),
        entry('PUT', 'CarePlan/c1', plan('c1'), { ifMatch: 'W/"1"' }),
        entry('DELETE', 'CarePlan/c2'),
      ]),
    );
    expect(statuses(answer).map(each => each?.slice(0, 3))).toEqual([
      '201',
      '200',
      '412',
      '200',
      '204',
    ]);
  });

  test.each([
    ['something that is not a bundle', { resourceType: 'Patient' }],
    ['a bundle of another kind', bundle('collection', [])],
    ['an entry without a request', bundle('batch', [{ resource: task() }])],
    [
      'an entry for another server',
      bundle('batch', [entry('GET', 'https://other.example.org/Patient/1')]),
    ],
  ])('%s is refused', async (_, body) => {
    const answer = await bench().ask(machine, 'POST ', body);
    expect(answer.status).toBe(400);
    expect(answer.body?.issue[0]?.diagnostics).toMatch(/\w.*\.$/);
  });

  test('cannot hold another bundle', async () => {
    const inner = bundle('batch', [entry('POST', '', bundle('batch', []))]);
    expect(statuses(await bench().ask(machine, 'POST ', inner))).toEqual(['400 Bad Request']);
  });
});

describe('a transaction', () => {
  test('lets its entries point at each other, and keeps an identifier as it was written', async () => {
    const { ask, store } = bench();
    const identifier = [{ system: 'urn:ietf:rfc:3986', value: A }];
    const answer = await ask(
      machine,
      'POST ',
      bundle('transaction', [
        entry('POST', 'Provenance', provenance(A), { fullUrl: B }),
        entry(
          'POST',
          'Task',
          task({
            identifier,
            contained: [
              {
                resourceType: 'Task',
                id: 'x',
                status: 'draft',
                intent: 'plan',
                basedOn: [{ reference: A }],
              },
            ],
          }),
          { fullUrl: A },
        ),
        entry('PUT', 'CarePlan/c1', plan('c1', { activity: [{ reference: { reference: A } }] })),
        entry('GET', 'Provenance?_revinclude=*'),
      ]),
    );
    expect(statuses(answer)).toEqual(['201 Created', '201 Created', '200 OK', '200 OK']);
    const [made] = store.all('Task');
    const ref = `Task/${made?.id}`;
    expect(made?.['identifier']).toEqual(identifier);
    expect(made?.['contained']).toMatchObject([{ basedOn: [{ reference: ref }] }]);
    expect(store.all('Provenance')[0]?.['target']).toEqual([{ reference: ref }]);
    expect(store.at('CarePlan/c1')?.['activity']).toEqual([{ reference: { reference: ref } }]);
    expect(answer.body?.entry?.[1]?.response?.location).toBe(`${BASE}/${ref}/_history/1`);
    expect(answer.body?.entry?.[3]?.resource?.total).toBe(1);
  });

  test('points at what a condition finds instead of making it again', async () => {
    const { ask, store } = bench();
    const identifier = [{ system: 'urn:x', value: '1' }];
    await ask(machine, 'PUT Task/there', task({ id: 'there', identifier }));
    const answer = await ask(
      machine,
      'POST ',
      bundle('transaction', [
        entry('POST', 'Task', task({ identifier }), {
          fullUrl: A,
          ifNoneExist: 'identifier=urn:x|1',
        }),
        entry('PUT', 'Provenance/pr', { ...provenance(A), id: 'pr' }),
      ]),
    );
    expect(statuses(answer)).toEqual(['200 OK', '201 Created']);
    expect(store.at('Provenance/pr')?.['target']).toEqual([{ reference: 'Task/there' }]);
  });

  test('looks up a conditional reference, and fails when it is not exactly one', async () => {
    const { ask, store } = bench();
    const good = entry('POST', 'Task', task({ owner: owner('9000001') }));
    expect((await ask(machine, 'POST ', bundle('transaction', [good]))).status).toBe(200);
    expect(store.all('Task')[0]?.['owner']).toEqual({ reference: 'Practitioner/d1' });
    const bad = entry('POST', 'Task', task({ owner: owner('0') }));
    expect((await ask(machine, 'POST ', bundle('transaction', [bad]))).status).toBe(412);
  });

  test('deletes before it writes and reads last, whatever the order in the bundle', async () => {
    const { ask } = bench();
    const answer = await ask(
      machine,
      'POST ',
      bundle('transaction', [
        entry('GET', 'CarePlan?patient=p1'),
        entry('POST', 'CarePlan', { ...plan(''), id: undefined }),
        entry('DELETE', 'CarePlan/c2'),
      ]),
    );
    const [search] = answer.body?.entry ?? [];
    expect(refs({ ...answer, body: search?.resource })).toEqual(['CarePlan/c1', 'CarePlan/n1']);
  });

  test.each([
    [
      'content that is not proper FHIR',
      entry('POST', 'Task', task({ colour: 'red' })),
      400,
      'Task.colour',
    ],
    [
      'an old version',
      entry('PUT', 'CarePlan/c1', plan('c1'), { ifMatch: 'W/"7"' }),
      412,
      'version 7',
    ],
    ['a read of what is not there', entry('GET', 'Task/none'), 404, 'Task/none'],
    ['a pointer at nothing', entry('POST', 'Provenance', provenance(B)), 400, B],
    ['a type that is not kept', entry('POST', 'Slot', { resourceType: 'Slot' }), 404, 'Slot'],
  ])('with %s does nothing at all, and says which entry', async (_, bad, status, word) => {
    const { ask, store } = bench();
    const before = JSON.stringify(store.all());
    const good = [
      entry('DELETE', 'CarePlan/c2'),
      entry('POST', 'Task', task(), { fullUrl: A }),
      entry('PUT', 'CarePlan/c3', plan('c3', { title: 'New' })),
    ];
    const answer = await ask(machine, 'POST ', bundle('transaction', [...good, bad]));
    expect(answer.status).toBe(status);
    expect(answer.body?.resourceType).toBe('OperationOutcome');
    expect(answer.body?.issue[0]?.diagnostics).toContain('Entry 3');
    expect(answer.body?.issue[0]?.diagnostics).toContain(word);
    expect(answer.body?.issue[0]?.expression).toContain('Bundle.entry[3]');
    expect(JSON.stringify(store.all())).toBe(before);
    expect((await ask(machine, 'GET CarePlan/c3/_history')).body?.total).toBe(1);
  });

  test('with a fault in one entry does nothing at all', async () => {
    const { ask, store } = bench();
    const body = bundle('transaction', [entry('POST', 'Task', task()), entry('PUT', 'Flag/f', {})]);
    const answer = await ask(machine, 'POST ', body, {}, ({ path }) =>
      Promise.resolve(path === 'Flag/f' ? broken : undefined),
    );
    expect(answer.status).toBe(503);
    expect(store.all('Task')).toEqual([]);
  });

  test('does not take the same thing twice', async () => {
    const twice = entry('PUT', 'CarePlan/c1', plan('c1'));
    const answer = await bench().ask(machine, 'POST ', bundle('transaction', [twice, twice]));
    expect([answer.status, answer.body?.issue[0]?.code]).toEqual([400, 'duplicate']);
  });

  test('of a clinician may write for the patient in context and nobody else', async () => {
    const { ask, store } = bench();
    const mine = [
      entry('POST', 'Task', task(), { fullUrl: A }),
      entry('POST', 'Provenance', provenance(A)),
    ];
    expect((await ask(withKari, 'POST ', bundle('transaction', mine))).status).toBe(200);
    const others = [
      entry('POST', 'Task', task()),
      entry('POST', 'Provenance', provenance('CarePlan/c3')),
    ];
    const answer = await ask(withKari, 'POST ', bundle('transaction', others));
    expect([answer.status, answer.body?.issue[0]?.code]).toEqual([403, 'forbidden']);
    expect(store.all('Task')).toHaveLength(1);
  });

  test('that fails leaves the store exactly as it was, also for every later search', async () => {
    const step = fc.oneof(
      fc.record({ method: fc.constant('POST'), patient: fc.constantFrom('p1', 'p2') }),
      fc.record({
        method: fc.constantFrom('PUT', 'DELETE'),
        id: fc.constantFrom('c1', 'c2', 'c3', 'c4'),
        patient: fc.constantFrom('p1', 'p2'),
      }),
    );
    const steps = fc.uniqueArray(step, {
      selector: each => ('id' in each ? each.id : {}),
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(6), async (all, where) => {
        const { ask, store } = bench();
        const look = async (): Promise<string> =>
          JSON.stringify([
            store.all(),
            ['c1', 'c2', 'c3', 'c4'].map(id => store.history(`CarePlan/${id}`)),
            (await ask(machine, 'GET CarePlan?patient=p1')).body,
            (await ask(machine, 'GET Patient?_revinclude=CarePlan:patient')).body,
          ]);
        const before = await look();
        const good = all.map(each => {
          const subject = { reference: `Patient/${each.patient}` };
          if (!('id' in each)) return entry('POST', 'Task', task({ for: subject }));
          const body = each.method === 'PUT' ? plan(each.id, { subject }) : undefined;
          return entry(each.method, `CarePlan/${each.id}`, body);
        });
        const bad = entry('GET', 'Patient/none');
        const entries = good.toSpliced(where, 0, bad);
        const failed = await ask(machine, 'POST ', bundle('transaction', entries));
        expect(failed.status).toBe(404);
        expect(await look()).toBe(before);
        // The same entries without the bad one are done: it was only the bad one that failed them.
        expect((await ask(machine, 'POST ', bundle('transaction', good))).status).toBe(200);
      }),
    );
  });

  test('leaves no trace of an attempt in what refers to whom', async () => {
    const { ask } = bench();
    const moved = entry('PUT', 'CarePlan/c1', plan('c1', { subject: { reference: 'Patient/p2' } }));
    await ask(machine, 'POST ', bundle('transaction', [moved, entry('GET', 'Patient/none')]));
    expect(refs(await ask(machine, 'GET CarePlan?patient=p2'))).toEqual(['CarePlan/c3']);
    expect(refs(await ask(machine, `GET CarePlan?subject=${KARI.reference}`))).toContain(
      'CarePlan/c1',
    );
  });
});
