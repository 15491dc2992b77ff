import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import type { Shelf } from '../../fhir/references.ts';
import { Codeable, Extensions, list, own, type Reference, wording } from '../../fhir/shapes.ts';
import type { Medicine } from '../model.ts';

const ATC = 'http://www.whocc.no/atc';
const FEST = 'http://ehelse.no/fhir/CodeSystem/FEST';

/** Medication resources and what they are made of. */
const Drug = z.looseObject({
  code: z.optional(Codeable),
  form: z.optional(Codeable),
  ingredient: list(z.looseObject({ itemCodeableConcept: z.optional(Codeable) })),
  extension: Extensions,
});

type Name = Pick<Medicine, 'substance' | 'product' | 'atc' | 'form' | 'strength'>;

/**
 * The substance first, as the Norwegian list does; the row is kept also when the name cannot be had (SAFETY R22).
 *
 * Strengths are only ever the source's text: a number has lost how it was written (`0.50`) once JSON is parsed (HZ10).
 */
export function nameOf(
  reference: Reference | undefined,
  inline: Codeable | undefined,
  raw: Raw,
  shelf: Shelf,
): Name {
  const found = reference ? shelf.find(reference, raw) : undefined;
  const parsed = found ? Drug.safeParse(found) : undefined;
  const drug = parsed?.success ? parsed.data : undefined;
  const codings = [drug?.code, inline].flatMap(code => code?.coding ?? []);
  const atc = codings.find(({ system }) => system === ATC);
  // A name from FEST, the national drug database, is strength and form too, and its substance stands with the ATC code.
  const named = drug?.code?.coding.some(({ system, display }) => system === FEST && display);
  const product = wording(drug?.code) ?? wording(inline) ?? reference?.display;
  const substances = drug?.ingredient.flatMap(
    ({ itemCodeableConcept }) => wording(itemCodeableConcept) ?? [],
  );
  const substance = substances?.join(' + ') || (named && atc?.display) || product;
  const strength = drug && own(drug, 'strength')[0]?.['valueString'];
  return {
    substance,
    product: product === substance ? undefined : product,
    atc: atc?.code,
    form: named ? undefined : wording(drug?.form),
    strength: typeof strength === 'string' ? strength : undefined,
  };
}
