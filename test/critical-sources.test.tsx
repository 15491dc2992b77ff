import { signal } from '@preact/signals';
import { screen } from '@testing-library/preact';
import { afterEach, describe, expect, test } from 'vitest';
import { CriticalInfo } from '../src/critical/CriticalInfo.tsx';
import { criticalView } from '../src/critical/critical-view.ts';
import { safetyView } from '../src/critical/safety-view.ts';
import { mergeCritical } from '../src/record/critical/critical-merge.ts';
import type { CriticalItem } from '../src/record/model.ts';
import type { Known, Missing, Reading } from '../src/record/reading.ts';
import { Sidebar } from '../src/shell/Sidebar.tsx';
import { stateView } from '../src/shell/state-view.ts';
import { speak } from '../src/shell/words/words.ts';
import { critical, known, recordOf, SAYS_NONE, sectionNamed, show } from './hand-made.tsx';

afterEach(() => speak('nb'));

const EHR = 'Fjordvik journal';
const KJ = 'Kjernejournal';
const ATC = 'http://www.whocc.no/atc';
const VOLVEN = 'urn:oid:2.16.578.1.12.4.1.1.';

type Coding = readonly [system: string, code: string];
const coded = (...codings: readonly Coding[]) => ({
  code: { coding: codings.map(([system, code]) => ({ system, code })) },
});
const inEhr = (more: Partial<CriticalItem> = {}, ...codings: readonly Coding[]) =>
  critical({ resource: coded(...codings), ...more });
const inKj = (more: Partial<CriticalItem> = {}, ...codings: readonly Coding[]) => {
  const item = critical({ resource: coded(...codings), ...more });
  return { ...item, source: { ...item.source, from: KJ } };
};
const penicillin: Coding = [ATC, 'J01CE02'];
const rowsOf = (...items: readonly CriticalItem[]) =>
  mergeCritical(items).map(({ text, also = [] }) => [text, ...also.map(other => other.text)]);

describe('the same thing in two sources', () => {
  test('is one row by the code of the substance, whatever each calls it', () => {
    const items = [
      inEhr({ text: 'Fenoksymetylpenicillin' }, penicillin),
      inKj({ text: 'Penicillin V' }, penicillin),
    ];
    expect(rowsOf(...items)).toEqual([['Fenoksymetylpenicillin', 'Penicillin V']]);
  });

  test('is one row by a shared identifier', () => {
    const identifiers = ['https://example.org/decision|1'];
    const items = [inEhr({ identifiers, text: 'a' }), inKj({ identifiers, text: 'b' })];
    expect(rowsOf(...items)).toEqual([['a', 'b']]);
  });

  test.each([
    ['similar names', [{ text: 'Penicillin' }], [{ text: 'Penicillin V' }]],
    ['the same name without a code', [{ text: 'Sulfa' }], [{ text: 'Sulfa' }]],
    ['different codes', [{}, penicillin], [{}, [ATC, 'J01CA04']]],
    ['one of two substances', [{}, penicillin], [{}, penicillin, [ATC, 'J01CA04']]],
    ['another kind', [{}, penicillin], [{ kind: 'treatment' }, penicillin]],
    [
      'the same «annen» on a list, in other words',
      [{ kind: 'procedure-change', text: 'Ring DPS' }, [`${VOLVEN}7522`, '5']],
      [{ kind: 'procedure-change', text: 'Ring fastlegen' }, [`${VOLVEN}7522`, '5']],
    ],
    ['a modifier we do not know', [{ flags: ['uninterpretable'] }, penicillin], [{}, penicillin]],
    ['statements of none', [{ none: 'allergy' }, penicillin], [{ none: 'allergy' }, penicillin]],
    ['what is not critical', [{ kind: 'other' }, penicillin], [{ kind: 'other' }, penicillin]],
  ] as readonly (readonly [string, Parameters<typeof inEhr>, Parameters<typeof inKj>])[])(
    'stays two rows: %s',
    (_, one, other) => {
      expect(mergeCritical([inEhr(...one), inKj(...other)])).toHaveLength(2);
    },
  );

  test('a list’s «annen» in the same words is one row', () => {
    const flag = { kind: 'procedure-change', text: 'Ring DPS' } as const;
    const items = [
      inEhr(flag, [`${VOLVEN}7522`, '5']),
      inKj(flag, ['http://helsedir.no/fhir/CodeSystem/no-kodeverk-7522', '5']),
    ];
    expect(rowsOf(...items)).toEqual([['Ring DPS', 'Ring DPS']]);
  });

  test('twice in one source is two rows', () => {
    expect(rowsOf(inEhr({}, penicillin), inEhr({}, penicillin), inKj({}, penicillin))).toHaveLength(
      2,
    );
  });

  test('what one source has put behind it, and the other has not, still holds', () => {
    const over = inEhr({ text: 'i journalen', currency: 'over', flags: ['inactive'] }, penicillin);
    const items = mergeCritical([over, inKj({ text: 'i kjernejournal' }, penicillin)]);
    const { current } = criticalView(items);
    expect(current.map(({ text }) => text)).toEqual(['i kjernejournal']);
    expect(current[0]?.flags).toContain('contradiction');
    expect(current[0]?.warnings[0]).toContain(`${EHR}: bekreftet, ikke lenger gjeldende`);
  });

  test('a crisis plan that either tells of is told of', () => {
    const procedure = { kind: 'treatment', text: 'Kriseplan' } as const;
    const items = [
      inEhr(procedure, [`${VOLVEN}7517`, '8']),
      inKj({ ...procedure, saysCrisisPlan: true }, [`${VOLVEN}7517`, '8']),
    ];
    expect(mergeCritical(items)).toMatchObject([{ saysCrisisPlan: true }]);
  });
});

const decision = (text: string, more: Partial<CriticalItem> = {}) =>
  criticalView([critical({ kind: 'limits-of-care', text, ...more })]).current[0]?.details;

describe('a row on the list', () => {
  test('names both sources, and the more serious of two grades stands first', () => {
    const items = mergeCritical([
      inEhr({ severity: 'low', certainty: 'confirmed' }, penicillin),
      inKj({ severity: 'high', certainty: 'suspected', recorded: '2026-03-04' }, penicillin),
    ]);
    const [row, ...more] = criticalView(items).current;
    expect(more).toEqual([]);
    expect(row?.tags).toEqual(['alvorlig', 'mistenkt']);
    expect(row?.sources).toEqual([
      `${KJ} · 04.03.2026, Ingrid Fastlund`,
      `${EHR} · 01.10.2024, Ingrid Fastlund`,
    ]);
    expect(row?.flags).toEqual(['contradiction']);
    expect(row?.warnings).toEqual([
      `Kildene er uenige. ${KJ}: alvorlig, mistenkt; ${EHR}: mindre alvorlig, bekreftet. Regn med det alvorligste til det er avklart.`,
    ]);
  });

  test('what only one of them grades is no disagreement', () => {
    const items = mergeCritical([
      inEhr({ severity: 'high' }, penicillin),
      inKj({ certainty: 'unknown' }, penicillin),
    ]);
    expect(criticalView(items).current[0]).toMatchObject({ flags: [], warnings: [] });
  });

  test('says whose word it is, what it is called there, and when it was changed', () => {
    const extension = [
      {
        url: 'http://nhn.no/kj/fhir/StructureDefinition/KjSourceOfInformation',
        valueCodeableConcept: { coding: [{ system: `${VOLVEN}7498`, code: '3' }] },
      },
      {
        url: 'http://nhn.no/kj/fhir/StructureDefinition/updatedDateTime',
        valueDateTime: '2026-11-02',
      },
    ];
    const items = mergeCritical([
      inEhr({ text: 'Fenoksymetylpenicillin' }, penicillin),
      inKj({ text: 'Penicillin V', resource: { ...coded(penicillin), extension } }),
    ]);
    expect(criticalView(items).current[0]?.sources[1]).toBe(
      `${KJ} · «Penicillin V» · oppgitt av pasienten · 01.10.2024, Ingrid Fastlund · endret 02.11.2026`,
    );
  });

  test('keeps every detail that either source gives, once', () => {
    const items = mergeCritical([
      inEhr({ details: ['Anafylaksi 1988'] }, penicillin),
      inKj({ details: ['Anafylaksi 1988', 'Cefalosporin tålt'] }, penicillin),
    ]);
    expect(criticalView(items).current[0]?.details).toEqual([
      'Anafylaksi 1988',
      'Cefalosporin tålt',
    ]);
  });

  test('spells out HLR-minus, and only where it is beyond doubt', () => {
    const meaning = 'HLR-minus betyr: ikke hjerte-lunge-redning ved hjertestans';
    expect(decision('HLR-minus. Full behandling')).toEqual([meaning]);
    expect(decision('HLR-minus. Full behandling', { expired: true })).toEqual([]);
    // The name of the category, where the decision itself is not given as text.
    expect(decision('HLR-minus og behandlingsavklaringer')).toEqual([]);
  });

  test.each([
    ['R', 'særlig fortrolig'],
    ['V', 'strengt fortrolig'],
    ['ETH', 'fortrolig: rusmidler'],
  ])('the security label %s is said on it', (code, words) => {
    const system = `http://terminology.hl7.org/CodeSystem/v3-${code === 'ETH' ? 'ActCode' : 'Confidentiality'}`;
    const resource = { meta: { security: [{ system, code }] } };
    expect(criticalView([critical({ resource })]).current[0]?.tags).toContain(words);
  });

  test('an ordinary label is not', () => {
    const system = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
    const resource = { meta: { security: [{ system, code: 'N' }] } };
    expect(criticalView([critical({ resource })]).current[0]?.tags).toEqual(['bekreftet']);
  });

  test('a limit of care past its date is still shown as in force', () => {
    const item = critical({ kind: 'limits-of-care', validUntil: '2026-01-31', expired: true });
    expect(criticalView([item]).current[0]?.warnings).toEqual([
      'Gyldigheten gikk ut 31.01.2026. Vises fortsatt som gjeldende – avklar på nytt',
    ]);
  });

  test('two sources with the same id are two rows on screen, each with its source', () => {
    const one = critical({ text: 'Nøtter' });
    const other = { ...critical({ text: 'Latex' }), source: { ...one.source, from: KJ } };
    show(recordOf({ critical: known([one, other]) }), <CriticalInfo />);
    const rows = [...sectionNamed('critical').querySelectorAll('[data-item-id]')];
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining(EHR),
      expect.stringContaining(KJ),
    ]);
  });
});

const noneOf = (width: 'allergy' | 'drug' | 'food' | 'environment') =>
  critical({ none: width, text: 'Ingen kjente', recorded: '2026-08-12', by: 'Ingrid Fastlund' });

describe('«none known» beside an allergy', () => {
  const nuts = { ...inKj({ text: 'Nøtter', allergens: ['food'] }) };

  test.each(['allergy', 'food'] as const)(
    'no known %s: the allergy stands, both say what the other says',
    width => {
      const items = [noneOf(width), nuts];
      const [allergy, statement] = criticalView(items).current;
      expect([allergy?.flags, statement?.flags]).toEqual([['contradiction'], ['contradiction']]);
      expect(allergy?.warnings).toEqual([
        `Motstrid: ${EHR} oppgir «Ingen kjente». Regn med overfølsomheten, og spør pasienten.`,
      ]);
      expect(statement?.warnings).toEqual([
        `Motstrid: ${KJ} oppgir Nøtter. Regn med overfølsomheten, og spør pasienten.`,
      ]);
      expect(safetyView(known(items), EHR).parts[0]).toBe('Overfølsom: Nøtter – motstrid, spør');
    },
  );

  test.each(['drug', 'environment'] as const)('no known %s says nothing about nuts', width => {
    const items = [noneOf(width), nuts];
    for (const { flags } of criticalView(items).current) expect(flags).toEqual([]);
    expect(safetyView(known(items), EHR).parts[0]).toBe('Overfølsom: Nøtter');
  });

  test('a refuted allergy contradicts nobody', () => {
    const items = [noneOf('allergy'), { ...nuts, certainty: 'refuted' as const }];
    for (const { flags } of criticalView(items).current) expect(flags).toEqual([]);
  });

  test('the sentence stands on screen once, in place of the general one', () => {
    show(recordOf({ critical: known([noneOf('allergy'), nuts]) }), <CriticalInfo />);
    expect(screen.getAllByText(/Motstrid/)).toHaveLength(2);
    expect(screen.queryByText(/kilden sier to ting/)).toBeNull();
  });
});

const line = (reading: Reading<CriticalItem>) => safetyView(reading, EHR).parts[0];

describe('the safety line, with one source that is not whole', () => {
  const gap = (why: Missing['why'], more: Partial<Missing> = {}): Missing => ({
    what: KJ,
    from: KJ,
    why,
    ...more,
  });
  const flag = critical({ kind: 'procedure-change', text: 'Ring DPS' });
  const withGap = (more: Partial<Known<CriticalItem>>) => known([flag], more);

  test.each([
    ['waiting', `Henter overfølsomhet fra ${KJ} …`],
    ['failed', `Kunne ikke hente overfølsomhet fra ${KJ} – spør`],
    ['page-lost', `Overfølsomhet: ikke alt kom fram fra ${KJ} – spør`],
    ['not-supported', `Overfølsomhet: ${KJ} tilbyr ikke dette – spør`],
    ['withheld', `Overfølsomhet er holdt tilbake av ${KJ} – spør`],
  ] as const)('%s: names that source', (why, words) => {
    expect(line(withGap({ gaps: [gap(why)] }))).toBe(words);
    expect(line(withGap({ gaps: [gap(why)] }))).not.toMatch(SAYS_NONE);
  });

  test('while the first answer is awaited, the one that is awaited is named', () => {
    expect(line({ state: 'loading', from: [KJ] })).toBe(`Henter overfølsomhet fra ${KJ} …`);
  });

  test('an allergy that has come is named at once, and the count is «at least»', () => {
    const parts = safetyView(known([critical()], { gaps: [gap('waiting')] }), EHR).parts;
    expect(parts).toEqual(['Overfølsom: Trimetoprim', 'KI minst 1']);
  });

  test('a signed «none» is not repeated while one source may know better', () => {
    const none = critical({ none: 'allergy' });
    for (const why of ['waiting', 'failed', 'withheld'] as const)
      expect(line(known([none], { gaps: [gap(why)] }))).not.toMatch(SAYS_NONE);
  });

  test('what did not come but cannot be an allergy does not hide that none was recorded', () => {
    const gaps = [gap('failed', { what: 'Procedure' })];
    expect(line(withGap({ gaps }))).toBe('Overfølsomhet er ikke registrert – spør');
  });

  test('both sources are named where both are silent', () => {
    const gaps = [gap('failed'), gap('failed', { from: EHR, what: 'AllergyIntolerance' })];
    expect(line(withGap({ gaps }))).toBe(
      `Kunne ikke hente overfølsomhet fra ${KJ} og ${EHR} – spør`,
    );
  });
});

describe('what one source keeps back', () => {
  test.each([
    ['restricted', 'sperret av pasienten'],
    ['reserved', 'pasienten har reservert seg'],
    ['blocked-at-source', 'pasienten har blokkert deg der'],
    ['unspecified', 'holdt tilbake'],
  ] as const)('%s: why is said beside what the other has', (withheld, words) => {
    const gaps = [{ what: KJ, from: KJ, why: 'withheld', withheld }] as const;
    const from = [EHR, KJ];
    show(recordOf({ critical: known([critical()], { gaps, withheld, from }) }), <CriticalInfo />);
    expect(sectionNamed('critical').textContent).toContain(`kom fram: ${KJ} (${words})`);
    expect(sectionNamed('critical').textContent).toContain('Trimetoprim');
  });

  const blockedThere = known<CriticalItem>([], {
    state: 'withheld',
    withheld: 'blocked-at-source',
    failing: KJ,
  });

  test('a block there does not take the panel away', () => {
    show(
      recordOf({ critical: blockedThere }),
      <Sidebar
        safety={null}
        first={<p>Akuttplanen</p>}
        others={signal({})}
        reopen={() => {}}
        logOut={() => {}}
      />,
    );
    expect(screen.getByText('Akuttplanen')).toBeTruthy();
    expect(screen.queryByText('Pasienten har blokkert deg')).toBeNull();
  });

  test('a block there has words of its own in both languages', async () => {
    const reading = blockedThere;
    const title = () => stateView(reading, { what: 'Kritisk informasjon', source: EHR })?.title;
    expect(title()).toBe(
      `Kritisk informasjon: pasienten har blokkert deg i ${KJ}. Det gjelder alltid.`,
    );
    await speak('en');
    expect(title()).toContain(`the patient has blocked you in ${KJ}`);
  });
});
