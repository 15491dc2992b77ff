import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plan } from '../src/record/model.ts';
import type { Item, Reading } from '../src/record/reading.ts';
import { openRecord } from '../src/record/record.ts';
import { bench } from './bench.ts';

/** Values that turn up where something else was meant. */
const odd = fc.constantFrom<unknown>(
  null,
  '',
  'x'.repeat(5000),
  0,
  -1,
  true,
  [],
  {},
  [null],
  [[]],
  { reference: 17 },
  '\u202Etekst',
  'javascript:alert(1)',
  '0001-01-01',
  '2026-13-45',
);

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
}

/** Every place in a JSON value where something stands. */
function places(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown> | unknown[];
  return Object.keys(holder).flatMap(key => {
    const inner = (holder as Record<string, unknown>)[key];
    return [{ holder, key }, ...places(inner)];
  });
}

test('however an answer is bent, nothing crashes and everything received is accounted for', async () => {
  const at = await bench();
  const answers = new Map<string, string>();
  const real = at.session.fetch;
  // Single searches, so that one type can be bent at a time.
  const offer = at.session.offer.then(known => ({ ...known, batch: false }));
  const remember = async (request: Request) => {
    const address = new URL(request.url).pathname + new URL(request.url).search;
    const kept = answers.get(address) ?? (await (await real(request)).text());
    answers.set(address, kept);
    return new Response(kept);
  };
  await sections({ ...at.session, offer, fetch: remember });
  const addresses = [...answers.keys()];

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...addresses),
      fc.array(fc.tuple(fc.nat(), fc.option(odd, { nil: undefined })), {
        minLength: 1,
        maxLength: 4,
      }),
      async (address, bends) => {
        const value: unknown = JSON.parse(answers.get(address) ?? 'null');
        for (const [where, what] of bends) {
          const all = places(value);
          const place = all[where % Math.max(all.length, 1)];
          if (!place) continue;
          if (what === undefined) Reflect.deleteProperty(place.holder, place.key);
          else Reflect.set(place.holder, place.key, structuredClone(what));
        }
        const bent = async (request: Request) => {
          const url = new URL(request.url);
          const asked = url.pathname + url.search;
          if (asked === address) return new Response(JSON.stringify(value));
          const kept = answers.get(asked);
          return kept === undefined ? real(request) : new Response(kept);
        };
        for (const section of await sections({ ...at.session, offer, fetch: bent }))
          expectWhole(section);
      },
    ),
    // The same bends every time, so that a failure can be looked at again; FUZZ_SEED tries others.
    { numRuns: 400, seed: Number(process.env['FUZZ_SEED'] ?? 20261121) },
  );
}, 120_000);

async function sections(session: Parameters<typeof openRecord>[0]): Promise<Reading<Item>[]> {
  const record = openRecord(session);
  await record.refresh();
  return [record.patient, record.plans, record.critical, record.medicines].map(
    section => section.value as Reading<Item>,
  );
}

function expectWhole(reading: Reading<Item>): void {
  if (reading.state === 'loading') throw new Error('a section was left loading');
  const zones = reading.items.flatMap(item =>
    ((item as Partial<Plan>).zones ?? []).filter(
      ({ source }) => source.ref !== item.source.ref && source.ref.startsWith('CarePlan'),
    ),
  );
  expect(reading.items.length + zones.length + reading.setAside.length).toBe(reading.received);
}
