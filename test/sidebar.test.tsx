import { signal } from '@preact/signals';
import { fireEvent, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Contacts } from '../src/contacts/Contacts.tsx';
import { Safety } from '../src/critical/Safety.tsx';
import type { Failure } from '../src/fhir/failure.ts';
import { otherRooms } from '../src/other-rooms.tsx';
import { Acute } from '../src/plan/Acute.tsx';
import { bannerView } from '../src/shell/banner-view.ts';
import { openTab } from '../src/shell/route.ts';
import { Sidebar } from '../src/shell/Sidebar.tsx';
import { speak } from '../src/shell/words/words.ts';
import { amina, D1, known, plan, recordOf, SAYS_NONE, show } from './hand-made.tsx';

beforeEach(() => {
  widthIs('narrow');
  openTab('akutt');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await speak('nb');
});

function widthIs(width: 'narrow' | 'wide') {
  const query = new EventTarget();
  vi.spyOn(window, 'matchMedia').mockReturnValue(
    Object.assign(query, { matches: width === 'wide' }) as MediaQueryList,
  );
}

const sidebar = (reopen = () => {}, logOut = () => {}) => (
  <Sidebar
    reopen={reopen}
    logOut={logOut}
    safety={<Safety />}
    first={<Acute ring={props => <Contacts {...props} />} />}
    others={signal(otherRooms)}
  />
);
const failed = <T,>(failure: Failure) => known<T>([], { state: 'failed', failure });

const who = (more: object) => bannerView(known([{ ...amina, ...more }]), D1).who;

describe('the banner', () => {
  test('says name, sex and age, born and number, and that this is a test person', () => {
    expect(bannerView(known([amina]), D1)).toMatchObject({
      name: 'Amina Eksempelrud',
      who: 'Kvinne 28 år',
      born: '19.07.1998',
      ids: [{ label: 'D-nr', value: '598798 48088' }],
      test: true,
      notices: [{ text: 'Trenger tolk: somali', grave: false }],
    });
  });

  test.each([
    ['dead', { deceased: '2026-11-01' }, 'Død 01.11.2026'],
    ['dead, nobody says when', { deceased: true }, 'Død'],
    ['merged with another', { replaced: true }, /slått sammen/],
    ['not in use', { inactive: true }, 'Journalen er ikke i bruk'],
  ])('a record that is %s says so gravely', (_, more, words) => {
    const { notices } = bannerView(known([{ ...amina, interpreter: undefined, ...more }]), D1);
    expect(notices).toEqual([{ text: expect.stringMatching(words), grave: true }]);
  });

  test('an interpreter is needed though nobody says in which language', () => {
    expect(bannerView(known([{ ...amina, interpreter: '' }]), D1).notices).toEqual([
      { text: 'Trenger tolk (språk ikke oppgitt)', grave: false },
    ]);
  });

  test('an age nobody can know is not given, and a dead person has none', () => {
    expect(who({ born: '1998' })).toBe('Kvinne');
    expect(who({ deceased: true })).toBe('Kvinne');
  });

  test('missing pieces are «ikke registrert», never blank', () => {
    const bare = { ...amina, name: undefined, born: undefined, ids: [] };
    expect(bannerView(known([bare]), D1)).toMatchObject({
      name: 'Navn ikke registrert',
      born: 'ikke registrert',
      ids: [{ value: 'ikke registrert' }],
    });
  });

  test('stands there also when the patient could not be read', () => {
    show(recordOf({ patient: failed({ kind: 'timeout' }) }), sidebar());
    expect(document.querySelector('[data-patient-banner]')?.textContent).toContain(
      'Navnet kunne ikke hentes',
    );
  });
});

describe('the frame', () => {
  test('every section is on the page exactly once, whichever tab is open', () => {
    show(recordOf({ plans: known([plan()]) }), sidebar());
    for (const name of ['plan', 'contacts', 'critical', 'medication'])
      expect(document.querySelectorAll(`[data-section="${name}"]`)).toHaveLength(1);
  });

  test('arrow keys move between tabs, and only the open panel is shown', () => {
    show(recordOf(), sidebar());
    fireEvent.keyDown(screen.getByRole('tab', { name: 'Akutt' }), { key: 'ArrowRight' });
    const plans = screen.getByRole('tab', { name: 'Planer' });
    expect(plans.getAttribute('aria-selected')).toBe('true');
    expect(document.activeElement).toBe(plans);
    expect(window.location.hash).toBe('#/planer');
    expect(
      [...document.querySelectorAll<HTMLElement>('.panel')].map(({ hidden }) => hidden),
    ).toEqual([true, false, true, true]);
  });

  test('where there is room the acute tab stands still beside the others', () => {
    widthIs('wide');
    show(recordOf(), sidebar());
    expect(screen.getAllByRole('tab').map(each => each.textContent)).toEqual([
      'Planer',
      'Legemidler',
      'Kilder',
    ]);
    expect(document.querySelector<HTMLElement>('.panel-akutt')?.hidden).toBe(false);
    expect(document.querySelector<HTMLElement>('.panel-planer')?.hidden).toBe(false);
  });

  test('where the acute tab stands still, the way to it moves the focus there', async () => {
    widthIs('wide');
    show(recordOf({ plans: known([plan()]) }), sidebar());
    fireEvent.click(screen.getByRole('link', { name: /Vises på Akutt/ }));
    await vi.waitFor(() => expect(document.activeElement?.id).toBe('panel-akutt'));
  });

  test('a change of tab leaves the launch’s memory in the history as it is', () => {
    window.history.replaceState({ sideplan: 'launch' }, '');
    openTab('kilder');
    expect(window.history.state).toEqual({ sideplan: 'launch' });
  });

  test('«g» and a letter open a tab, but not while somebody chooses in a list', () => {
    show(recordOf(), sidebar());
    fireEvent.keyDown(document.body, { key: 'g' });
    fireEvent.keyDown(document.body, { key: 'l' });
    expect(window.location.hash).toBe('#/legemidler');
  });

  test('for a patient without anything recorded, no tab says «ingen» or «none»', async () => {
    for (const language of ['nb', 'en'] as const) {
      await speak(language);
      const { unmount } = show(recordOf(), sidebar());
      expect(document.body.textContent).not.toMatch(SAYS_NONE);
      unmount();
    }
  });

  test('when the patient has blocked this person, nothing else is on the page', () => {
    show(recordOf({ plans: known([plan()]), critical: failed({ kind: 'blocked' }) }), sidebar());
    expect(screen.getByRole('heading', { name: 'Pasienten har blokkert deg' })).toBeTruthy();
    expect(
      document.querySelector('[data-section],[data-patient-banner],[data-item-id]'),
    ).toBeNull();
    expect(document.body.textContent).not.toContain('Amina');
  });

  test.each(['signed-out', 'blocked'] as const)(
    'a source beside the journal that answers «%s» speaks for itself: the panel stands',
    kind => {
      const medicines = { ...failed<never>({ kind }), failing: 'Sentral forskrivningsmodul' };
      show(recordOf({ medicines }), sidebar());
      expect(document.querySelectorAll('[role="tab"]')).toHaveLength(4);
      expect(document.querySelector('.session-over')).toBeNull();
    },
  );

  test('when the session has ended, one button starts again', () => {
    const reopen = vi.fn();
    show(recordOf({ medicines: failed({ kind: 'signed-out' }) }), sidebar(reopen));
    fireEvent.click(screen.getByRole('button', { name: 'Åpne på nytt' }));
    expect(reopen).toHaveBeenCalledOnce();
  });

  test('what failed can be asked for again', () => {
    const refresh = vi.fn(() => Promise.resolve());
    show(
      recordOf({ medicines: failed({ kind: 'busy', retryAfterSeconds: 3 }), refresh }),
      sidebar(),
    );
    fireEvent.click(screen.getAllByRole('button', { name: 'Prøv igjen', hidden: true })[0]!);
    expect(refresh).toHaveBeenCalledOnce();
    expect(document.body.textContent).toContain('Fjordvik journal har for mye å gjøre');
  });

  test('sources are counted, and say what is missing', () => {
    show(recordOf({ critical: failed({ kind: 'timeout' }) }), sidebar());
    expect(document.body.textContent).toContain('0 av 1 kilder svarte');
    expect(document.body.textContent).toContain('Kritisk informasjon: kunne ikke hente');
  });

  test('the language can be changed while one reads', async () => {
    show(recordOf(), sidebar());
    fireEvent.click(screen.getByRole('button', { name: 'Meny' }));
    fireEvent.change(screen.getByLabelText('Språk'), { target: { value: 'en' } });
    expect(await screen.findByRole('tab', { name: 'Medicines' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('en');
  });
});
