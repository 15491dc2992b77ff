import { describe, expect, test } from 'vitest';
import { parseObject } from '../src/fhir/ask.ts';
import { asWritten, rememberDecimals } from '../src/fhir/decimals.ts';
import { kindOfObservation } from '../src/record/observations/observation.ts';
import {
  type Analysis,
  analysisReader,
  type Report,
  type Result,
} from '../src/record/observations/results.ts';
import { seriesOf, trendOf } from '../src/record/observations/series.ts';
import type { Known } from '../src/record/reading.ts';
import { openRecord } from '../src/record/record.ts';
import { sift } from '../src/record/sift.ts';
import type { Resource } from '../src/sandbox/types.ts';
import { answered, type Bench, bench } from './bench.ts';

const NILAR = [{ kind: 'nilar', at: 'nilar' }] as const;
const LAB = [{ coding: [{ code: 'laboratory' }] }];

const resultsOf = (at: Bench): Promise<Known<Result>> => answered(openRecord(at.session).results);
const analyses = ({ items }: Known<Result>) =>
  items.filter((item): item is Analysis => item.kind !== 'report');
const reports = ({ items }: Known<Result>) =>
  items.filter((item): item is Report => item.kind === 'report');

const observation = (id: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: LAB,
  subject: { reference: 'Patient/p6' },
  code: { text: 'Kalium' },
  effectiveDateTime: '2026-11-01',
  ...more,
});

const page = (...resources: readonly object[]) =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    entry: resources.map(resource => ({ resource, search: { mode: 'match' } })),
  });

/** The record system’s answers to these questions, word for word, from a server that takes no batches. */
async function answering(answers: Readonly<Record<string, string>>): Promise<Bench> {
  const at = await bench({ patient: 'p6' });
  const { fetch } = at.session;
  return {
    ...at,
    session: {
      ...at.session,
      fetch: async request => {
        if ((await request.clone().text()).includes('Observation?'))
          return new Response('{}', { status: 501 });
        const type = /\/fhir\/(\w+)\?/.exec(request.url)?.[1] ?? '';
        const body = answers[type];
        return body === undefined
          ? fetch(request)
          : new Response(body, { headers: { 'content-type': 'application/fhir+json' } });
      },
    },
  };
}

/** As the record reads them, without the way there. */
const session = bench({ patient: 'p6' }).then(at => at.session);
const readAll = async (...resources: readonly Resource[]) => {
  const whose = { session: await session, identifiers: new Set<string>() };
  const { items } = sift(analysisReader(new Set()), resources.filter(isNoMeasurement), whose);
  return items.filter((item): item is Analysis => item.kind !== 'report');
};
const isNoMeasurement = (raw: Resource) => kindOfObservation(raw) !== 'measurement';
const readOne = async (more: object) => (await readAll(observation('x', more)))[0]!;

describe('laboratory answers', () => {
  test.each(['p1', 'p2', 'p3', 'p5'])(
    'everything received about %s is in one list or the other, none of it in both',
    async patient => {
      const at = await bench({ patient, sources: NILAR });
      const record = openRecord(at.session);
      const [results, measurements] = [
        await answered(record.results),
        await answered(record.measurements),
      ];
      const shown = results.items.reduce((n, { also = [] }) => n + 1 + also.length, 0);
      expect(shown + results.setAside.length).toBe(results.received);
      const twice = measurements.items.filter(({ source }) =>
        results.items.some(item => item.source.ref === source.ref),
      );
      expect(twice).toEqual([]);
    },
  );

  test('an observation without a category, or of another, is kept under «other»', async () => {
    const found = await readAll(
      observation('a'),
      observation('b', { category: undefined }),
      observation('c', { category: [{ coding: [{ code: 'social-history' }] }] }),
      observation('d', { category: [{ coding: [{ code: 'vital-signs' }] }] }),
    );
    expect(found.map(({ source, kind }) => [source.ref, kind])).toEqual([
      ['Observation/a', 'laboratory'],
      ['Observation/b', 'other'],
      ['Observation/c', 'other'],
    ]);
  });

  test('observations that are no results do not make the list say that there are results', async () => {
    const none = await answering({
      Observation: page(observation('b', { category: undefined })),
      DiagnosticReport: page(),
    });
    expect((await resultsOf(none)).state).toBe('none-recorded');
  });

  test('a server that ignores parameters is asked once, and nothing is counted twice', async () => {
    const at = await bench({ patient: 'p2' });
    await resultsOf(at);
    const asked = (await at.asked()).filter(row => row.includes('/Observation?'));
    expect(asked).toHaveLength(1);
  });

  test('one that cannot be read keeps its row, its name and its day', async () => {
    const [broken, whole] = await readAll(
      observation('a', { valueQuantity: { value: '5,4' } }),
      observation('b'),
    );
    expect(broken).toMatchObject({ flags: ['unreadable'], name: 'Kalium', at: '2026-11-01' });
    expect(whole?.flags).toEqual([]);
  });
});

describe('a value as it was written', () => {
  test.each([
    ['1.0', '1.0'],
    ['0.10', '0.10'],
    ['5.40e1', '5.40e1'],
    ['12345678901234567890', '12345678901234567890'],
    ['138', '138'],
  ])('%s stays %s', async (literal, digits) => {
    const body = page(observation('x', { valueQuantity: { value: 'HERE', unit: 'mmol/L' } }));
    const at = await answering({ Observation: body.replace('"HERE"', literal) });
    expect(analyses(await resultsOf(at))[0]?.value.text).toEqual({ digits });
  });

  test('numbers inside words are nobody’s to remember, and a text that does not agree is not believed', () => {
    const text = '{"a":"1.0","b":2.50,"c":[1.0],"d":{"e":3}}';
    const parsed = parseObject(text);
    if (!parsed.ok) throw new Error('not read');
    rememberDecimals(text, parsed.value);
    expect([asWritten(parsed.value, 'b'), asWritten(parsed.value['d'], 'e')]).toEqual([
      '2.50',
      '3',
    ]);
    const other = { b: 2.5 };
    rememberDecimals('{"b":2.50,"c":1}', other);
    expect(asWritten(other, 'b')).toBe('2.5');
  });

  test('a file of five million characters inside the answer is passed over', () => {
    const text = `{"data":"${'A'.repeat(5_000_000)}","value":1.0}`;
    const value: object = JSON.parse(text) as object;
    rememberDecimals(text, value);
    expect(asWritten(value, 'value')).toBe('1.0');
  });

  test('«<10» keeps its sign and is no number to draw', async () => {
    const { value } = await readOne({ valueQuantity: { value: 10, comparator: '<' } });
    expect(value).toMatchObject({ text: { digits: '<10' }, number: undefined });
  });

  test.each([
    ['words', { valueString: 'ikke påvist' }, { words: 'ikke påvist' }],
    ['a code', { valueCodeableConcept: { text: 'Positiv' } }, { words: 'Positiv' }],
    [
      'a titre',
      { valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } },
      { digits: '1:128' },
    ],
    [
      'a range',
      { valueRange: { low: { value: 2 }, high: { value: 4, unit: 'mg' } } },
      { digits: '2–4 mg' },
    ],
    ['yes or no', { valueBoolean: false }, false],
  ])('%s', async (_, wire, text) => {
    expect((await readOne(wire)).value.text).toEqual(text);
  });

  test('a form we do not show is said to be there, and a missing value says why', async () => {
    expect((await readOne({ valueSampledData: {} })).value.unshown).toBe(true);
    const absent = await readOne({ dataAbsentReason: { text: 'Hemolysert' } });
    expect(absent.value).toMatchObject({ text: undefined, missing: 'Hemolysert', unshown: false });
  });
});

const interpreted = (code: string) => ({
  interpretation: [
    {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code },
      ],
    },
  ],
});

describe('outside the reference', () => {
  const value = { value: 138, unit: 'µmol/L' };
  const range = { low: { value: 60, unit: 'µmol/L' }, high: { value: 105, unit: 'µmol/L' } };

  test.each([
    ['the source says high', { ...interpreted('HH'), valueQuantity: value }, 'high'],
    ['the source says low', { ...interpreted('L'), valueString: 'lav' }, 'low'],
    [
      'the source says normal, whatever the range',
      { ...interpreted('N'), valueQuantity: value, referenceRange: [range] },
      undefined,
    ],
    ['above its own range', { valueQuantity: value, referenceRange: [range] }, 'high'],
    [
      'below its own range',
      { valueQuantity: { ...value, value: 59 }, referenceRange: [range] },
      'low',
    ],
    [
      'on the limit',
      { valueQuantity: { ...value, value: 105 }, referenceRange: [range] },
      undefined,
    ],
    [
      'a range in words only',
      { valueQuantity: value, referenceRange: [{ text: '60–105' }] },
      undefined,
    ],
    [
      'a range in another unit',
      {
        valueQuantity: { value: 138, unit: 'mg/L' },
        referenceRange: [range],
      },
      undefined,
    ],
    [
      'a range for others',
      { valueQuantity: value, referenceRange: [{ ...range, appliesTo: [{ text: 'gravide' }] }] },
      undefined,
    ],
    [
      'a therapeutic range',
      {
        valueQuantity: value,
        referenceRange: [{ ...range, type: { coding: [{ code: 'therapeutic' }] } }],
      },
      undefined,
    ],
    [
      'a code of somebody’s own',
      { interpretation: [{ coding: [{ system: 'https://lab.example', code: 'H' }] }] },
      undefined,
    ],
  ])('%s', async (_, wire, outside) => {
    expect((await readOne(wire)).value.outside).toBe(outside);
  });
});

const potassium = (day: number, value: number, more: object = {}) =>
  observation(`o${day}`, {
    effectiveDateTime: `2026-10-${String(day).padStart(2, '0')}`,
    valueQuantity: { value, unit: 'mmol/L' },
    ...more,
  });

const coded = (code: string, system = 'urn:oid:2.16.578.1.12.4.1.1.7280') => ({
  code: { coding: [{ system, code }], text: 'Kalium' },
});

describe('answers over time', () => {
  test('the same code is one analyte whatever it is called; other codes with the same name are others', async () => {
    const items = await readAll(
      potassium(1, 4, coded('NPU03230')),
      potassium(2, 5, { code: { ...coded('NPU03230').code, text: 'K' } }),
      potassium(3, 6, coded('NPU03230', 'https://lab.example')),
      potassium(4, 7),
    );
    expect(seriesOf(items).map(({ older }) => older.length)).toEqual([0, 0, 1]);
  });

  test('without a code, the same name in serum and in urine is two', async () => {
    const items = await readAll(
      potassium(1, 4, { specimen: { display: 'Serum' } }),
      potassium(2, 40, { specimen: { display: 'Urin' } }),
    );
    expect(seriesOf(items)).toHaveLength(2);
  });

  test('at most twelve points, the newest, oldest first', async () => {
    const items = await readAll(...Array.from({ length: 20 }, (_, n) => potassium(n + 1, n + 1)));
    const [series] = seriesOf(items);
    const trend = trendOf(series!);
    expect(trend?.points.map(({ number }) => number)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 9),
    );
  });

  test('another unit, a limit, a cancelled and a doubtful one are never in the line, and are counted', async () => {
    const items = await readAll(
      potassium(1, 4),
      potassium(2, 5),
      potassium(3, 500, { valueQuantity: { value: 500, unit: 'µmol/L' } }),
      potassium(4, 3, { valueQuantity: { value: 3, unit: 'mmol/L', comparator: '<' } }),
      potassium(5, 9, { status: 'cancelled' }),
      potassium(6, 8, { modifierExtension: [{ url: 'https://x.example/not' }] }),
      potassium(7, 6),
    );
    const trend = trendOf(seriesOf(items)[0]!);
    expect(trend?.points.map(({ number }) => number)).toEqual([4, 5, 6]);
    expect(trend?.left).toBe(4);
  });

  test('one that cannot be read does not take the place of the newest that can', async () => {
    const items = await readAll(
      potassium(1, 4),
      potassium(9, 5, { valueQuantity: { value: 'tull' } }),
    );
    const names = seriesOf(items).map(({ newest }) => newest.flags);
    expect(names).toEqual([['unreadable'], []]);
  });
});

const report = (more: object = {}) => ({
  resourceType: 'DiagnosticReport',
  id: 'r',
  status: 'preliminary',
  subject: { reference: 'Patient/p6' },
  code: { text: 'Blodprøver' },
  effectiveDateTime: '2026-11-01',
  performer: [{ display: 'Fjordvik lab' }],
  ...more,
});

const reading = async (wire: object, ...observations: readonly object[]) =>
  resultsOf(await answering({ DiagnosticReport: page(wire), Observation: page(...observations) }));

describe('reports', () => {
  test('a report without any answer we can show is still there, with its laboratory and status', async () => {
    const results = await reading(report({ result: [{ reference: 'Observation/gone' }] }));
    expect(reports(results)).toMatchObject([
      { name: 'Blodprøver', laboratory: 'Fjordvik lab', standing: 'preliminary', unread: 1 },
    ]);
  });

  test('an answer without a report, and one whose only category is its report, are results', async () => {
    const results = await reading(
      report({ result: [{ reference: 'Observation/b' }] }),
      observation('a'),
      observation('b', { category: undefined }),
    );
    expect(analyses(results).map(({ kind }) => kind)).toEqual(['laboratory', 'laboratory']);
    expect(results.received).toBe(3);
  });

  test('answers that travel inside a report are read', async () => {
    const inner = { ...observation('i', { valueString: 'negativ' }), subject: undefined };
    const results = await reading(report({ contained: [inner], result: [{ reference: '#i' }] }));
    expect(reports(results)[0]).toMatchObject({
      unread: 0,
      contained: [{ name: 'Kalium', value: { text: { words: 'negativ' } } }],
    });
  });

  test('one that cannot be read keeps its row', async () => {
    const results = await reading(report({ status: 7 }));
    expect(reports(results)[0]?.flags).toEqual(['unreadable']);
  });
});

describe('Pasientens prøvesvar', () => {
  test('the laboratory’s answer and the record system’s copy are one, and bring the code along', async () => {
    const results = await resultsOf(await bench({ patient: 'p2', sources: NILAR }));
    expect(analyses(results)).toHaveLength(14);
    expect(analyses(results).every(({ also }) => also?.length === 1)).toBe(true);
    expect(seriesOf(analyses(results))[0]).toMatchObject({ newest: { at: '2026-11-14' } });
  });

  test('the patient is named in the body alone', async () => {
    const at = await bench({ patient: 'p2', sources: NILAR });
    await resultsOf(at);
    const asked = await at.asked();
    expect(asked).toContain('POST /nilar/DiagnosticReport/_search');
    expect(asked.join()).not.toMatch(/\d{11}/);
  });

  test('when it is off, the record system’s answers stand and it is named', async () => {
    const at = await bench({ patient: 'p2', sources: NILAR });
    await at.scenario({ match: '/nilar/', status: 503 });
    const results = await resultsOf(at);
    expect(analyses(results)).toHaveLength(14);
    expect(results.gaps).toEqual([
      { what: 'DiagnosticReport', from: 'Kilde nilar', why: 'failed' },
    ]);
  });

  test('an identifier two answers of one source share (a requisition) makes them no less two', async () => {
    const at = await bench({ patient: 'p2', sources: NILAR });
    const shared = [{ system: 'https://lab.example/requisition', value: '1' }];
    at.sandbox.store.load([
      { ...observation('q1', { identifier: shared }), subject: { reference: 'Patient/p2' } },
      { ...observation('q2', { identifier: shared }), subject: { reference: 'Patient/p2' } },
    ] as Resource[]);
    const results = await resultsOf(at);
    expect(analyses(results)).toHaveLength(16);
  });
});
