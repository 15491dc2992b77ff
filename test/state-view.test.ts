import { afterEach, describe, expect, test } from 'vitest';
import type { Failure } from '../src/fhir/failure.ts';
import type { Missing, Reading, Withheld } from '../src/record/reading.ts';
import {
  failureWords,
  fetchedWords,
  flagWords,
  isStale,
  listed,
  notesOn,
  remarksOf,
  stateView,
  whoseState,
} from '../src/shell/state-view.ts';
import '../src/shell/words/later.ts';
import { language } from '../src/shell/words/words.ts';
import { D1, known } from './hand-made.tsx';

// The words themselves, so that a sentence under the wrong state is seen here.

const EHR = 'Fjordvik journal';
const KJ = 'Kjernejournal';
const subject = { what: 'Legemidler', source: EHR };
const view = (reading: Reading<string>, more: object = {}) =>
  stateView(reading, { ...subject, ...more });
const none = (state: Exclude<Reading<never>['state'], 'loading'>, more: object = {}) =>
  known<string>([], { state, ...more });

afterEach(() => {
  language.value = 'nb';
});

describe('a section', () => {
  test('with content needs no words', () => {
    expect(view(known(['x']))).toBeUndefined();
  });

  test.each<[string, Reading<string>, object]>([
    [
      'is fetched',
      { state: 'loading' },
      {
        look: 'loading',
        icon: '…',
        title: 'Henter fra Fjordvik journal …',
        advice: undefined,
        retry: false,
      },
    ],
    [
      'is fetched from several',
      { state: 'loading', from: [EHR, KJ] },
      { title: 'Henter fra Fjordvik journal og Kjernejournal …' },
    ],
    [
      'is awaited from nobody in particular',
      { state: 'loading', from: [] },
      { title: 'Henter fra Fjordvik journal …' },
    ],
    [
      'was said to be empty',
      none('asserted-none'),
      {
        look: 'asserted-none',
        icon: '■',
        title: 'Legemidler: oppgitt som tom, uten dato eller navn. Spør pasienten.',
        advice: undefined,
        retry: false,
      },
    ],
    [
      'was said to be unknown',
      none('asserted-unknown'),
      {
        look: 'asserted-unknown',
        icon: '?',
        title: 'Legemidler: oppgitt som ukjent. Spør pasienten.',
        advice: undefined,
        retry: false,
      },
    ],
    [
      'has nothing recorded',
      none('none-recorded'),
      {
        look: 'none-recorded',
        icon: '○',
        title: 'Legemidler: ikke registrert',
        advice: 'Ikke registrert betyr at svaret er ukjent. Spør pasienten.',
        retry: false,
      },
    ],
    [
      'was refused',
      none('not-permitted'),
      {
        look: 'not-permitted',
        icon: '⊘',
        title: 'Legemidler: din rolle gir ikke tilgang til dette',
        advice: 'Spør en kollega med tilgang, eller se i journalsystemet.',
        retry: false,
      },
    ],
    [
      'is not offered',
      none('not-supported', { failing: KJ }),
      {
        look: 'not-supported',
        icon: '–',
        title: 'Legemidler: Kjernejournal tilbyr ikke dette',
        advice: 'Se i journalsystemet.',
        retry: false,
      },
    ],
    [
      'did not come',
      none('failed', { failure: { kind: 'timeout' } }),
      {
        look: 'failed',
        icon: '✕',
        title: 'Legemidler: kunne ikke hente',
        advice: 'Fjordvik journal svarte ikke i tide. Vi viser ikke tall vi ikke har hentet.',
        retry: true,
      },
    ],
    [
      'did not come, nobody knows why',
      none('failed'),
      { title: 'Legemidler: kunne ikke hente', advice: undefined, retry: true },
    ],
  ])('%s: is said in its own sentence', (_, reading, said) => {
    expect(view(reading)).toMatchObject(said);
  });

  test.each<[Withheld | undefined, string, string | undefined]>([
    [
      'restricted',
      'Legemidler: sperret av pasienten',
      'Spør pasienten, eller åpne med grunnlag i journalsystemet.',
    ],
    [
      'reserved',
      'Legemidler: pasienten har reservert seg mot kjernejournal',
      'Det finnes ikke noe å åpne. Spør pasienten.',
    ],
    [
      'blocked-at-source',
      'Legemidler: pasienten har blokkert deg i Kjernejournal. Det gjelder alltid.',
      undefined,
    ],
    [
      'unspecified',
      'Legemidler: holdt tilbake av Kjernejournal',
      'Spør pasienten, eller se i journalsystemet.',
    ],
    [
      undefined,
      'Legemidler: holdt tilbake av Kjernejournal',
      'Spør pasienten, eller se i journalsystemet.',
    ],
  ])('withheld (%s): by whose wish, and what to do', (withheld, title, advice) => {
    const said = { look: 'withheld', icon: 'lock', title, advice, retry: false };
    expect(view(none('withheld', { withheld, failing: KJ }))).toEqual(said);
  });

  test('a patient who has blocked us is said in the same words as for the whole panel', () => {
    const said = view(none('withheld', { withheld: 'blocked' }));
    expect(said?.title).toMatch(/blokkert/);
    expect(said?.advice?.length).toBeGreaterThan(10);
    expect(said?.title).not.toContain('Legemidler');
  });

  test('has better words where it has them: who said so and when, and what to do instead', () => {
    expect(view(none('asserted-none'), { asserted: 'Ingen, Ingrid Fastlund' })?.title).toBe(
      'Ingen, Ingrid Fastlund',
    );
    expect(view(none('asserted-unknown'), { unknown: 'Ukjent, i 2025' })?.title).toBe(
      'Ukjent, i 2025',
    );
    const better = { title: 'Ikke registrert', advice: 'Ring' };
    expect(view(none('none-recorded'), { none: better })).toMatchObject(better);
  });

  test('is about the source that failed, else about the journal', () => {
    expect(whoseState(none('failed', { failing: KJ }), EHR)).toBe(KJ);
    expect(whoseState(none('failed'), EHR)).toBe(EHR);
  });
});

describe('why something did not come', () => {
  test.each<[Failure, string]>([
    [{ kind: 'unreachable' }, 'KJ svarte ikke. Vi viser ikke tall vi ikke har hentet.'],
    [
      { kind: 'server-error', status: 502 },
      'KJ svarte med feil 502. Vi viser ikke tall vi ikke har hentet.',
    ],
    [{ kind: 'signed-out' }, 'Tilgangen er utløpt.'],
    [{ kind: 'not-permitted' }, 'Din rolle gir ikke tilgang til dette.'],
    [{ kind: 'blocked' }, 'Pasienten har blokkert deg.'],
    [{ kind: 'cancelled' }, 'Hentingen ble avbrutt.'],
    [{ kind: 'busy', retryAfterSeconds: 1 }, 'KJ har for mye å gjøre. Vent litt og prøv igjen.'],
    [{ kind: 'not-understood', detail: 'x' }, 'KJ svarte noe vi ikke kan lese.'],
  ])('%j: is said with the name of the source, where that matters', (failure, words) => {
    expect(failureWords(failure, 'KJ')).toBe(words);
  });
});

const notes = (more: object, items: readonly string[] = ['x']) => notesOn(known(items, more));

describe('what a list does not hold', () => {
  const gap = (more: Partial<Missing> = {}): Missing => ({
    what: 'Goal',
    from: EHR,
    why: 'failed',
    ...more,
  });

  test('all of it: nothing is said', () => {
    expect(notes({})).toEqual([]);
  });
  test.each<[Partial<Missing>, string]>([
    [{}, 'mål (svarte ikke)'],
    [{ why: 'waiting', from: KJ }, 'Kjernejournal (henter fortsatt)'],
    [{ why: 'page-lost' }, 'mål (en del av listen ble borte)'],
    [{ what: 'Basic' }, 'andre opplysninger (svarte ikke)'],
    [{ what: EHR }, 'Fjordvik journal (svarte ikke)'],
    [{ why: 'withheld' }, 'mål (holdt tilbake)'],
    [{ why: 'withheld', withheld: 'restricted' }, 'mål (sperret av pasienten)'],
    [{ why: 'withheld', withheld: 'unspecified' }, 'mål (holdt tilbake)'],
  ])('%j is named, with why', (more, words) => {
    expect(notes({ gaps: [gap(more)] })).toEqual([
      `Ikke alt kom fram: ${words}. Se også i journalsystemet.`,
    ]);
  });
  test('of several sources each gap says whose it is; the same is said once', () => {
    const gaps = [gap({ from: KJ }), gap(), gap(), gap({ what: KJ, from: KJ })];
    expect(notes({ gaps, from: [EHR, KJ] })).toEqual([
      'Ikke alt kom fram: mål fra Kjernejournal (svarte ikke), mål fra Fjordvik journal (svarte ikke), Kjernejournal (svarte ikke). Se også i journalsystemet.',
    ]);
  });
  test('what the state has said already is not said again, unless something else is shown or it failed', () => {
    const gaps = [gap({ why: 'not-permitted' })];
    expect(notes({ state: 'not-permitted', gaps }, [])).toEqual([]);
    expect(notes({ state: 'not-permitted', gaps }, ['x'])).toHaveLength(1);
    expect(notes({ state: 'none-recorded', gaps }, [])).toHaveLength(1);
    expect(notes({ state: 'failed', gaps: [gap()] }, [])).toHaveLength(1);
  });
  test('what was set aside is counted, with why', () => {
    const setAside = [
      { ref: 'a', why: 'withdrawn' },
      { ref: 'b', why: 'other-patient' },
      { ref: 'c', why: 'withdrawn' },
    ];
    expect(notes({ setAside, gaps: [gap()] })).toEqual([
      'Ikke alt kom fram: mål (svarte ikke). Se også i journalsystemet.',
      'Satt til side: 3 (1 gjelder en annen pasient, 2 er trukket tilbake som feil)',
    ]);
    expect(notes({ setAside: [{ ref: 'a', why: 'no-patient' }] })).toEqual([
      'Satt til side: 1 (1 sier ikke hvilken pasient det gjelder)',
    ]);
  });
});

const remark = (text: string | undefined) => ({
  from: KJ,
  code: 'x',
  serious: false,
  reason: undefined,
  text,
});
const after = (ms: number) => isStale(D1, new Date(D1.getTime() + ms), 24);

describe('beside it stands', () => {
  test('what the source itself had to say, once, with nothing hidden in it', () => {
    const remarks = [
      remark('Sperret\u202E'),
      remark(undefined),
      remark(''),
      remark('Sperret\u202E'),
    ];
    expect(remarksOf(known(['x'], { remarks }))).toEqual(['Kjernejournal sier: Sperret⟦202E⟧']);
  });
  test('the doubt about it', () => {
    expect(flagWords('inactive')).toBe('Ikke lenger gjeldende');
  });
  test('when it was fetched, and from where; and when it may be out of date', () => {
    expect(fetchedWords(D1, D1, KJ, false)).toMatch(/^Hentet .*20[.:]15.* fra Kjernejournal$/);
    expect(fetchedWords(D1, D1, KJ, true)).toMatch(/^Hentet .*20[.:]15.* – kan være utdatert$/);
  });
  test('it is out of date after its hours, not with the last of them', () => {
    expect([after(24 * 3_600_000), after(24 * 3_600_000 + 1)]).toEqual([false, true]);
  });
  test('names in the language on screen', () => {
    expect(listed(['a', 'b', 'c'])).toBe('a, b og c');
    language.value = 'en';
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
