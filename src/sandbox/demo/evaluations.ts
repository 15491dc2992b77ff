import type { Resource } from '../types.ts';
import { actor, hl7, isoDate, oslo, type Reference, to, volven } from './fhir.ts';
import { achievementOf } from './individual-plan.ts';
import { type Filed, filed } from './parts.ts';
import { planId } from './plans.ts';
import {
  acutePlanOf,
  type DemoEvaluation,
  type DemoPatient,
  shortId,
  userNamed,
} from './source.ts';

/** An evaluation is a meeting, what was said in it, and a message to the patient's own doctor. */
export function evaluations(patient: DemoPatient): readonly Filed[] {
  return patient.evals.flatMap((evaluation, index) => {
    const id = `${shortId(patient)}-eval-${index + 1}`;
    return filed(
      'evaluation',
      meeting(patient, evaluation, id),
      answers(patient, evaluation, id),
      ...messageToDoctor(patient, evaluation, id),
    );
  });
}

function meeting(
  patient: DemoPatient,
  { date, type, mode, parts }: DemoEvaluation,
  id: string,
): Resource {
  return {
    resourceType: 'Encounter',
    id,
    meta: { lastUpdated: oslo(date, '14:25') },
    status: 'finished',
    class: hl7('v3-ActCode', mode === 'oppmøte' ? 'AMB' : 'VR'),
    type: [{ coding: [volven(9322, 'E', 'Evalueringspunkt')], text: `Evaluering: ${type}` }],
    subject: to(`Patient/${shortId(patient)}`),
    // R4 has no place for the patient among an encounter's participants: the answers say if they came.
    participant: parts
      .filter(name => !name.startsWith(patient.preferred))
      .map(name => ({ individual: attendee(patient, name) })),
    period: { start: oslo(date, '13:00'), end: oslo(date, '13:45') },
  };
}

function answers(patient: DemoPatient, evaluation: DemoEvaluation, id: string): Resource {
  const patientId = shortId(patient);
  return {
    resourceType: 'QuestionnaireResponse',
    id: `${id}-answers`,
    meta: { lastUpdated: oslo(evaluation.date, '14:25') },
    questionnaire: 'https://example.org/fhir/Questionnaire/no-plan-evaluering|1',
    basedOn: planReference(patient),
    status: 'completed',
    subject: to(`Patient/${patientId}`),
    encounter: to(`Encounter/${id}`),
    authored: oslo(evaluation.date, '14:25'),
    author: authorOf(patient),
    item: [
      text('type', 'Type', evaluation.type),
      text('mode', 'Form', evaluation.mode),
      text('patient-participation', 'Pasientens deltakelse', evaluation.pp),
      text('present', 'Til stede', ...evaluation.parts),
      ...evaluation.goals.map(({ goal, status, ownScore }) => ({
        linkId: 'goal-status',
        text: 'Mål',
        item: [
          answer('goal', { valueReference: to(`Goal/${patientId}-goal-${goal}`) }),
          answer('status', {
            valueCoding: hl7('goal-achievement', achievementOf(status), status),
          }),
          answer('own-score', { valueInteger: ownScore }),
        ],
      })),
      text('helped', 'Hjalp', evaluation.helped),
      text('did-not-help', 'Hjalp ikke', evaluation.nothelped),
      text('changes', 'Endringer', ...evaluation.changes),
      answer('crises', { valueInteger: evaluation.crises }),
      answer('next-evaluation', { valueDate: evaluation.next }),
      text('gp', 'Til fastlege', evaluation.gp),
    ].filter(item => 'item' in item || item.answer.length > 0),
  };
}

/** «fastlege deltok» needs no message; «IKKE kvittert» was sent and has no `received`. */
function messageToDoctor(
  patient: DemoPatient,
  { date, gp: message }: DemoEvaluation,
  id: string,
): readonly Resource[] {
  if (!message.startsWith('sendt') || !patient.gp) return [];
  const read = isoDate(/lest (\S+)/.exec(message)?.[1] ?? '');
  const sent = isoDate(/sendt (\S+)/.exec(message)?.[1] ?? '') ?? date;
  return [
    {
      resourceType: 'Communication',
      id: `${id}-to-gp`,
      meta: { lastUpdated: oslo(read ?? sent, '14:26') },
      status: read ? 'completed' : 'in-progress',
      subject: to(`Patient/${shortId(patient)}`),
      topic: { text: 'Tilbakemelding til fastlege etter evaluering' },
      about: [to(`QuestionnaireResponse/${id}-answers`)],
      encounter: to(`Encounter/${id}`),
      sent: oslo(sent, '14:26'),
      received: read && oslo(read, '09:00'),
      recipient: [actor(patient.gp, shortId(patient))],
      sender: authorOf(patient),
      payload: [{ contentString: message }],
    },
  ];
}

function attendee(patient: DemoPatient, name: string): Reference {
  const colleague = userNamed(name);
  if (colleague) return actor(colleague.id, shortId(patient));
  const first = name.split(' ')[0] ?? name;
  const relative = patient.contacts.find(
    contact => contact.org === 'privat' && contact.name.startsWith(`${first} `),
  );
  if (!relative) return { display: name };
  return to(`RelatedPerson/${shortId(patient)}-contact-${relative.rank}`, relative.name);
}

function planReference(patient: DemoPatient): readonly Reference[] {
  const plan = acutePlanOf(patient);
  return plan ? [to(`CarePlan/${planId(patient, plan)}`)] : [];
}

/** The author of the plan leads its evaluations; where that is a whole team, the data names no one. */
function authorOf(patient: DemoPatient): Reference | undefined {
  const author = acutePlanOf(patient)?.author;
  return author?.startsWith('u-') ? actor(author, shortId(patient)) : undefined;
}

function text(linkId: string, label: string, ...values: readonly string[]) {
  const given = values.filter(value => value !== '-');
  return { linkId, text: label, answer: given.map(valueString => ({ valueString })) };
}

function answer(linkId: string, value: Readonly<Record<string, unknown>>) {
  return { linkId, answer: [value] };
}
