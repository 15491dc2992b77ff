import { z } from 'zod/mini';
import {
  Annotations,
  Codeable,
  Codeables,
  hasCode,
  list,
  Reference,
  resource,
  text,
  wording,
} from '../../fhir/shapes.ts';
import type { Allergen, CriticalItem } from '../model.ts';
import type { Reader } from '../sift.ts';
import { certaintyOf, plain } from './critical.ts';

const SNOMED = 'http://snomed.info/sct';
const IPS = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';

const Shape = z.looseObject({
  ...resource('AllergyIntolerance').shape,
  clinicalStatus: z.optional(Codeable),
  verificationStatus: z.optional(Codeable),
  criticality: text,
  code: z.optional(Codeable),
  recordedDate: text,
  recorder: z.optional(Reference),
  asserter: z.optional(Reference),
  note: Annotations,
  reaction: list(
    z.looseObject({
      substance: z.optional(Codeable),
      manifestation: Codeables,
      severity: text,
      description: text,
    }),
  ),
});
type Wire = z.output<typeof Shape>;

/** R4 `AllergyIntolerance.category`; `biologic` may be a medicine or a food, and is neither for certain. */
const ALLERGENS = new Map<unknown, Allergen>([
  ['medication', 'drug'],
  ['food', 'food'],
  ['environment', 'environment'],
]);

/** AllergyIntolerance, asserted none and asserted unknown included (docs/fhir.md, «Critical information»). */
export const allergyReader: Reader<typeof Shape, CriticalItem> = {
  shape: Shape,
  item(wire, about, raw) {
    const currency = currencyOf(wire);
    const none = noneIn(wire.code);
    return {
      ...about,
      ...plain,
      kind: 'hypersensitivity',
      resource: raw,
      allergens: [raw['category']].flat().flatMap(category => ALLERGENS.get(category) ?? []),
      // R4: `code` may be left out and the substance said in the reaction.
      text:
        wording(wire.code) ??
        wire.reaction.map(({ substance }) => wording(substance)).find(Boolean),
      details: detailsOf(wire),
      severity: severityOf(wire),
      certainty: certaintyOf(wire.verificationStatus),
      currency,
      recorded: wire.recordedDate,
      by: wire.recorder?.display ?? wire.asserter?.display,
      // A withdrawn «no known allergy» asserts nothing.
      none: currency === 'over' ? undefined : none,
      unknownStated: hasCode(wire.code, IPS, 'no-allergy-info'),
      flags: currency === 'over' ? [...about.flags, 'inactive'] : about.flags,
    };
  },
  unreadable: (about, raw) => ({
    ...about,
    ...plain,
    kind: 'hypersensitivity',
    resource: raw,
    text: undefined,
    details: [],
  }),
};

function detailsOf(wire: Wire): readonly string[] {
  const reactions = wire.reaction.map(({ manifestation, description }) =>
    [...manifestation.map(wording), description].filter(Boolean).join(', '),
  );
  const said = [...reactions, ...wire.note.map(note => note.text ?? '')].filter(Boolean);
  // The same reaction is often recorded once per occasion, and again in the note.
  return said.filter(
    (detail, index) =>
      !said.some(
        (other, at) => at !== index && other.startsWith(detail) && (other !== detail || at < index),
      ),
  );
}

function severityOf(wire: Wire): CriticalItem['severity'] {
  if (wire.criticality === 'high' || wire.reaction.some(({ severity }) => severity === 'severe'))
    return 'high';
  return wire.criticality === 'low' ? 'low' : undefined;
}

function currencyOf(wire: Wire): CriticalItem['currency'] {
  const codes = new Set(wire.clinicalStatus?.coding.map(({ code }) => code));
  if (codes.has('inactive') || codes.has('resolved')) return 'over';
  if (certaintyOf(wire.verificationStatus) === 'refuted') return 'over';
  return codes.has('active') ? 'current' : 'unknown';
}

/** «None» only as wide as it was said: no known drug allergy says nothing about nuts. */
function noneIn(code: Wire['code']): CriticalItem['none'] {
  if (hasCode(code, SNOMED, '716186003') || hasCode(code, IPS, 'no-known-allergies'))
    return 'allergy';
  if (hasCode(code, SNOMED, '409137002') || hasCode(code, IPS, 'no-known-medication-allergies'))
    return 'drug';
  if (hasCode(code, SNOMED, '429625007') || hasCode(code, IPS, 'no-known-food-allergies'))
    return 'food';
  return hasCode(code, SNOMED, '428607008') ||
    hasCode(code, IPS, 'no-known-environmental-allergies')
    ? 'environment'
    : undefined;
}
