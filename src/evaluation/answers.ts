import { isRaw } from '../fhir/ask.ts';
import type { AnswerValue, FormItem, ResponseItem } from '../record/evaluating/form.ts';
import { answerWords, belowItem, valueOfAnswer } from '../record/evaluating/response.ts';

/** Where an answer stands: at each level which question, and which of several of it. */
export type Place = readonly Step[];

interface Step {
  readonly linkId: string;
  readonly nth: number;
}

type Form = readonly FormItem[];
type Items = readonly ResponseItem[];

/** A name for the place, for labels and links; it holds nothing of the answer. */
export const placeId = (place: Place) =>
  `svar-${place.map(({ linkId, nth }) => (nth > 0 ? `${linkId}-${nth}` : linkId)).join('--')}`;

export function itemAt(items: Items, place: Place): ResponseItem | undefined {
  const [step, ...deeper] = place;
  const found = step && items[indexOf(items, step)];
  return found && deeper.length > 0 ? itemAt(belowItem(found), deeper) : found;
}

/** What has been answered so far; empty where nothing has. */
export const answersAt = (items: Items, place: Place): readonly AnswerValue[] =>
  itemAt(items, place)?.answer ?? [];

/** The answered groups a question stands in, outermost first. */
export const groupsAround = (items: Items, within: Place): readonly ResponseItem[] =>
  within.flatMap((_, depth) => itemAt(items, within.slice(0, depth + 1)) ?? []);

/** How many of one group there are. */
export function countAt(items: Items, within: Place, linkId: string): number {
  const around = within.length === 0 ? items : belowItem(itemAt(items, within) ?? { linkId });
  return around.filter(each => each.linkId === linkId).length;
}

/** Without answers the item is kept: a group of several keeps its place while somebody writes in another. */
export function withAnswers(
  form: Form,
  items: Items,
  place: Place,
  answers: readonly AnswerValue[],
): Items {
  return changed(form, items, place, ({ answer: before, ...item }) => {
    const below = before?.[0]?.['item'];
    const [first, ...others] = answers;
    if (!first) return item;
    return {
      ...item,
      answer: [below === undefined ? first : { ...first, item: below }, ...others],
    };
  });
}

/** One more of a repeating group, after those there are. */
export function withAnother(form: Form, items: Items, within: Place, linkId: string): Items {
  const nth = countAt(items, within, linkId);
  return changed(form, items, [...within, { linkId, nth }], item => item);
}

export function without(form: Form, items: Items, place: Place): Items {
  const gone = itemAt(items, place);
  const within = place.slice(0, -1);
  const less = (among: Items) => among.filter(each => each !== gone);
  if (within.length === 0) return less(items);
  return changed(form, items, within, item => ({ ...item, item: less(item.item ?? []) }));
}

function changed(
  form: Form,
  items: Items,
  place: Place,
  to: (item: ResponseItem) => ResponseItem,
): Items {
  const [step, ...deeper] = place;
  const asked = form.find(({ linkId }) => linkId === step?.linkId);
  if (!step || !asked) return items;
  const index = indexOf(items, step);
  const before = items[index] ?? { linkId: step.linkId };
  const after =
    deeper.length === 0
      ? to(before)
      : withBelow(asked, before, changed(asked.items, belowItem(before), deeper, to));
  return index >= 0
    ? items.with(index, after)
    : items.toSpliced(placeFor(form, items, step), 0, after);
}

/** Under a group in `item`, under a question in its answer: who has not answered it has nothing below it. */
function withBelow({ type }: FormItem, item: ResponseItem, below: Items): ResponseItem {
  if (type === 'group') return { ...item, item: below };
  const [first, ...others] = item.answer ?? [];
  return first ? { ...item, answer: [{ ...first, item: below }, ...others] } : item;
}

/** Answers stand in the order of the questions (R4 QuestionnaireResponse.item). */
function placeFor(form: Form, items: Items, { linkId }: Step): number {
  const rank = (of: string) => form.findIndex(each => each.linkId === of);
  const after = items.findLastIndex(each => rank(each.linkId) <= rank(linkId));
  return after + 1;
}

function indexOf(items: Items, { linkId, nth }: Step): number {
  const all = items.flatMap((item, index) => (item.linkId === linkId ? [index] : []));
  return all[nth] ?? -1;
}

/** The same choice: a code by system and code, a reference by what it names, everything else by its value. */
export function sameAnswer(a: AnswerValue, b: AnswerValue): boolean {
  return answerKey(a) === answerKey(b);
}

export function answerKey(answer: AnswerValue): string {
  const [kind, what] = valueOfAnswer(answer) ?? ['', undefined];
  if (!isRaw(what)) return `${kind}|${String(what)}`;
  const { system, code, reference, display, identifier } = what;
  return `${kind}|${JSON.stringify(code ? [system, code] : [reference ?? identifier ?? display])}`;
}

/** What was written or chosen, as it stands in a field: a date or a number is not made prettier. */
export function answerText(answer: AnswerValue | undefined): string {
  const [, value] = (answer && valueOfAnswer(answer)) ?? [];
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return answer ? answerWords(answer) : '';
}
