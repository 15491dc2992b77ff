import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseObject } from '../src/fhir/ask.ts';
import type { Medicine } from '../src/record/model.ts';
import { knownFrom } from '../src/record/parts.ts';
import type { Known, Reading } from '../src/record/reading.ts';
import { medicationFrom } from '../src/record/sources/sfm.ts';
import { bench, type Wanted } from './bench.ts';

const SFM = 'Kilde sfm';
const withSfm = (patient: string, more: Wanted = {}) =>
  bench({ patient, sources: [{ kind: 'sfm', at: 'sfm' }], ...more });

const read = (reading: Reading<Medicine>): Known<Medicine> => {
  if (reading.state === 'loading') throw new Error('still loading');
  return reading;
};
const medicinesOf = async (patient: string, more?: Wanted) =>
  read((await (await withSfm(patient, more)).record()).medicines.value);

const named = (known: Known<Medicine>, substance: string) => {
  const found = known.items.find(item => item.substance === substance);
  if (!found) throw new Error(`no ${substance}`);
  return found;
};

/** SAFETY 4: everything received is on screen, beside what is on screen, or named as set aside. */
function expectWhole({ items, setAside, received }: Known<Medicine>): void {
  const also = items.flatMap(item => item.also ?? []);
  expect(items.length + also.length + setAside.length).toBe(received);
}

describe('the national medication list beside the EHR’s copy', () => {
  test.each(['p1', 'p2', 'p5', 'p6'])(
    'everything received about %s is a row, stands in a row, or is set aside',
    async patient => expectWhole(await medicinesOf(patient)),
  );

  test('Maja’s medicines are one row each, with both sources, and nothing contradicts', async () => {
    const known = await medicinesOf('p1');
    const sertraline = named(known, 'sertralin');
    expect(sertraline.also?.map(({ source }) => source.from)).toEqual([SFM]);
    expect(known.items).toHaveLength(8);
    expect(known.items.flatMap(({ flags }) => flags)).not.toContain('contradiction');
    expect(known.received).toBe(15);
  });

  test('it says who prescribed, when, what for, and why it was stopped', async () => {
    const known = await medicinesOf('p1');
    const [national] = named(known, 'kvetiapin').also ?? [];
    expect(national).toMatchObject({
      group: 'stopped',
      onPll: true,
      changedBy: 'Tuva Poliklin',
      indication: 'uro',
      stoppedBecause: 'tretthet og vektøkning; venter på fastlegen',
    });
    expect(national?.changed).toMatch(/^2026-11-12T13:30/);
  });

  test('a supplement without any code is one row by its PLL id', async () => {
    const oil = named(await medicinesOf('p2'), 'omega-3 (tran)');
    expect(oil.atc).toBeUndefined();
    expect(oil.also?.map(({ source }) => source.from)).toEqual([SFM]);
  });

  test('what lies in Olav’s multidose says so, and his dose keeps its line breaks', async () => {
    const known = await medicinesOf('p2');
    const of = (substance: string) => named(known, substance).also?.[0];
    expect(of('ramipril')?.multidose).toBe(true);
    expect(of('levotyroksin')?.multidose).toBeUndefined();
    expect(of('furosemid')?.dose).toEqual(['40 mg kl. 8\nog kl. 14']);
    expect(named(known, 'furosemid').flags).toEqual([]);
  });

  test('Jonas’ list says that locked prescriptions exist and that kjernejournal was not to be looked in', async () => {
    const known = await medicinesOf('p5', { user: 'u-gp2' });
    expect(known.gaps).toEqual([
      { what: 'sfm-kj', from: SFM, why: 'not-permitted' },
      { what: 'sfm-locked', from: SFM, why: 'withheld', withheld: 'restricted' },
    ]);
    expect(known.remarks.map(({ text }) => text)).toContain(
      'KJFeilkode 5: Ingen rettighet til KJ oppslag',
    );
    expect(known.items.length).toBeGreaterThan(0);
  });

  test('Aminas list is not made: that is «not recorded», never «none»', async () => {
    const known = await medicinesOf('p6');
    expect(known.items).toEqual([]);
    expect(known.state).toBe('none-recorded');
  });

  test('the header’s date comes from SFM and the remarks of the EHR’s list still stand', async () => {
    const header = (await (await withSfm('p1')).record()).medicationHeader.value;
    expect(header?.reconciled).toMatch(/^2026-11-12T13:35/);
    expect(header?.notes.join()).toContain('maks 7 døgn');
  });

  test('the patient is named in the body alone', async () => {
    const at = await withSfm('p1');
    await at.record();
    const asked = (await at.asked()).filter(line => line.includes('/sfm/'));
    expect(asked).toEqual(['POST /sfm/Patient/$getMedication']);
  });

  test('SFM does not answer: the EHR’s rows stand, and the list says what is missing', async () => {
    const at = await withSfm('p1');
    await at.scenario({ match: 'POST /sfm/Patient/$getMedication', status: 503 });
    const known = read((await at.record()).medicines.value);
    expect(known.items).toHaveLength(8);
    expect(known.state).toBe('present');
    expect(known.gaps).toEqual([{ what: 'MedicationStatement', from: SFM, why: 'failed' }]);
    expect(known.failing).toBe(SFM);
  });

  test('a search answer, a login page in JSON or an empty object is no medication list', async () => {
    for (const body of ['{"resourceType":"Bundle","type":"searchset"}', '{}', '{"login":true}']) {
      const at = await withSfm('p6');
      await at.scenario({ match: 'POST /sfm/Patient/$getMedication', status: 200, body });
      const known = read((await at.record()).medicines.value);
      expect(known).toMatchObject({ state: 'failed', failure: { kind: 'not-understood' } });
    }
  });
});

/** What SFM answers about Maja, changed by hand before it is read. */
const OURS = 'urn:oid:2.16.578.1.12.4.1.4.1|25039296929';
const person = (fnr: string) => ({
  fullUrl: 'urn:uuid:patient',
  resource: {
    resourceType: 'Patient',
    id: '1',
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: fnr }],
  },
});
const line = (id: string, more: object = {}) => ({
  fullUrl: `urn:uuid:${id}`,
  resource: {
    resourceType: 'MedicationStatement',
    id,
    status: 'active',
    subject: { reference: 'urn:uuid:patient', type: 'http://profile/sfm-Patient' },
    medicationCodeableConcept: { text: `middel ${id}` },
    dosage: [{ text: '1 tablett' }],
    ...more,
  },
});
const dispense = (prescription: string) => ({
  fullUrl: `urn:uuid:dispense-${prescription}`,
  resource: {
    resourceType: 'MedicationDispense',
    status: 'completed',
    medicationReference: { display: 'Ibux Tab 600 mg' },
    authorizingPrescription: [{ reference: `urn:uuid:${prescription}` }],
    whenHandedOver: '2023-09-27',
  },
});
const section = (code: string, more: object) => ({
  code: { coding: [{ system: 'http://ehelse.no/fhir/CodeSystem/sfm-section-types', code }] },
  ...more,
});
const documentOf = (entries: readonly object[], sections: readonly object[] = [LISTED]) => [
  {
    fullUrl: 'urn:uuid:composition',
    resource: {
      resourceType: 'Composition',
      subject: { reference: 'urn:uuid:patient' },
      section: sections,
    },
  },
  ...entries,
];
const LISTED = section('sectionMedication', { entry: [{ reference: 'urn:uuid:a' }] });

async function answering(
  entry: readonly object[],
  parameters: readonly object[] = [],
): Promise<Known<Medicine>> {
  const { session } = await bench();
  const at = new Date('2024-02-01T12:00:00Z');
  const value = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'medication', resource: { resourceType: 'Bundle', type: 'document', entry } },
      ...parameters,
    ],
  };
  const whose = { session, identifiers: new Set([OURS]) };
  return knownFrom(medicationFrom(value, at, whose).medicines ?? [], at);
}
const error = (name: string, code: string, display?: string) => ({
  name,
  valueCodeableConcept: { coding: [{ code, display }] },
});

describe('an answer of SFM', () => {
  test('about another patient is set aside whole, its header and its locked prescriptions with it', async () => {
    const known = await answering(documentOf([person('13116900216'), line('a')]), [
      { name: 'RFHarLaste', valueBoolean: true },
    ]);
    expect(known.items).toEqual([]);
    expect(known.setAside).toEqual([{ ref: 'MedicationStatement/a', why: 'other-patient' }]);
    expect(known.state).toBe('failed');
    expect(known.gaps).toEqual([]);
  });

  test('about another patient without a single medicine is a failure, never an empty list', async () => {
    const empty = section('sectionMedication', { emptyReason: { coding: [{ code: 'nilknown' }] } });
    expect((await answering(documentOf([person('13116900216')], [empty]))).state).toBe('failed');
  });

  test('keeps what is another person’s in it apart from what is ours', async () => {
    const stranger = {
      ...person('13116900216'),
      fullUrl: 'urn:uuid:stranger',
    };
    const theirs = line('b', { subject: { reference: 'urn:uuid:stranger' } });
    const nobodys = line('c', { subject: undefined });
    const known = await answering(
      documentOf([person('25039296929'), stranger, line('a'), theirs, nobodys]),
    );
    expect(known.items.map(({ source }) => source.ref)).toEqual(['MedicationStatement/a']);
    expect(known.setAside.map(({ why }) => why)).toEqual(['other-patient', 'no-patient']);
  });

  test.each([
    ['nilknown', 'asserted-none'],
    ['notasked', 'asserted-unknown'],
    ['unavailable', 'asserted-unknown'],
    ['withheld', 'withheld'],
  ])('with an empty list because «%s» is %s', async (code, state) => {
    const empty = section('sectionMedication', { emptyReason: { coding: [{ code }] } });
    expect((await answering(documentOf([person('25039296929')], [empty]))).state).toBe(state);
  });

  test('without a list of its contents, or with one that names what is not there, is not whole', async () => {
    const lost = { what: 'MedicationStatement', from: 'Sandkassen', why: 'page-lost' };
    const people = person('25039296929');
    const without = await answering([people, line('a')]);
    expect(without.items).toHaveLength(1);
    expect(without.gaps).toEqual([lost]);
    expect((await answering(documentOf([people]))).gaps).toEqual([lost]);
    expect((await answering(documentOf([people]))).state).toBe('failed');
    expect((await answering(documentOf([people, line('a')]))).gaps).toEqual([]);
  });

  test.each([
    ['KJFeilkode', 'sfm-kj'],
    ['RFM96Feilkode', 'sfm-prescriptions'],
    ['RFM912Feilkode', 'sfm-pll'],
  ])('with %s says which part is missing, in SFM’s words', async (name, what) => {
    const entries = documentOf([person('25039296929'), line('a')]);
    expect((await answering(entries, [error(name, '0', 'OK')])).gaps).toEqual([]);
    const known = await answering(entries, [error(name, '7', 'Tjenesten svarer ikke')]);
    expect(known.gaps).toEqual([{ what, from: 'Sandkassen', why: 'failed' }]);
    expect(known.remarks.map(({ text }) => text)).toContain(`${name} 7: Tjenesten svarer ikke`);
    expect(known.failure).toBeUndefined();
    const unreadable = await answering(entries, [{ name, valueCodeableConcept: 'tull' }]);
    expect(unreadable.gaps).toEqual([{ what, from: 'Sandkassen', why: 'failed' }]);
  });

  test('that is empty while prescriptions are locked is «withheld», never «not recorded»', async () => {
    const empty = documentOf([person('25039296929')], [section('sectionMedication', {})]);
    expect((await answering(empty)).state).toBe('none-recorded');
    const locked = await answering(empty, [{ name: 'KJHarLaste', valueBoolean: true }]);
    expect(locked).toMatchObject({ state: 'withheld', withheld: 'restricted' });
  });

  test('with a name or a time that is no text is read all the same', async () => {
    const odd = { toString: 1 };
    const known = await answering(documentOf([person('25039296929'), line('a')]), [
      { name: odd },
      { name: 'KJHentetTidspunkt', valueDateTime: odd },
    ]);
    expect(known.items).toHaveLength(1);
    expect(known.gaps).toEqual([]);
  });

  test('an older prescription in a chain is counted and is no medicine of its own', async () => {
    const older = line('b', { status: 'completed', partOf: [{ reference: 'urn:uuid:a' }] });
    const alone = line('c', { status: 'completed', partOf: [{ reference: 'urn:uuid:x' }] });
    const known = await answering(documentOf([person('25039296929'), line('a'), older, alone]));
    expect(known.items.map(({ superseded }) => superseded)).toEqual([false, true, false]);
    expectWhole(known);
  });

  test('what the pharmacy gave out is said on its line; what belongs to no line is said to be there', async () => {
    const people = person('25039296929');
    const known = await answering(documentOf([people, line('a'), dispense('a')]));
    expect(known.items[0]?.handedOut).toEqual({ on: '2023-09-27', what: 'Ibux Tab 600 mg' });
    expect(known.gaps).toEqual([]);
    const loose = await answering(documentOf([people, line('a'), dispense('x')]));
    expect(loose.gaps.map(({ what }) => what)).toEqual(['sfm-dispense']);
  });

  test('allergies in it are said to be there: they are not shown in this list', async () => {
    const allergies = section('sectionAllergies', { entry: [{ reference: 'urn:uuid:z' }] });
    const known = await answering(
      documentOf([person('25039296929'), line('a')], [LISTED, allergies]),
    );
    expect(known.gaps).toEqual([
      { what: 'sfm-allergies', from: 'Sandkassen', why: 'not-supported' },
    ]);
  });
});

/** Read in place and never copied into this project. */
const TROY = fileURLToPath(
  new URL(
    '../../shared/data/real/NorskHelsenett+SFM.tools/Troy_getMedResponse_v3-9_e-multidose.fixed.json',
    import.meta.url,
  ),
);

async function troy(identifier = OURS) {
  const { session } = await bench();
  const parsed = parseObject(readFileSync(TROY, 'utf8'));
  if (!parsed.ok) throw new Error('not JSON');
  const at = new Date('2024-01-25T12:00:00Z');
  const whose = { session, identifiers: new Set([identifier]) };
  const contribution = medicationFrom(parsed.value, at, whose);
  return { contribution, known: knownFrom(contribution.medicines ?? [], at) };
}

if (!existsSync(TROY))
  test('the real answer of SFM', context => {
    context.skip('../shared/data/real is not beside this checkout');
  });

describe.skipIf(!existsSync(TROY))('the real answer of SFM (needs ../shared/data/real)', () => {
  test('ten lines, five of them stopped, nothing lost', async () => {
    const { known } = await troy();
    expectWhole(known);
    expect(known.items).toHaveLength(10);
    expect(known.items.filter(({ group }) => group === 'stopped')).toHaveLength(5);
    expect(known.items.flatMap(({ flags }) => flags)).toEqual(Array(5).fill('inactive'));
  });

  test('the lookup it had no right to and the locked prescriptions are said', async () => {
    const { known } = await troy();
    expect(known.gaps.map(({ what, why }) => `${what} ${why}`)).toEqual([
      'sfm-kj not-permitted',
      'sfm-locked withheld',
    ]);
    expect(known.remarks.map(({ text }) => text)).toContain(
      'KJFeilkode 5: Ingen rettighet til KJ oppslag',
    );
    expect(known.asOf.toISOString()).toBe('2024-01-25T11:32:47.213Z');
  });

  test('names, doses and what stands beside them are as they were written', async () => {
    const { known } = await troy();
    expect(named(known, 'Deksametason og antiinfektiva')).toMatchObject({
      group: 'as-needed',
      product: 'Deksametason/Neomycin/Polymyksin B øyedr, susp 1 mg/ml/3500 IE/ml/6000 IE/ml',
      dose: ['1 dråpe morgen\n1 dråpe midt på dagen\n1 dråpe kveld daglig'],
      instructions: ['Omrystes før bruk', 'I venstre øye'],
      indication: 'MOT BETENNELSE',
      changedBy: 'JOHAN JENSEN',
      started: '2023-09-19',
    });
    expect(named(known, 'Atorvastatin').dose[0]?.split('\n')).toHaveLength(3);
    expect(named(known, 'Atorvastatin').instructions).toEqual([
      'Vær forsiktig med elektrisk tannbørste',
    ]);
  });

  test('what is on the list and what is only a prescription are told apart', async () => {
    const { known } = await troy();
    expect(known.items.filter(({ onPll }) => !onPll).map(({ substance }) => substance)).toEqual([
      'Metreleptin',
    ]);
  });

  test('multidose, why it was stopped, the prescription’s status and what was handed out', async () => {
    const { known } = await troy();
    expect(named(known, 'Akamprosat')).toMatchObject({
      multidose: true,
      handedOut: { on: '2023-09-27', what: 'Ibux Tab 600 mg' },
    });
    expect(named(known, 'Rivaroksaban')).toMatchObject({
      stoppedBecause: 'Annen årsak',
      changed: '2023-11-29T14:03:03.263+01:00',
      prescription: { status: 'U', words: 'Under ekspedering', until: '2024-11-25' },
    });
  });

  test('the list was last confirmed by its doctor, and the pharmacy’s messages do not count', async () => {
    const { contribution } = await troy();
    expect(contribution.medicationHeader).toEqual({
      reconciled: '2023-12-08T13:54:37.7688651+01:00',
      by: 'JOHAN JENSEN',
      notes: [],
    });
  });

  test('read for somebody else, all ten are set aside and nothing else is said', async () => {
    const { contribution, known } = await troy('urn:oid:2.16.578.1.12.4.1.4.1|13116900216');
    expect(known.items).toEqual([]);
    expect(known.setAside).toHaveLength(10);
    expect(known.gaps).toEqual([]);
    expect(contribution.medicationHeader).toBeUndefined();
  });
});
