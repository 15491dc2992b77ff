import type { Raw } from '../src/fhir/ask.ts';
import type { ChangedResource, NewResource, Proposal, Setting } from '../src/fhir/proposal.ts';
import type { Session } from '../src/fhir/session.ts';
import { type Bench, bench, type Wanted } from './bench.ts';

/** What the signed-in psychologist's session on Maja may do: read and write, and renew its token. */
const READ_AND_WRITE = 'openid fhirUser launch offline_access patient/*.cruds';

/** A session that may write, of somebody known: `u-psy` on `p1` unless told. */
export const writingBench = (wanted: Wanted = {}): Promise<Bench> =>
  bench({ user: 'u-psy', scope: READ_AND_WRITE, signedIn: true, ...wanted });

export interface Wish {
  readonly id?: string;
  readonly pressed?: string;
  /** What the patient says under «hva hjalp»: tells one evaluation from another. */
  readonly said?: string;
  /** Of `p1`, unless told: `Goal/p1-goal-g1`, and what it is set to. */
  readonly goal?: string;
  readonly achieved?: string;
  readonly plan?: string;
  readonly next?: string;
}

/**
 * One whole evaluation, made by hand: an answered form, the meeting, a question and a message to the doctor, one goal
 * and the plan changed, and where it all comes from. On the versions the store has now.
 */
export function evaluation(it: Bench, wish: Wish = {}): Proposal {
  const { session } = it;
  const { goal = 'Goal/p1-goal-g1', plan = 'CarePlan/p1-plan-behandling' } = wish;
  const { achieved = 'achieved', next = '2027-01-14', said = 'Kveldsteamet' } = wish;
  const { pressed = '2026-11-21T20:20:00+01:00' } = wish;
  const subject = { reference: session.patient };
  const author = { reference: 'PractitionerRole/u-psy', display: 'Tuva Poliklin' };
  const doctor = { reference: 'PractitionerRole/u-gp', display: 'Ingrid Fastlund' };
  const [answers, meeting, question, message, origin] = [uuid(), uuid(), uuid(), uuid(), uuid()];
  return {
    id: wish.id ?? uuid(),
    what: 'evaluation',
    bound: boundTo(session, plan, versionAt(it, plan)),
    pressed,
    writes: [
      made(answers, {
        resourceType: 'QuestionnaireResponse',
        questionnaire: 'https://example.org/fhir/Questionnaire/no-plan-evaluering|2',
        basedOn: [{ reference: plan }],
        status: 'completed',
        subject,
        encounter: to(meeting),
        authored: pressed,
        author,
        item: [
          { linkId: 'helped', text: 'Hva har hjulpet?', answer: [{ valueString: said }] },
          { linkId: 'next-evaluation', answer: [{ valueDate: next }] },
        ],
      }),
      made(meeting, {
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        type: [{ text: 'Evaluering: planlagt' }],
        subject,
        period: { start: pressed, end: pressed },
      }),
      made(question, {
        resourceType: 'Task',
        status: 'requested',
        intent: 'proposal',
        code: { text: 'Bekreft endring i behandling' },
        description: 'sertralin 100 → 150 mg',
        focus: to(answers),
        basedOn: [{ reference: plan }],
        for: subject,
        authoredOn: pressed,
        requester: author,
        owner: doctor,
      }),
      made(message, {
        resourceType: 'Communication',
        status: 'in-progress',
        subject,
        about: [to(answers)],
        encounter: to(meeting),
        sent: pressed,
        recipient: [doctor],
        sender: author,
        payload: [{ contentString: `Evaluering er gjort. Hjalp: ${said}` }],
      }),
      changed(it, goal, [
        {
          at: 'achievementStatus',
          value: { coding: [{ system: ACHIEVEMENT, code: achieved }] },
          label: 'Status',
          words: achieved,
        },
        { at: 'statusDate', value: pressed.slice(0, 10), label: 'Vurdert', words: pressed },
      ]),
      changed(it, plan, [
        {
          at: `extension:${NEXT}`,
          value: { url: NEXT, valueDate: next },
          label: 'Neste evaluering',
          words: next,
        },
      ]),
      made(origin, {
        resourceType: 'Provenance',
        target: [to(answers), to(meeting), to(question), to(message), goal, plan].map(target =>
          typeof target === 'string' ? { reference: target } : target,
        ),
        recorded: pressed,
        activity: { text: 'Evaluering' },
        agent: [{ who: author }],
      }),
    ],
    words: `Evaluering ${pressed.slice(0, 10)}. Hjalp: ${said}. Neste: ${next}.`,
  };
}

/** A doctor's answer: one shared task changed, and nothing new but where the answer comes from. */
export function answer(it: Bench, task = 'Task/p1-change-1', status = 'accepted'): Proposal {
  const pressed = '2026-11-21T20:25:00+01:00';
  return {
    id: uuid(),
    what: 'answer',
    bound: boundTo(it.session, undefined, undefined),
    pressed,
    writes: [
      changed(it, task, [
        { at: 'status', value: status, label: 'Svar', words: status },
        { at: 'lastModified', value: pressed, label: 'Tid', words: pressed },
      ]),
      made(uuid(), {
        resourceType: 'Provenance',
        target: [{ reference: task }],
        recorded: pressed,
        agent: [{ who: { reference: 'PractitionerRole/u-gp' } }],
      }),
    ],
    words: `Svar: ${status}`,
  };
}

const ACHIEVEMENT = 'http://terminology.hl7.org/CodeSystem/goal-achievement';
const NEXT = 'https://example.org/fhir/StructureDefinition/no-plan-next-evaluation';

const uuid = () => crypto.randomUUID();

const to = (id: string) => ({ reference: `urn:uuid:${id}` });

const made = (id: string, resource: Raw): NewResource => ({ kind: 'new', uuid: id, resource });

/** A change made on what the store has now. */
export function changed(it: Bench, ref: string, sets: readonly Setting[]): ChangedResource {
  const read = it.sandbox.store.at(ref);
  if (!read) throw new Error(`There is no ${ref}`);
  return { kind: 'changed', ref, version: versionAt(it, ref), read, sets };
}

const versionAt = (it: Bench, ref: string) => it.sandbox.store.at(ref)?.meta?.versionId ?? '';

function boundTo(
  session: Session,
  plan: string | undefined,
  planVersion: string | undefined,
): Proposal['bound'] {
  const { iss, patient, user } = session;
  return { iss, sub: user.sub ?? '', patient, plan, planVersion };
}
