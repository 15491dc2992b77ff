import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { localRef, refOf, type Shelf } from '../../fhir/references.ts';
import {
  Codeable,
  hasCode,
  list,
  NO_PLAN,
  Period,
  Reference,
  References,
  resource,
  text,
  wording,
} from '../../fhir/shapes.ts';
import { actorName } from '../actors.ts';
import type { Item } from '../reading.ts';
import type { Reader } from '../sift.ts';
import type { Answered, Change, Outcome, Party, Standing } from './change.ts';
import { riskOf } from './risk.ts';

/** Task.input and Task.output: what is said, and under which word. */
const Parameter = z.looseObject({
  type: z.optional(Codeable),
  valueString: text,
  valueCodeableConcept: z.optional(Codeable),
  valueReference: z.optional(Reference),
});
type Parameter = z.output<typeof Parameter>;

const Shape = z.looseObject({
  ...resource('Task').shape,
  status: text,
  statusReason: z.optional(Codeable),
  businessStatus: z.optional(Codeable),
  code: z.optional(Codeable),
  description: text,
  basedOn: References,
  partOf: References,
  focus: z.optional(Reference),
  authoredOn: text,
  lastModified: text,
  requester: z.optional(Reference),
  owner: z.optional(Reference),
  reasonCode: z.optional(Codeable),
  restriction: z.optional(z.looseObject({ period: z.optional(Period) })),
  input: list(Parameter),
  output: list(Parameter),
});
type Wire = z.output<typeof Shape>;

const TASK_CODE = 'http://hl7.org/fhir/CodeSystem/task-code';

/** A task that asks for a change to be confirmed. One that cannot be read at all is counted too. */
export function isChange(raw: Raw): boolean {
  const parsed = z.looseObject({ code: z.optional(Codeable) }).safeParse(raw);
  if (!parsed.success) return true;
  const { code } = parsed.data;
  return hasCode(code, TASK_CODE, 'approve') || hasCode(code, NO_PLAN, 'bekreft-endring');
}

export interface Around {
  readonly shelf: Shelf;
  readonly base: string;
  /** As it came, by `Task/id`: what is read here may have been given a `subject` on the way. */
  readonly whole: ReadonlyMap<string, Raw>;
}

/** `Task/id`, with what is asked and what was answered (docs/fhir.md, «Changes to confirm»). */
export const changeReader = (around: Around): Reader<typeof Shape, Change> => ({
  shape: Shape,
  item: (wire, about, raw) => changeIn(wire, about, around.whole.get(refOf(raw)) ?? raw, around),
  unreadable: (about, raw) => ({
    ...about,
    raw,
    parent: undefined,
    what: undefined,
    from: undefined,
    to: undefined,
    because: undefined,
    kind: undefined,
    risk: 'other',
    medicine: undefined,
    sender: NOBODY,
    owner: NOBODY,
    sent: undefined,
    due: undefined,
    dueBecause: undefined,
    standing: 'unclear',
    answer: undefined,
    cause: [],
  }),
});

const NOBODY: Party = { ref: undefined, name: undefined };

function changeIn(wire: Wire, about: Item, raw: Raw, { shelf, base }: Around): Change {
  const standing = standingOf(wire.status);
  const input = (name: string) => named(wire.input, name);
  const said = {
    from: unlessDash(input('Fra')?.valueString),
    to: unlessDash(input('Til')?.valueString),
    kind: input('Gjelder')?.valueString,
  };
  const party = (reference: Reference | undefined): Party => ({
    ref: localRef(base, reference?.reference),
    name: actorName(reference, shelf),
  });
  return {
    ...about,
    raw,
    ...said,
    parent: wire.partOf.flatMap(({ reference }) => localRef(base, reference) ?? [])[0],
    what: wire.description,
    because: wording(wire.reasonCode),
    risk: riskOf(said),
    medicine: localRef(base, input('Legemiddel')?.valueReference?.reference),
    sender: party(wire.requester),
    owner: party(wire.owner),
    sent: wire.authoredOn,
    due: wire.restriction?.period?.end,
    dueBecause: input('Frist')?.valueString,
    standing,
    answer: standing === 'answered' ? answerIn(wire, shelf) : undefined,
    cause: [wire.focus, ...wire.basedOn].flatMap(each => localRef(base, each?.reference) ?? []),
  };
}

const named = (parameters: readonly Parameter[], name: string): Parameter | undefined =>
  parameters.find(({ type }) => type?.text === name);

const unlessDash = (said: string | undefined) => (said === '-' || said === '' ? undefined : said);

const STANDINGS: readonly (readonly [Standing, readonly string[]])[] = [
  ['sent', ['requested', 'ready']],
  ['delivered', ['received']],
  ['read', ['accepted', 'in-progress']],
  ['answered', ['completed', 'rejected']],
  ['over', ['cancelled', 'failed', 'on-hold', 'draft']],
];

const standingOf = (status = ''): Standing =>
  STANDINGS.find(([, statuses]) => statuses.includes(status))?.[0] ?? 'unclear';

function answerIn(wire: Wire, shelf: Shelf): Answered {
  const { status, statusReason, businessStatus, output, lastModified } = wire;
  const coded = named(output, 'Avgjørelse')?.valueCodeableConcept;
  const outcome = OUTCOMES.find(each => hasCode(coded, NO_PLAN, CODES[each]));
  return {
    // R4: a task that is rejected was turned down, with whatever words.
    outcome: outcome ?? (status === 'rejected' ? 'reject' : undefined),
    said: wording(businessStatus),
    value: named(output, 'Tilpasset til')?.valueString,
    reason: wording(statusReason),
    by: actorName(named(output, 'Besvart av')?.valueReference, shelf),
    at: lastModified,
  };
}

const OUTCOMES: readonly Outcome[] = ['accept', 'adjust', 'reject', 'return'];

/** `no-plan#…`: what was decided. */
export const CODES: Readonly<Record<Outcome, string>> = {
  accept: 'godta',
  adjust: 'tilpass',
  reject: 'avvis',
  return: 'retur',
};
