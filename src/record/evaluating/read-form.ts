import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { Extensions, flag, list, resource, text } from '../../fhir/shapes.ts';
import { uninterpretable } from '../sift.ts';
import type { AnswerValue, Condition, Form, FormItem } from './form.ts';
import { optionsOf, valueOf } from './read-options.ts';
import { inLanguage, type Reading } from './read-words.ts';

const Item = z.looseObject({
  extension: Extensions,
  linkId: text,
  type: z.string(),
  text,
  prefix: text,
  required: flag,
  repeats: flag,
  readOnly: flag,
  maxLength: z.optional(z.number()),
  answerOption: list(z.looseObject({})),
  answerValueSet: text,
  enableWhen: list(z.looseObject({ question: z.string(), operator: z.string() })),
  enableBehavior: text,
  initial: list(z.looseObject({})),
  item: list(z.looseObject({})),
});
type Item = z.output<typeof Item>;
const Questionnaire = z.looseObject({
  ...resource('Questionnaire').shape,
  url: text,
  version: text,
  title: text,
  contained: list(z.looseObject({})),
  item: list(z.looseObject({})),
});

/** Deeper than any form a person fills in. */
const DEEPEST = 20;

/**
 * A Questionnaire as a form that can be shown (R4 Questionnaire; SDC for `itemControl`, limits, calculated values and
 * translations). Undefined: not a Questionnaire, or something in it may change its meaning in a way we do not know.
 */
export function formOf(raw: Raw, from: Form['from'], language = 'nb'): Form | undefined {
  const parsed = Questionnaire.safeParse(raw);
  if (!parsed.success || uninterpretable(raw).length > 0) return undefined;
  const { url, version, contained } = parsed.data;
  const reading = { language, contained };
  const items = parsed.data.item.map(each => itemOf(each, reading, 0));
  if (items.some(item => item === undefined) || !areDistinct(items)) return undefined;
  return {
    canonical: version ? `${url ?? ''}|${version}` : (url ?? ''),
    title: inLanguage(raw, 'title', language),
    items: items.filter(item => item !== undefined),
    from,
  };
}

/** R4 que-2: with two questions of one name nobody can say which of them was answered. */
function areDistinct(items: readonly (FormItem | undefined)[]): boolean {
  const names = items.flatMap(namesIn);
  return new Set(names).size === names.length;
}

const namesIn = (item: FormItem | undefined): readonly string[] =>
  item ? [...(item.type === 'display' ? [] : [item.linkId]), ...item.items.flatMap(namesIn)] : [];

/** Undefined: this question, or one below it, cannot be read; a form with a hole in it is not the form. */
function itemOf(raw: Raw, reading: Reading, depth: number): FormItem | undefined {
  const parsed = Item.safeParse(raw);
  if (!parsed.success || depth > DEEPEST) return undefined;
  const wire = parsed.data;
  // Nobody answers a text to be read: HL7's own examples leave its name out.
  if (wire.linkId === undefined && wire.type !== 'display') return undefined;
  const conditions = wire.enableWhen.map(conditionOf);
  const children = wire.item.map(each => itemOf(each, reading, depth + 1));
  if ([...conditions, ...children].includes(undefined)) return undefined;
  const inner = children.filter(item => item !== undefined);
  const options = optionsOf(raw, wire.answerValueSet, reading);
  return {
    linkId: wire.linkId ?? '',
    type: typeOf(wire, options.length),
    text: inLanguage(raw, 'text', reading.language),
    prefix: wire.prefix,
    help: inner.find(isHelp)?.text,
    required: wire.required === true,
    repeats: wire.repeats === true,
    readOnly: wire.readOnly === true,
    maxLength: wire.maxLength,
    min: limit(wire, 'minValue'),
    max: limit(wire, 'maxValue'),
    options,
    control: controlOf(wire),
    enableWhen: conditions.filter(condition => condition !== undefined),
    enableAll: wire.enableBehavior === 'all',
    initial: [
      ...wire.initial,
      ...wire.answerOption.filter(({ initialSelected }) => initialSelected === true),
    ].flatMap((each): readonly AnswerValue[] => {
      const value = valueOf(each);
      return value ? [value] : [];
    }),
    calculated: calculatedOf(wire),
    hidden: extensionAt(wire, `${SD}questionnaire-hidden`)?.['valueBoolean'] === true,
    items: inner.filter(item => !isHelp(item)),
  };
}

const isHelp = ({ type, control }: FormItem) => type === 'display' && control === 'help';

const SD = 'http://hl7.org/fhir/StructureDefinition/';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/';

const KNOWN: readonly FormItem['type'][] = [
  'group',
  'display',
  'boolean',
  'decimal',
  'integer',
  'date',
  'dateTime',
  'time',
  'string',
  'text',
  'url',
  'choice',
  'open-choice',
  'reference',
];

/** A choice whose answers are kept on another server has nothing to choose from here. */
function typeOf({ type }: Item, options: number): FormItem['type'] {
  const known = KNOWN.find(each => each === type) ?? 'unknown';
  return known === 'choice' && options === 0 ? 'unknown' : known;
}

const extensionAt = (holder: { readonly extension: readonly Raw[] }, url: string) =>
  holder.extension.find(each => each['url'] === url);

function limit(wire: Item, name: 'minValue' | 'maxValue'): number | undefined {
  const found = extensionAt(wire, SD + name);
  const value = found?.['valueInteger'] ?? found?.['valueDecimal'];
  return typeof value === 'number' ? value : undefined;
}

const Control = z.looseObject({
  valueCodeableConcept: z.looseObject({ coding: list(z.looseObject({ code: text })) }),
});

function controlOf(wire: Item): string | undefined {
  const parsed = Control.safeParse(extensionAt(wire, `${SD}questionnaire-itemControl`));
  return parsed.success
    ? parsed.data.valueCodeableConcept.coding.find(({ code }) => code)?.code
    : undefined;
}

const Expression = z.looseObject({ valueExpression: z.looseObject({ expression: z.string() }) });

function calculatedOf(wire: Item): string | undefined {
  const parsed = Expression.safeParse(
    extensionAt(wire, `${SDC}sdc-questionnaire-calculatedExpression`),
  );
  return parsed.success ? parsed.data.valueExpression.expression : undefined;
}

const OPERATORS = ['exists', '=', '!=', '>', '<', '>=', '<='] as const;

function conditionOf(raw: Raw): Condition | undefined {
  const operator = OPERATORS.find(each => each === raw['operator']);
  const { question } = raw;
  if (!operator || typeof question !== 'string') return undefined;
  const exists = raw['answerBoolean'];
  if (operator === 'exists')
    return typeof exists === 'boolean' ? { question, operator, answer: exists } : undefined;
  const answer = valueOf(raw, 'answer');
  return answer && { question, operator, answer };
}
