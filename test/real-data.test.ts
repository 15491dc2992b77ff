import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Plan } from '../src/record/model.ts';
import { readDataFiles } from '../src/sandbox/data-files.ts';
import { bench } from './bench.ts';
import { type Account, accountOf, expectConserved, sectionsOf } from './conserved.ts';

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

const table: Record<string, Account> = {};

describe.skipIf(files.length === 0)(`real examples (needs ../shared/data/real)`, () => {
  afterAll(() => {
    process.stdout.write(`\nReal examples, per file, over all sections:\n${tableText(table)}\n`);
  });

  test.each(files.map(path => [relative(REAL, path)]))(
    '%s: everything received is shown, merged or set aside',
    async name => {
      const path = join(REAL, name);
      const { patients, problems } = await readDataFiles(path);
      if (name.includes('ORIGINAL')) expect(problems).not.toEqual([]);
      const accounts: Account[] = [];
      for (const patient of patients) {
        const { record } = await bench({ patient: patient.id, dataPath: path });
        for (const section of sectionsOf(await record())) {
          expectConserved(section);
          expect(section).toMatchObject({ failure: undefined });
          accounts.push(accountOf(section));
        }
      }
      table[name] = sum(accounts);
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

const nothing: Account = { received: 0, shown: 0, flagged: 0, merged: 0, setAside: 0 };

const sum = (accounts: readonly Account[]): Account =>
  accounts.reduce(
    (total, one) => ({
      received: total.received + one.received,
      shown: total.shown + one.shown,
      flagged: total.flagged + one.flagged,
      merged: total.merged + one.merged,
      setAside: total.setAside + one.setAside,
    }),
    nothing,
  );

const row = (name: string, cells: readonly (string | number)[]) =>
  [name.slice(-72).padEnd(72), ...cells.map(cell => String(cell).padStart(9))].join(' ');

/** received = shown + merged + set aside; flagged ones are among the shown. */
function tableText(accounts: Readonly<Record<string, Account>>): string {
  const heads = ['received', 'shown', 'flagged', 'merged', 'setAside'] as const;
  return [
    row('', heads),
    ...Object.entries(accounts)
      .filter(([, { received }]) => received > 0)
      .map(([name, account]) =>
        row(
          name,
          heads.map(head => account[head]),
        ),
      ),
    row(
      'all',
      heads.map(head => sum(Object.values(accounts))[head]),
    ),
  ].join('\n');
}
