import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { localRef, refOf, type Shelf } from '../../fhir/references.ts';
import {
  Codeables,
  ContactPoints,
  type Extension,
  Extensions,
  either,
  flag,
  HumanNames,
  list,
  own,
  Period,
  Reference,
  References,
  resource,
  text,
  texts,
  valueIn,
  wording,
} from '../../fhir/shapes.ts';
import type { Contact, Contacts, NeverCall, OpenHours, PhoneNumber } from '../model.ts';
import { once } from '../once.ts';
import { nameOf } from '../patient.ts';
import type { Item } from '../reading.ts';
import { notAbout, sourceOf, uninterpretable, type Whose } from '../sift.ts';
import { isAhead, isOver } from '../when.ts';

const AvailableTime = z.looseObject({
  daysOfWeek: texts,
  allDay: flag,
  availableStartTime: text,
  availableEndTime: text,
});

const CareTeam = z.looseObject({
  ...resource('CareTeam').shape,
  status: text,
  name: text,
  period: z.optional(Period),
  participant: list(
    z.looseObject({
      role: Codeables,
      member: z.optional(Reference),
      period: z.optional(Period),
      extension: Extensions,
    }),
  ),
});

/** Practitioner, PractitionerRole, RelatedPerson, Organization and HealthcareService, as far as a phone call needs them. */
const Member = z.looseObject({
  resourceType: z.string(),
  id: text,
  active: flag,
  name: z.optional(either(z.string(), HumanNames)),
  telecom: ContactPoints,
  period: z.optional(Period),
  practitioner: z.optional(Reference),
  organization: z.optional(Reference),
  healthcareService: References,
  availableTime: list(AvailableTime),
  notAvailable: list(z.looseObject({ description: text })),
  availabilityExceptions: text,
});

const teamIn = once(raw => CareTeam.safeParse(raw));
const memberIn = once(raw => Member.safeParse(raw));

type Participant = z.output<typeof CareTeam>['participant'][number];
type Member = z.output<typeof Member>;

/** What a team is read with: the resources that came along, whose they must be, and when «ended» is. */
export interface Around {
  readonly shelf: Shelf;
  readonly whose: Whose;
  readonly now: Date;
  /** References a Consent says must not be contacted. */
  readonly denied: ReadonlySet<string>;
  /** False: Consent did not answer, so nobody knows whom not to call. */
  readonly denialsKnown: boolean;
  /** False: the search for teams did not answer; a plan that names none may have one all the same. */
  readonly teamsKnown: boolean;
}

/** The people of a care team, in the plan's order. `unread` when the team is not ours to see or makes no sense. */
export function contactsOf(raw: Raw, around: Around): Contacts | 'unread' {
  const team = teamIn(raw);
  if (!team.success || notAbout(raw, around.whose)) return 'unread';
  const doubts = uninterpretable(raw);
  // R4 CareTeam.status is a modifier: a team that is over lends nobody a number.
  const over =
    ['inactive', 'suspended'].includes(team.data.status ?? '') ||
    !isNow(team.data.period, around.now);
  const people = team.data.participant.map((participant, index) =>
    contact(participant, index, around, { ref: refOf(raw), doubts, over }),
  );
  return {
    team: refOf(raw),
    people: people.toSorted((a, b) => a.rank - b.rank),
    never: own(team.data, 'do-not-contact').flatMap(neverCall),
    unreadTeams: 0,
    denialsKnown: around.denialsKnown,
  };
}

const Inner = z.looseObject({ extension: Extensions });

function neverCall(extension: Extension): NeverCall[] {
  const inner = Inner.safeParse(extension);
  if (!inner.success) return [];
  const part = (name: string) => valueIn(inner.data.extension.find(({ url }) => url === name));
  return [{ who: part('who') ?? '', why: part('why') }];
}

function contact(
  participant: Participant,
  index: number,
  around: Around,
  team: { readonly ref: string; readonly doubts: readonly string[]; readonly over: boolean },
): Contact {
  const raw = around.shelf.find(participant.member);
  // A next of kin of somebody else must not lend this patient's plan a phone number.
  const stranger = raw?.['resourceType'] === 'RelatedPerson' && notAbout(raw, around.whose);
  const parsed = raw && !stranger ? memberIn(raw) : undefined;
  const member = parsed?.success ? parsed.data : undefined;
  const linked = member ? linkedTo(member, around.shelf, around.whose.session.iss) : nothingLinked;
  const doubts = [...team.doubts, ...(raw ? uninterpretable(raw) : [])];
  const unreadable = parsed && !parsed.success ? ['member: not readable'] : [];
  const from = around.whose.session.label;
  const about: Item = {
    // The same member may appear twice, and a member may be nameless: the place in the team tells rows apart.
    source:
      raw && member ? sourceOf(raw, from) : { ...NO_SOURCE, from, ref: `${team.ref}#${index + 1}` },
    identifiers: [],
    flags: [
      ...(doubts.length > 0 ? (['uninterpretable'] as const) : []),
      ...(unreadable.length > 0 ? (['unreadable'] as const) : []),
    ],
    why: [...doubts, ...unreadable],
  };
  const ended =
    team.over ||
    member?.active === false ||
    linked.practitioner?.active === false ||
    !isNow(participant.period, around.now) ||
    !isNow(member?.period, around.now);
  const refs = [
    localRef(around.whose.session.iss, participant.member?.reference),
    raw && refOf(raw),
    linked.practitionerRef,
  ];
  const hours = hoursOf(participant, member, linked);
  return {
    ...about,
    rank: Number(valueIn(own(participant, 'contact-rank')[0]) || Number.NaN) || index + 1,
    name:
      participant.member?.display ||
      nameIn(member) ||
      nameIn(linked.practitioner) ||
      nameIn(linked.service) ||
      nameIn(linked.organization),
    role: participant.role.map(wording).find(Boolean),
    organization: nameIn(linked.organization) ?? linked.organizationDisplay,
    purpose: valueIn(own(participant, 'contact-purpose')[0]),
    confirmed: valueIn(own(participant, 'contact-confirmed')[0]),
    numbers: member ? numbersOf(member, linked, around.now) : 'unread',
    hours: hours.length > 0 ? hours : 'unknown',
    hoursNote: notes(member) ?? notes(linked.service),
    ended,
    neverCall: refs.some(ref => ref !== undefined && around.denied.has(ref)),
  };
}

const NO_SOURCE = { version: undefined, lastUpdated: undefined };

interface Linked {
  readonly practitioner: Member | undefined;
  readonly organization: Member | undefined;
  readonly service: Member | undefined;
  readonly organizationDisplay: string | undefined;
  readonly practitionerRef: string | undefined;
}
const nothingLinked: Linked = {
  practitioner: undefined,
  organization: undefined,
  service: undefined,
  organizationDisplay: undefined,
  practitionerRef: undefined,
};

function linkedTo(member: Member, shelf: Shelf, base: string): Linked {
  const at = (reference: Reference | undefined) => {
    const raw = reference ? shelf.find(reference) : undefined;
    const parsed = raw ? memberIn(raw) : undefined;
    return parsed?.success ? parsed.data : undefined;
  };
  return {
    practitioner: at(member.practitioner),
    organization: at(member.organization),
    service: at(member.healthcareService[0]),
    organizationDisplay: member.organization?.display,
    practitionerRef: localRef(base, member.practitioner?.reference),
  };
}

function nameIn(member: Member | undefined): string | undefined {
  const name = member?.name;
  return typeof name === 'string' ? name : name && nameOf(name);
}

/**
 * The member's own numbers; a role without a current one lends its person's, then its unit's (docs/fhir.md,
 * CareTeam). Old ones are kept and shown as old only when nobody has a current one.
 */
function numbersOf(member: Member, linked: Linked, now: Date): readonly PhoneNumber[] {
  const holders = [member, linked.practitioner, linked.service, linked.organization];
  const numbers = holders.map(holder => phonesIn(holder, now));
  const current = numbers.find(phones => phones.some(phone => phone.current));
  return current ?? numbers.find(phones => phones.length > 0) ?? [];
}

const phonesIn = (holder: Member | undefined, now: Date): readonly PhoneNumber[] =>
  (holder?.telecom ?? [])
    .toSorted((a, b) => (a.rank ?? 1000) - (b.rank ?? 1000))
    .flatMap(({ system, value, use, period }): PhoneNumber[] => {
      const kind = system === 'sms' || system === 'pager' ? system : 'phone';
      if (!value || (system !== undefined && system !== kind)) return [];
      const current = use !== 'old' && holder?.active !== false && isNow(period, now);
      return [{ value, kind, current }];
    });

/** Begun and not over. No period at all means always. */
const isNow = (period: z.output<typeof Period> | undefined, now: Date) =>
  !isOver(period?.end, now) && !isAhead(period?.start, now);

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function hoursOf(
  participant: Participant,
  member: Member | undefined,
  linked: Linked,
): readonly OpenHours[] {
  const stated = own(participant, 'contact-hours').map(fromExtension);
  const times = [stated, member?.availableTime ?? [], linked.service?.availableTime ?? []];
  return (times.find(found => found.length > 0) ?? []).flatMap(openHours);
}

const StatedHours = z.looseObject({
  extension: list(z.looseObject({ url: text, valueBoolean: flag })),
});

function fromExtension(extension: Extension): z.output<typeof AvailableTime> {
  const parsed = StatedHours.safeParse(extension);
  const parts = parsed.success ? parsed.data.extension : [];
  const part = (name: string) => parts.find(({ url }) => url === name);
  return {
    daysOfWeek: parts.filter(({ url }) => url === 'daysOfWeek').flatMap(day => valueIn(day) ?? []),
    allDay: part('allDay')?.valueBoolean,
    availableStartTime: valueIn(part('availableStartTime')),
    availableEndTime: valueIn(part('availableEndTime')),
  };
}

function openHours(time: z.output<typeof AvailableTime>): OpenHours[] {
  const days = time.daysOfWeek.map(day => DAYS.indexOf(day) + 1).filter(day => day > 0);
  const everyDay = days.length > 0 ? days : [1, 2, 3, 4, 5, 6, 7];
  if (time.allDay) return [{ days: everyDay, allDay: true, opens: 0, closes: 24 * 60 }];
  const opens = minutes(time.availableStartTime);
  const closes = minutes(time.availableEndTime);
  // Half a statement is no statement: better «hours not given» than a guess about the other half.
  if (opens === undefined || closes === undefined) return [];
  return [{ days: everyDay, allDay: false, opens, closes }];
}

function minutes(time: string | undefined): number | undefined {
  const match = /^([01]\d|2[0-4]):([0-5]\d)/.exec(time ?? '');
  if (!match) return undefined;
  const value = Number(match[1]) * 60 + Number(match[2]);
  // 23:59 is how FHIR writes midnight, which has no 24:00.
  return value === 23 * 60 + 59 ? 24 * 60 : value;
}

function notes(member: Member | undefined): string | undefined {
  const said = [
    member?.availabilityExceptions,
    ...(member?.notAvailable ?? []).map(({ description }) => description),
  ];
  return said.filter(Boolean).join('. ') || undefined;
}
