import type { AnswerValue } from '../../record/evaluating/form.ts';
import { useAnswering } from '../answering.ts';
import { answersAt, type Place } from '../answers.ts';

/** The answers to one question, and how to set them. */
export function useAnswer(place: Place) {
  const { items, answer } = useAnswering();
  const answers = answersAt(items.value, place);
  return { answers, set: (...to: readonly AnswerValue[]) => answer(place, to) };
}
