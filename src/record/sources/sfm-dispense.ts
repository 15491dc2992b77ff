import { z } from 'zod/mini';
import { refOf } from '../../fhir/references.ts';
import { Reference, References, text } from '../../fhir/shapes.ts';
import { nameOf } from '../medicines/medicines-name.ts';
import type { Medicine } from '../model.ts';
import type { MedicationDocument } from './sfm-document.ts';

const Dispense = z.looseObject({
  resourceType: z.literal('MedicationDispense'),
  status: text,
  medicationReference: z.optional(Reference),
  authorizingPrescription: References,
  whenHandedOver: text,
});

/** What the pharmacy last gave out on each line, by the line's `Type/id`. It need not be what was prescribed. */
export function lastHandedOut(
  document: MedicationDocument,
): ReadonlyMap<string, Medicine['handedOut']> {
  const byLine = new Map<string, NonNullable<Medicine['handedOut']>>();
  for (const { line, ...handedOut } of dispensesIn(document)) {
    if (line && (byLine.get(line)?.on ?? '') <= (handedOut.on ?? '')) byLine.set(line, handedOut);
  }
  return byLine;
}

/** Something was given out, and the document does not tell on which of its lines. */
export const hasLooseDispenses = (document: MedicationDocument): boolean =>
  dispensesIn(document).some(({ line }) => line === undefined);

function dispensesIn({ resources, around }: MedicationDocument) {
  return resources
    .filter(({ resourceType }) => resourceType === 'MedicationDispense')
    .flatMap(raw => {
      const parsed = Dispense.safeParse(raw);
      if (!parsed.success) return [{ line: undefined, on: undefined, what: undefined }];
      const { status, medicationReference, authorizingPrescription, whenHandedOver } = parsed.data;
      // R4 MedicationDispense.status is a modifier: only «completed» has left the pharmacy.
      if (status !== 'completed') return [];
      const { substance, product } = nameOf(medicationReference, undefined, raw, around);
      const lines = authorizingPrescription
        .map(each => around.find(each))
        .filter(line => line !== undefined)
        .map(refOf);
      return (lines.length > 0 ? lines : [undefined]).map(line => ({
        line,
        on: whenHandedOver,
        what: product ?? substance,
      }));
    });
}
