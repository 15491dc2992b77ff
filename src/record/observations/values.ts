import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { asWritten } from '../../fhir/decimals.ts';
import {
  Codeable,
  Codeables,
  entryFor,
  flag,
  list,
  text as string,
  wording,
} from '../../fhir/shapes.ts';

/** In words as somebody wrote them, or in digits with a point, for which each language has its own sign. */
export type Written = { readonly words: string } | { readonly digits: string };

/** What was found, exactly as the source wrote it (R4 Observation.value[x] and what stands beside it). */
export interface Value {
  /** With its comparator: `<10`. Decimals as written: `1.0`. True or false where that is the answer. */
  readonly text: Written | boolean | undefined;
  readonly unit: string | undefined;
  /** For drawing and comparing only; undefined where the value is words or only a limit. */
  readonly number: number | undefined;
  /** By the source's own interpretation, else by its own reference range in numbers; never by a range in words. */
  readonly outside: 'high' | 'low' | 'abnormal' | undefined;
  readonly ranges: readonly Written[];
  /** The source's interpretation where it has words for it. */
  readonly interpretation: string | undefined;
  /** Why there is none, in the source's words. */
  readonly missing: string | undefined;
  /** There is a value, in a form that is not shown here. */
  readonly unshown: boolean;
}

const Quantity = z.looseObject({
  value: z.optional(z.number()),
  comparator: string,
  unit: string,
  code: string,
});
const Range = z.looseObject({ low: z.optional(Quantity), high: z.optional(Quantity) });
const ReferenceRange = z.looseObject({
  low: z.optional(Quantity),
  high: z.optional(Quantity),
  text: string,
  type: z.optional(Codeable),
  appliesTo: Codeables,
  age: z.optional(z.unknown()),
});

/** The elements an Observation and each of its components share. */
export const VALUE = {
  valueQuantity: z.optional(Quantity),
  valueCodeableConcept: z.optional(Codeable),
  valueString: string,
  valueBoolean: flag,
  valueInteger: z.optional(z.number()),
  valueRange: z.optional(Range),
  valueRatio: z.optional(
    z.looseObject({ numerator: z.optional(Quantity), denominator: z.optional(Quantity) }),
  ),
  valueTime: string,
  valueDateTime: string,
  dataAbsentReason: z.optional(Codeable),
  interpretation: Codeables,
  referenceRange: list(ReferenceRange),
};
const Holder = z.looseObject(VALUE);
type Wire = z.output<typeof Holder>;

/** `raw` is the same element before any schema: only there are the numbers as they were written. */
export function valueFrom(wire: Wire, raw: Raw): Value {
  const { valueQuantity: quantity, referenceRange: ranges } = wire;
  const said = textOf(wire, raw);
  const rawRanges = Array.isArray(raw['referenceRange'])
    ? raw['referenceRange'].filter(Boolean)
    : [];
  const comparable = quantity && !quantity.comparator;
  return {
    text: said,
    unit: unitOf(quantity),
    number: comparable ? quantity.value : (wire.valueInteger ?? undefined),
    outside: outsideIn(wire),
    ranges: ranges.flatMap((range, index) => rangeText(range, rawRanges[index]) ?? []),
    interpretation: wire.interpretation.map(one => one.text).find(Boolean),
    missing: wording(wire.dataAbsentReason),
    unshown: said === undefined && Object.keys(raw).some(key => /^value[A-Z]/.test(key)),
  };
}

const unitOf = (quantity: z.output<typeof Quantity> | undefined) =>
  quantity?.unit ?? quantity?.code;

function textOf(wire: Wire, raw: Raw): Value['text'] {
  const { valueRange: range, valueRatio: ratio } = wire;
  if (wire.valueQuantity) return digits(quantityText(wire.valueQuantity, raw['valueQuantity']));
  if (range) return digits(between(range, raw['valueRange'], true));
  if (ratio) return digits(ratioText(ratio, raw['valueRatio']));
  if (wire.valueInteger !== undefined) return digits(asWritten(raw, 'valueInteger'));
  const coded = wording(wire.valueCodeableConcept);
  return (
    words(coded ?? wire.valueString ?? wire.valueDateTime ?? wire.valueTime) ?? wire.valueBoolean
  );
}

const digits = (text: string | undefined) => (text === undefined ? undefined : { digits: text });
const words = (said: string | undefined) => (said === undefined ? undefined : { words: said });

/** Quantity.comparator is a modifier: «<10» is not 10. */
function quantityText(quantity: z.output<typeof Quantity>, raw: unknown): string | undefined {
  const number = asWritten(raw, 'value');
  return number === undefined ? undefined : `${quantity.comparator ?? ''}${number}`;
}

const inside = (raw: unknown, key: string): unknown =>
  typeof raw === 'object' && raw !== null
    ? Object.entries(raw).find(([at]) => at === key)?.[1]
    : undefined;

function between(
  { low, high }: z.output<typeof Range>,
  raw: unknown,
  withUnit: boolean,
): string | undefined {
  const [from, to] = [low, high].map(
    (end, index) => end && quantityText(end, inside(raw, index === 0 ? 'low' : 'high')),
  );
  const unit = withUnit ? (unitOf(high) ?? unitOf(low)) : undefined;
  const limits = from && to ? `${from}–${to}` : from ? `≥ ${from}` : to && `≤ ${to}`;
  return limits && unit ? `${limits} ${unit}` : limits;
}

/** A titre: `1:128`. */
function ratioText(ratio: NonNullable<Wire['valueRatio']>, raw: unknown) {
  const parts = (['numerator', 'denominator'] as const).map(part => {
    const quantity = ratio[part];
    const number = quantity && quantityText(quantity, inside(raw, part));
    return number && [number, unitOf(quantity)].filter(Boolean).join(' ');
  });
  return parts.every(Boolean) ? parts.join(':') : undefined;
}

const rangeText = (range: z.output<typeof ReferenceRange>, raw: unknown) =>
  words(range.text) ?? digits(between(range, raw, false));

/** HL7 v3 ObservationInterpretation, and the v2 table it came from. */
const INTERPRETATION = /ObservationInterpretation$|\/0078$/;
const MEANS: Readonly<Record<string, Value['outside'] | 'inside'>> = {
  H: 'high',
  HH: 'high',
  HU: 'high',
  L: 'low',
  LL: 'low',
  LU: 'low',
  A: 'abnormal',
  AA: 'abnormal',
  N: 'inside',
};

/** What the source itself says comes first: «normal» is not argued with. */
function outsideIn(wire: Wire): Value['outside'] {
  const said = interpreted(wire.interpretation);
  return said === 'inside' ? undefined : (said ?? beyond(wire));
}

function interpreted(interpretation: readonly Codeable[]): Value['outside'] | 'inside' {
  return interpretation
    .flatMap(({ coding }) => coding)
    .filter(({ system }) => system === undefined || INTERPRETATION.test(system))
    .map(({ code }) => entryFor(MEANS, code))
    .find(Boolean);
}

/** Only where there is one range, for everybody, in the value's own unit: whom another is for we cannot tell. */
function beyond({ valueQuantity: quantity, referenceRange }: Wire): Value['outside'] {
  const [range, ...others] = referenceRange.filter(isUsual);
  if (!range || others.length > 0 || quantity?.value === undefined || quantity.comparator)
    return undefined;
  const limit = (end: z.output<typeof Quantity> | undefined) =>
    end && (unitOf(end) === undefined || unitOf(end) === unitOf(quantity)) ? end.value : undefined;
  const [low, high] = [limit(range.low), limit(range.high)];
  if (low !== undefined && quantity.value < low) return 'low';
  return high !== undefined && quantity.value > high ? 'high' : undefined;
}

/** R4 referenceRange.type: without one, or «normal», it is the reference; therapeutic and others are not. */
function isUsual(range: z.output<typeof ReferenceRange>): boolean {
  const type = range.type?.coding.map(({ code }) => code) ?? [];
  const forSome = range.appliesTo.length > 0 || range.age !== undefined;
  return !forSome && (range.type === undefined || type.includes('normal'));
}
