import { z } from 'zod/mini';
import { isRaw, type Raw } from '../../fhir/ask.ts';
import { localRef, type Shelf } from '../../fhir/references.ts';
import {
  Codeable as CodeableShape,
  Codeables,
  entryFor,
  flag,
  Identifiers,
  list,
  NO_PLAN,
  own,
  Period,
  Reference,
  References,
  resource,
  text,
  valueIn,
  wording,
} from '../../fhir/shapes.ts';
import { type Around, contactsOf } from '../contacts/contacts.ts';
import type { Contacts, LineKind, Plan, PlanKind, PlanLine, PlanStanding } from '../model.ts';
import type { Item } from '../reading.ts';
import type { Reader } from '../sift.ts';
import { isAhead, isOver } from '../when.ts';
import { nothingSaid } from './nothing-said.ts';
import { kindByCode } from './plan-kinds.ts';
import { levelOf, zoneOf, zonesIn } from './zones.ts';

const PLAN_VERSION = 'https://example.org/fhir/NamingSystem/no-plan-version';

const Shape = z.looseObject({
  ...resource('CarePlan').shape,
  status: text,
  intent: text,
  category: Codeables,
  identifier: Identifiers,
  title: text,
  description: text,
  period: z.optional(Period),
  created: text,
  author: z.optional(Reference),
  careTeam: References,
  partOf: References,
  replaces: References,
  addresses: References,
  activity: list(z.unknown()),
});
type Wire = z.output<typeof Shape>;

/** Read one by one: a line we cannot read keeps its place and does not take the plan with it. */
const Activity = z.looseObject({
  reference: z.optional(Reference),
  detail: z.optional(
    z.looseObject({
      code: z.optional(CodeableShape),
      status: text,
      description: text,
      doNotPerform: flag,
    }),
  ),
});

const Referenced = z.looseObject({
  status: text,
  doNotPerform: flag,
  description: text,
  code: z.optional(CodeableShape),
});

/** Plans as they are read with what came along: teams, members, zone conditions. Their details come later. */
export function planReader(around: Around, teams: readonly Raw[]): Reader<typeof Shape, Plan> {
  return {
    shape: Shape,
    item: (wire, about) => plan(wire, about, around, teams),
    unreadable: (about, raw) => ({
      ...nothingSaid,
      ...about,
      ...rescued(raw, around, teams),
    }),
  };
}

/** What can still be said of a plan that is not readable as a whole: what it is called, its kind, whom to call. */
function rescued(raw: Raw, around: Around, teams: readonly Raw[]) {
  const categories = Codeables.safeParse(raw['category']);
  const careTeam = References.safeParse(raw['careTeam']);
  const kind = kindByCode(categories.success ? categories.data : []);
  return {
    kind,
    title: typeof raw['title'] === 'string' ? raw['title'] : undefined,
    contacts: careTeam.success
      ? contactsIn({ careTeam: careTeam.data }, around, ACUTE.has(kind) ? teams : [])
      : ('unread' as const),
  };
}

function plan(wire: Wire, about: Item, around: Around, teams: readonly Raw[]): Plan {
  const evaluated = own(wire, 'evaluated')[0];
  const kind = kindOf(wire, around.shelf);
  const lines = linesOf(wire, kind, around.shelf);
  const standing = standingOf(wire, around.now);
  return {
    ...about,
    kind,
    title: wire.title ?? wire.category.map(wording).find(Boolean),
    version: wire.identifier
      .find(({ system }) => system === PLAN_VERSION)
      ?.value?.replace(/^v(?=\d)/i, ''),
    standing,
    from: wire.period?.start ?? wire.created,
    until: wire.period?.end,
    author: wire.author?.display,
    summary: wire.description,
    lines,
    zones:
      kind === 'zone'
        ? [zoneOf(wire, lines, standing, about, around.shelf)]
        : zonesIn(wire, about, around.shelf),
    replaces: wire.replaces.flatMap(
      ({ reference }) => localRef(around.whose.session.iss, reference) ?? [],
    ),
    details: 'waiting',
    evaluated: partIn(evaluated, 'date'),
    evaluatedWith: partIn(evaluated, 'with'),
    nextEvaluation: valueIn(own(wire, 'next-evaluation')[0]),
    approvedByPatient: valueIn(own(wire, 'approved-by-patient')[0]),
    contacts: contactsIn(wire, around, ACUTE.has(kind) ? teams : []),
    document: undefined,
  };
}

/** Kinds that are read with the patient's only team when they name none. */
const ACUTE: ReadonlySet<PlanKind> = new Set(['acute', 'self-treatment', 'other']);

/** What a resource of its own says is a line in plans that are followed in a crisis; elsewhere it is a measure. */
const isFollowed = (kind: PlanKind) => kind === 'zone' || ACUTE.has(kind);

/** Whether an activity is among a plan's lines, and so not among its measures. */
export const isLineOf =
  (kind: PlanKind) =>
  ({ code, not, apart }: { code: CodeableCode; not: boolean; apart: boolean }): boolean =>
    apart ? not && isFollowed(kind) : not || lineKind(code) !== 'measure';

function partIn(extension: Raw | undefined, name: string): string | undefined {
  const inner = extension?.['extension'];
  const part = Array.isArray(inner)
    ? inner.filter(isRaw).find(({ url }) => url === name)
    : undefined;
  return part && valueIn({ url: name, ...part });
}

/** A child plan that addresses a zone condition is a zone, whatever its category (Planer-CarePlan-hacking v2). */
function kindOf(wire: Wire, shelf: Shelf): PlanKind {
  const kind = kindByCode(wire.category);
  const isChild = wire.partOf.length > 0;
  return kind === 'other' && isChild && levelOf(wire.addresses, shelf) ? 'zone' : kind;
}

/** R4 CarePlan.status and .intent are modifiers: only a plan that is active, and a plan, is in force. */
function standingOf(wire: Wire, now: Date): PlanStanding {
  switch (wire.status) {
    case 'draft':
      return 'draft';
    case 'revoked':
    case 'completed':
    case 'on-hold':
      return 'ended';
    case 'active':
      break;
    default:
      return 'doubtful';
  }
  if (wire.intent !== undefined && !['plan', 'order'].includes(wire.intent)) return 'draft';
  if (isOver(wire.period?.end, now)) return 'expired';
  return isAhead(wire.period?.start, now) ? 'not-yet' : 'in-force';
}

const LINES: Readonly<Record<string, LineKind>> = {
  'gjor-na': 'do-now',
  unnga: 'avoid',
  'innlegg-hvis': 'admit-if',
  utlosende: 'triggers',
  mestring: 'coping',
  hjelper: 'helps',
  'gjor-verre': 'worsens',
  viktigst: 'matters-most',
  etter: 'afterwards',
  samtykkekompetanse: 'capacity',
  praktisk: 'practical',
};

type CodeableCode = z.output<typeof CodeableShape> | undefined;

const lineKind = (code: CodeableCode): LineKind =>
  entryFor(LINES, code?.coding.find(({ system }) => system === NO_PLAN)?.code) ?? 'measure';

const linesOf = (wire: Wire, kind: PlanKind, shelf: Shelf) =>
  wire.activity.flatMap((activity): readonly PlanLine[] => {
    const parsed = Activity.safeParse(activity);
    if (!parsed.success)
      return [{ kind: 'measure', text: undefined, not: false, status: undefined }];
    return parsed.data.detail || isFollowed(kind) ? [lineOf(parsed.data, shelf)] : [];
  });

function lineOf({ detail, reference }: z.output<typeof Activity>, shelf: Shelf): PlanLine {
  if (!detail) return referenced(reference, shelf);
  const not = detail.doNotPerform === true;
  return {
    // What must not be done never stands among things to do.
    kind: not ? 'avoid' : lineKind(detail.code),
    text: detail.description ?? wording(detail.code),
    not,
    status: ordinary(detail.status),
  };
}

/** A line that is a resource of its own (R4 `activity.reference`; the EU way of writing plans). */
function referenced(reference: z.output<typeof Reference> | undefined, shelf: Shelf): PlanLine {
  const raw = shelf.find(reference);
  const parsed = raw ? Referenced.safeParse(raw) : undefined;
  const target = parsed?.success ? parsed.data : undefined;
  const not = target?.doNotPerform === true;
  return {
    kind: not ? 'avoid' : 'measure',
    text: wording(target?.code) ?? target?.description ?? reference?.display,
    not,
    status: ordinary(target?.status),
  };
}

const ordinary = (status: string | undefined) =>
  status === undefined || ['scheduled', 'not-started', 'in-progress', 'active'].includes(status)
    ? undefined
    : status;

/**
 * The plan's own teams; a plan that names none is read with the patient's teams. A team the server did not show is
 * counted, and the people of the others stand.
 */
export function contactsIn(
  wire: Pick<Wire, 'careTeam'>,
  around: Around,
  teams: readonly Raw[],
): Contacts | 'unread' {
  if (wire.careTeam.length === 0 && !around.teamsKnown) return 'unread';
  const named = wire.careTeam.map(reference => around.shelf.find(reference));
  const read = (named.length > 0 ? named : teams).map(team =>
    team ? contactsOf(team, around) : ('unread' as const),
  );
  const shown = read.filter(contacts => contacts !== 'unread');
  const unreadTeams = read.length - shown.length;
  if (shown.length === 0 && unreadTeams > 0) return 'unread';
  return {
    team: shown[0]?.team,
    people: shown.flatMap(({ people }) => people),
    never: shown.flatMap(({ never }) => never),
    unreadTeams,
    denialsKnown: around.denialsKnown,
  };
}
