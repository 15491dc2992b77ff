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
    expect(group?.rows.map(({ warning }) => warning)).toEqual([
      'Perioden gikk ut 01.11.2026',
      undefined,
      'Perioden har gått ut',
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
