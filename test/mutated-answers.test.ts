import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, bend, seed } from './bends.ts';
import { expectConserved, sectionsOf } from './conserved.ts';
import { golden } from './golden.ts';

test.each(['p2', 'p3'])(
  'R32 mutation-fuzz: however the answers about %s are bent, on whichever way they come, every section ends in a state and adds up',
  async patient => {
    const { answers, recordWith } = await golden({ patient });
    const addresses = [...answers.keys()];
    let bends = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...addresses), bend), { minLength: 40, maxLength: 40 }),
        async made => {
          const bent = new Map<string, unknown>();
          for (const [address, change] of made) {
            const value = bent.get(address) ?? JSON.parse(answers.get(address) ?? '{}');
            bends += apply(change, value) ? 1 : 0;
            bent.set(address, value);
          }
          const texts = new Map([...bent].map(([at, value]) => [at, JSON.stringify(value)]));
          for (const section of sectionsOf(await recordWith(texts))) expectConserved(section);
        },
      ),
      { numRuns: 30, seed, endOnFailure: true },
    );
    expect(bends).toBeGreaterThan(1000);
  },
  180_000,
);
