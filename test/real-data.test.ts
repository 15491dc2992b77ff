import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../src/record/model.ts';
import type { Item, Reading } from '../src/record/reading.ts';
import { readDataFiles } from '../src/sandbox/data-files.ts';
import { bench } from './bench.ts';

/** Third-party example resources, read in place and never copied into this project. */
const REAL = fileURLToPath(new URL('../../shared/data/real', import.meta.url));

const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .flatMap(name => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesIn(path) : [path];
    })
    .filter(path => path.endsWith('.json'));

const files = existsSync(REAL) ? filesIn(REAL).toSorted() : [];

describe.skipIf(files.length === 0)(`real examples (needs ../shared/data/real)`, () => {
  test.each(files.map(path => [relative(REAL, path)]))(
    '%s: everything received is shown, flagged or set aside',
    async name => {
      const path = join(REAL, name);
      const { patients, problems } = await readDataFiles(path);
      if (name.includes('ORIGINAL')) expect(problems).not.toEqual([]);
      for (const patient of patients) {
        const { record } = await bench({ patient: patient.id, dataPath: path });
        const opened = await record();
        for (const section of [opened.plans, opened.critical, opened.medicines])
          expectWhole(section.value);
        expectWhole(opened.patient.value);
      }
    },
    60_000,
  );

  test('the real PLL answer shows ten lines, five of them stopped, doses as written', async () => {
    const path = join(
      REAL,
      'NorskHelsenett+SFM.tools/Troy_getMedResponse_v3-9_e-multidose.fixed.json',
    );
    const { patients } = await readDataFiles(path);
    const { record } = await bench({ patient: patients[0]?.id ?? '', dataPath: path });
    const medicines = (await record()).medicines.value;
    if (medicines.state === 'loading') throw new Error('still loading');
    expect(medicines.items).toHaveLength(10);
    expect(medicines.items.filter(({ group }) => group === 'stopped')).toHaveLength(5);
    expect(medicines.items.every(({ substance }) => substance)).toBe(true);
    expect(medicines.items.flatMap(({ dose }) => dose).length).toBeGreaterThan(0);
  });

  test('the green, yellow and red zones of the hackathon plan stand under their plan', async () => {
    const path = join(REAL, 'HL7Norway+Planer-CarePlan-hacking');
    const { patients } = await readDataFiles(path);
    const plans: Plan[] = [];
    for (const patient of patients) {
      const { record } = await bench({ patient: patient.id, dataPath: path });
      const reading = (await record()).plans.value;
      if (reading.state !== 'loading') plans.push(...reading.items);
    }
    const zoned = plans.find(({ zones }) => zones.length === 3);
    expect(zoned?.zones.map(({ level }) => level).toSorted()).toEqual(['green', 'red', 'yellow']);
    expect(zoned?.zones.every(({ condition }) => condition)).toBe(true);
  });
});

if (files.length === 0)
  test('real examples', context => {
    context.skip('../shared/data/real is not beside this checkout');
  });

/** The conservation law: shown (flagged ones included) and set aside add up to what was received. */
function expectWhole(reading: Reading<Item>): void {
  if (reading.state === 'loading') throw new Error('still loading');
  const nested = reading.items.flatMap(item => {
    const zones = (item as Partial<Plan>).zones ?? [];
    return zones.filter(
      ({ source }) => source.ref !== item.source.ref && source.ref.startsWith('CarePlan/'),
    );
  });
  expect(reading.items.length + nested.length + reading.setAside.length).toBe(reading.received);
  expect(reading.failure).toBeUndefined();
}
