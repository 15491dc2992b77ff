import { countedBy } from './calculated.ts';
import { enabled } from './enabled.ts';
import type { AnswerValue, Form, FormItem, ResponseItem } from './form.ts';
import { belowAnswer, isSaid, whole } from './response.ts';

export { enabled } from './enabled.ts';

/**
 * What a form begins with: the groups, and the values the author filled in (`initial[x]`, `initialSelected`). `given`:
 * what is known beforehand, by linkId; it stands in place of the author's.
 */
export function initialOf(
  form: Form,
  given: ReadonlyMap<string, readonly ResponseItem[]> = new Map(),
): readonly ResponseItem[] {
  const begun = (item: FormItem): readonly ResponseItem[] => {
    const known = given.get(item.linkId);
    if (known) return known.map(each => ({ ...each, ...worded(item) }));
    const inner = item.items.flatMap(begun);
    // A group that is asked once per something is empty until there is something.
    if (item.type === 'group') return item.repeats ? [] : [{ ...named(item), item: inner }];
    if (item.initial.length === 0) return [];
    return [{ ...named(item), answer: item.repeats ? item.initial : item.initial.slice(0, 1) }];
  };
  return form.items.flatMap(begun);
}

const worded = ({ text }: FormItem) => (text === undefined ? {} : { text });
const named = (item: FormItem) => ({ linkId: item.linkId, ...worded(item) });

/**
 * The answers with every calculated question filled in. An answer stands where the form has its question (R4
 * QuestionnaireResponse: the same nesting).
 */
export function calculate(form: Form, items: readonly ResponseItem[]): readonly ResponseItem[] {
  const filled = (asked: readonly FormItem[], said: readonly ResponseItem[]) => {
    const order = new Map(asked.map(({ linkId }, index) => [linkId, index]));
    const kept = said.map((one): ResponseItem => {
      const question = asked.find(({ linkId }) => linkId === one.linkId);
      return question ? withBelow(one, below => filled(question.items, below)) : one;
    });
    let all: readonly ResponseItem[] = kept;
    for (const question of asked) {
      const value = valueFor(question, items);
      if (!value) continue;
      const answered = { ...named(question), answer: [value] };
      all = [...all.filter(({ linkId }) => linkId !== question.linkId), answered];
    }
    const place = ({ linkId }: ResponseItem) => order.get(linkId) ?? asked.length;
    return all.toSorted((a, b) => place(a) - place(b));
  };
  return filled(form.items, items);
}

/** The same item with what stands below it made anew, where R4 has it stand. */
function withBelow(
  one: ResponseItem,
  anew: (below: readonly ResponseItem[]) => readonly ResponseItem[],
): ResponseItem {
  const group = one.item && { item: anew(one.item) };
  const answer = one.answer?.map(each => {
    const below = belowAnswer(each);
    return below.length > 0 ? { ...each, item: anew(below) } : each;
  });
  return { ...one, ...group, ...(answer && { answer }) };
}

function valueFor(question: FormItem, items: readonly ResponseItem[]): AnswerValue | undefined {
  if (question.calculated === undefined) return undefined;
  const count = countedBy(question.calculated, items);
  if (count === undefined) return undefined;
  if (question.type === 'integer') return { valueInteger: count };
  return question.type === 'decimal' ? { valueDecimal: count } : undefined;
}

/**
 * The answers that count: none to a question that is not asked as things stand, none that is empty, in the form's
 * order and with each question's words (R4 QuestionnaireResponse.item.text).
 */
export function answersThatCount(
  form: Form,
  items: readonly ResponseItem[],
): readonly ResponseItem[] {
  // An answer that does not count must not make another question count.
  let now = items;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = counting(form.items, now, now, []);
    if (size(next) === size(now)) return next;
    now = next;
  }
  return now;
}

/** Questions that depend on each other in a ring would go on for ever. */
const MOST_ROUNDS = 20;

function counting(
  asked: readonly FormItem[],
  said: readonly ResponseItem[],
  all: readonly ResponseItem[],
  around: readonly ResponseItem[],
): readonly ResponseItem[] {
  return asked.flatMap(question =>
    said
      .filter(({ linkId }) => linkId === question.linkId && question.type !== 'display')
      .filter(() => enabled(question, all, around))
      .flatMap(one => {
        const below = (items: readonly ResponseItem[]) =>
          counting(question.items, items, all, [...around, one]);
        const answer = (one.answer ?? []).filter(isSaid).map(each => {
          const { item: _, ...value } = each;
          const item = below(belowAnswer(each));
          return item.length > 0 ? { ...value, item } : value;
        });
        const item = below(one.item ?? []);
        if (answer.length === 0 && item.length === 0) return [];
        return [
          {
            ...named(question),
            ...(answer.length > 0 ? { answer } : {}),
            ...(item.length > 0 ? { item } : {}),
          },
        ];
      }),
  );
}

const size = (items: readonly ResponseItem[]): number =>
  whole(items).reduce((n, { answer }) => n + 1 + (answer?.length ?? 0), 0);
