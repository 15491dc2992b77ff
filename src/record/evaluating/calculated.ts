import type { AnswerValue, ResponseItem } from './form.ts';
import { belowAnswer, valueOfAnswer, whole } from './response.ts';

/**
 * The value of a calculated question: how many of something there are among the answers.
 *
 * A small part of FHIRPath, and not an engine: `%resource` or `%questionnaireresponse`, then `.item`, `.repeat(item)`,
 * `.answer`, `.value`, `.where(linkId='…')`, `.where(value=…)` in any number and order, then `.count()`. Undefined: the
 * expression says anything else, and the question keeps whatever stands in it.
 */
export function countedBy(expression: string, items: readonly ResponseItem[]): number | undefined {
  const steps = stepsIn(expression);
  if (!steps) return undefined;
  let found: readonly Node[] = [{ item: items }];
  for (const step of steps) found = step(found);
  return found.length;
}

/** Whatever a step stands on: the whole response, a question, an answer, or a value. */
interface Node {
  readonly linkId?: string;
  readonly item?: readonly ResponseItem[];
  readonly answer?: readonly AnswerValue[];
  readonly value?: unknown;
}

type Step = (nodes: readonly Node[]) => readonly Node[];

const PATTERN =
  /\.(?:(item)|(answer)|(value)|repeat\(\s*(item)\s*\)|where\(\s*(linkId|value)\s*=\s*('[^'\\]*'|true|false|-?\d+(?:\.\d+)?)\s*\))/y;

function stepsIn(expression: string): readonly Step[] | undefined {
  const said = /^\s*%(?:resource|questionnaireresponse)((?:\.[^]*)?)\.count\(\)\s*$/.exec(
    expression,
  );
  if (!said) return undefined;
  const [, path = ''] = said;
  const steps: Step[] = [];
  const pattern = new RegExp(PATTERN);
  while (pattern.lastIndex < path.length) {
    const found = pattern.exec(path);
    if (!found) return undefined;
    steps.push(stepOf(found));
  }
  return steps;
}

function stepOf([, item, answer, value, repeated, name, wanted = '']: RegExpExecArray): Step {
  if (item) return nodes => nodes.flatMap(each => each.item ?? []);
  if (repeated) return nodes => nodes.flatMap(each => whole(each.item ?? []));
  if (answer) return nodes => nodes.flatMap(each => (each.answer ?? []).map(asNode));
  if (value) return nodes => nodes.filter(each => each.value !== undefined);
  const literal: unknown = wanted.startsWith("'") ? wanted.slice(1, -1) : JSON.parse(wanted);
  return nodes => nodes.filter(each => (name === 'linkId' ? each.linkId : each.value) === literal);
}

const asNode = (answer: AnswerValue): Node => ({
  value: valueOfAnswer(answer)?.[1],
  item: belowAnswer(answer),
});
