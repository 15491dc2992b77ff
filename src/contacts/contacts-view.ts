import type { Contact, Contacts, NeverCall, PhoneNumber } from '../record/model.ts';
import { dateText, daysBetween, monthsBetween, wallClock } from '../shell/dates.ts';
import { dialable, phoneText } from '../shell/numbers.ts';
import { listed } from '../shell/state-view.ts';
import { t } from '../shell/words/words.ts';
import { type Opening, openingAt } from './opening-hours.ts';

/** Confirmed longer ago than this, a number may be somebody else's (HZ09). */
const STALE_DAYS = 180;
/** How many can be called from the first screen. */
const IN_REACH = 3;
/** How many closed ones the first screen names. */
const CLOSED_NAMED = 2;

export interface NumberView {
  readonly text: string;
  /** What goes on the clipboard. */
  readonly copy: string;
  /** `tel:` or `sms:`; undefined where it must not or cannot be dialled. */
  readonly href: string | undefined;
  /** A call button, one that is switched off for a test person, or the number as text alone. */
  readonly dial: 'on' | 'test' | 'text';
  /** «bare SMS», «gammelt nummer» */
  readonly note: string | undefined;
  readonly old: boolean;
  /** The whole of it, for a screen reader. */
  readonly label: string;
}

export interface ContactRow {
  readonly contact: Contact;
  /** Where it stands on screen. */
  readonly position: number;
  /** «planens nr. 1», when that is not where it stands. */
  readonly planRank: string | undefined;
  readonly name: string;
  /** Role, unit and the plan's own place, where they say more than the name. */
  readonly about: readonly string[];
  /** The same without the unit, for the first screen. */
  readonly aboutShort: readonly string[];
  readonly state: Opening['state'] | 'ended';
  /** «til 23», «stengt – åpner man 8», «åpningstid ikke oppgitt» */
  readonly hours: string;
  readonly hoursNote: string | undefined;
  readonly purpose: string | undefined;
  readonly confirmed: string;
  readonly stale: boolean;
  /** The number to use. Never an old one, never one that must not be called. */
  readonly main: NumberView | undefined;
  readonly others: readonly NumberView[];
  /** Why there is no number to use. */
  readonly instead: string | undefined;
  readonly copyLabel: string;
  /** Within reach on the first screen. */
  readonly near: boolean;
}

export interface ContactsView {
  readonly rows: readonly ContactRow[];
  /** «Stengt: Ambulant akutteam (planens nr. 1, åpner søn 10)» */
  readonly closed: string | undefined;
  /** «Nummer ikke vist av kilden: …» */
  readonly unread: string | undefined;
  /** «IKKE RING: mor – …», one line each. */
  readonly never: readonly string[];
}

interface Placed {
  readonly contact: Contact;
  readonly opening: Opening;
  readonly group: number;
}

/** Whether this patient's numbers may be rung: not those of a test person, nor while we do not know whose they are. */
export type Dialling = 'on' | 'test' | 'not-yet';

/** Whom to call now. */
export function contactsView(contacts: Contacts, now: Date, dial: Dialling): ContactsView {
  const wall = wallClock(now);
  const placed = contacts.people
    .map((contact): Placed => {
      const opening = openingAt(contact.hours, wall);
      return { contact, opening, group: groupOf(contact, opening) };
    })
    .toSorted((a, b) => a.group - b.group || a.contact.rank - b.contact.rank);
  const rows = placed.map((each, index) => rowOf(each, index + 1, now, dial));
  const asked = contacts.people.filter(({ neverCall }) => neverCall);
  return {
    rows: rows.map(row => ({ ...row, near: row.near && row.position <= IN_REACH })),
    closed: closedLine(placed, rows),
    unread: unreadLine(rows),
    never: [
      ...contacts.never.map(neverLine),
      ...asked.map(({ name }) => neverLine({ who: name ?? '', why: undefined })),
    ],
  };
}

/** Open and callable, then hours unknown, then closed, then without a number, then over, and never at the very end. */
function groupOf(contact: Contact, { state }: Opening): number {
  if (contact.neverCall) return 5;
  if (contact.ended) return 4;
  if (state === 'closed') return 2;
  if (usable(contact).length === 0) return 3;
  return state === 'open' ? 0 : 1;
}

const KINDS = ['phone', 'sms', 'pager'] as const;

/** The numbers in use, telephones before the rest, otherwise in the source's order. */
function usable({ numbers, ended, neverCall }: Contact): readonly PhoneNumber[] {
  if (numbers === 'unread' || ended || neverCall) return [];
  return numbers
    .filter(({ current }) => current)
    .toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

function rowOf(placed: Placed, position: number, now: Date, dial: Dialling): ContactRow {
  const { contact, opening } = placed;
  const { rank, ended, confirmed, neverCall } = contact;
  const name = contact.name || t('call.noName');
  const planRank = rank === position ? undefined : t('call.rank', { n: rank });
  const [main] = usable(contact);
  const others = contact.numbers === 'unread' ? [] : contact.numbers.filter(each => each !== main);
  const over = ended || neverCall;
  const number = (each: PhoneNumber) =>
    numberView(
      { ...each, current: each.current && !ended },
      name,
      over || !each.current ? 'not-yet' : dial,
    );
  return {
    contact,
    position,
    planRank,
    name,
    about: aboutText([contact.role, contact.organization], name, planRank),
    aboutShort: aboutText([contact.role], name, planRank),
    state: ended ? 'ended' : opening.state,
    hours: hoursText(ended, opening),
    hoursNote: contact.hoursNote,
    purpose: contact.purpose,
    confirmed: confirmedText(confirmed, now),
    stale: confirmed !== undefined && daysBetween(confirmed, now) > STALE_DAYS,
    main: main && number(main),
    others: others.map(number),
    instead: main ? undefined : insteadOf(contact),
    copyLabel: t('call.copy.to', { name }),
    near: main !== undefined && opening.state !== 'closed',
  };
}

const aboutText = (
  parts: readonly (string | undefined)[],
  name: string,
  planRank: string | undefined,
): readonly string[] => [...parts, planRank].flatMap(part => (part && part !== name ? [part] : []));

function hoursText(ended: boolean, { state, words }: Opening): string {
  if (ended) return t('call.ended');
  if (state === 'unknown') return t('call.unknownHours');
  return state === 'open' ? words : closedWords(words);
}

/** «stengt – åpner man 8» */
const closedWords = (words: string) => t('call.closedNow', { opens: words });

function confirmedText(confirmed: string | undefined, now: Date): string {
  if (confirmed === undefined) return t('call.unconfirmed');
  return daysBetween(confirmed, now) > STALE_DAYS
    ? t('call.stale', { months: monthsBetween(confirmed, now) })
    : t('call.confirmed', { date: dateText(confirmed) });
}

function insteadOf({ numbers, neverCall, ended }: Contact): string {
  if (neverCall) return t('call.never');
  if (ended) return t('call.ended');
  return numbers === 'unread' ? t('call.unread') : t('call.noNumber');
}

function numberView(number: PhoneNumber, name: string, dialling: Dialling): NumberView {
  const text = phoneText(number.value);
  const dialled = dialable(number.value);
  const dial = dialled && dialling !== 'not-yet' ? dialling : 'text';
  const sms = number.kind === 'sms';
  return {
    text,
    copy: text,
    href: dial === 'on' ? `${sms ? 'sms' : 'tel'}:${dialled}` : undefined,
    dial,
    note: noteOn(number),
    old: !number.current,
    label: t(dial === 'test' ? 'call.test' : sms ? 'call.sms' : 'call.to', { name, number: text }),
  };
}

function noteOn({ current, kind }: PhoneNumber): string | undefined {
  if (!current) return t('call.old');
  return kind === 'phone' ? undefined : t(`call.kind.${kind}`);
}

/** Closed ones are never hidden: the plan's first choice may be among them, and the doctor must know it exists. */
function closedLine(placed: readonly Placed[], rows: readonly ContactRow[]): string | undefined {
  const closed = placed.flatMap(({ opening, contact }, index) => {
    const row = rows[index];
    if (!row || opening.state !== 'closed' || contact.ended || contact.neverCall) return [];
    return [`${row.name} (${[row.planRank, opening.words].filter(Boolean).join(', ')})`];
  });
  if (closed.length === 0) return undefined;
  const more = closed.length - CLOSED_NAMED;
  const named = closed.slice(0, CLOSED_NAMED);
  return t('call.closed.list', {
    who: listed(more > 0 ? [...named, t('call.closed.more', { n: more })] : named),
  });
}

/** Their numbers may stand in the journal: nobody is to think that they do not exist. The first row says it itself. */
function unreadLine([, ...rows]: readonly ContactRow[]): string | undefined {
  const who = rows
    .filter(
      ({ contact: { numbers, ended, neverCall } }) => numbers === 'unread' && !ended && !neverCall,
    )
    .map(({ name }) => name);
  return who.length > 0 ? t('call.unread.list', { who: listed(who) }) : undefined;
}

const neverLine = ({ who, why }: NeverCall) =>
  why
    ? t('call.never.why', { who: who || t('call.noName'), why })
    : t('call.never.line', { who: who || t('call.noName') });
