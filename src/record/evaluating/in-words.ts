import type { Occasion } from './evaluating.ts';
import type { FormItem, ResponseItem } from './form.ts';
import { answerWords, belowItem, norwegianDate } from './response.ts';

/** The whole evaluation in plain words, every question with its answer: to read, to copy, to send some other way. */
export function inWords(
  { form, planTitle, author }: Occasion,
  items: readonly ResponseItem[],
  day: string,
  message: string | undefined,
): string {
  const title = `Evaluering ${norwegianDate(day)}${planTitle ? ` av «${planTitle}»` : ''}`;
  const by = [author.name, author.organization].filter(Boolean).join(', ');
  return [
    title,
    ...(by ? [`Skrevet av ${by}`] : []),
    ...lines(items, form.items, 0),
    ...(message === undefined ? [] : ['', 'Til fastlegen:', message]),
  ].join('\n');
}

function lines(
  items: readonly ResponseItem[],
  asked: readonly FormItem[],
  depth: number,
): readonly string[] {
  return items.flatMap(item => {
    const question = asked.find(({ linkId }) => linkId === item.linkId);
    // What is sent to the GP is said by itself.
    if (question?.hidden) return [];
    const below = lines(belowItem(item), question?.items ?? [], depth + 1);
    const said = item.answer?.map(answerWords).join(', ');
    const label = item.text ?? item.linkId;
    if (said !== undefined) return [`${indent(depth)}${label}: ${said}`, ...below];
    return depth === 0
      ? ['', label.toUpperCase(), ...below]
      : [`${indent(depth)}${label}:`, ...below];
  });
}

const indent = (depth: number) => '  '.repeat(Math.max(0, depth - 1));
