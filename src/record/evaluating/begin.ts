import type { Raw } from '../../fhir/ask.ts';
import type { ServerOffer } from '../../fhir/capability.ts';
import type { Answer } from '../../fhir/failure.ts';
import { failed } from '../../fhir/failure.ts';
import { refOf, type Shelf } from '../../fhir/references.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { HumanNames, type Reference, References } from '../../fhir/shapes.ts';
import { askTogether } from '../../fhir/together.ts';
import { localDay } from '../local-time.ts';
import type { Plan } from '../model.ts';
import { identifiersOf, nameOf } from '../patient.ts';
import { goalOf } from '../plans/goals.ts';
import type { PatientRecord } from '../record.ts';
import { notAbout, ownShelf, sourceOf, type Whose } from '../sift.ts';
import { withMissing } from '../sources/r4-missing.ts';
import { questionsFor } from './begin-questions.ts';
import { chosenForm } from './chosen-form.ts';
import type { Began, Occasion } from './evaluating.ts';
import type { AnswerValue, ResponseItem } from './form.ts';
import { initialOf } from './form-logic.ts';
import { authorIn, doctorIn, peopleIn } from './people.ts';
import { takesOf, takesScores } from './takes.ts';

/**
 * Reads anew what an evaluation of this plan starts from, whole and with versions, from the EHR alone: the plan, its
 * goals, who may have been there, whom to tell, and the form. One batch where the server has it, and one more for what
 * it did not bring along.
 */
export async function begin(
  record: PatientRecord,
  plan: Plan,
  language: 'nb' | 'en' = 'nb',
): Promise<Began> {
  const { session } = record;
  const own = ownCopyOf(plan, session);
  const offer = await session.offer;
  const { patient, planRead, of } = await read(session, offer, own);
  if (!patient.ok) return patient;
  if (own && !planRead.ok) return planRead;
  const goals = of('Goal');
  if (own && isTransient(goals)) return goals;
  const whose: Whose = { session, identifiers: identifiersOf(patient.value) };
  const raw = own && planRead.ok ? planRead.value : undefined;
  if (raw && (refOf(raw) !== own?.source.ref || notAbout(raw, whose)))
    return failed({ kind: 'not-understood', detail: 'the plan is about another patient' });
  const form = chosenForm(matchesIn(of('Questionnaire')), language);
  const known = ['Goal', 'CareTeam', 'PractitionerRole'].flatMap(type => {
    const answer = of(type);
    return answer.ok ? [...answer.value.matches, ...answer.value.included] : [];
  });
  const put = (around: Shelf): Occasion => {
    const shown = ownShelf(around, whose);
    const author = authorIn(matchesIn(of('PractitionerRole')), shown, whose);
    const doctor = doctorIn(patient.value, shown, whose);
    const worked = raw ? goalsIn(raw, shown, whose) : goalsSaid(plan);
    const planAsRead = raw ?? {
      resourceType: 'CarePlan',
      ...(plan.title && { title: plan.title }),
    };
    const rawGoals = worked.map(each => each.raw);
    return {
      form,
      plan: planAsRead,
      ref: own?.source.ref ?? plan.source.ref,
      version: raw && sourceOf(raw, '').version,
      planTitle: plan.title,
      patientName: patientName(patient.value),
      goals: worked,
      people: peopleIn(
        teamsIn(raw, matchesIn(of('CareTeam')), shown),
        author,
        shown,
        whose,
        session.clock.now(),
      ),
      doctor,
      author,
      initial: initialOf(form, filledIn(worked, plan, localDay(session.clock.now()))),
      takes: takesOf(session, offer, { plan: raw, goals: rawGoals, doctor: doctor !== undefined }),
      takesScores: takesScores(session, offer),
    };
  };
  return { ok: true, occasion: await withMissing(session, known, put) };
}

/** The plan as the EHR has it; undefined where another source alone has it. */
const ownCopyOf = (plan: Plan, { label }: Session): Plan | undefined =>
  [plan, ...(plan.also ?? [])].find(
    ({ source }) => source.from === label && source.ref.startsWith('CarePlan/'),
  );

async function read(session: Session, offer: ServerOffer, own: Plan | undefined) {
  const questions = questionsFor(session, offer, own?.source.ref);
  const answers = await askTogether(session, questions);
  const found = new Map<string, Answer<Found>>();
  const at = (type: string): Answer<Raw> =>
    answers[questions.findIndex(question => question.type === type)] ??
    failed({ kind: 'not-supported' });
  for (const { type, address } of questions)
    if (address.includes('?')) found.set(type, await allPages(session, type, at(type)));
  return {
    patient: at('Patient'),
    planRead: at('CarePlan'),
    of: (type: string): Answer<Found> => found.get(type) ?? failed({ kind: 'not-supported' }),
  };
}

/** Worth another try; a type that is not there or not allowed is something to do without. */
function isTransient<T>(answer: Answer<T>): answer is Exclude<Answer<T>, { ok: true }> {
  return (
    !answer.ok &&
    !['not-permitted', 'not-supported', 'not-found', 'withheld'].includes(answer.failure.kind)
  );
}

const matchesIn = (answer: Answer<Found>) => (answer.ok ? answer.value.matches : []);

const referencesIn = (raw: Raw | undefined, element: string): readonly Reference[] => {
  const parsed = References.safeParse(raw?.[element]);
  return parsed.success ? parsed.data : [];
};

/** The plan's goals that somebody works on, in its order (R4 Goal.lifecycleStatus active or accepted). */
const goalsIn = (plan: Raw, around: Shelf, whose: Whose): Occasion['goals'] =>
  referencesIn(plan, 'goal').flatMap((reference): Occasion['goals'] => {
    const goal = goalOf(reference, around, whose);
    return goal.lifecycle === undefined ? [{ goal, raw: around.find(reference) ?? {} }] : [];
  });

/** Another source's goals are evaluated in the answers; they are not ours to change. */
const goalsSaid = ({ details }: Plan): Occasion['goals'] =>
  typeof details === 'string'
    ? []
    : details.goals.flatMap(goal => (goal.lifecycle === undefined ? [{ goal, raw: {} }] : []));

/** The plan's own teams, else the patient's. */
function teamsIn(plan: Raw | undefined, teams: readonly Raw[], around: Shelf): readonly Raw[] {
  const named = referencesIn(plan, 'careTeam').flatMap((reference): readonly Raw[] => {
    const team = around.find(reference);
    return team ? [team] : [];
  });
  return named.length > 0 ? named : teams;
}

function patientName(patient: Raw): string | undefined {
  const parsed = HumanNames.safeParse(patient['name']);
  return parsed.success ? nameOf(parsed.data) : undefined;
}

/** What the record already says: today, each goal, each measure. */
function filledIn(
  goals: Occasion['goals'],
  { details }: Plan,
  today: string,
): ReadonlyMap<string, readonly ResponseItem[]> {
  const measures = typeof details === 'string' ? [] : details.measures;
  const known: readonly (readonly [string, readonly ResponseItem[]])[] = [
    ['date', [{ linkId: 'date', answer: [{ valueDate: today }] }]],
    [
      'goal-status',
      goals.map(({ goal }) =>
        about('goal-status', 'goal', { valueReference: goalReference(goal) }),
      ),
    ],
    [
      'measure-status',
      measures.flatMap(({ text, not, status }) =>
        text && !not && !status ? [about('measure-status', 'measure', { valueString: text })] : [],
      ),
    ],
  ];
  return new Map(known);
}

const goalReference = ({ ref, text }: Occasion['goals'][number]['goal']): Raw => ({
  ...(ref && { reference: ref }),
  ...(text && { display: text }),
});

const about = (group: string, linkId: string, answer: AnswerValue): ResponseItem => ({
  linkId: group,
  item: [{ linkId, answer: [answer] }],
});
