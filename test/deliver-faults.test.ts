import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOffer } from '../src/fhir/capability.ts';
import type { Session } from '../src/fhir/session.ts';
import type { Bench } from './bench.ts';
import { countsOf, expectWhole, sending } from './deliveries.ts';
import { evaluation, writingBench } from './proposals.ts';

const RUNS = 150;

const writes = [
  '/^POST .fhir$/',
  '/^(PUT|POST) .fhir.[A-Z]/',
  '/^PUT .fhir.(Goal|CarePlan)/',
  '/^(PUT|POST) .fhir.Provenance/',
];
const reads = ['/^GET .fhir.[A-Z]/', '/.fhir($|.[A-Z])/'];
/** A server that says of what it has that it has not is another matter than one that does not answer. */
const silences = [
  ...[401, 408, 429, 500, 503, 504].map(status => ({ status })),
  ...['commit-then-drop', 'truncate', 'rst', 'fin'].map(then => ({ then })),
];
const refusals = [
  ...[404, 409, 412, 422].map(status => ({ status })),
  ...[200, 201, 408, 500, 502, 504].map(status => ({ status, commit: true, body: '' })),
  { status: 200, body: '<html></html>' },
  { status: 200, commit: true, body: '<html></html>' },
];
const one = (lines: readonly string[], endings: readonly object[]) =>
  fc
    .record({
      match: fc.constantFrom(...lines),
      nth: fc.integer({ min: 1, max: 12 }),
      ending: fc.constantFrom(...endings),
    })
    .map(({ ending, ...rest }) => ({ ...rest, ...ending }));
const fault = fc.oneof(one(writes, [...silences, ...refusals]), one(reads, silences));
const hang = fc.record({
  match: fc.constantFrom(...writes, ...reads),
  nth: fc.integer({ min: 1, max: 9 }),
  then: fc.constant('hang'),
});
const server = fc.record({
  transactions: fc.constantFrom<(boolean | string)[]>(true, false, 'as-batch'),
  updateCreate: fc.boolean(),
  conditionalCreate: fc.boolean(),
  rejectBlindPut: fc.boolean(),
});

async function as(it: Bench, abilities: object): Promise<Session> {
  const url = `${it.sandbox.ehrOrigin}/ehr/server`;
  const body = JSON.stringify(abilities);
  const answer = await it.sandbox.fetch(new Request(url, { method: 'POST', body }));
  expect(answer.status).toBe(200);
  const offer = readOffer(it.session.iss, it.session.fetch, {});
  await offer;
  return { ...it.session, offer };
}

/** What hangs is given up after a moment instead of half a minute. */
const impatient = (session: Session): Session => ({
  ...session,
  // Trap: in Node, the signal of a request nobody holds may be collected, and then never fires.
  fetch: request =>
    new Promise((resolve, reject) => {
      const late = new DOMException('No answer', 'TimeoutError');
      const timer = setTimeout(() => reject(late), 300);
      void session
        .fetch(request)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    }),
});

test('whatever goes wrong on the way, an evaluation is never there twice, and never «received» with something missing', async () => {
  const it = await writingBench();
  const endingsSeen = new Map<string, number>();
  let minute = 0;
  await fc.assert(
    fc.asyncProperty(
      server,
      fc.array(fault, { maxLength: 5 }),
      fc.option(hang, { freq: 6 }),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      async (abilities, faults, hung, crashes) => {
        const session = impatient(await as(it, abilities));
        minute += 1;
        const pressed = `2026-11-22T${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:${String(Math.floor(minute / 1440)).padStart(2, '0')}+01:00`;
        const proposal = evaluation(it, {
          pressed,
          next: `2027-01-${(minute % 28) + 1}`.replace(/-(\d)$/, '-0$1'),
        });
        await it.scenario(...faults, ...(hung ? [hung] : []));
        const item = sending(session, proposal);
        let delivered = await item.attempt();
        for (const crash of crashes) {
          if (delivered.kind !== 'later') break;
          // The program ended, and knows no more than what it had kept.
          if (crash) item.forgetAllButSteps();
          delivered = await item.attempt();
        }
        await it.scenario();
        if (delivered.kind === 'later') delivered = await item.untilSettled();
        endingsSeen.set(delivered.kind, (endingsSeen.get(delivered.kind) ?? 0) + 1);
        expect(Math.max(...countsOf(it, proposal))).toBeLessThanOrEqual(1);
        expect(['acked', 'needs-human', 'conflict', 'signed-out']).toContain(delivered.kind);
        if (delivered.kind === 'acked') expectWhole(it, proposal);
        // Nobody else is at work: what stands in the way can only be a copy of ours that was not known again.
        expect(delivered.kind).not.toBe('conflict');
        const why = delivered.kind === 'needs-human' ? delivered.reason.why : undefined;
        expect(['several-there', 'other-there']).not.toContain(why);
        const identified = abilities.updateCreate;
        if (identified) expect(why).not.toBe('cannot-tell');
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
  // The property would hold of a program that never sends anything.
  expect(endingsSeen.get('acked')).toBeGreaterThan(RUNS / 2);
}, 180_000);

test('M06 sent by two programs at the same moment, to a server that looks too early, it is there once', async () => {
  for (const transactions of [true, false]) {
    const it = await writingBench({ server: { transactions, raceMs: 15 } });
    const proposal = evaluation(it);
    const both = [sending(it.session, proposal), sending(it.session, proposal)];
    await Promise.all(both.map(each => each.attempt()));
    const again = await Promise.all(both.map(each => each.untilSettled()));
    expect(again.map(({ kind }) => kind)).toEqual(['acked', 'acked']);
    expectWhole(it, proposal);
  }
});
