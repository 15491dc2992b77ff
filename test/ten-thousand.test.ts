import { expect, test } from 'vitest';
import { openRecord } from '../src/record/record.ts';
import { SECTIONS, type SectionName } from '../src/record/sources/kinds.ts';
import { bench } from './bench.ts';
import { accountOf, expectConserved, knownIn, sectionsOf } from './conserved.ts';
import { tenThousand } from './ten-thousand.ts';

test('P01 10k: of a patient with ten thousand resources all pages are read, and whom to call and what to avoid come first', async () => {
  expect(tenThousand).toHaveLength(10_000);
  const { sandbox, session } = await bench({ patient: 'p6' });
  sandbox.store.load(tenThousand);
  const events: string[] = [];
  const record = openRecord({
    ...session,
    async fetch(request) {
      const response = await session.fetch(request);
      const [type = ''] = new URL(request.url).pathname.replace('/fhir/', '').split('/');
      if (request.method === 'GET') events.push(`page of ${type}`);
      return response;
    },
  });
  const watching = turns();
  for (const name of SECTIONS)
    record[name].subscribe(({ state }) => {
      if (state !== 'loading') events.push(name);
    });
  await settled(events);
  const { longest, count } = watching.stop();

  const first = (event: string) => events.indexOf(event);
  const big: readonly SectionName[] = ['documents', 'results', 'measurements'];
  for (const name of big) {
    expect(first('plans')).toBeLessThan(first(name));
    expect(first('critical')).toBeLessThan(first(name));
  }
  expect(first('plans')).toBeLessThan(first('page of Observation'));
  expect(first('critical')).toBeLessThan(first('page of Observation'));
  const received = Object.fromEntries(
    SECTIONS.map(name => [name, accountOf(record[name].value).received]),
  );
  expect(received).toMatchObject({
    plans: 201,
    critical: 97,
    medicines: 700,
    documents: 2000,
    results: 3500,
    measurements: 3500,
  });
  for (const reading of sectionsOf(record)) {
    expectConserved(reading);
    expect(knownIn(reading).gaps).toEqual([]);
  }
  // Never all in one go: other things get their turn between pages.
  expect(count).toBeGreaterThan(events.filter(event => event === 'page of Observation').length);
  process.stdout.write(
    `\n10,000 resources: ${count} turns, the longest ${Math.round(longest)} ms\n`,
  );
}, 120_000);

async function settled(events: readonly string[]): Promise<void> {
  while (SECTIONS.some(name => !events.includes(name)))
    await new Promise(resolve => setTimeout(resolve, 20));
}

/** How often anything else on the page would have had its turn, and the longest it had to wait. */
function turns() {
  let longest = 0;
  let count = 0;
  let last = performance.now();
  let goes = true;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    count += 1;
    if (goes) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop() {
      goes = false;
      return { longest, count };
    },
  };
}
