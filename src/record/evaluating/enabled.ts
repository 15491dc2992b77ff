import { isRaw } from '../../fhir/ask.ts';
import type { AnswerValue, Condition, FormItem, ResponseItem } from './form.ts';
import { belowItem, isSaid, valueOfAnswer } from './response.ts';

/**
 * Is this question to be asked, as things stand (R4 Questionnaire.item.enableWhen)?
 *
 * `around`: the answered groups it stands in, outermost first. A question asked once per goal or change is answered
 * several times: R4 means the nearest, so the innermost group is searched first; within one, what stands before, then
 * what stands after.
 */
export function enabled(
  item: FormItem,
  items: readonly ResponseItem[],
  around: readonly ResponseItem[] = [],
): boolean {
  if (item.enableWhen.length === 0) return true;
  const holds = (condition: Condition) => {
    const answered = nearest(condition.question, item.linkId, items, around);
    return met(condition, (answered?.answer ?? []).filter(isSaid));
  };
  return item.enableAll ? item.enableWhen.every(holds) : item.enableWhen.some(holds);
}

function nearest(
  question: string,
  asking: string,
  items: readonly ResponseItem[],
  around: readonly ResponseItem[],
): ResponseItem | undefined {
  for (const group of around.toReversed()) {
    const found =
      group.linkId === question ? group : within(belowItem(group), question, asking, around);
    if (found) return found;
  }
  return within(items, question, asking, around);
}

function within(
  items: readonly ResponseItem[],
  question: string,
  asking: string,
  around: readonly ResponseItem[],
): ResponseItem | undefined {
  // What is said of another goal, in another group of the same kind, is no answer here.
  const isAnother = (item: ResponseItem) =>
    around.some(group => group.linkId === item.linkId && group !== item);
  const reached = (among: readonly ResponseItem[]): readonly ResponseItem[] =>
    among.flatMap(item => (isAnother(item) ? [] : [item, ...reached(belowItem(item))]));
  const all = reached(items);
  const at = all.findIndex(({ linkId }) => linkId === asking);
  const before = at < 0 ? all : all.slice(0, at);
  const is = ({ linkId }: ResponseItem) => linkId === question;
  return before.findLast(is) ?? all.find(is);
}

/** R4 questionnaire-enable-operator. Of several answers one that fits is enough; `!=` holds when none fits. */
function met({ operator, answer }: Condition, answers: readonly AnswerValue[]): boolean {
  if (operator === 'exists') return answers.length > 0 === answer;
  if (typeof answer === 'boolean') return false;
  const order = answers.map(each => compare(each, answer));
  switch (operator) {
    case '=':
      return order.includes(0);
    case '!=':
      return !order.includes(0);
    case '>':
      return order.some(each => each !== undefined && each > 0);
    case '<':
      return order.some(each => each !== undefined && each < 0);
    case '>=':
      return order.some(each => each !== undefined && each >= 0);
    case '<=':
      return order.some(each => each !== undefined && each <= 0);
    default:
      return operator satisfies never;
  }
}

/** Below, at or above; undefined where the two cannot be put in order and are not the same. */
function compare(given: AnswerValue, wanted: AnswerValue): number | undefined {
  const [kind, a] = valueOfAnswer(given) ?? [];
  const [other, b] = valueOfAnswer(wanted) ?? [];
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (kind !== other) return undefined;
  if (typeof a === 'string' && typeof b === 'string') return compareText(kind ?? '', a, b);
  if (isRaw(a) && isRaw(b)) return sameThing(a, b) ? 0 : quantities(a, b);
  return a === b ? 0 : undefined;
}

function compareText(kind: string, a: string, b: string): number | undefined {
  if (a === b) return 0;
  const moments = kind === 'valueDateTime' ? [Date.parse(a), Date.parse(b)] : [];
  const [first, second] = moments;
  if (first !== undefined && second !== undefined && !Number.isNaN(first - second))
    return first - second;
  return ['valueDate', 'valueTime', 'valueDateTime'].includes(kind)
    ? Number(a > b) - Number(a < b)
    : undefined;
}

/** A coding is its system and code, a reference its address: how either is worded does not matter. */
function sameThing(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  if (b['code'] !== undefined && a['value'] === undefined)
    return a['code'] === b['code'] && (b['system'] === undefined || a['system'] === b['system']);
  return b['reference'] !== undefined && a['reference'] === b['reference'];
}

function quantities(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): number | undefined {
  const [x, y] = [a['value'], b['value']];
  if (typeof x !== 'number' || typeof y !== 'number') return undefined;
  return (a['code'] ?? a['unit']) === (b['code'] ?? b['unit']) ? x - y : undefined;
}
