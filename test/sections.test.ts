import { describe, expect, test } from 'vitest';
import type { Failure } from '../src/fhir/failure.ts';
import type { SourceAddress } from '../src/fhir/session.ts';
import { type Part, partOf } from '../src/record/parts.ts';
import type { Item } from '../src/record/reading.ts';
import { openSection } from '../src/record/section.ts';
import { openSections } from '../src/record/sections.ts';
import { SECTIONS } from '../src/record/sources/kinds.ts';
import { critical, D1, medicine, plan, recordOf } from './hand-made.tsx';
import { analysis, document_, evaluation, measured, report } from './hand-made-items.ts';

const EHR = 'Fjordvik journal';
const KJ = 'Kjernejournal';
const now = () => D1;

const thing = (ref: string): Item => ({
  source: { from: EHR, ref, version: undefined, lastUpdated: undefined },
  identifiers: [],
  flags: [],
  why: [],
});

function said<T extends Item>(from: string, ...items: T[]): Part<T> {
  const value = { matches: items.map(() => ({})), included: [], remarks: [], gaps: [], at: D1 };
  return partOf(from, 'Flag', { ok: true, at: D1, value }, { items, setAside: [] }, true);
}
const silent = (from: string, kind: 'timeout' | 'blocked'): Part<Item> => {
  const failure: Failure = { kind };
  return partOf(from, 'Flag', { ok: false, failure }, { items: [], setAside: [] }, true);
};

const opened = () => openSection<Item>([EHR, KJ], now);

describe('a section that two sources are asked for', () => {
  test('is awaited from both, and from the other when one has nothing', () => {
    const section = opened();
    expect(section.expected).toEqual([EHR, KJ]);
    expect(section.reading.value).toEqual({ state: 'loading', from: [EHR, KJ] });
    section.put(EHR, [said(EHR)]);
    // «Not recorded» is said when everybody has answered, and not before.
    expect(section.reading.value).toEqual({ state: 'loading', from: [KJ] });
    section.put(KJ, [said(KJ)]);
    expect(section.reading.value).toMatchObject({
      state: 'none-recorded',
      gaps: [],
      from: [EHR, KJ],
    });
  });

  test('shows at once what has come, and says that the other is still to come', () => {
    const section = opened();
    section.put(KJ, [said(KJ, thing('Flag/1'))]);
    expect(section.reading.value).toMatchObject({
      state: 'present',
      items: [thing('Flag/1')],
      gaps: [{ what: EHR, from: EHR, why: 'waiting' }],
    });
  });

  test('an answer without any part is an answer', () => {
    const section = opened();
    section.put(EHR, []);
    expect(section.reading.value).toEqual({ state: 'loading', from: [KJ] });
    section.put(KJ, []);
    expect(section.reading.value).toEqual({ state: 'loading', from: [] });
  });

  test('stands in the order of the sources, not of their answers, and a later answer replaces the former', () => {
    const section = opened();
    section.put(KJ, [said(KJ, thing('Flag/2'))]);
    section.put(EHR, [said(EHR, thing('Flag/1'))]);
    const refs = () => {
      const { value } = section.reading;
      return value.state === 'loading' ? [] : value.items.map(({ source }) => source.ref);
    };
    expect(refs()).toEqual(['Flag/1', 'Flag/2']);
    section.put(KJ, [said(KJ, thing('Flag/3'))]);
    expect(refs()).toEqual(['Flag/1', 'Flag/3']);
  });

  test('a failure does not end the waiting; a patient who has blocked us does', () => {
    const section = opened();
    section.put(EHR, [silent(EHR, 'timeout')]);
    expect(section.reading.value).toEqual({ state: 'loading', from: [KJ] });
    section.put(EHR, [silent(EHR, 'blocked')]);
    expect(section.reading.value).toMatchObject({ state: 'withheld', withheld: 'blocked' });
  });

  test('knows what one source alone has said, and nothing of one that has said nothing', () => {
    const section = opened();
    section.put(KJ, [said(KJ, thing('Flag/2'))]);
    section.put(EHR, [said(EHR)]);
    expect(section.of(KJ)).toMatchObject({ state: 'present', items: [thing('Flag/2')] });
    expect(section.of(EHR)).toMatchObject({ state: 'none-recorded', items: [] });
    expect(section.of('Ukjent')).toBeUndefined();
  });

  test('is not said to be empty by what decides nothing', () => {
    const section = openSection<Item>([EHR], now, { matters: () => false });
    section.put(EHR, [said(EHR, thing('Flag/1'))]);
    expect(section.reading.value).toMatchObject({ state: 'none-recorded', items: [{}] });
    expect(section.of(EHR)).toMatchObject({ state: 'none-recorded' });
  });

  test('is as old as its oldest answer', () => {
    expect(openSection<Item>([], now).reading.value).toEqual({ state: 'loading', from: [] });
    const section = openSection<Item>([EHR], () => new Date(0));
    section.put(EHR, [said(EHR)]);
    expect(section.of(EHR)?.asOf).toEqual(D1);
    section.put(EHR, [silent(EHR, 'timeout')]);
    expect(section.of(EHR)?.asOf).toEqual(new Date(0));
  });
});

const source = (kind: SourceAddress['kind'], label: string): SourceAddress => ({
  kind,
  label,
  base: `https://${kind}.example`,
  headers: {},
  sendToken: false,
});

const both = <T extends Item>(item: T) => [
  said(EHR, item),
  said('Regionen', { ...item, source: { ...item.source, from: 'Regionen' } }),
];
const arrives = async (rows: () => number) => {
  for (let turn = 0; turn < 500 && rows() !== 1; turn += 1)
    await new Promise(resolve => {
      setTimeout(resolve, 2);
    });
  expect(rows()).toBe(1);
};
const put = <T extends Item>(
  section: { put: (from: string, parts: Part<T>[]) => void },
  item: T,
) => {
  const [first, other] = both(item);
  section.put(EHR, [first!]);
  section.put('Regionen', [other!]);
};

describe('the sections of a record', () => {
  const sources = [source('kj', KJ), source('sfm', 'SFM'), source('fhir', 'Regionen')];
  const record = () => openSections({ ...recordOf().session, sources });

  test('each is asked for of the EHR first, and of those that have such things', () => {
    const sections = record();
    for (const name of SECTIONS)
      expect([name, sections[name].expected]).toEqual([
        name,
        [
          EHR,
          ...(name === 'critical' ? [KJ] : []),
          ...(name === 'medicines' ? ['SFM'] : []),
          'Regionen',
        ],
      ]);
  });

  test('begin with nothing known', () => {
    const sections = record();
    for (const name of SECTIONS) expect(sections[name].reading.value.state).toBe('loading');
    expect(sections.patient.value).toEqual({ state: 'loading' });
    expect(sections.teams.value).toBeUndefined();
    expect([...sections.medicationHeaders.value]).toEqual([]);
  });

  const alone = () =>
    openSections({ ...recordOf().session, sources: [source('fhir', 'Regionen')] });
  const named = { identifiers: ['s|1'] };

  test('the same thing from two sources becomes one row, in every section', async () => {
    const sections = alone();
    put(sections.critical, critical(named));
    put(sections.medicines, medicine(named));
    put(sections.plans, plan(named));
    put(sections.evaluations, evaluation(named));
    put(sections.documents, document_(named));
    put(sections.results, report(named));
    put(sections.measurements, measured(named));
    for (const name of SECTIONS.filter(each => each !== 'history'))
      await arrives(() => {
        const { value } = sections[name].reading;
        return value.state === 'loading' ? 0 : value.items.length;
      });
  });

  test('what is not critical, or no result, does not make its section say something', () => {
    const sections = alone();
    const state = (name: 'critical' | 'results') => sections[name].of(EHR)?.state;
    sections.critical.put(EHR, [said(EHR, critical({ kind: 'other' }))]);
    sections.results.put(EHR, [said(EHR, analysis({ kind: 'other' }))]);
    expect([state('critical'), state('results')]).toEqual(['none-recorded', 'none-recorded']);
    sections.critical.put(EHR, [said(EHR, critical())]);
    sections.results.put(EHR, [said(EHR, analysis())]);
    expect([state('critical'), state('results')]).toEqual(['present', 'present']);
    // A statement of none is one.
    sections.critical.put(EHR, [said(EHR, critical({ none: 'allergy' }))]);
    expect(state('critical')).toBe('asserted-none');
  });
});
