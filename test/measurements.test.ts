import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Measurement, measurementReader } from '../src/record/observations/measurements.ts';
import { seriesOf, trendOf } from '../src/record/observations/series.ts';
import type { Known } from '../src/record/reading.ts';
import { openRecord } from '../src/record/record.ts';
import { sift } from '../src/record/sift.ts';
import { answered, type Bench, bench } from './bench.ts';

const PMD = [{ kind: 'pmd', at: 'pmd' }] as const;
const TURID = { patient: 'p3', sources: PMD };

const measurementsOf = (at: Bench) => answered(openRecord(at.session).measurements);

async function switched(at: Bench, pmd: string) {
  const address = `${at.sandbox.ehrOrigin}/ehr/sources`;
  const headers = { 'content-type': 'application/json' };
  await at.sandbox.fetch(
    new Request(address, { method: 'POST', headers, body: JSON.stringify({ pmd }) }),
  );
}

const newestOf = ({ items }: Known<Measurement>, name: string) =>
  seriesOf(items).find(({ newest }) => newest.name === name)?.newest;

describe('home measurements', () => {
  test.each(['silent', 'off'])(
    'a source that is %s clears nothing: the record system’s copy stands, and the source is named',
    async state => {
      const at = await bench(TURID);
      await switched(at, state);
      const known = await measurementsOf(at);
      expect(newestOf(known, 'SpO2 hvile')).toMatchObject({
        at: '2026-11-19T07:38:00+01:00',
        value: { text: { digits: '90' }, unit: '%' },
        source: { from: 'Sandkassen', lastUpdated: '2026-11-20T16:05:00+01:00' },
      });
      expect(known.state).toBe('present');
      expect(known.gaps).toMatchObject([{ from: 'Kilde pmd', why: 'failed' }]);
    },
  );

  test('when it answers, its newer values come in, and those in both are one', async () => {
    const at = await bench(TURID);
    await switched(at, 'on');
    const known = await measurementsOf(at);
    expect(newestOf(known, 'SpO2 hvile')?.value.text).toEqual({ digits: '89' });
    expect(known.items.filter(({ also }) => also)).toHaveLength(8);
    const all = known.items.reduce((n, { also = [] }) => n + 1 + also.length, 0);
    expect(all + known.setAside.length).toBe(known.received);
  });

  test('copy and original are one series, also where only the original has codes', async () => {
    const at = await bench(TURID);
    await switched(at, 'on');
    const [saturation] = seriesOf((await measurementsOf(at)).items);
    expect(trendOf(saturation!)?.points.map(({ number }) => number)).toEqual([92, 91, 90, 89]);
  });

  test('the patient is named in the body alone', async () => {
    const at = await bench(TURID);
    await measurementsOf(at);
    const asked = await at.asked();
    expect(asked).toContain('POST /pmd/Observation/_search');
    expect(asked.join()).not.toMatch(/\d{11}/);
  });

  test('somebody without measurements has none recorded, only when everybody has answered', async () => {
    const at = await bench({ patient: 'p6', sources: PMD });
    await switched(at, 'on');
    expect((await measurementsOf(at)).state).toBe('none-recorded');
    const silent = await bench({ patient: 'p6', sources: PMD });
    await switched(silent, 'off');
    expect((await measurementsOf(silent)).state).toBe('failed');
  });
});

const REAL = fileURLToPath(
  new URL('../../shared/data/real/HL7Norway+VkpObservation', import.meta.url),
);

const read = async (name: string) => {
  const raw = JSON.parse(readFileSync(`${REAL}/Observation-${name}-create.json`, 'utf8')) as {
    subject: object;
    resourceType: string;
  };
  const { session } = await bench({ patient: 'p6' });
  const mine = { ...raw, subject: { reference: 'Patient/p6' } };
  return sift(measurementReader, [mine], { session, identifiers: new Set() }).items[0]!;
};

describe.skipIf(!existsSync(REAL))('VkpObservation (needs ../shared/data/real)', () => {
  test('blood pressure is shown whole: both parts, and what was written about it', async () => {
    const { components, notes, flags } = await read('blood-pressure');
    expect(components.map(({ name, text, unit }) => [name, text, unit]).slice(0, 2)).toEqual([
      ['Systolic blood pressure', { digits: '123' }, 'mm[Hg]'],
      ['Diastolic blood pressure', { digits: '78' }, 'mm[Hg]'],
    ]);
    expect(notes.map(({ text }) => text)).toEqual(['Demo Blood Pressure']);
    expect(flags).toEqual([]);
  });

  test('a score keeps its sum, its parts, and the source’s own words for each', async () => {
    const { value, components } = await read('vkp-news2');
    expect(value.text).toEqual({ digits: '20' });
    expect(components).toHaveLength(7);
    expect(components[0]?.interpretation).toBe('≥25');
  });
});
