import { describe, expect, test } from 'vitest';
import { z } from 'zod/mini';
import type { Plan } from '../src/record/model.ts';
import type { Known } from '../src/record/reading.ts';
import { openRecord } from '../src/record/record.ts';
import { type Bench, bench } from './bench.ts';

const PLANER = 'Kilde planer';
const SOURCE = [{ kind: 'planer', at: 'planer' }] as const;

/** The plans, once the national service has answered as well. */
async function plansOf(at: Bench): Promise<Known<Plan>> {
  const { plans } = openRecord(at.session);
  return new Promise(resolve => {
    const stop = plans.subscribe(reading => {
      if (reading.state === 'loading' || reading.gaps.some(({ why }) => why === 'waiting')) return;
      if (reading.items.some(({ details }) => details === 'waiting')) return;
      resolve(reading);
      queueMicrotask(() => stop());
    });
  });
}

const turid = () => bench({ patient: 'p3', sources: SOURCE });
/** What the service answers with, in place of its own. */
const answering = (body: unknown, more: object = {}) => ({
  match: 'GET /planer/plans',
  status: 200,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
  ...more,
});

/** Turid's plan as the service has it, with something about it changed. */
async function herPlan(at: Bench, change: (plan: Record<string, unknown>) => object) {
  const authorization = `Bearer ${await at.session.authorization?.token()}`;
  const ask = async (address: string, headers = {}): Promise<unknown> =>
    (
      await at.session.fetch(new Request(address, { headers: { authorization, ...headers } }))
    ).json();
  const patient = await ask(`${at.session.iss}/${at.session.patient}`);
  const number = identifiedBy.parse(patient).identifier[0]?.value ?? '';
  const plans = await ask(`${at.sandbox.ehrOrigin}/planer/plans`, { 'nhn-patient-nin': number });
  const [plan = {}] = z.array(z.record(z.string(), z.unknown())).parse(plans);
  return { ...plan, ...change(plan) };
}

const identifiedBy = z.looseObject({ identifier: z.array(z.looseObject({ value: z.string() })) });

const ofPlaner = ({ items }: Known<Plan>) => items.filter(({ source }) => source.from === PLANER);

describe('the national plan service', () => {
  test('the same plan in the journal and in the service is one row, with the service behind it', async () => {
    const reading = await plansOf(await turid());
    const self = reading.items.filter(({ kind }) => kind === 'self-treatment');
    expect(self).toHaveLength(1);
    expect(self[0]?.also).toMatchObject([
      {
        source: { from: PLANER, lastUpdated: '2026-04-01T14:20:00+02:00' },
        version: '5',
        standing: 'in-force',
        details: { updatedBy: 'Geir Målmo' },
      },
    ]);
    expect(self[0]?.also?.[0]?.zones.map(({ level }) => level)).toEqual(['green', 'yellow', 'red']);
    expect(self[0]?.flags).toEqual([]);
  });

  test('another version of it is never merged: both stand, and each says that they differ', async () => {
    const at = await turid();
    await at.scenario(answering([await herPlan(at, () => ({ version: 6 }))]));
    const self = (await plansOf(at)).items.filter(({ kind }) => kind === 'self-treatment');
    expect(self.map(({ version, flags, source }) => [source.from, version, flags])).toEqual([
      ['Sandkassen', '5', ['contradiction']],
      [PLANER, '6', ['contradiction']],
    ]);
  });

  test('one word changed in a zone is another edition too', async () => {
    const at = await turid();
    const edited = await herPlan(at, ({ clinical_content: content }) => {
      const { zones, ...rest } = content as { zones: { action: string }[] };
      return {
        clinical_content: { ...rest, zones: zones.map(zone => ({ ...zone, action: 'Ring 113' })) },
      };
    });
    await at.scenario(answering([edited]));
    expect(ofPlaner(await plansOf(at))).toHaveLength(1);
  });

  test('two plans that are both the fifth version are not the same plan for that', async () => {
    const at = await turid();
    await at.scenario(answering([await herPlan(at, () => ({ id: 'another' }))]));
    const [other] = ofPlaner(await plansOf(at));
    expect(other).toMatchObject({ version: '5', flags: [], source: { ref: 'Plan/another' } });
  });

  test.each([
    ['draft', 'draft'],
    ['revoked', 'ended'],
    ['something new', 'doubtful'],
    [undefined, 'doubtful'],
  ])('a plan whose status is %s is %s', async (status, standing) => {
    const at = await turid();
    await at.scenario(answering([await herPlan(at, () => ({ id: 'x', status }))]));
    expect(ofPlaner(await plansOf(at))).toMatchObject([{ standing }]);
  });

  test("somebody else's plan, and one that says nobody's, are set aside and counted", async () => {
    const at = await turid();
    const theirs = await herPlan(at, () => ({ id: 'a', subject: '00000000000' }));
    const nobodys = await herPlan(at, () => ({ id: 'b', subject: null }));
    await at.scenario(answering([theirs, nobodys]));
    const reading = await plansOf(at);
    expect(reading.setAside).toEqual([
      { ref: 'Plan/a', why: 'other-patient' },
      { ref: 'Plan/b', why: 'no-patient' },
    ]);
    expect(ofPlaner(reading)).toEqual([]);
  });

  test('a plan that cannot be read keeps its place, and so does a zone', async () => {
    const at = await turid();
    const broken = await herPlan(at, () => ({ id: 'a', clinical_content: 'tekst' }));
    const holed = await herPlan(at, () => ({
      id: 'b',
      clinical_content: { title: 'Plan', zones: ['gul', { level: 'purple', action: null }] },
    }));
    await at.scenario(answering([broken, holed, 17]));
    const reading = await plansOf(at);
    const [unread, whole] = ofPlaner(reading);
    expect(unread).toMatchObject({ flags: ['unreadable'], standing: 'doubtful' });
    expect(whole?.zones).toMatchObject([
      { flags: ['unreadable'], level: undefined },
      { flags: [], level: undefined, lines: [{ text: undefined }] },
    ]);
    expect(reading.gaps).toContainEqual({ what: 'CarePlan', from: PLANER, why: 'page-lost' });
  });

  test.each([
    ['an object in place of a list', answering({ plans: [] })],
    ['a page to log in on', answering([], { body: '<html>Logg inn</html>' })],
    ['an error', answering([], { status: 500 })],
  ])('%s is a failure of that source, and the journal stands', async (_, rule) => {
    const at = await turid();
    await at.scenario(rule);
    const reading = await plansOf(at);
    expect(reading.gaps).toEqual([{ what: 'CarePlan', from: PLANER, why: 'failed' }]);
    expect(reading.items.some(({ kind }) => kind === 'self-treatment')).toBe(true);
  });

  test('the patient is named in a header, and in no address', async () => {
    const at = await turid();
    await plansOf(at);
    const asked = await at.asked();
    expect(asked).toContain('GET /planer/plans');
    expect(asked.filter(row => /\d{11}/.test(row))).toEqual([]);
  });
});
