import { fireEvent, screen, within } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Contacts } from '../src/contacts/Contacts.tsx';
import { contactsView, type Dialling } from '../src/contacts/contacts-view.ts';
import { openingAt } from '../src/contacts/opening-hours.ts';
import type { OpenHours, Patient, Plan, Contacts as Team } from '../src/record/model.ts';
import type { Reading } from '../src/record/reading.ts';
import { RecordProvider } from '../src/record/record.ts';
import { wallClock } from '../src/shell/dates.ts';
import { speak } from '../src/shell/words/words.ts';
import {
  amina,
  contact,
  D1,
  D2,
  emptyStates,
  known,
  plan,
  recordOf,
  SAYS_NONE,
  sectionNamed,
  show,
  team,
} from './hand-made.tsx';

afterEach(async () => {
  vi.unstubAllGlobals();
  await speak('nb');
});

const at = (hour: number, minute = 0) => hour * 60 + minute;
const hours = (days: readonly number[], opens: number, closes: number): OpenHours => ({
  days,
  allDay: false,
  opens,
  closes,
});
const WEEKDAYS = [1, 2, 3, 4, 5];
const allDay: OpenHours = { days: [], allDay: true, opens: 0, closes: 0 };
const office = hours(WEEKDAYS, at(8), at(15, 30));

const maja: Team = {
  team: 'CareTeam/p1-team',
  people: [
    contact({
      rank: 1,
      name: 'Ambulant akutteam',
      hours: [hours(WEEKDAYS, at(8), at(22)), hours([6, 7], at(10), at(18))],
    }),
    contact({ rank: 2, name: 'Døgnenhet DPS', hours: [allDay] }),
    contact({ rank: 3, name: 'Kveldsteam', hours: [hours([], at(15), at(23))] }),
    contact({ rank: 4, name: 'Thea', hours: [allDay] }),
    contact({ rank: 5, name: 'Bakvakt', hours: [allDay] }),
    contact({ rank: 6, name: 'Tuva', hours: [office] }),
    contact({ rank: 7, name: 'Fastlege', hours: [hours(WEEKDAYS, at(8), at(15))] }),
    contact({
      rank: 8,
      name: 'Anita',
      hours: [hours(WEEKDAYS, at(9), at(15))],
      confirmed: '2026-04-15',
    }),
  ],
  never: [{ who: 'mor', why: 'Maja ønsker det ikke' }],
  unreadTeams: 0,
  denialsKnown: true,
};

const says = (rules: readonly OpenHours[] | 'unknown', time: string) => {
  const { state, words } = openingAt(rules, wallClock(new Date(time)));
  return `${state} ${words}`.trim();
};

describe('opening hours', () => {
  const night = [hours([], at(15), at(2))];

  test.each([
    ['round the clock', [allDay], '2026-11-21T03:00+01:00', 'open hele døgnet'],
    [
      'from eight to eight',
      [hours([], at(8), at(8))],
      '2026-11-21T03:00+01:00',
      'open hele døgnet',
    ],
    ['in office hours', [office], '2026-11-23T08:00+01:00', 'open til 15.30'],
    ['the minute it closes', [office], '2026-11-23T15:30+01:00', 'closed åpner tir 8'],
    ['before it opens today', [office], '2026-11-23T07:59+01:00', 'closed åpner 8'],
    ['on a Friday evening', [office], '2026-11-20T18:00+01:00', 'closed åpner man 8'],
    ['late, over midnight', night, '2026-11-21T23:00+01:00', 'open til 2'],
    ['after midnight, from the day before', night, '2026-11-22T01:30+01:00', 'open til 2'],
    ['the night from Sunday to Monday', night, '2026-11-23T01:30+01:00', 'open til 2'],
    ['until midnight', [hours([], at(15), 0)], '2026-11-21T20:00+01:00', 'open til 24'],
    ['all weekend', [{ ...allDay, days: [6, 7] }], '2026-11-21T12:00+01:00', 'open til søn 24'],
    [
      'two spells that touch',
      [hours([], at(8), at(12)), hours([], at(12), at(16))],
      '2026-11-21T09:00+01:00',
      'open til 16',
    ],
    [
      'the morning the clocks go forward',
      [hours([7], at(3), at(10))],
      '2026-03-29T03:00+02:00',
      'open til 10',
    ],
    ['the night the clocks go back', night, '2026-10-25T02:30+01:00', 'closed åpner 15'],
    ['without hours given', 'unknown', '2026-11-21T12:00+01:00', 'unknown'],
    ['with an empty list of hours', [], '2026-11-21T12:00+01:00', 'unknown'],
  ] as const)('%s', (_, rules, time, expected) => {
    expect(says(rules, time)).toBe(expected);
  });
});

const namesOf = (each: Team, now: Date, dial: Dialling = 'on') =>
  contactsView(each, now, dial).rows.map(({ name }) => name);

describe('whom to call', () => {
  test('on Saturday night the open ones come first, and the closed first choice is named', () => {
    const view = contactsView(maja, D1, 'on');
    expect(view.rows.map(({ name, hours: when, planRank }) => [name, when, planRank])).toEqual([
      ['Døgnenhet DPS', 'hele døgnet', 'planens nr. 2'],
      ['Kveldsteam', 'til 23', 'planens nr. 3'],
      ['Thea', 'hele døgnet', 'planens nr. 4'],
      ['Bakvakt', 'hele døgnet', 'planens nr. 5'],
      ['Ambulant akutteam', 'stengt – åpner søn 10', 'planens nr. 1'],
      ['Tuva', 'stengt – åpner man 8', undefined],
      ['Fastlege', 'stengt – åpner man 8', undefined],
      ['Anita', 'stengt – åpner man 9', undefined],
    ]);
    expect(view.rows.filter(({ near }) => near)).toHaveLength(3);
    expect(view.closed).toBe(
      'Stengt: Ambulant akutteam (planens nr. 1, åpner søn 10), Tuva (åpner man 8) og 2 til',
    );
  });

  test('on Monday morning the plan’s first choice is open and first, and the evening team closed', () => {
    const view = contactsView(maja, D2, 'on');
    expect(namesOf(maja, D2)).toEqual([
      'Ambulant akutteam',
      'Døgnenhet DPS',
      'Thea',
      'Bakvakt',
      'Tuva',
      'Fastlege',
      'Anita',
      'Kveldsteam',
    ]);
    expect(view.rows[0]?.planRank).toBeUndefined();
    expect(view.closed).toBe('Stengt: Kveldsteam (planens nr. 3, åpner 15)');
  });

  test('unknown hours come after open ones, ended contacts last, and neither is called open', () => {
    const people = [
      contact({ rank: 0, name: 'ikke ring', neverCall: true, hours: [allDay] }),
      contact({ rank: 1, name: 'sluttet', ended: true, hours: [allDay] }),
      contact({ rank: 2, name: 'ukjent' }),
      contact({ rank: 3, name: 'uten nummer', numbers: [], hours: [allDay] }),
      contact({ rank: 4, name: 'stengt', hours: [office] }),
      contact({ rank: 5, name: 'åpen', hours: [allDay] }),
    ];
    expect(namesOf(team(people), D1)).toEqual([
      'åpen',
      'ukjent',
      'stengt',
      'uten nummer',
      'sluttet',
      'ikke ring',
    ]);
    const [, unknown, , , ended] = contactsView(team(people), D1, 'on').rows;
    expect(unknown?.hours).toBe('åpningstid ikke oppgitt');
    expect([ended?.hours, ended?.main]).toEqual(['avsluttet kontakt', undefined]);
  });

  test('a number not confirmed for half a year says for how long', () => {
    const { rows } = contactsView(maja, D1, 'on');
    expect(rows.find(({ name }) => name === 'Anita')).toMatchObject({
      stale: true,
      confirmed: 'Ikke bekreftet på 7 måneder – sjekk at nummeret stemmer',
    });
    expect(rows[0]).toMatchObject({ stale: false, confirmed: 'Bekreftet 12.11.2026' });
  });

  test('an old number is never the one to use, however it is placed', () => {
    const numbers = [
      { value: '+47 00 00 09 99', kind: 'phone', current: false },
      { value: '+47 00 00 01 02', kind: 'sms', current: true },
      { value: '+47 00 00 01 01', kind: 'phone', current: true },
    ] as const;
    const [row] = contactsView(team([contact({ numbers })]), D1, 'on').rows;
    expect(row?.main).toMatchObject({ text: '+47 00 00 01 01', href: 'tel:+4700000101' });
    expect(row?.others).toEqual([
      expect.objectContaining({ note: 'gammelt nummer', old: true, href: undefined }),
      expect.objectContaining({ note: 'bare SMS', href: 'sms:+4700000102' }),
    ]);
  });

  test('somebody the patient does not want called has no number to press, and is named among «ikke ring»', () => {
    const view = contactsView(
      { ...maja, people: [contact({ name: 'Far', neverCall: true, hours: [allDay] })] },
      D1,
      'on',
    );
    expect(view.never).toEqual(['IKKE RING: mor – Maja ønsker det ikke', 'IKKE RING: Far']);
    expect(view.rows[0]).toMatchObject({ main: undefined, instead: 'Ikke ring', near: false });
    expect(view.rows[0]?.others.every(({ href }) => href === undefined)).toBe(true);
  });

  test('a contact whose details the source kept says so, and is not without a number', () => {
    const people = [contact({ numbers: 'unread' }), contact({ numbers: [] })];
    const { rows } = contactsView(team(people), D1, 'on');
    expect(rows.map(({ instead }) => instead)).toEqual([
      'Nummeret ble ikke vist av kilden – se journalen',
      'Telefonnummer ikke registrert',
    ]);
  });

  test('before we know whose number it is, and for a test person, it cannot be dialled', () => {
    for (const dial of ['not-yet', 'test'] as const)
      expect(contactsView(maja, D1, dial).rows.some(({ main }) => main?.href)).toBe(false);
  });
});

const nothing = () => {};
const ring = (plans: Reading<Plan>, shown: Plan | undefined, whole = false, hurried = false) => (
  <Contacts
    plans={plans}
    shown={shown}
    whole={whole}
    hurried={hurried}
    open={nothing}
    close={nothing}
  />
);
const majas = plan({ contacts: maja });
const real = known([{ ...amina, test: false }]);

describe('on screen', () => {
  test('every contact is on the page once; the first is a link to the phone', () => {
    show(recordOf({ patient: real }), ring(known([majas]), majas));
    const ids = [...sectionNamed('contacts').querySelectorAll('[data-item-id]')];
    expect(new Set(ids.map(each => each.getAttribute('data-item-id'))).size).toBe(8);
    expect(ids).toHaveLength(8);
    const call = screen.getByRole('link', { name: 'Ring Døgnenhet DPS, +47 00 00 02 10' });
    expect(call.getAttribute('href')).toBe('tel:+4700000210');
    expect(sectionNamed('contacts').querySelectorAll('[elementtiming="contacts"]')).toHaveLength(1);
    expect(screen.getByText(/IKKE RING: mor/)).toBeTruthy();
  });

  test('before they are on screen, only those that will be seen are drawn; never call, and how many there are, is said', () => {
    show(recordOf({ patient: real }), ring(known([majas]), majas, false, true));
    const drawn = [...sectionNamed('contacts').querySelectorAll('[data-item-id]')];
    expect(drawn).toHaveLength(3);
    expect(drawn.filter(each => each.hasAttribute('hidden'))).toEqual([]);
    expect(screen.getByText(/IKKE RING: mor/)).toBeTruthy();
    expect(screen.getByRole('button', { name: /Alle kontakter \(8\)/ })).toBeTruthy();
  });

  test('a test person’s number looks callable, says why it is not, and can be copied', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    show(recordOf(), ring(known([majas]), majas));
    expect(screen.queryAllByRole('link')).toEqual([]);
    const off = screen.getByRole('button', { name: /Døgnenhet DPS.*ringing er slått av/ });
    expect(off.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(screen.getByRole('button', { name: 'Kopier nummer til Døgnenhet DPS' }));
    expect(await screen.findByText('Nummer kopiert')).toBeTruthy();
    expect(writeText).toHaveBeenCalledWith('+47 00 00 02 10');
  });

  test('where the clipboard is refused, the number is marked instead', async () => {
    vi.stubGlobal('navigator', {
      clipboard: { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) },
    });
    show(recordOf(), ring(known([majas]), majas));
    fireEvent.click(screen.getByRole('button', { name: 'Kopier nummer til Døgnenhet DPS' }));
    expect(await screen.findByText(/Nummeret er merket/)).toBeTruthy();
    expect(window.getSelection()?.toString()).toBe('+47 00 00 02 10');
  });

  test('an old number is struck through and called old', () => {
    const numbers = [{ value: '+47 00 00 09 99', kind: 'phone', current: false }] as const;
    const shown = plan({ contacts: { ...maja, people: [contact({ numbers })] } });
    show(recordOf({ patient: real }), ring(known([shown]), shown, true));
    const struck = sectionNamed('contacts').querySelector('s');
    expect(struck?.textContent).toBe('+47 00 00 09 99');
    expect(within(struck!.parentElement!).getByText('gammelt nummer')).toBeTruthy();
    expect(screen.queryAllByRole('link')).toEqual([]);
  });

  test('an ended contact’s numbers are shown as old ones', () => {
    const shown = plan({ contacts: team([contact({ ended: true })]) });
    show(recordOf({ patient: real }), ring(known([shown]), shown, true));
    const struck = sectionNamed('contacts').querySelector('s');
    expect(struck?.textContent).toBe('+47 00 00 02 10');
    expect(within(struck!.parentElement!).getByText('gammelt nummer')).toBeTruthy();
  });

  test('a contact whose number the source kept is named on the first screen', () => {
    const people = [1, 2, 3, 4].map(rank => contact({ rank, hours: [allDay] }));
    const kept = contact({ rank: 9, name: 'Kommunens kriseteam', numbers: 'unread' });
    const shown = plan({ contacts: team([...people, kept]) });
    show(recordOf({ patient: real }), ring(known([shown]), shown));
    expect(
      screen.getByText('Nummer ikke vist av kilden: Kommunens kriseteam').closest('[hidden]'),
    ).toBeNull();
  });

  test('teams that were not shown, and denials that could not be checked, are said beside the readable ones', () => {
    const shown = plan({ contacts: { ...maja, unreadTeams: 2, denialsKnown: false } });
    show(recordOf({ patient: real }), ring(known([shown]), shown));
    expect(
      screen.getByText('Planen nevner 2 team som kilden ikke viste. Se journalen.'),
    ).toBeTruthy();
    expect(screen.getByText('Hvem som ikke skal ringes, kunne ikke sjekkes.')).toBeTruthy();
  });

  test.each([
    ['could not be fetched', known<Patient>([], { state: 'failed' })],
    ['could not be read', known([{ ...amina, test: false, flags: ['unreadable'] as const }])],
  ])('while the patient %s, numbers stand as text that can be copied', (_, patient) => {
    show(recordOf({ patient }), ring(known([majas]), majas));
    expect(screen.queryAllByRole('link')).toEqual([]);
    expect(document.querySelector('.dial')).toBeNull();
    expect(screen.getByRole('button', { name: 'Kopier nummer til Døgnenhet DPS' })).toBeTruthy();
  });

  test('two contacts and two denials that are alike are all on the page', () => {
    const twice = { ...contact({ name: 'Thea' }) };
    const never = [
      { who: 'mor', why: undefined },
      { who: 'mor', why: undefined },
    ];
    const shown = plan({ contacts: team([twice, { ...twice, rank: 2 }], { never }) });
    const before = plan({ contacts: team([twice], { never: never.slice(1) }) });
    const record = recordOf({ patient: real });
    const { rerender } = show(record, ring(known([before]), before));
    rerender(<RecordProvider value={record}>{ring(known([shown]), shown)}</RecordProvider>);
    expect(screen.getAllByText('Thea')).toHaveLength(2);
    expect(screen.getAllByText('IKKE RING: mor')).toHaveLength(2);
  });

  test('a team the source did not show is never an empty list', () => {
    const shown = plan({ contacts: 'unread' });
    show(recordOf(), ring(known([shown]), shown));
    expect(sectionNamed('contacts').dataset['state']).toBe('failed');
    expect(screen.getByText(/kontakter som Fjordvik journal ikke viste oss/)).toBeTruthy();
  });

  test.each(emptyStates)(
    'without a plan the contacts are in the same state: $state',
    async reading => {
      for (const language of ['nb', 'en'] as const) {
        await speak(language);
        const { unmount } = show(recordOf(), ring(reading, undefined));
        const section = sectionNamed('contacts');
        expect(section.dataset['state']).toBe(reading.state);
        expect(section.textContent).not.toBe('');
        expect(section.textContent).not.toMatch(SAYS_NONE);
        unmount();
      }
    },
  );
});
