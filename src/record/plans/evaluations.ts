import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { localRef, type Shelf } from '../../fhir/references.ts';
import {
  Codeables,
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
import type { FhirDate } from '../model.ts';
import type { Item, Shared } from '../reading.ts';
import type { Reader } from '../sift.ts';
import { AnswerItem } from './answer-items.ts';
import { answered, heldOn } from './answered.ts';

/** One evaluation of a plan: a meeting, what was answered in it, and whether those outside it were told. */
export interface Evaluation extends Shared<Evaluation> {
  readonly date: FhirDate | undefined;
  /** «planlagt», «ansvarsgruppe» */
  readonly type: string | undefined;
  /** «oppmøte», «video» */
  readonly mode: string | undefined;
  /** «deltok»: whether the patient took part, as the source words it. */
  readonly patient: string | undefined;
  readonly present: readonly string[];
  readonly goals: readonly GoalEvaluation[];
  readonly helped: readonly string[];
  readonly didNotHelp: readonly string[];
  readonly changes: readonly string[];
  /** How many crises since the last time. */
  readonly crises: string | undefined;
  readonly next: FhirDate | undefined;
  /** What it says about word to the GP. */
  readonly doctor: readonly string[];
  readonly messages: readonly EvaluationMessage[];
  /** Answers to questions we do not know, in their own words. */
  readonly others: readonly { readonly label: string | undefined; readonly text: string }[];
  /** The plans it concerns: `CarePlan/id`. */
  readonly plans: readonly string[];
  /** Where it took place: `Encounter/id`. */
  readonly meeting: string | undefined;
  /** The source's own status, when it is anything but done. */
  readonly unfinished: string | undefined;
  readonly by: string | undefined;
}

export interface GoalEvaluation {
  readonly goal: string | undefined;
  readonly achievement: string | undefined;
  /** The patient's own, 0 to 10. */
  readonly score: number | undefined;
}

export interface EvaluationMessage {
  readonly to: string | undefined;
  readonly sent: FhirDate | undefined;
  /** Undefined: nobody has said that it was read. */
  readonly read: FhirDate | undefined;
}

const Answers = z.looseObject({
  ...resource('QuestionnaireResponse').shape,
  questionnaire: text,
  basedOn: References,
  status: text,
  encounter: z.optional(Reference),
  authored: text,
  author: z.optional(Reference),
  item: list(AnswerItem),
});
type Answers = z.output<typeof Answers>;

const Meeting = z.looseObject({
  ...resource('Encounter').shape,
  status: text,
  type: Codeables,
  period: z.optional(Period),
  participant: list(z.looseObject({ individual: z.optional(Reference) })),
});

const Message = z.looseObject({
  resourceType: z.literal('Communication'),
  about: References,
  encounter: z.optional(Reference),
  sent: text,
  received: text,
  recipient: References,
});

/** What evaluations are read with. */
export interface EvaluationAround {
  readonly shelf: Shelf;
  readonly base: string;
  readonly messages: readonly Raw[];
}

const QUESTIONNAIRE = 'no-plan-evaluering';

/** Answers that evaluate a plan: they are based on one, or answer our questionnaire (docs/fhir.md, Evaluations). */
export function isEvaluation(raw: Raw): boolean {
  const parsed = Answers.safeParse(raw);
  if (!parsed.success) return true;
  const { questionnaire, basedOn } = parsed.data;
  return (
    questionnaire?.includes(QUESTIONNAIRE) === true ||
    basedOn.some(({ reference }) => reference?.includes('CarePlan/'))
  );
}

/** A meeting with the national code for evaluation (Volven 9322 E), or ours. */
export function isEvaluationMeeting(raw: Raw): boolean {
  const types = Codeables.safeParse(raw['type']);
  return (
    types.success &&
    types.data.some(type => hasCode(type, '9322', 'E') || hasCode(type, NO_PLAN, 'evaluering'))
  );
}

export const answersReader = (around: EvaluationAround): Reader<typeof Answers, Evaluation> => ({
  shape: Answers,
  item(wire, about) {
    const { base, shelf } = around;
    const meeting = localRef(base, wire.encounter?.reference);
    return {
      ...about,
      ...nothing,
      ...answered(wire.item, base),
      date: heldOn(wire.item) ?? wire.authored,
      plans: wire.basedOn.flatMap(({ reference }) => localRef(base, reference) ?? []),
      meeting,
      messages: around.messages.flatMap(raw => messageIn(raw, [about.source.ref], around)),
      unfinished: ['completed', 'amended'].includes(wire.status ?? '')
        ? undefined
        : (wire.status ?? 'unknown'),
      by: actorName(wire.author, shelf),
    };
  },
  unreadable: about => ({ ...about, ...nothing }),
});

export const meetingReader = (around: EvaluationAround): Reader<typeof Meeting, Evaluation> => ({
  shape: Meeting,
  item: (wire, about) => ({
    ...about,
    ...nothing,
    date: wire.period?.start,
    type: wire.type.map(wording).find(Boolean),
    present: wire.participant.flatMap(
      ({ individual }) => actorName(individual, around.shelf) ?? [],
    ),
    meeting: about.source.ref,
    messages: around.messages.flatMap(raw => messageIn(raw, [about.source.ref], around)),
    unfinished: wire.status === 'finished' ? undefined : (wire.status ?? 'unknown'),
  }),
  unreadable: about => ({ ...about, ...nothing }),
});

const nothing: Omit<Evaluation, keyof Item> = {
  date: undefined,
  type: undefined,
  mode: undefined,
  patient: undefined,
  present: [],
  goals: [],
  helped: [],
  didNotHelp: [],
  changes: [],
  crises: undefined,
  next: undefined,
  doctor: [],
  messages: [],
  others: [],
  plans: [],
  meeting: undefined,
  unfinished: undefined,
  by: undefined,
};

function messageIn(
  raw: Raw,
  refs: readonly string[],
  { base, shelf }: EvaluationAround,
): readonly EvaluationMessage[] {
  const parsed = Message.safeParse(raw);
  if (!parsed.success) return [];
  const { about, sent, received, recipient } = parsed.data;
  const concerns = about.some(({ reference }) => refs.includes(localRef(base, reference) ?? ''));
  if (!concerns) return [];
  const to = recipient.flatMap(each => actorName(each, shelf) ?? []).join(', ') || undefined;
  return [{ to, sent, read: received }];
}
