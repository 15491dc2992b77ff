import { z } from 'zod/mini';
import type { Occasion } from '../record/evaluating/evaluating.ts';
import type { Form, FormItem, ResponseItem } from '../record/evaluating/form.ts';
import { answerWords, belowItem } from '../record/evaluating/response.ts';
import { answerKey } from './answers.ts';

/** What is kept of an evaluation that is not finished. */
export interface DraftContent {
  /** The form's `url|version` when it was written. */
  readonly form: string;
  readonly planVersion?: string | undefined;
  readonly step: number;
  readonly items: readonly ResponseItem[];
  readonly message?: WrittenMessage | undefined;
  readonly tellDoctor: boolean;
}

/** The text to the GP, once somebody has changed it; and what it was made from then. */
export interface WrittenMessage {
  readonly text: string;
  readonly from: string;
}

const text = z.optional(z.string());
const Answer = z.looseObject({});
const Kept = z.looseObject({
  form: z.string(),
  planVersion: text,
  step: z.number(),
  items: z.array(z.looseObject({ linkId: z.string() })),
  message: z.optional(z.object({ text: z.string(), from: z.string() })),
  tellDoctor: z.boolean(),
});
const Item = z.looseObject({
  linkId: z.string(),
  text,
  answer: z.optional(z.array(Answer)),
  item: z.optional(z.array(z.unknown())),
});

/** A draft as this version of the program can read it. Undefined: it cannot, and nothing of it is used. */
export function readDraft(content: Readonly<Record<string, unknown>>): DraftContent | undefined {
  const parsed = Kept.safeParse(content);
  if (!parsed.success) return undefined;
  const items = parsed.data.items.map(itemIn);
  return items.includes(undefined)
    ? undefined
    : { ...parsed.data, items: items.filter(item => item !== undefined) };
}

function itemIn(value: unknown): ResponseItem | undefined {
  const parsed = Item.safeParse(value);
  if (!parsed.success) return undefined;
  const { linkId, text: words, answer, item } = parsed.data;
  const below = item?.map(itemIn);
  if (below?.includes(undefined)) return undefined;
  return {
    linkId,
    ...(words === undefined ? {} : { text: words }),
    ...(answer ? { answer } : {}),
    ...(below ? { item: below.filter(each => each !== undefined) } : {}),
  };
}

/**
 * A draft against the form and plan as they are now: goals that have come since are added, and answers to questions
 * that are no longer asked are named, never dropped in silence.
 */
export function resumed(
  { items }: DraftContent,
  { form, initial }: Occasion,
): { readonly items: readonly ResponseItem[]; readonly left: readonly string[] } {
  const left: string[] = [];
  const fitting = (asked: readonly FormItem[], said: readonly ResponseItem[]) =>
    said.flatMap((item): readonly ResponseItem[] => {
      const question = asked.find(({ linkId }) => linkId === item.linkId);
      if (!question) {
        left.push(...wordsIn(item));
        return [];
      }
      return [item.item ? { ...item, item: fitting(question.items, item.item) } : item];
    });
  return { items: withNew(form.items, fitting(form.items, items), initial), left };
}

/** Groups the plan fills in, such as goals, are the same when the first thing in them is. */
function withNew(
  asked: readonly FormItem[],
  said: readonly ResponseItem[],
  initial: readonly ResponseItem[],
): readonly ResponseItem[] {
  return asked.flatMap((question): readonly ResponseItem[] => {
    const mine = said.filter(({ linkId }) => linkId === question.linkId);
    const given = initial.filter(({ linkId }) => linkId === question.linkId);
    if (question.type !== 'group') return mine;
    if (question.repeats) {
      const known = new Set(mine.map(nameOf));
      return [...mine, ...given.filter(each => !known.has(nameOf(each)))];
    }
    const [one = given[0], begun] = [mine[0], given[0]];
    if (!one) return [];
    return [{ ...one, item: withNew(question.items, one.item ?? [], begun?.item ?? []) }];
  });
}

function nameOf({ item }: ResponseItem): string {
  const [first] = item?.flatMap(({ answer }) => answer ?? []) ?? [];
  return first ? answerKey(first) : '';
}

/** «Pasientens deltakelse: Deltok» */
function wordsIn(
  item: ResponseItem,
  questions: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const question = questions.get(item.linkId) ?? item.text ?? item.linkId;
  const asked = question.endsWith('?') ? question : `${question}:`;
  return [
    ...(item.answer ?? []).map(answer => `${asked} ${answerWords(answer)}`),
    ...belowItem(item).flatMap(each => wordsIn(each, questions)),
  ];
}

/** All that has been answered, as plain text with the form's questions, for a person to copy. */
export function plainText(
  { items: asked }: Form,
  items: readonly ResponseItem[],
  message: string | undefined,
): string {
  const questions = new Map<string, string>();
  const learn = (each: FormItem) => {
    questions.set(each.linkId, each.text ?? each.linkId);
    each.items.forEach(learn);
  };
  asked.forEach(learn);
  const said = items.flatMap(item => wordsIn(item, questions));
  return [...said, ...(message ? ['', message] : [])].join('\n');
}
