import type { Raw } from '../src/fhir/ask.ts';
import type { Proposal } from '../src/fhir/proposal.ts';
import { withSettings } from '../src/fhir/proposal.ts';
import type { Session } from '../src/fhir/session.ts';
import { scopesFor } from '../src/launch/scopes.ts';
import { begin } from '../src/record/evaluating/begin.ts';
import type { Occasion } from '../src/record/evaluating/evaluating.ts';
import type { AnswerValue, FormItem, ResponseItem } from '../src/record/evaluating/form.ts';
import { calculate } from '../src/record/evaluating/form-logic.ts';
import { messageFor } from '../src/record/evaluating/message.ts';
import { propose } from '../src/record/evaluating/propose.ts';
import type { Plan } from '../src/record/model.ts';
import { openRecord, type PatientRecord } from '../src/record/record.ts';
import { answered, type Bench, bench, type Wanted } from './bench.ts';

/** An evaluation as somebody begins it, in the sandbox. */
export interface Begun {
  readonly bench: Bench;
  readonly session: Session;
  readonly record: PatientRecord;
  readonly occasion: Occasion;
}

/** What the app itself asks for. */
export const OWN_SCOPES = scopesFor({ launch: true, v2: true });

/** The record of whoever signs in, with what an id_token says about them. */
export async function opened(wanted: Wanted = {}) {
  const { user = 'u-psy', patient = 'p1' } = wanted;
  const it = await bench({ scope: OWN_SCOPES, signedIn: true, ...wanted, user, patient });
  const fhirUser = `Practitioner/${user}`;
  const session: Session = { ...it.session, user: { ...it.session.user, fhirUser } };
  const record = openRecord(session);
  const plans = await answered(record.plans);
  // The plans come whole with the evaluations.
  await answered(record.evaluations);
  const named = (id: string): Plan => {
    const reading = record.plans.value;
    const shown = reading.state === 'loading' ? plans.items : reading.items;
    const plan = shown.find(({ source }) => source.ref === `CarePlan/${id}`);
    if (!plan) throw new Error(`There is no CarePlan/${id} on screen`);
    return plan;
  };
  return { bench: it, session, record, named };
}

export async function begun(wanted: Wanted = {}, plan = 'p1-plan-behandling'): Promise<Begun> {
  const { bench: it, session, record, named } = await opened(wanted);
  const began = await begin(record, named(plan));
  if (!began.ok) throw new Error(JSON.stringify(began.failure));
  return { bench: it, session, record, occasion: began.occasion };
}

/** Answers to the form, by linkId: a value, or for a group that stands several times one record for each. */
export type Said = Readonly<
  Record<string, AnswerValue | readonly AnswerValue[] | readonly Said[] | undefined>
>;

/** The answers where the form has its questions; what the occasion filled in beforehand stands unless it is said. */
export function saying(occasion: Occasion, said: Said): readonly ResponseItem[] {
  const placed = (
    asked: readonly FormItem[],
    before: readonly ResponseItem[],
    from: Said,
  ): readonly ResponseItem[] =>
    asked.flatMap((question): readonly ResponseItem[] => {
      const own = before.filter(({ linkId }) => linkId === question.linkId);
      const { linkId } = question;
      const given = from[linkId];
      if (question.type !== 'group') {
        if (!given) return own;
        return [{ linkId, answer: [given].flat() }];
      }
      if (!question.repeats) {
        const [group] = own;
        return [{ linkId, item: placed(question.items, group?.item ?? [], from) }];
      }
      if (!given) return own;
      return ([given].flat() as readonly Said[]).map((each, index) => ({
        linkId,
        item: placed(question.items, own[index]?.item ?? [], each),
      }));
    });
  return calculate(occasion.form, placed(occasion.form.items, occasion.initial, said));
}

const NO_PLAN = 'https://example.org/fhir/CodeSystem/no-plan';
const ACHIEVEMENT = 'http://terminology.hl7.org/CodeSystem/goal-achievement';

/** One of the form's own choices, as the form words it. */
export function choice({ form }: Occasion, linkId: string, code: string): AnswerValue {
  const all = (items: readonly FormItem[]): readonly FormItem[] =>
    items.flatMap(item => [item, ...all(item.items)]);
  const system = linkId === 'status' ? ACHIEVEMENT : NO_PLAN;
  const found = all(form.items)
    .find(item => item.linkId === linkId)
    ?.options.find(
      ({ value }) =>
        JSON.stringify(value).includes(`"code":"${code}"`) &&
        JSON.stringify(value).includes(system),
    );
  if (!found) throw new Error(`${linkId} has no ${code}`);
  return found.value;
}

/** Maja's evaluation the night after the crisis: three goals, three changes of which the GP decides two. */
export function crisisEvaluation(occasion: Occasion): Said {
  const pick = (linkId: string, code: string) => choice(occasion, linkId, code);
  const change = (
    what: string,
    from: string | undefined,
    to: string,
    why: string,
    gp: boolean,
  ) => ({
    kind: pick('kind', 'legemiddel'),
    what: { valueString: what },
    from: from === undefined ? undefined : { valueString: from },
    to: { valueString: to },
    why: { valueString: why },
    'gp-decides': { valueBoolean: gp },
  });
  return {
    type: pick('type', 'etter-krise'),
    'patient-participation': pick('patient-participation', 'deltok'),
    present: [
      {
        who: {
          valueReference: { reference: 'PractitionerRole/p1-contact-6', display: 'Tuva Poliklin' },
        },
        organization: { valueString: 'Fjordvik DPS' },
        outside: { valueBoolean: false },
      },
      {
        who: {
          valueReference: { reference: 'RelatedPerson/p1-contact-4', display: 'Thea Testdal' },
        },
      },
      {
        who: { valueReference: { display: 'Silje Samrud' } },
        organization: { valueString: 'Fjordvik kommune' },
        outside: { valueBoolean: true },
      },
    ],
    'goal-status': [
      { status: pick('status', 'achieved'), 'own-score': { valueInteger: 7 } },
      { status: pick('status', 'worsening'), 'status-why': { valueString: 'Sover to timer' } },
      { status: pick('status', 'not-attainable') },
    ],
    useful: { valueInteger: 8 },
    helped: { valueString: 'Planen på legevakten, Thea og kveldsteamet' },
    'did-not-help': { valueString: 'Kvetiapin: trøtt' },
    crises: { valueInteger: 1 },
    'plan-update': { valueBoolean: false },
    'ip-update': { valueBoolean: true },
    change: [
      change('sertralin', '100 mg', '150 mg', 'Fortsatt angst', true),
      change('kvetiapin', '25 mg ved behov', 'seponert', 'Tretthet', true),
      change('kveldsteam', undefined, 'ringer hver søndag', 'Søndager er verst', false),
    ],
    'next-evaluation': { valueDate: '2027-01-07' },
  };
}

export interface Sent {
  readonly said?: Said;
  readonly tellDoctor?: boolean;
  readonly message?: string;
}

/** What a press of the button would write. */
export function drafted(
  { session, occasion }: Begun,
  { said, tellDoctor = true, message }: Sent = {},
) {
  const items = saying(occasion, said ?? crisisEvaluation(occasion));
  return propose(
    occasion,
    session,
    items,
    { message: message ?? messageFor(occasion, items), tellDoctor },
    session.clock.now(),
  );
}

/** The proposal as one transaction, written out by hand as R4 has it: `PUT` new ones on their own ids. */
export function transactionOf({ writes }: Proposal): Raw {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: writes.map(write => {
      if (write.kind === 'changed') {
        return {
          resource: withSettings(write.read, write.sets),
          request: { method: 'PUT', url: write.ref, ifMatch: `W/"${write.version}"` },
        };
      }
      const { uuid, resource } = write;
      return {
        fullUrl: `urn:uuid:${uuid}`,
        resource: { ...resource, id: uuid },
        request: { method: 'PUT', url: `${String(resource['resourceType'])}/${uuid}` },
      };
    }),
  };
}

/** Sends it with the session's own token. */
export async function post(
  { session }: Pick<Begun, 'session'>,
  body: Raw,
  path = '',
): Promise<Response> {
  const token = await session.authorization?.token();
  return session.fetch(
    new Request(`${session.iss}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    }),
  );
}
