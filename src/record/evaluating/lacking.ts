import { enabled } from './enabled.ts';
import type { Lack, Occasion } from './evaluating.ts';
import type { AnswerValue, FormItem, ResponseItem } from './form.ts';
import { answersThatCount } from './form-logic.ts';
import {
  allOf,
  belowItem,
  codeOf,
  firstAnswer,
  isSaid,
  referenceOf,
  valueOfAnswer,
  wordsOf,
} from './response.ts';

/**
 * What stands between the answers and sending them: questions that must be answered and are not, and answers that
 * cannot be what they should be. Whatever the form says, three facts are never skipped (A24): how the patient took
 * part, how each goal stands, and when the plan is evaluated next.
 */
export function lacking(occasion: Occasion, items: readonly ResponseItem[]): readonly Lack[] {
  const found = [
    ...inItems(occasion.form.items, items, items, [], undefined),
    ...inFacts(occasion, answersThatCount(occasion.form, items)),
    ...inMessage(items),
  ];
  return found.filter((lack, index) => found.findIndex(each => isSame(each, lack)) === index);
}

const isSame = (a: Lack, b: Lack) => a.linkId === b.linkId && a.about === b.about;

function inItems(
  asked: readonly FormItem[],
  said: readonly ResponseItem[],
  all: readonly ResponseItem[],
  around: readonly ResponseItem[],
  about: string | undefined,
): readonly Lack[] {
  return asked.flatMap(question => {
    if (SILENT.has(question.type) || question.hidden || !enabled(question, all, around)) return [];
    const answered = said.filter(({ linkId }) => linkId === question.linkId);
    if (question.type === 'group') return inGroups(question, answered, all, around, about);
    const answers = answered.flatMap(({ answer }) => answer ?? []).filter(isSaid);
    const lack = (why: Lack['why']): Lack => ({ linkId: question.linkId, why, about });
    if (answers.length === 0) {
      // What nobody can change, nobody can be asked for.
      return question.required && !question.readOnly ? [lack('unanswered')] : [];
    }
    const wrong = answers.flatMap(answer => wrongIn(question, answer) ?? []);
    const below = answered.flatMap(one =>
      inItems(question.items, belowItem(one), all, [...around, one], about),
    );
    return [...wrong.slice(0, 1).map(lack), ...below];
  });
}

/** Not answered by the person in front of the form, or not answerable here at all. */
const SILENT: ReadonlySet<FormItem['type']> = new Set(['display', 'unknown']);

function inGroups(
  group: FormItem,
  answered: readonly ResponseItem[],
  all: readonly ResponseItem[],
  around: readonly ResponseItem[],
  about: string | undefined,
): readonly Lack[] {
  if (group.repeats && answered.length === 0)
    return group.required ? [{ linkId: group.linkId, why: 'unanswered', about }] : [];
  const groups = answered.length > 0 ? answered : [{ linkId: group.linkId }];
  return groups.flatMap((one, index) =>
    inItems(
      group.items,
      belowItem(one),
      all,
      [...around, one],
      group.repeats ? namedBy(one, index) : about,
    ),
  );
}

/** What tells one of several apart: the first thing said in it, else its number. */
function namedBy(group: ResponseItem, index: number): string {
  const items = belowItem(group);
  const [first] = ['goal', 'what', 'who', 'measure'].flatMap(linkId => wordsOf(items, linkId));
  return first ?? String(index + 1);
}

function wrongIn(question: FormItem, answer: AnswerValue): Lack['why'] | undefined {
  const [, value] = valueOfAnswer(answer) ?? [];
  const { type, maxLength, min, max } = question;
  if (type === 'date') return isDate(value) ? undefined : 'not-a-date';
  if (type === 'dateTime') return isMoment(value) ? undefined : 'not-a-date';
  if (type === 'integer' || type === 'decimal') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'not-a-number';
    if (type === 'integer' && !Number.isInteger(value)) return 'not-a-number';
    const outside = (min !== undefined && value < min) || (max !== undefined && value > max);
    return outside ? 'out-of-range' : undefined;
  }
  return typeof value === 'string' && maxLength !== undefined && value.length > maxLength
    ? 'too-long'
    : undefined;
}

/** A day that exists: `2026-02-30` does not. */
function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

const isMoment = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value));

function inFacts({ goals }: Occasion, items: readonly ResponseItem[]): readonly Lack[] {
  const lacks: Lack[] = [];
  const unanswered = (linkId: string, about?: string) =>
    lacks.push({ linkId, why: 'unanswered', about });
  if (wordsOf(items, 'patient-participation').length === 0) unanswered('patient-participation');
  if (codeOf(items, 'patient-participation') === 'ikke-mulig' && !said(items, 'participation-why'))
    unanswered('participation-why');
  const evaluated = allOf(items, 'goal-status');
  for (const { goal } of goals) {
    const one = evaluated.find(
      each => goal.ref !== undefined && referenceOf([each], 'goal') === goal.ref,
    );
    if (!one || !said([one], 'status')) unanswered('status', goal.text ?? goal.ref);
    else if (codeOf([one], 'status') === 'worsening' && !said([one], 'status-why'))
      unanswered('status-why', goal.text ?? goal.ref);
  }
  const date = dateIn(items, 'date');
  const next = dateIn(items, 'next-evaluation');
  if (next === undefined) unanswered('next-evaluation');
  else if (isDate(next) && isDate(date) && next <= date)
    lacks.push({ linkId: 'next-evaluation', why: 'in-the-past', about: undefined });
  return lacks;
}

const said = (items: readonly ResponseItem[], linkId: string) => wordsOf(items, linkId).length > 0;

function dateIn(items: readonly ResponseItem[], linkId: string): string | undefined {
  const value = firstAnswer(items, linkId)?.['valueDate'];
  return typeof value === 'string' ? value : undefined;
}

/**
 * The message to the GP is made from the answers until somebody writes their own (`gp`): only then can it be empty,
 * which it must not be when the treatment was changed (CONTENT 4.5), or too long.
 */
function inMessage(items: readonly ResponseItem[]): readonly Lack[] {
  const text = firstAnswer(items, 'gp')?.['valueString'];
  if (typeof text !== 'string') return [];
  if (text.length > LONGEST_MESSAGE) return [{ linkId: 'gp', why: 'too-long', about: undefined }];
  const changed = allOf(items, 'change').length > 0;
  return changed && text.trim() === ''
    ? [{ linkId: 'gp', why: 'unanswered', about: undefined }]
    : [];
}

/** Characters: our own limit, for one page of a dialogmelding. */
export const LONGEST_MESSAGE = 2000;
