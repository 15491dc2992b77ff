import { fireEvent, screen, within } from '@testing-library/preact';
import { beforeEach, describe, expect, test } from 'vitest';
import { Plans } from '../src/plan/Plans.tsx';
import { planKey } from '../src/plan/plan-list.ts';
import type { Plan } from '../src/record/model.ts';
import { openPlan, planOpen, readTab, tab } from '../src/shell/route.ts';
import {
  contact,
  emptyStates,
  known,
  plan,
  recordOf,
  SAYS_NONE,
  sectionNamed,
  show,
} from './hand-made.tsx';
import { details, evaluation, goal, measure } from './hand-made-items.ts';

beforeEach(() => openPlan(undefined));

const treatment = (more: Partial<Plan> = {}) => plan({ kind: 'treatment', title: 'DPS', ...more });
const open = (each: Plan) =>
  fireEvent.click(document.querySelector(`[href="#/plan/${planKey(each)}"]`)!);
const linkNames = () =>
  screen.getAllByRole('link').map(({ textContent }) => textContent?.replace(' ›', ''));

const edition = (from: string, version: string, lastUpdated: string) => {
  const one = treatment({ version, flags: ['contradiction'] });
  return { ...one, source: { ...one.source, from, lastUpdated } };
};

const scored = (date: string, score: number) =>
  evaluation({ date, goals: [{ goal: 'Goal/g', achievement: 'delvis', score }] });

const half = (name: string) => document.querySelector(`[data-half="${name}"]`)?.textContent;

describe('the list of plans', () => {
  test('current plans come first, and two hundred old ones are folded under them', () => {
    const old = Array.from({ length: 199 }, (_, index) =>
      treatment({ standing: 'ended', version: `${index + 1}` }),
    );
    const now = treatment({ version: '200' });
    show(recordOf({ plans: known([...old, now]) }), <Plans />);
    expect(linkNames()[0]).toBe('Behandlingsplan v200');
    const fold = screen.getByText('Gjelder ikke nå (199)').closest('details')!;
    expect(fold.open).toBe(false);
    expect(fold.querySelectorAll('a')).toHaveLength(199);
  });

  test('where nothing holds now, the plans that once did are not folded away', () => {
    show(recordOf({ plans: known([treatment({ standing: 'ended' })]) }), <Plans />);
    expect(screen.getByText('Gjelder ikke nå (1)').closest('details')?.open).toBe(true);
  });

  test('drafts and revoked plans say what they are', () => {
    const plans = [treatment({ standing: 'draft' }), treatment({ standing: 'ended' })];
    show(recordOf({ plans: known(plans) }), <Plans />);
    expect(screen.getByText('utkast, gjelder ikke')).toBeTruthy();
    expect(screen.getByText('ikke i kraft')).toBeTruthy();
  });

  test('two editions of one plan stand side by side, each with its source and date', () => {
    const plans = [
      edition('Fjordvik journal', '5', '2026-04-01'),
      edition('Planer', '6', '2026-10-01'),
    ];
    show(recordOf({ plans: known(plans) }), <Plans />);
    expect(screen.getByText('Fjordvik journal, sist endret 01.04.2026')).toBeTruthy();
    expect(screen.getByText('Planer, sist endret 01.10.2026')).toBeTruthy();
    expect(screen.getAllByText(/Finnes i to utgaver/)).toHaveLength(2);
  });
});

describe('goals and evaluations', () => {
  test("a goal is quoted, with its state and the patient's own score from the newest evaluation", () => {
    const evaluations = known([scored('2026-05-01', 3), scored('2026-11-12', 7)]);
    const plans = known([
      treatment({ details: details({ goals: [goal({ achievement: 'improving' })] }) }),
    ]);
    show(recordOf({ plans, evaluations }), <Plans />);
    expect(screen.getByText('«Jeg vil sove»')).toBeTruthy();
    expect(screen.getByText('bedre · egen skår 7 av 10 · frist 07.01.2027')).toBeTruthy();
  });

  test('a score outside the scale is shown as it is, without a bar', () => {
    const evaluations = known([
      evaluation({ goals: [{ goal: 'Goal/g', achievement: undefined, score: 12 }] }),
    ]);
    const plans = known([treatment({ details: details({ goals: [goal()] }) })]);
    show(recordOf({ plans, evaluations }), <Plans />);
    expect(screen.getByText(/egen skår 12 · /)).toBeTruthy();
    expect(document.querySelector('progress')).toBeNull();
  });

  test('goals on their way are not «no goals»', () => {
    show(recordOf({ plans: known([treatment({ details: 'waiting' })]) }), <Plans />);
    expect(screen.getByText('Henter mål og tiltak …')).toBeTruthy();
  });

  test('an evaluation says if the patient was there, what changed, and who has not answered', () => {
    const evaluations = known([
      evaluation({
        changes: ['a', 'b'],
        messages: [
          { to: 'Ingrid Fastlund', sent: '2026-11-12', read: undefined },
          { to: 'Silje Samrud', sent: '2026-11-12', read: '2026-11-13' },
        ],
      }),
    ]);
    show(recordOf({ evaluations }), <Plans />);
    const section = sectionNamed('evaluation');
    expect(section.textContent).toContain('12.11.2026 oppmøte · pasienten: deltok');
    expect(section.textContent).toContain(
      '2 endringer · Melding til Silje Samrud: lest 13.11.2026',
    );
    expect(
      within(section).getByText('Melding til Ingrid Fastlund: ikke kvittert').closest('.warn'),
    ).toBeTruthy();
  });

  test.each([
    ['2027-01-07', 'Neste evaluering 07.01.2027 (om 47 dager)', false],
    ['2026-11-22', 'Neste evaluering 22.11.2026 (i morgen)', false],
    ['2026-11-01', 'Neste evaluering skulle vært 01.11.2026 (for 20 dager siden)', true],
  ])('the next evaluation %s: «%s»', (nextEvaluation, words, overdue) => {
    show(recordOf({ plans: known([treatment({ nextEvaluation })]) }), <Plans />);
    expect(screen.getByText(words).classList.contains('warn')).toBe(overdue);
  });

  test.each(emptyStates)('evaluations $state have words that never say «none»', reading => {
    show(recordOf({ evaluations: reading }), <Plans />);
    expect(sectionNamed('evaluation').dataset['state']).toBe(reading.state);
    expect(sectionNamed('evaluation').textContent).not.toMatch(SAYS_NONE);
  });
});

describe('one plan opened', () => {
  test('fills the tab, takes the focus, and Esc leads back to its row; the address names no id', () => {
    const one = treatment();
    show(recordOf({ plans: known([one, treatment()]) }), <Plans />);
    open(one);
    expect(document.activeElement?.textContent).toBe('Behandlingsplan v7');
    expect(window.location.hash).toMatch(/^#\/plan\/[a-z0-9]+$/);
    expect(screen.queryByText('Evalueringer')).toBeNull();
    fireEvent.keyDown(document, { key: 'Escape' });
    expect(document.activeElement?.getAttribute('href')).toBe(`#/plan/${planKey(one)}`);
    expect(window.location.hash).toBe('#/planer');
  });

  test('an address opens it, and one that names no plan here shows the list', () => {
    const one = treatment();
    window.location.hash = `#/plan/${planKey(one)}`;
    readTab();
    expect([tab.value, planOpen.value]).toEqual(['planer', planKey(one)]);
    const { unmount } = show(recordOf({ plans: known([one]) }), <Plans />);
    expect(screen.getByRole('button', { name: 'Tilbake' })).toBeTruthy();
    unmount();
    show(recordOf({ plans: known([treatment()]) }), <Plans />);
    expect(screen.queryByRole('button', { name: 'Tilbake' })).toBeNull();
  });

  test('stays open when a newer answer orders the list another way', () => {
    const [one, two] = [treatment({ title: 'Den ene' }), treatment({ title: 'Den andre' })];
    const record = recordOf({ plans: known([one, two]) });
    show(record, <Plans />);
    open(one);
    (record.plans as { value: unknown }).value = known([two, one]);
    expect(screen.getByText('Den ene')).toBeTruthy();
  });

  test('says who coordinates and made it with whom; a measure who is responsible and by when', () => {
    const one = treatment({
      author: 'Tuva Poliklin',
      details: details({
        withPatient: true,
        coordinators: [contact({ name: 'Silje Samrud', organization: 'Fjordvik kommune' })],
        nextMeeting: '2027-01-12',
        measures: [
          measure({ due: '2026-11-01' }),
          measure({ text: 'Trening', responsible: [undefined], due: '2027-02-01' }),
          measure({ text: 'Kjør bil', not: true, responsible: [], status: 'on-hold' }),
        ],
        history: [{ at: '2026-11-12', what: 'Plan laget', by: 'Tuva Poliklin' }],
      }),
    });
    show(recordOf({ plans: known([one]) }), <Plans />);
    open(one);
    const text = screen.getByRole('article').textContent;
    for (const said of [
      'Koordinator: Silje Samrud, Fjordvik kommune',
      '+47 00 00 02 10',
      'Laget av Tuva Poliklin',
      'Laget sammen med pasienten',
      'Neste møte 12.01.2027',
      'Ansvarlig: DPS · fristen var 01.11.2026',
      'Hvem som er ansvarlig, ble ikke vist av kilden · frist 01.02.2027',
      'IKKE: Kjør bil',
      'satt på vent',
      '12.11.2026 · Plan laget · Tuva Poliklin',
    ])
      expect(text).toContain(said);
    expect(document.querySelector('[href^="tel:"]')).toBeNull();
  });

  test('an individual plan stands in two halves, and nothing of health in the other', () => {
    const one = plan({
      kind: 'individual',
      title: 'IP',
      details: details({
        goals: [
          goal({ ref: 'Goal/a', text: 'Bo hjemme', infoClass: 'other' }),
          goal({ ref: 'Goal/b', text: 'Få det bedre' }),
        ],
        measures: [
          measure({ text: 'Tilsyn', goals: ['Goal/a'], infoClass: 'other' }),
          measure({ text: 'Depot', goals: ['Goal/a'] }),
          measure({ text: 'DBT', goals: ['Goal/b'] }),
          measure({ text: 'Økonomi', goals: ['Goal/b'], infoClass: 'other' }),
        ],
      }),
    });
    show(recordOf({ plans: known([one]) }), <Plans />);
    open(one);
    expect(half('other')).toContain('Andre opplysninger');
    expect(half('other')).toMatch(/Bo hjemme.*Tilsyn.*Andre tiltak.*Økonomi/);
    expect(half('other')).not.toMatch(/Depot|DBT|Få det bedre/);
    expect(half('health')).toMatch(/Bo hjemme.*Depot.*Få det bedre.*DBT/);
  });

  test('an excerpt says so, and counts nothing', () => {
    const one = plan({
      kind: 'individual',
      details: details({ excerpt: true, goals: [goal({ infoClass: 'other' })] }),
    });
    show(recordOf({ plans: known([one]) }), <Plans />);
    expect(screen.getByText('Du ser den delen av planen som er delt med deg.')).toBeTruthy();
    expect(screen.getByText('Mål i Individuell plan v7').textContent).not.toContain('(');
    open(one);
    expect(screen.queryByText('Helseopplysninger')).toBeNull();
  });

  test('a replaced plan warns, and a document is known of without being opened', () => {
    const replaced = treatment({ standing: 'replaced' });
    const paper = treatment({
      details: 'unread',
      document: { date: '2026-11-12', restricted: true },
    });
    show(recordOf({ plans: known([replaced, paper]) }), <Plans />);
    open(replaced);
    expect(screen.getByText('Planen er erstattet av en nyere. Ikke følg den.')).toBeTruthy();
    fireEvent.keyDown(document, { key: 'Escape' });
    open(paper);
    expect(screen.getByRole('article').textContent).toContain(
      'Dokumentet er sperret av pasienten.',
    );
    expect(screen.queryByText(/kunne ikke leses/)).toBeNull();
  });
});
