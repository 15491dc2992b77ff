import { isRaw, type Raw } from '../../fhir/ask.ts';
import type { Answer } from '../../fhir/failure.ts';
import { localRef, refOf, type Shelf } from '../../fhir/references.ts';
import type { Found } from '../../fhir/searchset.ts';
import { only, type Part, partOf, siftAnswer } from '../parts.ts';
import {
  answersReader,
  type Evaluation,
  isEvaluation,
  isEvaluationMeeting,
  meetingReader,
} from '../plans/evaluations.ts';
import { notAbout, ownShelf, type Whose } from '../sift.ts';

/**
 * Evaluations from a FHIR server: answers, the meetings they were given in, and those that plans point to. The shelf
 * is asked for meetings that did not come along, so that the next round brings them.
 */
export function evaluationParts(
  whose: Whose,
  of: (type: string) => readonly Answer<Found>[],
  around: Shelf,
  known: readonly Raw[],
  outcomes: readonly string[],
): readonly Part<Evaluation>[] {
  const { label, iss: base } = whose.session;
  const messages = of('Communication')
    .flatMap(matchesIn)
    .filter(raw => !notAbout(raw, whose));
  const reading = { shelf: ownShelf(around, whose), base, messages };
  const answers = of('QuestionnaireResponse').map(answer => only(answer, isEvaluation));
  const answered = new Set(answers.flatMap(matchesIn).map(refOf));
  const named = new Set([
    ...outcomes,
    ...answers.flatMap(matchesIn).flatMap(raw => {
      const encounter = isRaw(raw['encounter']) ? raw['encounter']['reference'] : undefined;
      const ref = typeof encounter === 'string' ? localRef(base, encounter) : undefined;
      // Asked for if it is not at hand.
      if (ref) around.find({ reference: ref, display: undefined, identifier: undefined });
      return ref ?? [];
    }),
  ]);
  const meetings = of('Encounter').map(answer => only(answer, isEvaluationMeeting));
  const met = new Set(meetings.flatMap(matchesIn).map(refOf));
  const pointedTo = [...new Map(known.map(raw => [refOf(raw), raw])).values()].filter(
    raw => named.has(refOf(raw)) && !met.has(refOf(raw)) && !answered.has(refOf(raw)),
  );
  const brought = (type: string): Answer<Found> => {
    const matches = pointedTo.filter(raw => raw['resourceType'] === type);
    const at = whose.session.clock.now();
    return { ok: true, at, value: { matches, included: [], remarks: [], gaps: [], at } };
  };
  const ofAnswers = (answer: Answer<Found>) =>
    partOf(
      label,
      'QuestionnaireResponse',
      answer,
      siftAnswer(answersReader(reading), answer, whose),
      true,
    );
  const ofMeetings = (answer: Answer<Found>) =>
    partOf(label, 'Encounter', answer, siftAnswer(meetingReader(reading), answer, whose), false);
  return [
    ...answers.map(ofAnswers),
    ...meetings.map(ofMeetings),
    ofAnswers(brought('QuestionnaireResponse')),
    ofMeetings(brought('Encounter')),
    // Messages are shown with their evaluation; here only to say so when they could not be read.
    ...of('Communication').map(answer =>
      partOf<Evaluation>(
        label,
        'Communication',
        only(answer, () => false),
        { items: [], setAside: [] },
        false,
      ),
    ),
  ];
}

const matchesIn = (answer: Answer<Found>) => (answer.ok ? answer.value.matches : []);
