import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeMedicines } from '../src/record/medicines/medicines-merge.ts';
import type { Medicine } from '../src/record/model.ts';
import { medicine } from './hand-made.tsx';

const from = (source: string, more: Partial<Medicine> = {}): Medicine => {
  const made = medicine(more);
  return { ...made, source: { ...made.source, from: source } };
};
const ehr = (more?: Partial<Medicine>) => from('Fjordvik journal', more);
const pll = (more?: Partial<Medicine>) => from('Legemiddellisten', more);
const third = (more?: Partial<Medicine>) => from('Sykehuset', more);

const SERTRALINE = 'N06AB06';
const rowsOf = (...medicines: readonly Medicine[]) =>
  mergeMedicines(medicines).map(({ source, also = [] }) =>
    [source.from, ...also.map(other => other.source.from)].join(' + '),
  );

describe('the same medicine from two sources', () => {
  test('is one row under the same PLL id, whatever it is called', () => {
    const key = { identifiers: ['PLL|1'] };
    expect(rowsOf(ehr({ ...key, substance: 'a' }), pll({ ...key, substance: 'b' }))).toEqual([
      'Fjordvik journal + Legemiddellisten',
    ]);
  });

  test('is one row under the same ATC code of a single substance', () => {
    expect(rowsOf(ehr({ atc: SERTRALINE }), pll({ atc: SERTRALINE }))).toEqual([
      'Fjordvik journal + Legemiddellisten',
    ]);
  });

  test('is never found by name, nor by half an ATC code', () => {
    const same = { substance: 'kalsium', product: 'Calcigran', atc: 'A12AX' };
    expect(rowsOf(ehr(same), pll(same))).toHaveLength(2);
    const nameless = { substance: 'sertralin', atc: undefined };
    expect(rowsOf(ehr(nameless), pll(nameless))).toHaveLength(2);
  });

  test('stays apart where one source has the code twice', () => {
    const code = { atc: SERTRALINE };
    expect(rowsOf(ehr(code), ehr(code), pll(code))).toHaveLength(3);
  });

  test('stays apart where the national list has two lines for it', () => {
    expect(
      rowsOf(
        ehr({ atc: SERTRALINE, identifiers: ['PLL|1'] }),
        pll({ atc: SERTRALINE, identifiers: ['PLL|2'] }),
      ),
    ).toHaveLength(2);
  });

  test.each([
    ['says «IKKE gi»', { flags: ['negated'] }],
    ['cannot be interpreted', { flags: ['uninterpretable'] }],
    ['cannot be read', { flags: ['unreadable'] }],
    ['is only proposed', { tentative: 'proposal' }],
    ['is an older prescription in a chain', { superseded: true }],
  ] as const)('stays apart where one of them %s', (_, more) => {
    const key = { atc: SERTRALINE, identifiers: ['PLL|1'] };
    expect(rowsOf(ehr({ ...key, ...more }), pll(key))).toHaveLength(2);
  });

  test('a vaccine given twice is two vaccinations', () => {
    const dose = { group: 'vaccine', atc: 'J07BN01' } as const;
    expect(rowsOf(ehr(dose), pll(dose))).toHaveLength(2);
  });

  test('three sources that all have it are one row', () => {
    const rows = rowsOf(
      ehr({ identifiers: ['PLL|1'], atc: undefined }),
      pll({ identifiers: ['PLL|1'], atc: SERTRALINE }),
      third({ atc: SERTRALINE }),
    );
    expect(rows).toEqual(['Fjordvik journal + Legemiddellisten + Sykehuset']);
  });

  test('in use in one source and stopped in another, it stands among those in use, and contradicts', () => {
    const [row] = mergeMedicines([
      ehr({ atc: SERTRALINE, group: 'stopped', flags: ['inactive'] }),
      pll({ atc: SERTRALINE, group: 'regular' }),
    ]);
    expect(row).toMatchObject({ group: 'regular', flags: ['contradiction'] });
    expect(row?.also?.map(({ group }) => group)).toEqual(['stopped']);
  });

  test.each([
    ['another dose', { dose: ['100 mg'] }, true],
    ['another strength', { strength: '100 mg' }, true],
    ['another way of use', { group: 'as-needed' }, true],
    ['the same dose on two lines', { dose: ['1 tablett\nkl. 8'] }, false],
    ['no dose at all', { dose: [] }, false],
    ['a way of use nobody gave', { group: 'unspecified' }, false],
  ] as const)('with %s contradicts: %#', (_, more, contradicts) => {
    const [row] = mergeMedicines([
      ehr({ atc: SERTRALINE, strength: '50 mg' }),
      pll({ atc: SERTRALINE, strength: '50 mg', ...more }),
    ]);
    expect(row?.flags).toEqual(contradicts ? ['contradiction'] : []);
  });

  test('whatever the sources hold, nothing is lost and nothing is there twice', () => {
    const any = fc.record({
      from: fc.constantFrom('a', 'b', 'c'),
      atc: fc.constantFrom(undefined, 'N06AB06', 'N05BA01', 'A12AX'),
      pll: fc.constantFrom(undefined, '1', '2', '3'),
      group: fc.constantFrom('regular', 'stopped', 'vaccine', 'unspecified'),
      flags: fc.constantFrom([], ['negated'], ['uninterpretable']),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), list => {
        const medicines = list.map(one =>
          from(one.from, {
            atc: one.atc,
            group: one.group as Medicine['group'],
            flags: one.flags,
            identifiers: one.pll ? [`PLL|${one.pll}`] : [],
          }),
        );
        const rows = mergeMedicines(medicines);
        const all = rows.flatMap(row => [row, ...(row.also ?? [])]);
        expect(all.map(({ source }) => source.ref).toSorted()).toEqual(
          medicines.map(({ source }) => source.ref).toSorted(),
        );
        for (const { source, also = [] } of rows)
          expect(
            new Set([source, ...also.map(each => each.source)].map(each => each.from)).size,
          ).toBe(1 + also.length);
      }),
    );
  });
});
