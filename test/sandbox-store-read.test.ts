// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { bench, machine, NOW, plan, task, withKari } from './sandbox-store-bench.ts';

describe('reading one resource', () => {
  test('answers the resource with its version and time', async () => {
    const answer = await bench().ask(machine, 'GET Patient/p1');
    expect(answer.status).toBe(200);
    expect(answer.headers['ETag']).toBe('W/"1"');
    expect(answer.headers['Last-Modified']).toBe('Sat, 21 Nov 2026 20:15:00 GMT');
    expect(answer.body).toMatchObject({ id: 'p1', meta: { versionId: '1' } });
  });

  test('says that nothing has changed when the reader has the version already', async () => {
    const { ask } = bench();
    const same = await ask(machine, 'GET Patient/p1', undefined, { 'If-None-Match': 'W/"1"' });
    expect([same.status, same.body]).toEqual([304, undefined]);
    const other = await ask(machine, 'GET Patient/p1', undefined, { 'If-None-Match': 'W/"7"' });
    expect(other.status).toBe(200);
  });

  test.each([
    ['Patient/nobody', 404, 'not-found'],
    ['Patient/p1/_history/9', 404, 'not-found'],
    ['Slot/s1', 404, 'not-supported'],
    ['Plan/s1', 404, 'not-found'],
    ['Patient/p1/$summary', 404, 'not-supported'],
  ])('says in words that %s is not there', async (path, status, code) => {
    const answer = await bench().ask(machine, `GET ${path}`);
    expect(answer.status).toBe(status);
    expect(answer.body?.issue[0]).toMatchObject({ severity: 'error', code });
    expect(answer.body?.issue[0]?.diagnostics).toMatch(/\w.*\.$/);
  });

  test('answers JSON only', async () => {
    const answer = await bench().ask(machine, 'GET Patient/p1', undefined, {
      Accept: 'application/fhir+xml',
    });
    expect(answer.status).toBe(406);
  });

  test('never hands out anything a caller could change', async () => {
    const { ask, store } = bench();
    const { body } = await ask(machine, 'GET Patient/p1');
    expect(() => Object.assign(body ?? {}, { active: false })).toThrow(TypeError);
    const seed = { resourceType: 'Organization', id: 'mine', name: 'Before' };
    store.load([seed]);
    seed.name = 'After';
    expect(store.at('Organization/mine')?.['name']).toBe('Before');
  });
});

describe('what was there before', () => {
  test('keeps every version, newest first', async () => {
    const { ask, store } = bench();
    await ask(machine, 'PUT CarePlan/c1', plan('c1', { title: 'Second' }));
    await ask(machine, 'DELETE CarePlan/c1');
    const { body } = await ask(machine, 'GET CarePlan/c1/_history');
    expect(body).toMatchObject({ type: 'history', total: 3 });
    expect(body?.entry?.map(each => each.request?.method)).toEqual(['DELETE', 'PUT', 'PUT']);
    expect(body?.entry?.map(each => each.response?.etag)).toEqual(['W/"3"', 'W/"2"', 'W/"1"']);
    expect(store.history('CarePlan/c1').map(each => each.versionId)).toEqual(['1', '2', '3']);
  });

  test('still reads an old version after a change, and says that a deleted one is gone', async () => {
    const { ask } = bench();
    await ask(machine, 'PUT CarePlan/c1', plan('c1', { title: 'Second' }));
    await ask(machine, 'DELETE CarePlan/c1');
    expect((await ask(machine, 'GET CarePlan/c1/_history/2')).body?.['title']).toBe('Second');
    const gone = await ask(machine, 'GET CarePlan/c1');
    expect([gone.status, gone.body?.issue[0]?.code]).toEqual([410, 'deleted']);
    expect((await ask(machine, 'GET CarePlan/c1/_history/3')).status).toBe(410);
  });

  test('tells the history of a whole type page by page, and only the own patient to a patient scope', async () => {
    const { ask } = bench();
    const page = await ask(machine, 'GET CarePlan/_history?_count=2');
    expect(page.body).toMatchObject({ total: 3 });
    const next = page.body?.link.find(each => each.relation === 'next')?.url ?? '';
    expect((await ask(machine, `GET ${next}`)).body?.entry).toHaveLength(1);
    expect((await ask(withKari, 'GET CarePlan/_history')).body?.total).toBe(2);
  });

  test('keeps the time a seed came with, and gives the others the clock of the store', () => {
    const { store } = bench({}, [
      { resourceType: 'Flag', id: 'old', meta: { lastUpdated: '2020-01-01T00:00:00Z' } },
      { resourceType: 'Flag' },
    ]);
    const [old, unnamed] = store.all('Flag');
    expect(old?.meta).toEqual({ versionId: '1', lastUpdated: '2020-01-01T00:00:00Z' });
    expect(unnamed?.meta?.lastUpdated).toBe(NOW.toISOString());
    expect(unnamed?.id).toMatch(/^[A-Za-z0-9\-.]{1,64}$/);
  });

  test('stamps a write with the clock of the session that wrote it', async () => {
    const { ask } = bench();
    const later = { ...machine, now: () => new Date('2026-11-22T01:02:03.004Z') };
    const { body } = await ask(later, 'POST Task', task());
    expect(body?.meta.lastUpdated).toBe('2026-11-22T01:02:03.004Z');
  });
});

describe('what the server says it can do', () => {
  test('declares R4, versions, conditional writes, bundles and the SMART addresses', async () => {
    const oauth = { authorize: 'http://localhost/auth', token: 'http://localhost/token' };
    const { body } = await bench({ oauth }).ask({ ...machine, scopes: [] }, 'GET metadata');
    expect(body).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
    const rests = body?.['rest'] as {
      mode: string;
      interaction: { code: string }[];
      security: { extension: { url: string; extension: { url: string; valueUri: string }[] }[] };
      resource: Record<string, unknown>[];
    }[];
    const [rest] = rests;
    expect(rest?.mode).toBe('server');
    expect(rest?.interaction.map(each => each.code)).toEqual(['transaction', 'batch']);
    expect(rest?.security.extension[0]?.extension).toContainEqual({
      url: 'token',
      valueUri: 'http://localhost/token',
    });
    expect(rest?.resource.length).toBeGreaterThan(40);
    const carePlan = rest?.resource.find(each => each['type'] === 'CarePlan');
    expect(carePlan).toMatchObject({
      versioning: 'versioned-update',
      updateCreate: true,
      conditionalCreate: true,
      conditionalUpdate: true,
    });
    expect(carePlan?.['searchInclude']).toContain('CarePlan:care-team');
    expect(carePlan?.['searchRevInclude']).toContain('CarePlan:part-of');
    expect(carePlan?.['searchParam']).toContainEqual({ name: 'patient', type: 'reference' });
  });
});
