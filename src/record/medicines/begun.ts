import type { Raw } from '../../fhir/ask.ts';
import { shelf } from '../../fhir/references.ts';
import type { Medicine } from '../model.ts';
import { ownShelf, sift, type Whose } from '../sift.ts';
import { medicineReader } from './medicines.ts';

/** Medicines somebody has begun to order in the EHR and not signed. */
export interface Begun {
  readonly orders: readonly Medicine[];
  /** Begun for this patient, and not to be used unseen: they say «not», have no name, or cannot be understood. */
  readonly unclear: number;
}

/**
 * The patient's own unsigned medication orders among what the EHR's page has told (SMART Web Messaging,
 * `scratchpad.read`). Other patients' and what names no patient are not counted: they are nobody's business here.
 */
export function begunIn(scratchpad: readonly Raw[], whose: Whose): Begun {
  const { session } = whose;
  // R4 MedicationRequest.status `draft`: «not yet actionable».
  const drafts = scratchpad.filter(
    ({ resourceType, status }) => resourceType === 'MedicationRequest' && status === 'draft',
  );
  const found = ownShelf(shelf(session.iss, scratchpad), whose);
  const { items } = sift(medicineReader(found, session.clock.now()), drafts, whose);
  const orders = items.filter(({ flags, substance }) => flags.length === 0 && substance);
  return { orders, unclear: items.length - orders.length };
}
