import { signal } from '@preact/signals';
import { fireEvent, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test } from 'vitest';
import { Acute } from '../src/plan/Acute.tsx';
import { Plans } from '../src/plan/Plans.tsx';
import { choosePlan } from '../src/plan/plan-choice.ts';
import { planHead } from '../src/plan/plan-head.ts';
import { planView } from '../src/plan/plan-view.ts';
import type { LineKind, Plan, PlanLine, PlanStanding, Zone } from '../src/record/model.ts';
import { speak } from '../src/shell/words/words.ts';
import {
  critical,
  D1,
  emptyStates,
  known,
  plan,
  recordOf,
  SAYS_NONE,
  sectionNamed,
  show,
} from './hand-made.tsx';

afterEach(() => speak('nb'));

const line = (
  kind: LineKind,
  text: string | undefined,
  more: Partial<PlanLine> = {},
): PlanLine => ({
  kind,
  text,
  not: false,
  status: undefined,
  ...more,
});
const acute = <Acute ring={() => null} />;

test('what the plan says waits until whom to call is on screen; which plan it is does not', async () => {
  const hurried = signal(true);
  const doNow = plan({ lines: [line('do-now', 'Gå en tur')] });
  show(recordOf({ plans: known([doNow]) }), <Acute ring={() => null} hurried={hurried} />);
  expect(screen.getByRole('heading', { name: /Akuttplan/ })).toBeTruthy();
  await new Promise(resolve => setTimeout(resolve));
  expect(screen.queryByText('Gå en tur')).toBeNull();
  hurried.value = false;
  expect(await screen.findByText('Gå en tur')).toBeTruthy();
});

describe('R30 plan-choice: which plan the acute tab shows', () => {
  const old = plan({ from: '2026-01-01' });
  const newer = plan({ from: '2026-11-12' });
  const expired = plan({ standing: 'expired', from: '2025-01-01', until: '2026-01-01' });
  const self = plan({ kind: 'self-treatment' });

  test('the newest acute plan in force; the other one is listed, never hidden', () => {
    expect(choosePlan([old, newer])).toMatchObject({ shown: newer, also: [old] });
  });

  test('an acute plan that has expired, rather than a plan of another kind', () => {
    expect(choosePlan([self, expired])).toMatchObject({ shown: expired, also: [self] });
  });

  test('a self-treatment plan where there is no acute plan, and then one of unknown kind', () => {
    const other = plan({ kind: 'other' });
    expect(choosePlan([other, self]).shown).toBe(self);
    expect(choosePlan([other]).shown).toBe(other);
  });

  test('a treatment plan or an individual plan is never taken for one', () => {
    expect(choosePlan([plan({ kind: 'treatment' }), plan({ kind: 'individual' })])).toMatchObject({
      shown: undefined,
      also: [],
    });
  });

  test.each(['draft', 'ended', 'not-yet'] as const)(
    'a plan that is %s is never followed',
    standing => {
      const aside = plan({ standing });
      expect(choosePlan([aside])).toMatchObject({ shown: undefined, also: [aside] });
    },
  );

  test('a plan that exists only as a document gives way to one that can be read', () => {
    const paper = plan({ from: '2026-11-12', document: { date: '2026-11-12', restricted: false } });
    const later = plan({ from: '2026-11-20', document: { date: '2026-11-20', restricted: false } });
    expect(choosePlan([paper, newer])).toMatchObject({ shown: newer, also: [] });
    expect(choosePlan([later, newer])).toMatchObject({ shown: newer, also: [later] });
  });
});

describe('R30 plan-choice: several plans for a crisis', () => {
  test('two from the same day: both are named with their date, and neither is decided by chance', () => {
    const one = plan({ version: '7', from: '2026-11-12' });
    const other = plan({ version: '6', from: '2026-11-12T08:00:00+01:00' });
    const older = plan({ version: '5', from: '2026-01-01' });
    show(recordOf({ plans: known([one, other, older]) }), acute);
    expect(screen.getByRole('alert').textContent).toBe(
      '2 planer er fra samme dag, 12.11.2026: Akuttplan v7 (Fjordvik journal) og Akuttplan v6 (Fjordvik journal). Sjekk hvilken som gjelder.',
    );
    expect(screen.getByText(/Finnes også/).textContent).toBe(
      'Finnes også: Akuttplan v6 (gjelder nå, fra 12.11.2026) og Akuttplan v5 (gjelder nå, fra 01.01.2026)',
    );
  });

  test('of two from different days the newest is followed, without an alarm', () => {
    const plans = [plan({ from: '2026-11-12' }), plan({ from: '2026-11-11' })];
    show(recordOf({ plans: known(plans) }), acute);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('a plan that a newer one replaces is listed as replaced, and not followed', () => {
    const replaced = plan({ standing: 'replaced', version: '6', from: '2026-11-20' });
    const newer = plan({ version: '7', from: '2026-11-12' });
    expect(choosePlan([replaced, newer]).shown).toBe(newer);
    show(recordOf({ plans: known([replaced, newer]) }), acute);
    expect(screen.getByText(/Finnes også/).textContent).toContain(
      'Akuttplan v6 (erstattet av en nyere plan, fra 20.11.2026)',
    );
  });
});

describe('the head of the plan', () => {
  test('says version, whether it is in force, and when it was evaluated with whom', () => {
    const evaluated = {
      evaluated: '2026-11-12',
      evaluatedWith: 'Maja',
      nextEvaluation: '2027-01-07',
    };
    expect(planHead(plan(evaluated), D1)).toEqual({
      heading: 'Akuttplan v7 · gjelder nå',
      title: undefined,
      evaluated: 'Evaluert 12.11.2026 med Maja · neste 07.01.2027',
      warning: undefined,
    });
  });

  test('says when the next evaluation is overdue', () => {
    expect(planHead(plan({ nextEvaluation: '2026-11-01' }), D1).evaluated).toBe(
      'neste skulle vært 01.11.2026',
    );
  });

  test.each<[PlanStanding, string, string | undefined]>([
    ['in-force', 'gjelder nå', undefined],
    ['expired', 'gikk ut 12.05.2027', 'Akuttplanen gikk ut 12.05.2027. Bruk med forsiktighet.'],
    ['not-yet', 'gjelder fra 12.11.2026', undefined],
    ['ended', 'ikke i kraft', undefined],
    ['draft', 'utkast, gjelder ikke', undefined],
    [
      'doubtful',
      'uklar status – se kilden',
      'Det er uklart om planen gjelder. Se kilden før du følger den.',
    ],
  ])('a plan that is %s says so', (standing, words, warning) => {
    expect(planHead(plan({ standing }), D1)).toMatchObject({
      heading: `Akuttplan v7 · ${words}`,
      warning,
    });
  });

  test('a title that says more than the kind is shown', () => {
    expect(planHead(plan({ title: 'Beredskapsplan ved fall' }), D1).title).toBe(
      'Beredskapsplan ved fall',
    );
  });
});

describe('what to do and what to avoid', () => {
  test('something not to be done never stands among things to do', () => {
    const view = planView(
      plan({
        lines: [
          line('do-now', 'Bruk fornavn'),
          line('do-now', 'Start benzodiazepiner', { not: true }),
          line('avoid', 'Ikke ring mor', { not: true }),
        ],
      }),
    );
    expect(view.doNow).toEqual(['Bruk fornavn']);
    expect(view.avoid).toEqual(['IKKE: Start benzodiazepiner', 'Ikke ring mor']);
  });

  test('a line without text keeps its place', () => {
    const lines = [
      line('do-now', undefined),
      line('do-now', 'Mål blodtrykk', { status: 'on-hold' }),
    ];
    expect(planView(plan({ lines })).doNow).toEqual([
      'Dette punktet står ikke som tekst – se kilden',
      'Mål blodtrykk (satt på vent)',
    ]);
  });

  test('what is done, cancelled or an error is not among what to do now, and says why', () => {
    const gone = ['completed', 'cancelled', 'stopped', 'revoked', 'entered-in-error'];
    const lines = ['new-code', ...gone].map(status => line('do-now', 'Ring', { status }));
    const view = planView(plan({ lines }));
    expect(view.doNow).toEqual(['Ring (new-code)']);
    expect(view.blocks.map(({ title, parts }) => [title, parts[0]?.lines])).toEqual([
      [
        'Ikke aktuelt nå',
        [
          'Ring (utført)',
          'Ring (avlyst)',
          'Ring (stoppet)',
          'Ring (trukket tilbake)',
          'Ring (ført ved en feil)',
        ],
      ],
    ]);
  });

  test('a zone says what not to do, what is missing, and whether it is in force', () => {
    const zone: Zone = {
      source: {
        from: 'Fjordvik journal',
        ref: 'CarePlan/z',
        version: undefined,
        lastUpdated: undefined,
      },
      identifiers: [],
      flags: [],
      why: [],
      level: 'red',
      condition: 'Hører stemmer',
      lines: [
        line('measure', 'Ring døgnenheten'),
        line('measure', 'La være alene', { not: true }),
        line('avoid', 'Unngå alkohol', { not: true }),
        line('avoid', 'Alkohol'),
        line('measure', undefined, { not: true }),
        line('measure', undefined, { status: 'cancelled' }),
      ],
      standing: 'ended',
    };
    const zones = [
      zone,
      { ...zone, standing: 'in-force' },
      { ...zone, standing: 'not-yet' },
    ] as const;
    const [block] = planView(plan({ zones })).blocks;
    expect(block?.parts[0]?.lines).toEqual([
      'Ring døgnenheten',
      'IKKE: La være alene',
      'Unngå alkohol',
      'IKKE: Alkohol',
      'IKKE: Dette punktet står ikke som tekst – se kilden',
      'Dette punktet står ikke som tekst – se kilden (avlyst)',
    ]);
    expect(block?.parts.map(({ heading }) => heading)).toEqual([
      'Rød sone: Hører stemmer · ikke i kraft',
      'Rød sone: Hører stemmer',
      'Rød sone: Hører stemmer · ikke i kraft',
    ]);
  });

  test('a plan that came as a document says that we did not open it', () => {
    const paper = { date: '2026-11-12', restricted: false };
    expect(planView(plan({ document: paper })).document).toBe(
      'Dokument fra 12.11.2026, ikke åpnet her. Åpne det i journalen.',
    );
    expect(planView(plan({ document: { ...paper, date: undefined } })).document).toBe(
      'Dokument, ikke åpnet her. Åpne det i journalen.',
    );
  });

  test('folded blocks are only those that exist, with how much is in them', () => {
    const lines = [line('admit-if', 'a'), line('admit-if', 'b'), line('helps', '«Spør om katten»')];
    expect(planView(plan({ lines })).blocks.map(({ title, count }) => [title, count])).toEqual([
      ['Innlegg hvis', 2],
      ['Pasientens egne ord', 1],
    ]);
  });
});

describe('on screen', () => {
  test('a plan carries its id once, and the other plans stand under «Planer»', () => {
    const shown = plan({ lines: [line('do-now', 'Bruk fornavn')] });
    const other = plan({ kind: 'individual', title: 'Individuell plan' });
    show(
      recordOf({ plans: known([shown, other]) }),
      <>
        {acute}
        <Plans />
      </>,
    );
    for (const { source } of [shown, other])
      expect(document.querySelectorAll(`[data-item-id="${source.ref}"]`)).toHaveLength(1);
    expect(sectionNamed('plan').textContent).toContain('Bruk fornavn');
    expect(screen.getByRole('link', { name: /Vises på Akutt/ })).toBeTruthy();
  });

  test('the whole plan opens in place, and Esc leads back to the button that opened it', () => {
    const shown = plan({ author: 'Tuva Poliklin', lines: [line('admit-if', 'Feber')] });
    show(recordOf({ plans: known([shown]) }), acute);
    fireEvent.click(screen.getByRole('button', { name: /Hele planen/ }));
    expect(document.activeElement?.textContent).toBe('Akuttplan v7');
    expect(screen.getByText('Laget av Tuva Poliklin')).toBeTruthy();
    expect(document.querySelector('details')?.open).toBe(true);
    fireEvent.keyDown(document, { key: 'Escape' });
    expect(document.activeElement?.textContent).toMatch(/Hele planen/);
  });

  test('a crisis plan somebody knows of, and that is not here, is said loudly', () => {
    const says = critical({ kind: 'treatment', saysCrisisPlan: true });
    show(recordOf({ critical: known([says]) }), acute);
    expect(screen.getByRole('alert').textContent).toContain('psykiatrisk kriseplan');
  });

  test.each([
    ['the plan is here', known([plan()]), known([critical({ saysCrisisPlan: true })])],
    [
      'that information is over',
      known([]),
      known([critical({ saysCrisisPlan: true, currency: 'over' })]),
    ],
    [
      'the plans are still on their way',
      { state: 'loading' },
      known([critical({ saysCrisisPlan: true })]),
    ],
  ] as const)('and not when %s', (_, plans, items) => {
    show(recordOf({ plans, critical: items }), acute);
    expect(screen.queryByText(/psykiatrisk kriseplan/)).toBeNull();
  });

  test('other plans without one for a crisis are not an acute plan', () => {
    show(recordOf({ plans: known([plan({ kind: 'individual' })]) }), acute);
    expect(sectionNamed('plan').textContent).toContain('Akuttplan: ikke registrert');
  });

  test('an acute plan that is not in force is not «not recorded», and is listed', () => {
    const draft = plan({ standing: 'draft' });
    show(recordOf({ plans: known([draft]) }), acute);
    const said = sectionNamed('plan').textContent;
    expect(said).toContain('Akuttplan: gjelder ikke nå');
    expect(said).toContain('Akuttplan v7 (utkast, gjelder ikke)');
    expect(said).not.toContain('ikke registrert');
  });

  test.each([
    ['not-permitted', 'Ikke alt kom fram: mål (svarte ikke)'],
    ['withheld', 'Ikke alt kom fram: mål (svarte ikke)'],
    ['not-supported', 'Ikke alt kom fram: mål (svarte ikke)'],
  ] as const)('what the state %s already says is not said again', (state, words) => {
    const gaps = [
      { what: 'CarePlan', from: 'Fjordvik journal', why: state },
      { what: 'Goal', from: 'Fjordvik journal', why: 'failed' },
    ] as const;
    const { unmount } = show(
      recordOf({ plans: known<Plan>([], { state, gaps: gaps.slice(0, 1) }) }),
      acute,
    );
    expect(sectionNamed('plan').textContent).not.toContain('Ikke alt kom fram');
    unmount();
    show(recordOf({ plans: known<Plan>([], { state, gaps }) }), acute);
    expect(sectionNamed('plan').textContent).toContain(words);
  });

  test('what was not offered, and contacts that did not come, have words', () => {
    const gaps = [
      { what: 'CareTeam', from: 'Fjordvik journal', why: 'not-supported' },
      { what: 'List', from: 'Fjordvik journal', why: 'failed' },
    ] as const;
    show(recordOf({ plans: known([plan()], { gaps }) }), acute);
    expect(sectionNamed('plan').textContent).toContain(
      'kontakter (tilbys ikke), legemiddelliste (svarte ikke)',
    );
  });

  test('loading says so, and that the source is slow', () => {
    show(recordOf({ plans: { state: 'loading' } }), acute);
    expect(sectionNamed('plan').textContent).toBe(
      'Henter fra Fjordvik journal …Fjordvik journal svarer ikke ennå …',
    );
    expect(document.querySelector('.ds-sr-only')).toBeNull();
  });

  test.each(emptyStates)('$state has words of its own, which never say «none»', async reading => {
    for (const language of ['nb', 'en'] as const) {
      await speak(language);
      const { unmount } = show(recordOf({ plans: reading }), acute);
      expect(sectionNamed('plan').dataset['state']).toBe(reading.state);
      expect(sectionNamed('plan').textContent).not.toMatch(SAYS_NONE);
      unmount();
    }
  });

  test('a part that did not come, and what was set aside, are named', () => {
    const partly = known([plan()], {
      gaps: [{ what: 'CarePlan', from: 'Fjordvik journal', why: 'page-lost' }],
      setAside: [{ ref: 'CarePlan/x', why: 'other-patient' }],
    });
    show(recordOf({ plans: partly }), acute);
    const section = sectionNamed('plan');
    expect(section.dataset['partial']).toBe('true');
    expect(section.textContent).toContain('planer (en del av listen ble borte)');
    expect(section.textContent).toContain('Satt til side: 1 (1 gjelder en annen pasient)');
  });

  test('S05 ttl, A08: an answer more than a month old is called old, in words and with its age', () => {
    const asOf = new Date('2026-10-01T12:00:00+02:00');
    show(recordOf({ plans: known([plan()], { asOf }) }), acute);
    expect(sectionNamed('plan').dataset['stale']).toBe('true');
    expect(sectionNamed('plan').textContent).toContain(
      'Hentet 01.10.2026 kl. 12.00 – kan være utdatert',
    );
  });

  test.each([
    ['uninterpretable', 'Kan ikke tolkes sikkert – se kilden'],
    ['unreadable', 'Kan ikke leses – se kilden'],
  ] as const)('a plan that is %s says it in a sentence', (flag, words) => {
    show(recordOf({ plans: known([plan({ flags: [flag] })]) }), acute);
    expect(document.querySelector('[data-flag]')?.textContent).toContain(words);
  });
});
