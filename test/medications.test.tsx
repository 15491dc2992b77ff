import { screen } from '@testing-library/preact';
import { afterEach, describe, expect, test } from 'vitest';
import { Medications } from '../src/medications/Medications.tsx';
import { medicationsView } from '../src/medications/medications-view.ts';
import type { Medicine } from '../src/record/model.ts';
import { speak } from '../src/shell/words/words.ts';
import {
  D1,
  emptyStates,
  known,
  medicine,
  recordOf,
  SAYS_NONE,
  sectionNamed,
  show,
} from './hand-made.tsx';

afterEach(() => speak('nb'));

const stopped = (substance: string, changed: string | undefined) =>
  medicine({ group: 'stopped', substance, changed });

const ended = (ending: Medicine['ending']) =>
  medicine({ group: 'stopped', ending, stoppedBecause: 'x' });

const at = (source: string, more: Partial<Medicine> = {}): Medicine => {
  const made = medicine(more);
  return { ...made, source: { ...made.source, from: source } };
};

const issued = (group: Medicine['group'], status: string, until?: string) =>
  medicine({ group, prescription: { status, words: `status ${status}`, until } });

const rowsOf = (...medicines: readonly Medicine[]) =>
  medicationsView(medicines, D1).groups.flatMap(({ rows }) => rows);

describe('the medication list', () => {
  test('stands in its groups, and only those that exist', () => {
    const groups = [
      'vaccine',
      'stopped',
      'paused',
      'unspecified',
      'supplement',
      'course',
      'as-needed',
      'regular',
    ] as const;
    const view = medicationsView(
      groups.map(group => medicine({ group })),
      D1,
    );
    expect(view.groups.map(({ title }) => title)).toEqual([
      'Faste (1)',
      'Ved behov (1)',
      'Kur (1)',
      'I bruk, bruksmåte ikke oppgitt (1)',
      'Kosttilskudd (1)',
      'Pause (1)',
      'Seponert eller avsluttet siste 12 måneder (1)',
      'Vaksiner (1)',
    ]);
    expect(view.inUse).toBe(6);
  });

  test('what must not be given stands first, then the latest change, then the order of the list', () => {
    const [group] = medicationsView(
      [
        medicine({ substance: 'melatonin', changed: '2026-02-03' }),
        medicine({ substance: 'etonogestrel' }),
        medicine({ substance: 'sertralin', changed: '2026-11-12', started: '2024-11-10' }),
        medicine({ substance: 'prometazin', changed: '2026-11-14', started: '2026-11-14' }),
        medicine({ substance: 'paracetamol', flags: ['negated'] }),
      ],
      D1,
    ).groups;
    expect(group?.rows.map(({ substance }) => substance)).toEqual([
      'paracetamol',
      'prometazin',
      'sertralin',
      'melatonin',
      'etonogestrel',
    ]);
    expect(group?.rows.map(({ badges }) => badges)).toEqual([[], ['▲ ny'], ['▲ endret'], [], []]);
  });

  test('what was stopped within twelve months, or nobody knows when, stays in sight', () => {
    const { groups } = medicationsView(
      [
        stopped('kvetiapin', '2026-11-12'),
        stopped('diazepam', '2025-06-15'),
        stopped('zopiklon', undefined),
      ],
      D1,
    );
    expect(
      groups.map(({ folded, rows }) => [folded, rows.map(({ substance }) => substance)]),
    ).toEqual([
      [false, ['kvetiapin', 'zopiklon']],
      [true, ['diazepam']],
    ]);
  });

  test('a medicine without a readable name keeps its row', () => {
    const [group] = medicationsView(
      [medicine({ substance: undefined, strength: '5 mg' })],
      D1,
    ).groups;
    expect(group?.rows[0]).toMatchObject({
      substance: 'Navnet kunne ikke leses – se kilden',
      product: '5 mg',
    });
  });

  test('a period that is over is a warning; one that lies ahead says so', () => {
    const [group] = medicationsView(
      [
        medicine({ until: '2026-11-01', past: true }),
        medicine({ until: '2026-12-24' }),
        medicine({ past: true }),
      ],
      D1,
    ).groups;
    expect(group?.rows.map(({ warnings }) => warnings)).toEqual([
      ['Perioden gikk ut 01.11.2026'],
      [],
      ['Perioden har gått ut'],
    ]);
    expect(group?.rows.map(({ facts }) => facts)).toEqual([[], ['til 24.12.2026'], []]);
  });

  test('completed, never given and stopped are three different things', () => {
    const [group] = medicationsView(
      [ended('completed'), ended('not-given'), ended('stopped'), ended(undefined)],
      D1,
    ).groups;
    expect(group?.rows.map(({ facts }) => facts)).toEqual([
      ['Avsluttet: x'],
      ['Ikke gitt: x'],
      ['Seponert: x'],
      ['Seponert: x'],
    ]);
    expect(group?.rows.map(({ badges }) => badges)).toEqual([
      ['Avsluttet'],
      ['Ikke gitt'],
      ['Seponert'],
      ['Seponert'],
    ]);
  });

  test('a line that is not on the shared list, or only proposed, says so', () => {
    const [group] = medicationsView([medicine({ onPll: false, tentative: 'proposal' })], D1).groups;
    expect(group?.rows[0]?.badges).toEqual(['Foreløpig: proposal', 'ikke PLL']);
  });

  test('what was changed after the list was gone through is marked, and nothing that only may have been', () => {
    const changes = [
      '2026-11-13',
      '2026-11-12',
      '2026-11-12T13:36:00+01:00',
      '2026-11-12T12:35:00Z',
      '2026',
      undefined,
    ];
    const { groups } = medicationsView(
      changes.map(changed => medicine({ group: 'regular', substance: String(changed), changed })),
      D1,
      '2026-11-12T13:35:00+01:00',
    );
    const marked = groups[0]?.rows.filter(({ badges }) =>
      badges.includes('endret etter samstemming'),
    );
    expect(marked?.map(({ substance }) => substance).toSorted()).toEqual([
      '2026-11-12T13:36:00+01:00',
      '2026-11-13',
    ]);
  });

  test('a list gone through some day in November proves no change in November to be later', () => {
    const changed = ['2026-11-30', '2026-12-01'].map(date => medicine({ changed: date }));
    const { groups } = medicationsView(changed, D1, '2026-11');
    expect(groups[0]?.rows.map(({ badges }) => badges)).toEqual([[], ['endret etter samstemming']]);
  });

  test('the same substance twice in use is said on both rows, by code and never by name', () => {
    const rows = rowsOf(
      medicine({ substance: 'a', atc: 'N05BA01' }),
      medicine({ substance: 'b', atc: 'N05BA01', group: 'as-needed' }),
      medicine({ substance: 'c', atc: 'N05BA01', group: 'stopped' }),
      medicine({ substance: 'd', atc: 'A12AX' }),
      medicine({ substance: 'd', atc: 'A12AX' }),
    );
    const twice = rows.filter(({ warnings }) => warnings.includes('Samme virkestoff to steder'));
    expect(twice.map(({ substance }) => substance)).toEqual(['a', 'b']);
  });

  test('the same substance in use and as «IKKE gi» is a contradiction on both rows', () => {
    const rows = rowsOf(
      medicine({ atc: 'N05BA01' }),
      medicine({ atc: 'N05BA01', flags: ['negated'] }),
      medicine({ atc: 'N05CF01', flags: ['negated'] }),
    );
    const said = 'Motstrid: samme virkestoff står både i bruk og som IKKE gi';
    expect(rows.map(({ warnings }) => warnings.includes(said))).toEqual([true, false, true]);
    expect(rows.map(({ flags }) => flags.includes('contradiction'))).toEqual([true, false, true]);
  });

  test('in multidose, given loose, and neither where nobody says', () => {
    const rows = rowsOf(
      medicine({ multidose: true }),
      medicine({ multidose: false }),
      medicine({ also: [medicine({ multidose: true })] }),
      medicine(),
    );
    expect(rows.map(({ badges }) => badges)).toEqual([
      ['I multidose'],
      ['Gis løst'],
      ['I multidose'],
      [],
    ]);
  });

  test('a prescription that does not fit the list is a warning, one that does is not', () => {
    const rows = rowsOf(
      issued('regular', 'E', '2027-01-01'),
      issued('regular', 'T'),
      issued('regular', 'E', '2026-11-01'),
      issued('stopped', 'U'),
      issued('stopped', 'T', '2026-11-01'),
    );
    expect(rows.map(({ warnings }) => warnings)).toEqual([
      [],
      ['Resepten kan ikke uten videre hentes ut: status T'],
      ['Resepten gikk ut 01.11.2026'],
      ['Seponert, men resepten kan fortsatt hentes ut: status U'],
      [],
    ]);
  });

  test('a stopped medicine that still lies in the multidose bags is a warning', () => {
    const [row] = rowsOf(medicine({ group: 'stopped', multidose: true }));
    expect(row?.warnings).toEqual(['Seponert, men står fortsatt i multidose']);
  });

  test('older prescriptions in a chain are folded away, and are not in use', () => {
    const view = medicationsView(
      [medicine(), medicine({ group: 'stopped', ending: 'completed', superseded: true })],
      D1,
    );
    expect(view.groups.map(({ title, folded }) => [title, folded])).toEqual([
      ['Faste (1)', false],
      ['Eldre resepter på legemidler over (1)', true],
    ]);
    expect(view.inUse).toBe(1);
  });

  test('what another source says otherwise stands under its name, and only that', () => {
    const other = at('Legemiddellisten', {
      substance: 'sertralin',
      product: 'Sertralin tab 100 mg',
      group: 'as-needed',
      dose: ['100 mg om morgenen'],
      instructions: ['Svelges hel'],
      notes: ['maks 7 døgn'],
    });
    const [row] = rowsOf(
      medicine({ strength: '50 mg', dose: ['50 mg om morgenen'], also: [other] }),
    );
    expect(row?.elsewhere).toEqual([
      'Legemiddellisten: Ved behov',
      'Legemiddellisten: 100 mg om morgenen',
      'Legemiddellisten: Sertralin tab 100 mg',
      'Legemiddellisten: Svelges hel',
      'Legemiddellisten: maks 7 døgn',
    ]);
    expect(row?.facts).toEqual(['Kilde: Fjordvik journal og Legemiddellisten']);
    const same = at('Legemiddellisten', {
      product: 'Sertralin tab 50  mg',
      dose: ['50 mg\nom morgenen'],
    });
    const [agreed] = rowsOf(
      medicine({ strength: '50 mg', dose: ['50 mg om morgenen'], also: [same] }),
    );
    expect(agreed?.elsewhere).toEqual([]);
  });

  test('a dose only the other source gives is shown as its own, and is not called missing', () => {
    const other = at('Legemiddellisten', { dose: ['1 tablett'] });
    const [row] = rowsOf(medicine({ dose: [], also: [other] }));
    expect(row?.elsewhere).toEqual(['Legemiddellisten: 1 tablett']);
    expect(row?.doseMissing).toBeUndefined();
  });

  test('the newest change counts, whichever source has it, and so does its place on the shared list', () => {
    const [row] = rowsOf(
      medicine({
        changed: '2026-02-01',
        onPll: false,
        also: [at('Legemiddellisten', { changed: '2026-11-20', changedBy: 'Ingrid Fastlund' })],
      }),
    );
    expect(row?.badges).toEqual(['▲ endret']);
    expect(row?.facts[0]).toBe('Sist endret 20.11.2026 av Ingrid Fastlund');
  });

  test('with several sources, a row that only one of them has says whose it is', () => {
    const rows = rowsOf(medicine(), at('Legemiddellisten'));
    expect(rows.map(({ facts }) => facts)).toEqual([
      ['Kilde: Fjordvik journal'],
      ['Kilde: Legemiddellisten'],
    ]);
    expect(rowsOf(medicine()).map(({ facts }) => facts)).toEqual([[]]);
  });
});

describe('on screen', () => {
  test('«do not give» stands before the name, in words', () => {
    show(
      recordOf({ medicines: known([medicine({ substance: 'metformin', flags: ['negated'] })]) }),
      <Medications />,
    );
    const row = document.querySelector('[data-flag="negated"]');
    expect(row?.textContent).toMatch(/^IKKE gi metformin/);
  });

  test('«do not give» is in the name the whole row is read under', () => {
    const rows = [
      medicine({ substance: 'metformin', product: 'Metformin', flags: ['negated'] }),
      medicine({ substance: 'furosemid' }),
    ];
    show(recordOf({ medicines: known(rows) }), <Medications />);
    expect(screen.getByRole('group', { name: 'IKKE gi metformin Metformin' })).toBeTruthy();
    expect(screen.queryByRole('group', { name: /furosemid/ })).toBeNull();
  });

  test('two sources that differ are one row, marked, with both doses to be seen', () => {
    const row = medicine({
      dose: ['50 mg'],
      flags: ['contradiction'],
      also: [at('Legemiddellisten', { dose: ['0.50 mg\nog 1.0 mg'] })],
    });
    show(recordOf({ medicines: known([row]) }), <Medications />);
    const shown = document.querySelectorAll('[data-flag="contradiction"]');
    expect(shown).toHaveLength(1);
    expect(shown[0]?.querySelector('.dose')?.textContent).toBe('Dose 50 mg');
    expect(shown[0]?.querySelector('.elsewhere')?.textContent).toBe(
      'Legemiddellisten: 0.50 mg\nog 1.0 mg',
    );
  });

  test('what the national list lacks is named, and the rows stand', () => {
    const gaps = [
      { what: 'sfm-kj', from: 'Legemiddellisten', why: 'not-permitted' },
      { what: 'sfm-locked', from: 'Legemiddellisten', why: 'withheld' },
      { what: 'MedicationStatement', from: 'Sykehuset', why: 'failed' },
    ] as const;
    show(recordOf({ medicines: known([medicine()], { gaps }) }), <Medications />);
    expect(sectionNamed('medication').textContent).toContain(
      'Ikke alt kom fram: legemidler fra kjernejournal (ikke tilgang), ' +
        'låste resepter som finnes i Reseptformidleren (holdt tilbake), ' +
        'legemiddelliste (svarte ikke). Se også i journalsystemet.',
    );
    expect(sectionNamed('medication').dataset['partial']).toBe('true');
  });

  test('a dose is exactly as it was written, line breaks included', () => {
    const dose = '3,75 mg kveld i 14 døgn,\nderetter stopp';
    show(recordOf({ medicines: known([medicine({ dose: [dose] })]) }), <Medications />);
    expect(document.querySelector('.dose bdi')?.textContent).toBe(dose);
  });

  test('a missing dose is not a blank', () => {
    show(recordOf({ medicines: known([medicine({ dose: [] })]) }), <Medications />);
    expect(document.querySelector('.dose')?.textContent).toBe('Dose ikke oppgitt');
  });

  test('a dose in codes only is not called missing', () => {
    const coded = medicine({ dose: [], doseNotInWords: true });
    const partly = medicine({ dose: ['1 tablett'], doseNotInWords: true });
    show(recordOf({ medicines: known([coded, partly]) }), <Medications />);
    expect(document.body.textContent).not.toContain('ikke oppgitt');
    expect([...document.querySelectorAll('.dose')].map(each => each.textContent)).toEqual([
      'Dosen står ikke som tekst – se kilden',
      'Dose 1 tablett',
      'Noe av dosen står ikke som tekst – se kilden',
    ]);
  });

  test('the list says when it was gone through, and its remarks', () => {
    const header = { reconciled: '2026-11-12', by: 'Tuva Poliklin', notes: ['Maks 7 døgn'] };
    show(recordOf({ medicines: known([medicine()]), header }), <Medications />);
    expect(screen.getByText('Samstemt 12.11.2026 av Tuva Poliklin')).toBeTruthy();
    expect(screen.getByText('Maks 7 døgn')).toBeTruthy();
  });

  test('«takes nothing» is said only with who and when', () => {
    const empty = known<never>([], { state: 'asserted-none' });
    const header = { reconciled: '2026-11-12', by: 'Tuva Poliklin', notes: [] };
    const { unmount } = show(recordOf({ medicines: empty, header }), <Medications />);
    expect(sectionNamed('medication').textContent).toContain(
      'Legemidler i bruk: ingen – bekreftet 12.11.2026 av Tuva Poliklin',
    );
    unmount();
    show(recordOf({ medicines: empty }), <Medications />);
    expect(sectionNamed('medication').textContent).not.toMatch(SAYS_NONE);
  });

  test('a list that was never made is «not created»', () => {
    show(recordOf(), <Medications />);
    expect(screen.getByText('Legemiddellisten er ikke opprettet')).toBeTruthy();
  });

  test.each(emptyStates)('$state has words of its own, which never say «none»', async reading => {
    for (const language of ['nb', 'en'] as const) {
      await speak(language);
      const { unmount } = show(recordOf({ medicines: reading }), <Medications />);
      expect(sectionNamed('medication').dataset['state']).toBe(reading.state);
      expect(sectionNamed('medication').textContent).not.toMatch(SAYS_NONE);
      unmount();
    }
  });
});
