// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { BASE, bench, machine, plan, task } from './sandbox-store-bench.ts';

const IDENTIFIED = { identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:uuid:1' }] };
const CONDITION = { 'If-None-Exist': 'identifier=urn:ietf:rfc:3986|urn:uuid:1' };

describe('making something new', () => {
  test('answers where it is, and stores what was sent', async () => {
    const { ask, store } = bench();
    const { status, headers, body } = await ask(
      machine,
      'POST Task',
      task({ id: 'mine', description: 'Ring' }),
    );
    expect(status).toBe(201);
    expect(body?.id).not.toBe('mine');
    expect(headers['Location']).toBe(`${BASE}/Task/${body?.id}/_history/1`);
    expect(headers['ETag']).toBe('W/"1"');
    expect(store.at(`Task/${body?.id}`)?.['description']).toBe('Ring');
  });

  test('gives the same ids each time the same things are done', async () => {
    const ids = [bench(), bench()].map(
      async ({ ask }) => (await ask(machine, 'POST Task', task())).body?.id,
    );
    const [one, other] = await Promise.all(ids);
    expect(one).toBe(other);
  });

  test('sends back as much as the caller prefers', async () => {
    const { ask } = bench();
    const minimal = await ask(machine, 'POST Task', task(), { Prefer: 'return=minimal' });
    expect([minimal.status, minimal.body]).toEqual([201, undefined]);
    const outcome = await ask(machine, 'POST Task', task(), { Prefer: 'return=OperationOutcome' });
    expect(outcome.body?.issue[0]).toMatchObject({ severity: 'information' });
    const whole = await ask(machine, 'POST Task', task(), { Prefer: 'return=representation' });
    expect(whole.body?.resourceType).toBe('Task');
  });

  test('makes it once, however often it is sent with the same condition', async () => {
    const { ask, store } = bench();
    const first = await ask(machine, 'POST Task', task(IDENTIFIED), CONDITION);
    const again = await ask(machine, 'POST Task', task(IDENTIFIED), CONDITION);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body?.id).toBe(first.body?.id);
    expect(store.all('Task')).toHaveLength(1);
  });

  test('refuses a condition that several match, or that it does not understand', async () => {
    const { ask, store } = bench();
    await ask(machine, 'POST Task', task(IDENTIFIED));
    await ask(machine, 'POST Task', task(IDENTIFIED));
    const several = await ask(machine, 'POST Task', task(IDENTIFIED), CONDITION);
    expect([several.status, several.body?.issue[0]?.code]).toEqual([412, 'multiple-matches']);
    const unknown = await ask(machine, 'POST Task', task(), {
      'If-None-Exist': 'identifier=urn:never&colour=red',
    });
    expect(unknown.status).toBe(400);
    expect(store.all('Task')).toHaveLength(2);
  });
});

describe('changing something', () => {
  test('makes a new version, or the first one under an id of the caller’s choice', async () => {
    const { ask } = bench();
    const changed = await ask(machine, 'PUT CarePlan/c1', plan('c1', { title: 'New' }));
    expect([changed.status, changed.headers['ETag']]).toEqual([200, 'W/"2"']);
    const made = await ask(machine, 'PUT Task/own-id', task({ id: 'own-id' }));
    expect([made.status, made.headers['Location']]).toEqual([
      201,
      `${BASE}/Task/own-id/_history/1`,
    ]);
  });

  test('refuses a change made to an old version, and leaves the newer one alone', async () => {
    const { ask, store } = bench();
    const mine = { 'If-Match': 'W/"1"' };
    expect((await ask(machine, 'PUT CarePlan/c1', plan('c1', { title: 'A' }), mine)).status).toBe(
      200,
    );
    const late = await ask(machine, 'PUT CarePlan/c1', plan('c1', { title: 'B' }), mine);
    expect([late.status, late.body?.issue[0]?.code]).toEqual([412, 'conflict']);
    expect(store.at('CarePlan/c1')?.['title']).toBe('A');
  });

  test.each([
    ['a version of something that does not exist', 'Task/none', { 'If-Match': 'W/"1"' }, 412],
    ['a version written in an unknown way', 'Task/none', { 'If-Match': 'one' }, 400],
    ['something new that exists already', 'Task/t1', { 'If-None-Match': '*' }, 412],
    ['a body that says another id', 'Task/other', {}, 400],
  ])('refuses %s', async (_, path, headers, status) => {
    const { ask, store } = bench();
    await ask(machine, 'PUT Task/t1', task({ id: 't1' }));
    const id = path === 'Task/other' ? 't1' : (path.split('/')[1] ?? '');
    const answer = await ask(machine, `PUT ${path}`, task({ id, description: 'new' }), headers);
    expect(answer.status).toBe(status);
    expect(store.at(path)?.['description']).toBeUndefined();
  });

  test('changes the one that matches a condition, makes it when none does, refuses several', async () => {
    const { ask, store } = bench();
    const line = 'PUT Task?identifier=urn:ietf:rfc:3986|urn:uuid:1';
    const made = await ask(machine, line, task(IDENTIFIED));
    const changed = await ask(machine, line, task({ ...IDENTIFIED, description: 'again' }));
    expect([made.status, changed.status, changed.body?.id]).toEqual([201, 200, made.body?.id]);
    await ask(machine, 'POST Task', task(IDENTIFIED));
    expect((await ask(machine, line, task(IDENTIFIED))).status).toBe(412);
    expect(store.all('Task')).toHaveLength(2);
  });

  test('no longer finds a plan by what it used to refer to', async () => {
    const { ask } = bench();
    await ask(machine, 'PUT CarePlan/c1', plan('c1', { subject: { reference: 'Patient/p2' } }));
    expect((await ask(machine, 'GET CarePlan?patient=p1')).body?.total).toBe(1);
    expect((await ask(machine, 'GET CarePlan?patient=p2')).body?.total).toBe(2);
  });
});

describe('deleting something', () => {
  test('is gone afterwards, and deleting it twice or never is the same', async () => {
    const { ask } = bench();
    expect((await ask(machine, 'DELETE CarePlan/c1')).status).toBe(204);
    expect((await ask(machine, 'GET CarePlan/c1')).status).toBe(410);
    expect((await ask(machine, 'DELETE CarePlan/c1')).status).toBe(204);
    expect((await ask(machine, 'DELETE CarePlan/never')).status).toBe(204);
    expect((await ask(machine, 'GET CarePlan?patient=p1')).body?.total).toBe(1);
    const back = await ask(machine, 'PUT CarePlan/c1', plan('c1'));
    expect([back.status, back.body?.meta.versionId]).toEqual([201, '3']);
  });

  test('refuses to delete an old version', async () => {
    const { ask } = bench();
    await ask(machine, 'PUT CarePlan/c1', plan('c1'));
    const late = await ask(machine, 'DELETE CarePlan/c1', undefined, { 'If-Match': 'W/"1"' });
    expect(late.status).toBe(412);
  });

  test('deletes the one that matches a condition', async () => {
    const { ask, store } = bench();
    await ask(machine, 'POST Task', task(IDENTIFIED));
    const line = 'DELETE Task?identifier=urn:uuid:1';
    expect((await ask(machine, line)).status).toBe(204);
    expect(store.all('Task')).toEqual([]);
    expect((await ask(machine, line)).status).toBe(204);
  });
});

describe('what is not a proper request', () => {
  test.each([
    ['a body that is not an object', 'POST Task', 'text', {}, 400],
    ['a body that is a list', 'POST Task', [], {}, 400],
    ['no body at all', 'POST Task', undefined, {}, 400],
    ['a body without a type', 'POST Task', { status: 'requested' }, {}, 400],
    ['a body of another type', 'POST Task', plan('c9'), {}, 400],
    ['XML', 'POST Task', task(), { 'Content-Type': 'application/fhir+xml' }, 415],
    ['plain text', 'POST Task', task(), { 'Content-Type': 'text/plain;charset=UTF-8' }, 415],
    ['a patch', 'PATCH CarePlan/c1', [], {}, 405],
    ['an id that cannot be one', 'PUT Task/a_b', task({ id: 'a_b' }), {}, 404],
    ['a condition on nothing', 'PUT Task', task(), {}, 400],
  ])('%s is refused', async (_, line, body, headers, status) => {
    const answer = await bench().ask(machine, line, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body?.issue[0]?.diagnostics).toMatch(/\w.*\.$/);
  });
});
