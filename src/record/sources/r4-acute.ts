import type { Raw } from '../../fhir/ask.ts';
import { type Answer, type Failure, failed } from '../../fhir/failure.ts';
import { refOf } from '../../fhir/references.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { askEach, type Question } from '../../fhir/together.ts';
import type { Around } from '../contacts/contacts.ts';
import { deniedIn } from '../contacts/denied.ts';
import type { Patient, Plan } from '../model.ts';
import { knownFrom, NOTHING, only, type Part, partOf, siftAnswer } from '../parts.ts';
import { identifiersOf, patientReader } from '../patient.ts';
import { isPlanDocument, planDocumentReader } from '../plans/plan-documents.ts';
import { contactsIn, planReader } from '../plans/plans.ts';
import { withReplaced } from '../plans/replaced.ts';
import { withZones } from '../plans/zones.ts';
import type { Intake, Put } from '../sections.ts';
import { isWithdrawn, notAbout, ownShelf, sift, type Whose } from '../sift.ts';
import { SECTIONS } from './kinds.ts';
import type { loadCritical } from './r4-critical.ts';
import { withMissing } from './r4-missing.ts';
import { acuteQuestions } from './r4-searches.ts';

/** Who it is, and the first things a doctor needs, each as it comes. */
export interface AcuteAnswers {
  readonly who: ReturnType<typeof patientOf>;
  readonly questions: readonly Question[];
  readonly answers: readonly Promise<Answer<Raw>>[];
  /** What reads critical information: its code travels beside the questions, and whom to call waits for neither. */
  readonly reader: Promise<{ readonly loadCritical: typeof loadCritical }>;
}

export async function askAcute(session: Session): Promise<AcuteAnswers> {
  const reader = import('./r4-critical.ts');
  // Where it does not come, that is said when it is needed.
  reader.catch(() => undefined);
  const questions = acuteQuestions(session, await session.offer);
  const answers = askEach(session, questions);
  return {
    who: patientOf(session, (await answers[0]) ?? failed({ kind: 'cancelled' })),
    questions,
    answers,
    reader,
  };
}

/** Plans as they are shown first, with what is needed to read the rest of them afterwards. */
export interface PlansRead {
  readonly parts: readonly Part<Plan>[];
  /** The CarePlans themselves. */
  readonly wires: readonly Raw[];
  /** Everything at hand around them. */
  readonly resources: readonly Raw[];
  /** References that have been asked for, whether or not they came. */
  readonly asked: ReadonlySet<string>;
  readonly at: Omit<Around, 'shelf'>;
}

/**
 * Who, whom to call, what to do and avoid, and critical information. Each section is shown as soon as it is known.
 * Undefined: blocked, or another patient.
 */
export async function loadAcute(
  session: Session,
  { who, questions, answers, reader }: AcuteAnswers,
  sections: Intake,
  put: Put,
): Promise<PlansRead | undefined> {
  put(() => {
    sections.patient.value = who.known;
  });
  if (who.stop) {
    stopAll(session, sections, put, who.stop);
    return undefined;
  }
  const found = new Map<string, Promise<Answer<Found>>>();
  for (const [index, { type }] of questions.entries()) {
    const answer = answers[index] ?? Promise.resolve(failed({ kind: 'cancelled' }));
    if (type !== 'Patient')
      found.set(
        type,
        answer.then(first => allPages(session, type, first)),
      );
  }
  const answerTo = (type: string) =>
    found.get(type) ?? Promise.resolve(failed({ kind: 'not-supported' }));
  const [read] = await Promise.all([
    loadPlans(session, who.whose, answerTo).then(({ teams, ...plans }) => {
      put(() => {
        sections.teams.value = teams;
        sections.plans.put(session.label, plans.parts);
      });
      return plans;
    }),
    reader
      .then(
        code => code.loadCritical(session, who.whose, answerTo),
        () => [unread(session)],
      )
      .then(critical =>
        put(() => {
          sections.critical.put(session.label, critical);
        }),
      ),
  ]);
  return read;
}

export type AnswerTo = (type: string) => Promise<Answer<Found>>;

/** Its code did not arrive: nothing may be concluded about what is critical (SAFETY HZ04). */
const unread = ({ label }: Session) =>
  partOf<never>(
    label,
    'AllergyIntolerance',
    failed({ kind: 'not-understood', detail: 'it could not be read' }),
    NOTHING,
    true,
  );

/** The patient in context, and whether to stop: blocked, or the server answered with somebody else (SAFETY C05). */
function patientOf(session: Session, answer: Answer<Raw>) {
  const asOf = answer.ok ? answer.at : session.clock.now();
  if (answer.ok && refOf(answer.value) === session.patient) {
    const whose: Whose = { session, identifiers: identifiersOf(answer.value) };
    // Patient has no subject: it is its own.
    const own = { ...answer.value, subject: { reference: session.patient } };
    const sifted = sift(patientReader, [own], whose);
    const part = partOf<Patient>(
      session.label,
      'Patient',
      oneMatch(answer.value, answer.at),
      sifted,
      true,
    );
    return { known: knownFrom([part], asOf), whose, stop: undefined };
  }
  const failure: Failure = answer.ok
    ? { kind: 'not-understood', detail: 'the server answered with another patient' }
    : answer.failure;
  const part = partOf<Patient>(session.label, 'Patient', failed(failure), NOTHING, true);
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

/** Blocked, or somebody else's record: said in every section, and nothing more is. */
export function stopAll(session: Session, sections: Intake, put: Put, failure: Failure): void {
  const stopped = partOf<never>(session.label, 'Patient', failed(failure), NOTHING, true);
  put(() => {
    for (const name of SECTIONS) sections[name].put(session.label, [stopped]);
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
  const resources = [...included, ...teamWires, ...wires];
  const read = await withMissing(session, resources, (all, known, asked) => {
    const around = { ...at, shelf: ownShelf(all, whose) };
    const everybody = contactsIn({ careTeam: [] }, around, teamWires);
    return {
      sifted: sift(planReader(around, teamWires), wires, whose),
      contacts: everybody === 'unread' ? undefined : everybody,
      known,
      asked,
    };
  });
  const { sifted, contacts, known, asked } = read;
  const items = withReplaced(withZones(sifted.items, wires, session.iss));
  const shown = { ...sifted, items };
  const from = session.label;
  const parts: readonly Part<Plan>[] = [
    partOf(from, 'CarePlan', plans, shown, true),
    documentPart(from, documents, whose),
    // Teams are shown with their plans; here only to say so when they could not be read.
    partOf(
      from,
      'CareTeam',
      only(teams, () => false),
      NOTHING,
      false,
    ),
  ];
  return { parts, teams: contacts, wires, resources: known, asked, at };
}

/** Documents that are plans: servers that cannot search by type send all documents. */
function documentPart(from: string, answer: Answer<Found>, whose: Whose): Part<Plan> {
  const plans = only(answer, isPlanDocument);
  const sifted = siftAnswer(planDocumentReader, plans, whose);
  return partOf(from, 'DocumentReference', plans, sifted, false);
}
