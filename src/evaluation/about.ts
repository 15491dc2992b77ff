import { isRaw } from '../fhir/ask.ts';
import type { Occasion } from '../record/evaluating/evaluating.ts';
import type { FormItem, ResponseItem } from '../record/evaluating/form.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { answersAt, answerText, countAt, type Place } from './answers.ts';

/** What one of several groups is about, where that is given and not for the person to say: a goal, a measure. */
export interface About {
  /** The question that is answered by it, and need not be asked. */
  readonly asked: FormItem;
  readonly text: string;
  /** The patient said it: quoted. */
  readonly own: boolean;
}

/**
 * A question nobody can change names its group; so does the first question of a group the plan itself has filled in.
 */
export function aboutOf(
  { goals, initial }: Occasion,
  items: readonly ResponseItem[],
  group: FormItem,
  place: Place,
): About | undefined {
  const filled = countAt(initial, place.slice(0, -1), group.linkId);
  const given = (place.at(-1)?.nth ?? 0) < filled ? group.items[0] : undefined;
  const asked = group.items.find(({ readOnly }) => readOnly) ?? given;
  const answer = asked && answersAt(items, [...place, { linkId: asked.linkId, nth: 0 }])[0];
  if (!asked || !answer) return undefined;
  const reference = answer['valueReference'];
  if (!isRaw(reference)) return { asked, text: answerText(answer), own: false };
  const ref = reference['reference'];
  const found = goals.find(({ goal }) => goal.ref !== undefined && goal.ref === ref)?.goal;
  const text = found?.text ?? reference['display'];
  if (typeof text !== 'string') return { asked, text: sayEvaluation('goal.unread'), own: false };
  const own = found?.patientsOwn ?? false;
  return { asked, text: own ? quoted(text) : text, own };
}

const quoted = (text: string) => `«${text.replace(/^[«"“]|[»"”]$/g, '')}»`;
