// What lies in a read copy, and that it is read as the journal's own answers are (docs/decisions/0016).
import { effect } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import type { Session } from '../src/fhir/session.ts';
import { captureFrom, readiness } from '../src/offline/capture.ts';
import { Copy, isOver } from '../src/offline/copy.ts';
import { sessionOf } from '../src/offline/replay.ts';
import { openRecord, type PatientRecord } from '../src/record/record.ts';
import { answered, bench, type Wanted } from './bench.ts';

/** What the panel does: it listens until the acute page can be read, and not a moment longer. */
async function copied(session: Session): Promise<{ record: PatientRecord; copy: Copy }> {
  const capture = captureFrom(session);
  const record = openRecord(capture.session);
  // Through the same session at the same time, as the outbox does with the keys a person has at the journal.
  void capture.session.fetch(new Request(`${session.iss}/Basic?code=keys`)).catch(() => {});
  const copy = await new Promise<Copy>(resolve => {
    effect(() => {
      if (readiness(record) !== 'waits') resolve(capture.end());
    });
  });
  await Promise.all([
    answered(record.plans),
    answered(record.critical),
    answered(record.medicines),
  ]);
  // As it comes back from the disk.
  return { record, copy: Copy.parse(JSON.parse(JSON.stringify(copy))) };
}

/** The header a copy keeps the time in has whole seconds. */
const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** The acute page as it is known, without the moment of reading and the details that come later. */
const shown = ({ patient, plans, critical, teams }: PatientRecord): unknown =>
  JSON.parse(
    JSON.stringify(
      [patient.value, plans.value, critical.value, teams.value],
      (key, value: unknown) => (['asOf', 'details'].includes(key) ? undefined : value),
    ),
  );

async function reread(copy: Copy): Promise<PatientRecord> {
  const record = openRecord(sessionOf(copy, new AbortController().signal));
  await Promise.all([
    answered(record.plans),
    answered(record.critical),
    answered(record.medicines),
    answered(record.documents),
  ]);
  return record;
}

describe('A copy is read as the journal’s own answers are', () => {
  test.each<[string, Wanted]>([
    ['p1', {}],
    ['p2', { patient: 'p2' }],
    ['p3', { patient: 'p3' }],
    ['p4', { patient: 'p4' }],
    ['p5', { patient: 'p5' }],
    ['p6', { patient: 'p6' }],
    ['p1, from a server that says nothing of itself', { silentAboutItself: true }],
    ['p1, for somebody with few rights', { user: 'u-amb' }],
  ])('%s: the same patient, plan, people and warnings', async (_, wanted) => {
    const { record, copy } = await copied((await bench(wanted)).session);
    expect(shown(await reread(copy))).toEqual(shown(record));
  });

  test('in pages, whatever the server calls the next one', async () => {
    const at = await bench();
    const opaque = `${at.session.iss}?_getpages=`;
    const paged: Session = {
      ...at.session,
      async fetch(request) {
        const url = request.url.startsWith(opaque)
          ? decodeURIComponent(request.url.slice(opaque.length))
          : request.url.replace('_count=200', '_count=1');
        const response = await at.session.fetch(new Request(url, request));
        const text = (await response.text()).replace(
          /("relation":"next","url":")([^"]+)/,
          (_, before: string, next: string) => before + opaque + encodeURIComponent(next),
        );
        return new Response(text, response);
      },
      offer: at.session.offer.then(offer => ({ ...offer, batch: false })),
    };
    const { record, copy } = await copied(paged);
    expect(record.critical.value).toMatchObject({ state: 'present', gaps: [] });
    expect(Object.keys(copy.answers).some(question => question.includes('_getpages'))).toBe(true);
    expect(shown(await reread(copy))).toEqual(shown(record));
  });
});

test('what was answered is as old as it was, while the time goes on', async () => {
  const at = await bench();
  const { record, copy } = await copied(at.session);
  const { asOf } = await answered(record.plans);
  const again = await reread({ ...copy, behindMs: copy.behindMs + 3 * 3_600_000 });
  expect(seconds((await answered(again.plans)).asOf)).toBe(seconds(asOf));
  expect(again.session.clock.now().getTime() - asOf.getTime()).toBeGreaterThan(2.9 * 3_600_000);
  expect(seconds(again.session.copiedAt ?? new Date(0))).toBe(seconds(asOf));
});

test('other rooms are not in it, and say that they could not be read, never that there is nothing', async () => {
  const { copy } = await copied((await bench()).session);
  const asked = Object.keys(copy.answers).join('\n');
  expect(asked).toContain('CarePlan?');
  expect(asked).not.toMatch(/Medication|Immunization|Basic|Observation|QuestionnaireResponse|Task/);
  const record = await reread(copy);
  expect(record.medicines.value).toMatchObject({ state: 'failed' });
  expect(record.frozen.value).toBe('copy');
});

test('a source beside the journal is silent, and is named as missing', async () => {
  const { copy } = await copied((await bench({ sources: [{ kind: 'kj', at: 'kj' }] })).session);
  expect(JSON.stringify(copy)).not.toContain('nhn-access-basis');
  const { gaps } = await answered((await reread(copy)).critical);
  expect(gaps).toContainEqual(expect.objectContaining({ from: 'Kilde kj', why: 'failed' }));
});

test.each([
  ['whose address begins as the journal’s does', '2'],
  ['whose address lies below the journal’s', '/kj'],
])('a batch put to a source %s is not kept as the journal’s', async (_, beside) => {
  const { session } = await bench();
  const { session: heard, end } = captureFrom({
    ...session,
    fetch: () => Promise.resolve(Response.json({ resourceType: 'Bundle', id: 'someone-else' })),
  });
  const batch = { entry: [{ request: { method: 'GET', url: 'AllergyIntolerance?patient=p1' } }] };
  const ask = (address: string) =>
    heard.fetch(new Request(address, { method: 'POST', body: JSON.stringify(batch) }));
  await ask(session.iss + beside);
  expect((await end()).answers).toEqual({});
});

test('there is no token in it, and nobody’s name for themselves', async () => {
  const at = await bench({ signedIn: true });
  const { copy } = await copied(at.session);
  const text = JSON.stringify(copy);
  expect(text).toContain('Maja');
  const token = await at.session.authorization?.token();
  expect(token).toBeTruthy();
  expect(text).not.toContain(token);
  expect(text.toLowerCase()).not.toContain('authorization');
  expect(sessionOf(copy, new AbortController().signal)).toMatchObject({
    user: { sub: undefined },
    authorization: undefined,
  });
});

test.each([
  ['the plan could not be read', { match: 'CarePlan', then: 'respond', status: 500 }],
  [
    'the patient could not be read',
    { match: 'GET /fhir/Patient/p1', then: 'respond', status: 500 },
  ],
])('where %s, nothing is kept', async (_, rule) => {
  const at = await bench({ silentAboutItself: true });
  await at.scenario(rule);
  const record = openRecord(at.session);
  const ready = await new Promise(resolve => {
    effect(() => {
      if (readiness(record) !== 'waits') resolve(readiness(record));
    });
  });
  expect(ready).toBe('failed');
});

test('what the patient has blocked somebody from is not kept either', async () => {
  const at = await bench({ user: 'u-blokk', patient: 'p5' });
  const record = openRecord(at.session);
  const ready = await new Promise(resolve => {
    effect(() => {
      if (readiness(record) !== 'waits') resolve(readiness(record));
    });
  });
  expect(ready).toBe('refused');
});

test('a copy is over when its hours are, and when the clock has been put back', () => {
  const noon = Date.parse('2026-11-22T12:00:00Z');
  const hours = (n: number) => noon + n * 3_600_000;
  expect(isOver(noon, 4, hours(3.99))).toBe(false);
  expect(isOver(noon, 4, hours(4))).toBe(true);
  expect(isOver(noon, 4, hours(-0.01))).toBe(true);
});
