import { isRaw } from '../../fhir/ask.ts';
import type { AnswerValue, ResponseItem } from './form.ts';

/** What stands below an item: under a group in `item`, under a question in its answers' `item` (R4 QuestionnaireResponse). */
export const belowItem = (item: ResponseItem): readonly ResponseItem[] => [
  ...(item.item ?? []),
  ...(item.answer ?? []).flatMap(belowAnswer),
];

export const belowAnswer = ({ item }: AnswerValue): readonly ResponseItem[] =>
  Array.isArray(item) ? item.filter(isItem) : [];

const isItem = (value: unknown): value is ResponseItem =>
  isRaw(value) && typeof value['linkId'] === 'string';

/** An item and everything below it, in document order. */
export const whole = (items: readonly ResponseItem[]): readonly ResponseItem[] =>
  items.flatMap(item => [item, ...whole(belowItem(item))]);

/** Every answered item of that name, wherever it stands. */
export const allOf = (items: readonly ResponseItem[], linkId: string): readonly ResponseItem[] =>
  whole(items).filter(item => item.linkId === linkId);

/** The one `value[x]` of an answer, by name and value. */
export const valueOfAnswer = (answer: AnswerValue): readonly [string, unknown] | undefined =>
  Object.entries(answer).find(([name]) => /^value[A-Z]/.test(name));

/** Blanks are no answer. */
export function isSaid(answer: AnswerValue): boolean {
  const [, value] = valueOfAnswer(answer) ?? [];
  if (typeof value === 'string') return value.trim() !== '';
  return value !== undefined && value !== null;
}

/** An answer as people read it: a display before a code, a reference by its display. */
export function answerWords(answer: AnswerValue): string {
  const [name, value] = valueOfAnswer(answer) ?? [];
  if (isRaw(value)) {
    const words = [value['display'], value['code'], value['reference'], value['value']];
    return String(words.find(each => typeof each === 'string' || typeof each === 'number') ?? '');
  }
  if (typeof value === 'boolean') return value ? 'ja' : 'nei';
  if (name === 'valueDate' && typeof value === 'string') return norwegianDate(value);
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** `2026-11-21` as 21.11.2026; anything else as it is written. */
export const norwegianDate = (date: string) =>
  date.replace(/^(\d{4})-(\d\d)-(\d\d)$/, (_, year, month, day) => `${day}.${month}.${year}`);

/** The answers to one question, wherever it stands, in words. */
export const wordsOf = (items: readonly ResponseItem[], linkId: string): readonly string[] =>
  allOf(items, linkId).flatMap(({ answer }) => (answer ?? []).filter(isSaid).map(answerWords));

/** The first answer to a question, wherever it stands. */
export const firstAnswer = (
  items: readonly ResponseItem[],
  linkId: string,
): AnswerValue | undefined => allOf(items, linkId).flatMap(({ answer }) => answer ?? [])[0];

/** The code of a choice. */
export function codeOf(items: readonly ResponseItem[], linkId: string): string | undefined {
  const answer = firstAnswer(items, linkId);
  const coding = answer?.['valueCoding'];
  return isRaw(coding) && typeof coding['code'] === 'string' ? coding['code'] : undefined;
}

/** The reference of an answer, where it has an address. */
export function referenceOf(items: readonly ResponseItem[], linkId: string): string | undefined {
  const answer = firstAnswer(items, linkId);
  const reference = answer?.['valueReference'];
  return isRaw(reference) && typeof reference['reference'] === 'string'
    ? reference['reference']
    : undefined;
}

export function numberOf(items: readonly ResponseItem[], linkId: string): number | undefined {
  const answer = firstAnswer(items, linkId);
  const [, value] = (answer && valueOfAnswer(answer)) ?? [];
  return typeof value === 'number' ? value : undefined;
}

export const isYes = (items: readonly ResponseItem[], linkId: string): boolean =>
  allOf(items, linkId).some(({ answer }) => answer?.some(each => each['valueBoolean'] === true));
