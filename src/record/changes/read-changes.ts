import { isRaw, type Raw } from '../../fhir/ask.ts';
import type { ServerOffer } from '../../fhir/capability.ts';
import { type Answer, type Failure, failed } from '../../fhir/failure.ts';
import { localRef, refOf, type Shelf } from '../../fhir/references.ts';
import { grants } from '../../fhir/scopes.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { Codeable, hasCode, NO_PLAN } from '../../fhir/shapes.ts';
import { askTogether, type Question } from '../../fhir/together.ts';
import type { Author } from '../evaluating/evaluating.ts';
import { authorIn, doctorIn } from '../evaluating/people.ts';
import { knownFrom, only, partOf } from '../parts.ts';
import { identifiersOf } from '../patient.ts';
import type { Known } from '../reading.ts';
import { notAbout, ownShelf, sift, type Whose } from '../sift.ts';
import { withMissing } from '../sources/r4-missing.ts';
import { aboutPatient } from '../sources/r4-searches.ts';
import type { Change, Sending } from './change.ts';
import { changeReader, isChange } from './read-change.ts';
import { type Message, messagesIn } from './read-messages.ts';
import { sendingsOf } from './sendings.ts';
import { type Decider, deciderIn } from './who.ts';

/** Everything about the changes that wait, or waited, for the GP: read anew, whole and with versions. */
export interface Changes {
  readonly reading: Known<Change>;
  readonly sendings: readonly Sending[];
  /** Discrepancies somebody has been asked to put right: `Task/id` of the change. */
  readonly seenTo: ReadonlySet<string>;
  /** What was sent back and forth about them. */
  readonly messages: readonly Message[];
  readonly doctor: { readonly ref: string | undefined; readonly name: string } | undefined;
  readonly author: Author;
  /** As whom the person signed in decides; undefined: somebody else does. */
  readonly decider: Decider;
  /** `Type/id` by which others mean the person signed in. */
  readonly mine: ReadonlySet<string>;
  readonly takes: AnswerTakes;
  readonly patientName: string | undefined;
}

/** What the server takes of an answer from this person. */
export interface AnswerTakes {
  /** Whether an answer can be written at all, and if not, why. */
  readonly answer: 'yes' | 'not-permitted' | 'not-supported';
  readonly message: boolean;
  readonly tasks: boolean;
  readonly provenance: boolean;
}

export type ChangesRead =
  | { readonly ok: true; readonly changes: Changes }
  | { readonly ok: false; readonly failure: Failure };

/** One batch where the server has it, from the EHR alone: what is to be answered is answered where it lies. */
export async function readChanges(
  session: Session,
  name: string | undefined,
): Promise<ChangesRead> {
  const offer = await session.offer;
  const questions = questionsFor(session, offer);
  const answers = await askTogether(session, questions);
  const found = new Map<string, Answer<Found>>();
  const at = (type: string) =>
    answers[questions.findIndex(question => question.type === type)] ??
    failed({ kind: 'not-supported' });
  for (const { type, address } of questions)
    if (address.includes('?')) found.set(type, await allPages(session, type, at(type)));
  const of = (type: string) => found.get(type) ?? failed({ kind: 'not-supported' });
  const patient = at('Patient');
  if (!patient.ok) return patient;
  const whose: Whose = { session, identifiers: identifiersOf(patient.value) };
  const known = ['PractitionerRole', 'Task'].flatMap(type => [
    ...matchesIn(of(type)),
    ...includedIn(of(type)),
  ]);
  const put = (around: Shelf): Changes => {
    const shown = ownShelf(around, whose);
    const roles = matchesIn(of('PractitionerRole'));
    const author = authorIn(roles, shown, whose);
    const reading = readingOf(of('Task'), shown, whose);
    const person = localRef(session.iss, session.user.fhirUser);
    return {
      reading,
      sendings: sendingsOf(reading.items),
      seenTo: seenToIn(matchesIn(of('Task')), whose),
      messages: messagesIn(matchesIn(of('Communication')), shown, whose),
      doctor: doctorIn(patient.value, shown, whose),
      author,
      decider: deciderIn(patient.value, roles, shown, whose),
      mine: new Set([person, author.ref].flatMap(ref => ref ?? [])),
      takes: takesOf(session, offer),
      patientName: name,
    };
  };
  return { ok: true, changes: await withMissing(session, known, put) };
}

const matchesIn = (answer: Answer<Found>) => (answer.ok ? answer.value.matches : []);
const includedIn = (answer: Answer<Found>) => (answer.ok ? answer.value.included : []);

function questionsFor(session: Session, offer: ServerOffer): readonly Question[] {
  const by = aboutPatient(session);
  const [type, id] = localRef(session.iss, session.user.fhirUser)?.split('/') ?? [];
  const who = id === undefined ? '' : encodeURIComponent(id);
  const roles =
    type === 'Practitioner'
      ? `practitioner=${who}`
      : type === 'PractitionerRole'
        ? `_id=${who}`
        : '';
  const withPerson = offer.includes('PractitionerRole', 'PractitionerRole:practitioner')
    ? `&_include=${encodeURIComponent('PractitionerRole:practitioner')}`
    : '';
  return [
    { type: 'Patient', address: session.patient },
    { type: 'Task', address: `Task?${by}` },
    { type: 'Communication', address: `Communication?${by}` },
    ...(roles
      ? [{ type: 'PractitionerRole', address: `PractitionerRole?${roles}${withPerson}` }]
      : []),
  ];
}

/** R4 Task says whose it is in `for`, where most types have `subject`. */
const ofPatient = (task: Raw): Raw => ({ ...task, subject: task['for'] });

function readingOf(answer: Answer<Found>, shelf: Shelf, whose: Whose): Known<Change> {
  const { session } = whose;
  const asked = only(answer, isChange);
  const tasks = matchesIn(asked);
  const reader = changeReader({
    shelf,
    base: session.iss,
    whole: new Map(tasks.map(raw => [refOf(raw), raw])),
  });
  const sifted = sift(reader, tasks.map(ofPatient), whose);
  return knownFrom([partOf(session.label, 'Task', asked, sifted, true)], session.clock.now());
}

/** Changes for which somebody is asked to put a discrepancy right (`no-plan#avvik`), unless it was called off. */
function seenToIn(tasks: readonly Raw[], whose: Whose): ReadonlySet<string> {
  const base = whose.session.iss;
  const own = tasks.filter(raw => !notAbout(ofPatient(raw), whose));
  return new Set(
    own.flatMap(({ code, focus, status }) => {
      const parsed = Codeable.safeParse(code);
      const isOne = parsed.success && hasCode(parsed.data, NO_PLAN, 'avvik');
      const off = ['cancelled', 'rejected', 'failed', 'entered-in-error'].includes(String(status));
      const about = isRaw(focus) ? focus['reference'] : undefined;
      return isOne && !off && typeof about === 'string' ? (localRef(base, about) ?? []) : [];
    }),
  );
}

function takesOf({ user, scopes }: Session, offer: ServerOffer): AnswerTakes {
  const makes = (type: string) =>
    offer.has(type) && offer.takes(type, 'create') && grants(scopes, type, 'c');
  const offered = offer.has('Task') && offer.takes('Task', 'update');
  const permitted = user.sub !== undefined && grants(scopes, 'Task', 'u');
  return {
    answer: !offered ? 'not-supported' : permitted ? 'yes' : 'not-permitted',
    message: makes('Communication'),
    tasks: makes('Task'),
    provenance: makes('Provenance'),
  };
}
