import { screen } from '@testing-library/preact';
import { afterEach, describe, expect, test } from 'vitest';
import { CriticalInfo } from '../src/critical/CriticalInfo.tsx';
import { flagsOn } from '../src/critical/critical-order.ts';
import { criticalView } from '../src/critical/critical-view.ts';
import { safetyView } from '../src/critical/safety-view.ts';
import type { CriticalItem } from '../src/record/model.ts';
import type { Reading } from '../src/record/reading.ts';
import { speak } from '../src/shell/words/words.ts';
import {
  critical,
  emptyStates,
  known,
  recordOf,
  SAYS_NONE,
  sectionNamed,
  show,
} from './hand-made.tsx';

afterEach(() => speak('nb'));

const line = (reading: Reading<CriticalItem>) => safetyView(reading, 'journalen').parts.join(' · ');
const none = critical({
  none: 'allergy',
  text: 'Ingen kjente',
  recorded: '2026-08-12',
  by: 'Ingrid Fastlund',
});

describe('the safety line', () => {
  test('names allergies first, then HLR-minus, then how much critical information there is', () => {
    const items = [
      critical({ kind: 'implant', text: 'Pacemaker' }),
      critical({ kind: 'limits-of-care', text: 'HLR-minus. Full behandling på sengepost' }),
      critical({ text: 'Fenoksymetylpenicillin', severity: 'high' }),
    ];
    expect(line(known(items))).toBe('Overfølsom: Fenoksymetylpenicillin · HLR-minus · KI 3');
  });

  test('a decision that is not HLR-minus is not called so', () => {
    const items = [critical({ kind: 'limits-of-care', text: 'Full behandling' })];
    expect(line(known(items))).toBe(
      'Overfølsomhet er ikke registrert – spør · Behandlingsavklaring – se · KI 1',
    );
  });

  test.each([
    ['has expired', { expired: true }],
    ['may be over', { currency: 'unknown' }],
    ['has a flag', { flags: ['uninterpretable'] }],
    ['says the opposite', { text: 'Ikke HLR-minus: full gjenoppliving' }],
  ] as const)('a decision that %s is not called HLR-minus', (_, more) => {
    const text = 'HLR-minus. Full behandling';
    const item = critical({ kind: 'limits-of-care', text, ...more });
    expect(line(known([item]))).toContain('Behandlingsavklaring – se · KI 1');
  });

  test('two decisions are called so once, and counted', () => {
    const one = critical({ kind: 'limits-of-care', text: 'Full behandling' });
    expect(line(known([one, { ...one }]))).toContain('spør · Behandlingsavklaring – se · KI 2');
  });

  test('the worst allergies are named, the rest are counted', () => {
    const items = ['a', 'b', 'c'].map(text => critical({ text }));
    const worst = critical({ text: 'Nøtter', severity: 'high' });
    expect(line(known([...items, worst]))).toBe('Overfølsom: Nøtter, a +2 til · KI 4');
  });

  test.each([
    ['allergy', 'Ingen kjente overfølsomhetsreaksjoner – bekreftet 12.08.2026 av Ingrid Fastlund'],
    [
      'drug',
      'Ingen kjente legemiddelreaksjoner – bekreftet 12.08.2026 av Ingrid Fastlund. Annet: spør',
    ],
    ['food', 'Ingen kjente matreaksjoner – bekreftet 12.08.2026 av Ingrid Fastlund. Annet: spør'],
    [
      'environment',
      'Ingen kjente miljøreaksjoner – bekreftet 12.08.2026 av Ingrid Fastlund. Annet: spør',
    ],
  ] as const)('«no known %s» is shown as wide as it was said', (width, words) => {
    expect(line(known([{ ...none, none: width }]))).toBe(words);
  });

  test.each([
    ['without a date', { recorded: undefined }],
    ['without a name', { by: undefined }],
  ])('a statement of none %s is nothing to build on', (_, missing) => {
    expect(line(known([{ ...none, ...missing }]))).toBe(
      'Overfølsomhet: oppgitt uten dato eller navn – spør',
    );
  });

  test.each([
    ['refuted', { certainty: 'refuted' }],
    ['over', { currency: 'over' }],
    ['flagged', { flags: ['uninterpretable'] }],
  ] as const)('a statement of none that is %s is not believed', (_, more) => {
    expect(line(known([{ ...none, ...more }]))).toBe('Overfølsomhet er ikke registrert – spør');
  });

  test.each(['failed', 'not-permitted', 'withheld', 'page-lost', 'count-differs'] as const)(
    'a statement of none is not repeated when a part of the allergies is %s',
    why => {
      expect(
        line(
          known([none], { gaps: [{ what: 'AllergyIntolerance', from: 'Fjordvik journal', why }] }),
        ),
      ).not.toMatch(SAYS_NONE);
    },
  );

  test('an active allergy is believed over «none known», and both are marked', () => {
    const allergy = critical();
    expect(line(known([none, allergy]))).toBe('Overfølsom: Trimetoprim – motstrid, spør · KI 1');
    expect(flagsOn(none, [none, allergy])).toEqual(['contradiction']);
    expect(flagsOn(allergy, [none, allergy])).toEqual(['contradiction']);
    expect(flagsOn(none, [none, critical({ certainty: 'refuted' })])).toEqual([]);
  });

  test('with something missing the count is «at least»', () => {
    const gaps = [{ what: 'Condition', from: 'Fjordvik journal', why: 'failed' }] as const;
    expect(line(known([critical()], { gaps }))).toBe('Overfølsom: Trimetoprim · KI minst 1');
  });

  test('no two states say the same, and none of them says «none» or nothing', async () => {
    for (const language of ['nb', 'en'] as const) {
      await speak(language);
      const states = emptyStates.filter(({ state }) => state !== 'asserted-none');
      const lines = states.map(line);
      expect(new Set(lines).size).toBe(states.length);
      for (const each of lines) {
        expect(each).not.toMatch(SAYS_NONE);
        expect(each.length).toBeGreaterThan(10);
      }
    }
  });
});

describe('critical information', () => {
  test('stands worst first: severity, then kind; what is over and what is other below', () => {
    const items = [
      critical({ kind: 'other', text: 'PTSD' }),
      critical({ kind: 'procedure-change', text: 'Akuttplan' }),
      critical({ text: 'Penicillin', certainty: 'refuted' }),
      critical({ kind: 'implant', text: 'Pacemaker' }),
      critical({ text: 'Sulfa', severity: 'low' }),
      critical({ kind: 'condition', text: 'Epilepsi', severity: 'high' }),
      none,
    ];
    const { current, over, other } = criticalView(items);
    expect(current.map(({ text }) => text)).toEqual([
      'Epilepsi',
      'Sulfa',
      'Pacemaker',
      'Akuttplan',
      'Ingen kjente',
    ]);
    expect([over, other].map(rows => rows.map(({ text }) => text))).toEqual([
      ['Penicillin'],
      ['PTSD'],
    ]);
  });

  test('says how sure, who and when; doubt and expiry are warnings, not reasons to hide', () => {
    const items = [
      critical({ severity: 'high', certainty: 'presumed' }),
      critical({ kind: 'treatment', currency: 'unknown', validUntil: '2026-01-01', expired: true }),
    ];
    const [first, second] = criticalView(items).current;
    expect(first).toMatchObject({
      tags: ['alvorlig', 'Antatt, ikke bekreftet'],
      sources: ['Fjordvik journal · 01.10.2024, Ingrid Fastlund'],
    });
    expect(second?.warnings).toEqual([
      'Uklart om dette fortsatt gjelder – regn med at det gjør det',
      'Gyldigheten gikk ut 01.01.2026 – sjekk om det fortsatt gjelder',
    ]);
  });

  test('every item received is on screen with its id, also the one that contradicts', () => {
    const items = [critical(), none, critical({ kind: 'other' })];
    show(recordOf({ critical: known(items) }), <CriticalInfo />);
    expect(sectionNamed('critical').querySelectorAll('[data-item-id]')).toHaveLength(3);
    const flagged = document.querySelector(`[data-item-id="${none.source.ref}"]`);
    expect(flagged?.getAttribute('data-flag')).toBe('contradiction');
    expect(flagged?.textContent).toContain('Motstrid');
    expect(screen.getByRole('heading', { name: 'Kritisk informasjon (1)' })).toBeTruthy();
  });

  test('«no known allergies» alone does not become «no critical information»', () => {
    show(recordOf({ critical: known([none], { state: 'asserted-none' }) }), <CriticalInfo />);
    expect(sectionNamed('critical').textContent).not.toMatch(/Kritisk informasjon: ingen/i);
    expect(sectionNamed('critical').textContent).toContain('Ingen kjente overfølsomhetsreaksjoner');
  });

  test.each(emptyStates)('$state has words of its own', async reading => {
    for (const language of ['nb', 'en'] as const) {
      await speak(language);
      const { unmount } = show(recordOf({ critical: reading }), <CriticalInfo />);
      expect(sectionNamed('critical').dataset['state']).toBe(reading.state);
      expect(sectionNamed('critical').textContent).not.toMatch(SAYS_NONE);
      unmount();
    }
  });
});
