import { z } from 'zod/mini';
import { Codeable, Extensions, hasCode, Reference, valueIn } from '../../fhir/shapes.ts';
import { part, partsOf, whoIs } from '../medicines/medicines-sfm.ts';
import type { MedicationHeader } from '../model.ts';
import { newestOf } from '../observations/newest.ts';
import type { MedicationDocument } from './sfm-document.ts';

const MESSAGES = 'http://ehelse.no/fhir/CodeSystem/sfm-message-type';
const INFORMATION = 'http://ehelse.no/fhir/StructureDefinition/sfm-pllInformation';

const PllInfo = z.looseObject({
  resourceType: z.literal('Basic'),
  code: z.optional(Codeable),
  author: z.optional(Reference),
  extension: Extensions,
});

/** When the list was last confirmed and by whom: the newest `sfm-PLL-info` of M25.1, the list itself. */
export function pllHeader({ resources, around }: MedicationDocument): MedicationHeader | undefined {
  const reconciled = resources
    .flatMap(raw => {
      const parsed = PllInfo.safeParse(raw);
      return parsed.success && hasCode(parsed.data.code, MESSAGES, 'M25.1') ? [parsed.data] : [];
    })
    .map(({ extension, author }) => ({
      at: valueIn(part(partsOf(part(extension, INFORMATION)), 'PLLdate')),
      by: author && whoIs(author, around),
    }));
  return newestOf(reconciled).map(({ at, by }) => ({ reconciled: at, by, notes: [] }))[0];
}
