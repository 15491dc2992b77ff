import { z } from 'zod/mini';

/**
 * R4 datatypes as they arrive: only what we read, everything else kept (`looseObject` never strips a modifier).
 *
 * Lists may hold `null` where a primitive has only an extension (R4 JSON, «representation of primitives»).
 */

// One of each for everybody: a shape takes longer to make than to use, and the first view makes hundreds.
export const text = z.optional(z.string());
export const flag = z.optional(z.boolean());

/** An array in which `null` marks a place without a value. */
export const list = <T extends z.ZodMiniType>(item: T) =>
  z.pipe(
    z.optional(z.array(z.nullable(item))),
    z.transform(items => (items ?? []).filter((found): found is z.output<T> => found !== null)),
  );
export const texts = list(z.string());

/** What only code can tell. In place of `z.custom`, which is a checker of its own that the first view would carry. */
export const checked = <T>(is: (value: unknown) => value is T) =>
  z.pipe(
    z.unknown(),
    z.transform((value, context): T => {
      if (is(value)) return value;
      context.issues.push({ code: 'custom', message: 'not what belongs here', input: value });
      return z.NEVER;
    }),
  );

/** One or the other, whichever fits first. In place of `z.union`, for the same reason. */
export const either = <A extends z.ZodMiniType, B extends z.ZodMiniType>(one: A, other: B) =>
  z.pipe(
    z.unknown(),
    z.transform((value, context): z.output<A> | z.output<B> => {
      for (const shape of [one, other]) {
        const parsed = shape.safeParse(value);
        if (parsed.success) return parsed.data;
      }
      context.issues.push({ code: 'custom', message: 'not what belongs here', input: value });
      return z.NEVER;
    }),
  );

export const Extension = z.looseObject({ url: text });
export const Extensions = list(Extension);
const Coding = z.looseObject({ system: text, code: text, display: text });
export const Codeable = z.looseObject({ coding: list(Coding), text });
export const Codeables = list(Codeable);
export const Identifier = z.looseObject({
  system: text,
  value: text,
  use: text,
  type: z.optional(Codeable),
});
export const Identifiers = list(Identifier);
export const Reference = z.looseObject({
  reference: text,
  display: text,
  identifier: z.optional(Identifier),
});
export const References = list(Reference);
export const Period = z.looseObject({ start: text, end: text });
export const Meta = z.looseObject({
  versionId: text,
  lastUpdated: text,
  tag: list(Coding),
  security: list(Coding),
});
export const HumanName = z.looseObject({
  use: text,
  text,
  family: text,
  given: texts,
  prefix: texts,
  period: z.optional(Period),
});
export const HumanNames = list(HumanName);
const ContactPoint = z.looseObject({
  system: text,
  value: text,
  use: text,
  rank: z.optional(z.number()),
  period: z.optional(Period),
});
export const ContactPoints = list(ContactPoint);
const Annotation = z.looseObject({ text });
export const Annotations = list(Annotation);
export const Dosage = z.looseObject({
  text,
  asNeededBoolean: flag,
  patientInstruction: text,
  extension: Extensions,
});

/** What every resource has. */
export const resource = <Type extends string>(type: Type) =>
  z.looseObject({
    resourceType: z.literal(type),
    id: text,
    meta: z.optional(Meta),
    extension: Extensions,
    implicitRules: text,
  });

export type Codeable = z.output<typeof Codeable>;
export type Reference = z.output<typeof Reference>;
export type Period = z.output<typeof Period>;
export type HumanName = z.output<typeof HumanName>;
export type Extension = z.output<typeof Extension>;

/** Volven lists by their four-digit number: as OID, as HL7 Norway's alias, or with no-basis' misprint `urn:uid:`. */
export function volven(system: string | undefined): string | undefined {
  return /(?:^urn:[ou]id:2\.16\.578\.1\.12\.4\.1\.1\.|no-kodeverk-)(\d{4})$/.exec(
    system ?? '',
  )?.[1];
}

export const NO_PLAN = 'https://example.org/fhir/CodeSystem/no-plan';
const EXTENSION_BASE = 'https://example.org/fhir/StructureDefinition/no-plan-';

/** The address of an extension of ours. */
export const extensionUrl = (name: string) => EXTENSION_BASE + name;

/** Our own extensions by short name, in document order. */
export function own(
  holder: { readonly extension?: readonly Extension[] | undefined },
  name: string,
): readonly Extension[] {
  return holder.extension?.filter(({ url }) => url === EXTENSION_BASE + name) ?? [];
}

/** The string, date or integer an extension carries, as text. */
export function valueIn(extension: Extension | undefined): string | undefined {
  if (!extension) return undefined;
  const [, value] = Object.entries(extension).find(([key]) => key.startsWith('value')) ?? [];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The text people read for a code: the author's words first, then a display, then the bare code. Never blank. */
export function wording(codeable: Codeable | undefined): string | undefined {
  if (!codeable) return undefined;
  const shown = codeable.text || codeable.coding.find(({ display }) => display)?.display;
  return shown || codeable.coding.find(({ code }) => code)?.code;
}

/** A code looked up in a table of ours. Codes come from anywhere, and `constructor` is in no table. */
export const entryFor = <T>(table: Readonly<Record<string, T>>, code = ''): T | undefined =>
  Object.hasOwn(table, code) ? table[code] : undefined;

export function hasCode(
  codeable: Codeable | undefined,
  system: string,
  ...codes: readonly string[]
): boolean {
  return (
    codeable?.coding.some(
      coding =>
        (coding.system === system || volven(coding.system) === system) &&
        codes.includes(coding.code ?? ''),
    ) ?? false
  );
}
