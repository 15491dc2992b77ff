import type { Raw } from '../../fhir/ask.ts';
import { type Answer, type Failure, failed } from '../../fhir/failure.ts';
import { refOf } from '../../fhir/references.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { askTogether, type Question } from '../../fhir/together.ts';
import { allergyReader } from '../allergies.ts';
import { assertionIn, criticalReader, isAboutSharing } from '../critical.ts';
import { deniedIn } from '../denied.ts';
import { withMissing } from './r4-missing.ts';
import type { CriticalItem, Patient, Plan } from '../model.ts';
import { knownFrom, type Part, partOf, siftAnswer } from '../parts.ts';
import { identifiersOf, patientReader } from '../patient.ts';
import { isPlanDocument, planDocumentReader } from '../plan-documents.ts';
import { contactsIn, planReader } from '../plans.ts';
import type { Item, Known } from '../reading.ts';
import { acuteQuestions, CRITICAL_TYPES } from './r4-searches.ts';
import type { Put, Shelves } from '../shelves.ts';
import { isWithdrawn, notAbout, ownShelf, sift, type Whose } from '../sift.ts';
import { withZones, zonesAddressed } from '../zones.ts';

/** What came back for the first things a doctor needs, before any of it is read. */
export interface AcuteAnswers {
  readonly who: ReturnType<typeof patientOf>;
  readonly questions: readonly Question[];
  readonly answers: readonly Answer<Raw>[];
}

export async function askAcute(session: Session): Promise<AcuteAnswers> {
  const questions = acuteQuestions(session, await session.offer);
  const answers = await askTogether(session, questions);
  return {
    who: patientOf(session, answers[0] ?? failed({ kind: 'cancelled' })),
    questions,
    answers,
  };
}

/** Who, whom to call, what to do and avoid, and critical information. Each section is shown as soon as it is known. */
export async function loadAcute(
  session: Session,
  { who, questions, answers }: AcuteAnswers,
  shelves: Shelves,
  put: Put,
): Promise<void> {
  put(() => {
    shelves.patient.value = who.known;
  });
  if (who.stop) return stopAll(shelves, put, who.stop, session.clock.now());
  const found = new Map<string, Promise<Answer<Found>>>();
  for (const [index, { type }] of questions.entries())
    if (type !== 'Patient')
      found.set(type, allPages(session, type, answers[index] ?? failed({ kind: 'cancelled' })));
  const answerTo = (type: string) =>
    found.get(type) ?? Promise.resolve(failed({ kind: 'not-supported' }));
  await Promise.all([
    loadPlans(session, who.whose, answerTo).then(({ plans, teams }) =>
      put(() => {
        shelves.teams.value = teams;
        shelves.plans.value = plans;
      }),
    ),
    loadCritical(session, who.whose, answerTo).then(critical =>
      put(() => {
        shelves.critical.value = critical;
      }),
    ),
  ]);
}

type AnswerTo = (type: string) => Promise<Answer<Found>>;

/** The patient in context, and whether to stop: blocked, or the server answered with somebody else (SAFETY C05). */
function patientOf(session: Session, answer: Answer<Raw>) {
  const asOf = answer.ok ? answer.at : session.clock.now();
  if (answer.ok && refOf(answer.value) === session.patient) {
    const whose: Whose = { session, identifiers: identifiersOf(answer.value) };
    // Patient has no subject: it is its own.
    const own = { ...answer.value, subject: { reference: session.patient } };
    const sifted = sift(patientReader, [own], whose);
    const part = partOf<Patient>('Patient', oneMatch(answer.value, answer.at), sifted, true);
    return { known: knownFrom([part], asOf), whose, stop: undefined };
  }
  const failure: Failure = answer.ok
    ? { kind: 'not-understood', detail: 'the server answered with another patient' }
    : answer.failure;
  const part = partOf<Patient>('Patient', failed(failure), { items: [], setAside: [] }, true);
  const final = answer.ok || ['blocked', 'signed-out', 'cancelled'].includes(failure.kind);
  return {
    known: knownFrom([part], asOf),
    whose: { session, identifiers: new Set<string>() },
    stop: final ? failure : undefined,
  };
}

const oneMatch = (raw: Raw, at: Date): Answer<Found> => ({
  ok: true,
  at,
  value: { matches: [raw], included: [], remarks: [], gaps: [], at },
});

function stopAll(shelves: Shelves, put: Put, failure: Failure, asOf: Date): void {
  const known = <T extends Item>(): Known<T> =>
    knownFrom([partOf<T>('Patient', failed(failure), { items: [], setAside: [] }, true)], asOf);
  put(() => {
    shelves.plans.value = known();
    shelves.critical.value = known();
    shelves.medicines.value = known();
  });
}

async function loadPlans(session: Session, whose: Whose, answerTo: AnswerTo) {
  const [plans, teams, documents, consents] = await Promise.all([
    answerTo('CarePlan'),
    answerTo('CareTeam'),
    answerTo('DocumentReference'),
    answerTo('Consent'),
  ]);
  const wires = plans.ok ? plans.value.matches : [];
  const teamWires = (teams.ok ? teams.value.matches : []).filter(
    raw => !notAbout(raw, whose) && !isWithdrawn(raw),
  );
  const at = {
    whose,
    now: session.clock.now(),
    denied: deniedIn(consents, whose),
    denialsKnown: consents.ok || consents.failure.kind === 'not-supported',
    teamsKnown: teams.ok || teams.failure.kind === 'not-supported',
  };
  const included = [plans, teams].flatMap(answer => (answer.ok ? answer.value.included : []));
  const { sifted, contacts } = await withMissing(
    session,
    [...included, ...teamWires, ...wires],
    all => {
      const around = { ...at, shelf: ownShelf(all, whose) };
      const everybody = contactsIn({ careTeam: [] }, around, teamWires);
      return {
        sifted: sift(planReader(around, teamWires), wires, whose),
        contacts: everybody === 'unread' ? undefined : everybody,
      };
    },
  );
  const shown = { ...sifted, items: withZones(sifted.items, wires, session.iss) };
  const known = knownFrom<Plan>(
    [
      partOf('CarePlan', plans, shown, true),
      documentPart(documents, whose),
      // Teams are shown with their plans; here only to say so when they could not be read.
      partOf(
        'CareTeam',
        only(teams, () => false),
        { items: [], setAside: [] },
        false,
      ),
    ],
    session.clock.now(),
  );
  return { plans: known, teams: contacts };
}

/** Documents that are plans: servers that cannot search by type send all documents. */
function documentPart(answer: Answer<Found>, whose: Whose): Part<Plan> {
  const plans = only(answer, isPlanDocument);
  return partOf('DocumentReference', plans, siftAnswer(planDocumentReader, plans, whose), false);
}

/** Zone conditions of plans that are shown; those of a withdrawn or foreign plan are nobody's but their own. */
async function shownInPlans(session: Session, whose: Whose, answerTo: AnswerTo) {
  const [plans, conditions] = await Promise.all([answerTo('CarePlan'), answerTo('Condition')]);
  if (!plans.ok) return new Set<string>();
  const shown = plans.value.matches.filter(raw => !notAbout(raw, whose) && !isWithdrawn(raw));
  const around = [...plans.value.included, ...(conditions.ok ? conditions.value.matches : [])];
  return zonesAddressed(shown, around, session.iss);
}

async function loadCritical(session: Session, whose: Whose, answerTo: AnswerTo) {
  const answers = await Promise.all(CRITICAL_TYPES.map(answerTo));
  const inPlans = await shownInPlans(session, whose, answerTo);
  const now = session.clock.now();
  const parts = CRITICAL_TYPES.map((type, index) => {
    const answer = answers[index] ?? failed({ kind: 'not-supported' });
    if (type === 'AllergyIntolerance')
      return partOf(type, answer, siftAnswer(allergyReader, answer, whose), true);
    const relevant = only(answer, raw => !inPlans.has(refOf(raw)) && !isAboutSharing(raw));
    return partOf(type, relevant, siftAnswer(criticalReader(now), relevant, whose), false);
  });
  return knownFrom(parts, now, { matters: isCritical, assertion: assertionIn });
}

const isCritical = ({ kind }: CriticalItem) => kind !== 'other';

/** An answer with only the matches that belong to this section; the others are another section's to count. */
const only = (answer: Answer<Found>, belongs: (raw: Raw) => boolean): Answer<Found> =>
  answer.ok
    ? { ...answer, value: { ...answer.value, matches: answer.value.matches.filter(belongs) } }
    : answer;
