import { expect, test } from 'vitest';
import { isRaw } from '../src/fhir/ask.ts';
import { bench } from './bench.ts';
import { accountOf, expectConserved } from './conserved.ts';
import { examples, examplesAbout } from './official.ts';
import { sectionBuilders } from './section-builders.ts';

const { session } = await bench({ patient: 'p6' });
const sections = Object.entries(sectionBuilders(session));

const ours = examplesAbout(session.patient);

test('R31 official-examples: every example of every type we read is there', () => {
  expect(examples).toHaveLength(370);
  expect(new Set(examples.map(({ resourceType }) => resourceType)).size).toBe(33);
});

test.each(sections)(
  'R31 official-examples: about somebody else they are set aside in %s, every one',
  async (name, make) => {
    const known = await make(examples);
    expectConserved(known);
    if (name !== 'patient') expect(accountOf(known)).toMatchObject({ shown: 0 });
  },
);

test.each(sections)(
  'R31 official-examples: about our patient they are all shown or set aside in %s',
  async (name, make) => {
    const known = await make(ours);
    expectConserved(known);
    // None of HL7's questionnaires evaluates a plan.
    if (name !== 'evaluations') expect(known.items.length).toBeGreaterThan(0);
    // They are all valid R4: what we cannot read of them is a fault of ours.
    const unreadable = known.items.filter(({ flags }) => flags.includes('unreadable'));
    expect(unreadable.map(({ source, why }) => [source.ref, ...why])).toEqual([]);
  },
);

test('R31 official-examples: one at a time, so that none can lean on another', async () => {
  for (const one of ours)
    for (const [, make] of sections) expectConserved(await make([one].filter(isRaw)));
});
