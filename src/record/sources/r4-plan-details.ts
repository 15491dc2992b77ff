import { isRaw, type Raw } from '../../fhir/ask.ts';
import type { ServerOffer } from '../../fhir/capability.ts';
import type { Answer } from '../../fhir/failure.ts';
import { failed } from '../../fhir/failure.ts';
import { localRef, refOf, type Shelf, shelf } from '../../fhir/references.ts';
import { grants } from '../../fhir/scopes.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { NO_PLAN } from '../../fhir/shapes.ts';
import type { Question } from '../../fhir/together.ts';
import type { Plan } from '../model.ts';
import type { Part } from '../parts.ts';
import { detailsOf } from '../plans/plan-details.ts';
import { isLineOf } from '../plans/plans.ts';
import type { Intake, Put } from '../sections.ts';
import { ownShelf, type Whose } from '../sift.ts';
import type { PlansRead } from './r4-acute.ts';
import { evaluationParts } from './r4-evaluations.ts';
import { withMissing } from './r4-missing.ts';
import { provenanceParts } from './r4-provenance.ts';
import { aboutPatient, missingQuestions } from './r4-searches.ts';

/** What is asked to know plans whole, and which references those questions are for. */
export interface PlanQuestions {
  readonly questions: readonly Question[];
  readonly refs: readonly string[];
}

/** As many targets as stand in one address. */
const MOST_TARGETS = 50;

/** Evaluations, history, and what plans refer to that is not at hand: asked with everything else nobody waits for. */
export function planQuestions(
  session: Session,
  offer: ServerOffer,
  read: PlansRead,
  whose: Whose,
): PlanQuestions {
  const around = shelf(session.iss, read.resources);
  withDetails(read, ownShelf(around, whose), undefined);
  const atHand = new Set(read.resources.map(refOf));
  const refs = [...new Set([...around.missing(), ...outcomesOf(read, session)])].filter(
    ref => !read.asked.has(ref) && !atHand.has(ref),
  );
  const by = aboutPatient(session);
  return {
    refs,
    questions: [
      { type: 'QuestionnaireResponse', address: `QuestionnaireResponse?${by}` },
      { type: 'Communication', address: `Communication?${by}` },
      ...(offer.searches('Encounter', 'type')
        ? [{ type: 'Encounter', address: `Encounter?${by}&type=${EVALUATION_TYPES}` }]
        : []),
      ...chunks(targetsIn(read, session)).map(targets => ({
        type: 'Provenance',
        address: `Provenance?target=${targets.map(encodeURIComponent).join(',')}&_count=200`,
      })),
      ...missingQuestions(refs),
    ],
  };
}

const EVALUATION_TYPES = encodeURIComponent(
  `urn:oid:2.16.578.1.12.4.1.1.9322|E,${NO_PLAN}|evaluering`,
);

const chunks = (refs: readonly string[]) =>
  Array.from({ length: Math.ceil(refs.length / MOST_TARGETS) }, (_, index) =>
    refs.slice(index * MOST_TARGETS, (index + 1) * MOST_TARGETS),
  );

/** Puts the plans again, whole, and the evaluations. */
export async function loadPlanDetails(
  session: Session,
  sections: Pick<Intake, 'plans' | 'evaluations' | 'history'>,
  put: Put,
  whose: Whose,
  read: PlansRead,
  { questions, refs }: PlanQuestions,
  answers: readonly (Answer<Raw> | undefined)[],
): Promise<void> {
  const found = await Promise.all(
    questions.map(({ type }, index) =>
      allPages(session, type, answers[index] ?? failed({ kind: 'cancelled' })),
    ),
  );
  const own = questions.length - missingQuestions(refs).length;
  const of = (type: string) =>
    found.slice(0, own).filter((_, index) => questions[index]?.type === type);
  const brought = found.slice(own).flatMap(answer => (answer.ok ? answer.value.matches : []));
  const histories = of('Provenance');
  const history = histories.every(answer => answer.ok)
    ? histories.flatMap(answer => (answer.ok ? answer.value.matches : []))
    : undefined;
  const all = [...read.resources, ...brought, ...found.slice(0, own).flatMap(matchesIn)];
  const whole = await withMissing(
    session,
    all,
    (around, known) => ({
      parts: withDetails(read, ownShelf(around, whose), history),
      evaluations: evaluationParts(whose, of, around, known, outcomesOf(read, session)),
      events: provenanceParts(whose, histories, ownShelf(around, whose), targetsIn(read, session)),
    }),
    [...read.asked, ...refs],
  );
  put(() => {
    sections.plans.put(session.label, whole.parts);
    sections.evaluations.put(session.label, whole.evaluations);
    sections.history.put(session.label, whole.events);
  });
}

const matchesIn = (answer: Answer<Found>) => (answer.ok ? answer.value.matches : []);

/** The parts of a section of plans, with everything each plan refers to. */
function withDetails(
  { parts, wires, at }: PlansRead,
  around: Shelf,
  history: readonly Raw[] | undefined,
): readonly Part<Plan>[] {
  const wireOf = new Map<string, Raw | undefined>();
  // Two that go by the same name cannot be told apart.
  for (const raw of wires) wireOf.set(refOf(raw), wireOf.has(refOf(raw)) ? undefined : raw);
  const treats = grants(at.whose.session.scopes, 'Condition', 's');
  const whole = (plan: Plan): Plan => {
    if (plan.details !== 'waiting') return plan;
    const raw = wireOf.get(plan.source.ref);
    const { ref } = plan.source;
    const details = raw
      ? detailsOf(raw, ref, { ...at, shelf: around, history, treats }, isLineOf(plan.kind))
      : 'unread';
    return { ...plan, details };
  };
  return parts.map(part => ({
    ...part,
    sifted: { ...part.sifted, items: part.sifted.items.map(whole) },
  }));
}

const plansIn = ({ parts }: PlansRead) =>
  parts
    .flatMap(({ sifted }) => sifted.items)
    .filter(({ source }) => source.ref.startsWith('CarePlan/'));

/** Whose history is asked for: the plans', and the patient's own. */
const targetsIn = (read: PlansRead, { iss, patient }: Session) => [
  // Only ids that are ids: any other text would have to be fit for an address.
  ...new Set([...plansIn(read).flatMap(({ source }) => localRef(iss, source.ref) ?? []), patient]),
];

/** Evaluations that plans point to (`activity.outcomeReference`; KommuneFHIR). */
const outcomesOf = (read: PlansRead, session: Session): readonly string[] =>
  read.wires
    .flatMap(raw => [raw['activity']].flat().filter(isRaw))
    .flatMap(activity => [activity['outcomeReference']].flat().filter(isRaw))
    .flatMap(({ reference }) =>
      typeof reference === 'string' ? (localRef(session.iss, reference) ?? []) : [],
    )
    .filter(ref => EVALUATING.has(ref.split('/')[0] ?? ''));

const EVALUATING = new Set(['Encounter', 'QuestionnaireResponse']);
