import { z } from 'zod/mini';
import { isRaw, type Raw } from '../../fhir/ask.ts';
import { localRef } from '../../fhir/references.ts';
import {
  Annotations,
  Codeable,
  Codeables,
  hasCode,
  list,
  Reference,
  References,
  text,
} from '../../fhir/shapes.ts';
import { actorName } from '../actors.ts';
import { type Around, contactsOf } from '../contacts/contacts.ts';
import type { Contact, FhirDate } from '../model.ts';
import { isOver, newestFirst } from '../when.ts';
import { type Goal, goalOf } from './goals.ts';
import { type InfoClass, infoClassOf, isExcerpt } from './info-class.ts';
import { type Measure, measureBehind, measureFrom } from './measures.ts';

/** What a plan holds beyond what one follows in a crisis: goals, measures, who takes part, and how it came to be. */
export interface PlanDetails {
  readonly goals: readonly Goal[];
  readonly measures: readonly Measure[];
  /** Of the plan's own teams (Volven 9034: 8 individual plan, 18 specialist care). */
  readonly coordinators: readonly Contact[];
  /** The next meeting that is agreed. */
  readonly nextMeeting: FhirDate | undefined;
  /** Evaluations the plan points to: `Encounter/id` and others. */
  readonly outcomes: readonly string[];
  /** Who made it beside the author. */
  readonly contributors: readonly string[];
  readonly withPatient: boolean;
  readonly notes: readonly string[];
  /** What was done with the plan, newest first. Undefined: could not be read. */
  readonly history: readonly PlanEvent[] | undefined;
  readonly updatedBy: string | undefined;
  /** The source's remark on this version. */
  readonly comment: string | undefined;
  readonly infoClass: InfoClass;
  /** What is shown was made for whoever sees it: nothing is said about what is not in it. */
  readonly excerpt: boolean;
}

export interface PlanEvent {
  readonly at: FhirDate | undefined;
  readonly what: string | undefined;
  readonly by: string | undefined;
}

const Shape = z.looseObject({
  goal: References,
  contributor: References,
  author: z.optional(Reference),
  careTeam: References,
  note: Annotations,
  activity: list(z.unknown()),
});
const Activity = z.looseObject({
  reference: z.optional(Reference),
  detail: z.optional(z.looseObject({ code: z.optional(Codeable) })),
  outcomeReference: References,
});
const Meeting = z.looseObject({
  resourceType: z.literal('Appointment'),
  status: z.literal(['proposed', 'pending', 'booked', 'arrived', 'checked-in']),
  start: z.string(),
});

/** What details are read with, beside what contacts are. */
export interface DetailsAround extends Around {
  /** Provenance of this patient's plans; undefined where it did not come. */
  readonly history: readonly Raw[] | undefined;
  /** False: this user sees a part made for others than those who treat, and is not told what is left out. */
  readonly treats: boolean;
}

type IsLine = (activity: {
  readonly not: boolean;
  readonly code: Codeable | undefined;
  /** A resource of its own. */
  readonly apart: boolean;
}) => boolean;

/** Everything a CarePlan refers to, as far as the shelf has it. */
export function detailsOf(
  raw: Raw,
  ref: string,
  around: DetailsAround,
  /** Lines already read as something to do or avoid in a crisis are not measures as well. */
  isLine: IsLine,
): PlanDetails | 'unread' {
  const parsed = Shape.safeParse(raw);
  if (!parsed.success) return 'unread';
  const plan = parsed.data;
  const { shelf, whose } = around;
  const isPatient = ({ reference }: Reference) =>
    localRef(whose.session.iss, reference) === whose.session.patient;
  const made = [...(plan.author ? [plan.author] : []), ...plan.contributor];
  const events = around.history && eventsOf(ref, around.history, around);
  const activities = plan.activity.map(each => {
    const activity = Activity.safeParse(each);
    return activity.success ? activity.data : undefined;
  });
  return {
    goals: plan.goal.map(goal => goalOf(goal, shelf, whose)).filter(isTold(around)),
    measures: activities
      .flatMap(activity => measureIn(activity, around, isLine))
      .filter(isTold(around)),
    coordinators: plan.careTeam.flatMap(team => coordinatorsIn(shelf.find(team), around)),
    nextMeeting: nextMeeting(activities, around),
    outcomes: activities.flatMap(
      activity =>
        activity?.outcomeReference.flatMap(
          ({ reference }) => localRef(whose.session.iss, reference) ?? [],
        ) ?? [],
    ),
    contributors: plan.contributor.flatMap(each =>
      isPatient(each) ? [] : (actorName(each, shelf) ?? []),
    ),
    withPatient: made.some(isPatient) || (events?.byPatient ?? false),
    notes: plan.note.flatMap(note => note.text ?? []),
    history: events?.rows,
    updatedBy: events?.rows.find(({ at }) => isSameMoment(at, lastUpdatedOf(raw)))?.by,
    comment: undefined,
    infoClass: infoClassOf(raw),
    excerpt: isExcerpt(raw) || !around.treats,
  };
}

/** Where the reader may not know that something is left out, an empty place would tell (SCREENS 3.2, rule 8). */
const isTold =
  ({ treats }: DetailsAround) =>
  ({ text: said }: { readonly text: string | undefined }) =>
    treats || said !== undefined;

function measureIn(
  activity: z.output<typeof Activity> | undefined,
  { shelf, whose, treats }: DetailsAround,
  isLine: IsLine,
): readonly Measure[] {
  // One that cannot be read keeps its place.
  if (!activity) return [measureFrom(undefined, shelf, whose)];
  const { detail, reference } = activity;
  if (!detail && !reference) return [];
  const apart = !detail && reference !== undefined;
  const measure = apart
    ? measureBehind(reference, shelf, whose)
    : measureFrom(detail, shelf, whose);
  if (isLine({ not: measure.not, code: detail?.code, apart })) return [];
  // The name of a clinic can be kept back because it tells what somebody is treated for; so can that it was.
  const responsible = measure.responsible.filter(name => treats || name !== undefined);
  return [{ ...measure, responsible }];
}

function coordinatorsIn(team: Raw | undefined, around: Around): readonly Contact[] {
  const participants = [team?.['participant']].flat().filter(isRaw);
  const coordinating = participants.filter(({ role }) => {
    const roles = Codeables.safeParse(role);
    return roles.success && roles.data.some(each => hasCode(each, '9034', '8', '18'));
  });
  if (!team || coordinating.length === 0) return [];
  const contacts = contactsOf({ ...team, participant: coordinating }, around);
  return contacts === 'unread' ? [] : contacts.people;
}

function nextMeeting(
  activities: readonly (z.output<typeof Activity> | undefined)[],
  { shelf, now }: DetailsAround,
): FhirDate | undefined {
  const meetings = activities.flatMap(activity => {
    const found = activity?.reference && Meeting.safeParse(shelf.find(activity.reference));
    return found?.success && !isOver(found.data.start, now) ? [found.data.start] : [];
  });
  return meetings.toSorted()[0];
}

const Agent = z.looseObject({ who: z.optional(Reference) });
const Provenance = z.looseObject({
  target: References,
  recorded: text,
  occurredDateTime: text,
  activity: z.optional(Codeable),
  agent: list(Agent),
});

/** What Provenance says was done with this plan, newest first (R4 Provenance.target). */
function eventsOf(ref: string, history: readonly Raw[], { shelf, whose }: DetailsAround) {
  const rows = history.flatMap(raw => {
    const parsed = Provenance.safeParse(raw);
    if (!parsed.success) return [];
    const { target, recorded, occurredDateTime, activity, agent } = parsed.data;
    const about = target.some(each => localRef(whose.session.iss, each.reference) === ref);
    if (!about) return [];
    const agents = agent.flatMap(({ who }): readonly Reference[] => (who ? [who] : []));
    return [
      {
        at: occurredDateTime ?? recorded,
        what: activity?.text ?? activity?.coding.find(({ display }) => display)?.display,
        by: agents.map(each => actorName(each, shelf)).find(Boolean),
        byPatient: agents.some(
          each => localRef(whose.session.iss, each.reference) === whose.session.patient,
        ),
      },
    ];
  });
  const sorted = rows.toSorted((a, b) => newestFirst(a.at, b.at));
  return {
    byPatient: rows.some(({ byPatient }) => byPatient),
    rows: sorted.map(({ at, what, by }): PlanEvent => ({ at, what, by })),
  };
}

/** Reading and printing leave traces too: who changed it last is whoever the stored version is from. */
const isSameMoment = (a: FhirDate | undefined, b: unknown) =>
  a !== undefined && typeof b === 'string' && Date.parse(a) === Date.parse(b);

const lastUpdatedOf = ({ meta }: Raw) => (isRaw(meta) ? meta['lastUpdated'] : undefined);

/** A source that has plans without any of this. */
export const NO_DETAILS: PlanDetails = {
  goals: [],
  measures: [],
  coordinators: [],
  nextMeeting: undefined,
  outcomes: [],
  contributors: [],
  withPatient: false,
  notes: [],
  history: [],
  updatedBy: undefined,
  comment: undefined,
  infoClass: 'health',
  excerpt: false,
};
