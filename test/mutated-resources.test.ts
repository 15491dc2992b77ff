import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRaw, type Raw } from '../src/fhir/ask.ts';
import { refOf } from '../src/fhir/references.ts';
import { bench } from './bench.ts';
import { apply, bend, seed } from './bends.ts';
import { expectConserved } from './conserved.ts';
import { sectionBuilders } from './section-builders.ts';

const RUNS = 350;
const BENDS = 30;

test.each(['p1', 'p2'])(
  'R32 mutation-fuzz: however the resources of %s are bent, every section is made and everything received is accounted for',
  async patient => {
    const { sandbox, session } = await bench({ patient });
    const resources = concerning(patient, sandbox.store.all());
    const texts = resources.map(resource => JSON.stringify(resource));
    expect(new Set(resources.map(({ resourceType }) => resourceType)).size).toBeGreaterThan(20);
    const build = sectionBuilders(session);
    let bends = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(texts.length - 1), bend), { minLength: BENDS, maxLength: BENDS }),
        async made => {
          const bent = new Map<number, Raw>();
          for (const [index, change] of made) {
            const value = bent.get(index) ?? read(texts[index]);
            bends += apply(change, value) ? 1 : 0;
            bent.set(index, value);
          }
          const all = resources.map((resource, index) => bent.get(index) ?? resource);
          for (const make of Object.values(build)) expectConserved(await make(all.filter(isRaw)));
        },
      ),
      { numRuns: RUNS, seed, endOnFailure: true },
    );
    expect(bends).toBeGreaterThan(10_000);
  },
  180_000,
);

const read = (text: string | undefined): Raw => JSON.parse(text ?? '{}') as Raw;

/** The patient, what is about the patient, and what that refers to. */
function concerning(patient: string, all: readonly Raw[]): readonly Raw[] {
  const about = all.filter(raw => refOf(raw) === `Patient/${patient}` || mentions(raw, patient));
  const named = JSON.stringify(about);
  const around = all.filter(
    raw =>
      !about.includes(raw) &&
      named.includes(`"${refOf(raw)}"`) &&
      raw['resourceType'] !== 'Patient',
  );
  return [...about, ...around];
}

const mentions = (raw: Raw, patient: string) =>
  [raw['subject'], raw['patient'], raw['for']].some(
    who => isRaw(who) && who['reference'] === `Patient/${patient}`,
  );
