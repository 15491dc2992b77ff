import { describe, expect, test } from 'vitest';
import { z } from 'zod/mini';
import type { Known } from '../src/record/reading.ts';
import { openRecord, type PatientRecord } from '../src/record/record.ts';
import { type Bench, bench } from './bench.ts';

const SECOND = 'Kilde fhir';
const withSecond = () => bench({ sources: [{ kind: 'fhir', at: 'fhir' }] });

/** What the second server said in one section, once it has said it. */
async function second(
  at: Bench,
  name: PatientRecord['sources']['value'][number]['sections'][number]['name'],
): Promise<Known<unknown>> {
  const { sources } = openRecord(at.session);
  return new Promise(resolve => {
    sources.subscribe(all => {
      const known = all
        .find(({ label }) => label === SECOND)
        ?.sections.find(section => section.name === name)?.known;
      if (known) resolve(known);
    });
  });
}

const searching = (entries: readonly object[]) => ({
  match: 'POST /fhir/Patient/_search',
  status: 200,
  body: JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    entry: entries.map(resource => ({ resource })),
  }),
  headers: { 'content-type': 'application/fhir+json' },
});

describe('a second FHIR server as a source', () => {
  test('the patient is found there by number, and the server is read as the journal is', async () => {
    const at = await withSecond();
    expect(await second(at, 'plans')).toMatchObject({ state: 'present', from: [SECOND] });
    expect((await second(at, 'evaluations')).items).toHaveLength(4);
    expect((await second(at, 'critical')).state).toBe('present');
    expect((await second(at, 'medicines')).items).toHaveLength(8);
    expect((await at.asked()).filter(row => /\d{11}/.test(row))).toEqual([]);
  });

  test('two with that number there: neither is believed', async () => {
    const at = await withSecond();
    const authorization = `Bearer ${await at.session.authorization?.token()}`;
    const address = `${at.session.iss}/${at.session.patient}`;
    const answer = await at.session.fetch(new Request(address, { headers: { authorization } }));
    const one = z.looseObject({}).parse(await answer.json());
    await at.scenario(searching([one, { ...one, id: 'twin' }]));
    expect(await second(at, 'plans')).toMatchObject({ state: 'failed', items: [] });
  });

  test.each([
    ['nobody with that number', []],
    ['somebody without that number', [{ resourceType: 'Patient', id: 'p2' }]],
  ])('%s there: nothing of it is shown, and it is a failure', async (_, entries) => {
    const at = await withSecond();
    await at.scenario(searching(entries));
    for (const name of ['plans', 'critical', 'documents'] as const)
      expect(await second(at, name)).toMatchObject({ state: 'failed', items: [] });
    expect((await at.asked()).filter(row => row.includes('Patient/p2'))).toEqual([]);
  });
});
