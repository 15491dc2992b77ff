import type { Signal } from '@preact/signals';
import type { Contacts, CriticalItem, MedicationHeader, Medicine, Patient, Plan } from './model.ts';
import type { Reading } from './reading.ts';

/** Where a load puts what it finds, section by section, as soon as each is known. */
export interface Shelves {
  readonly patient: Signal<Reading<Patient>>;
  readonly plans: Signal<Reading<Plan>>;
  readonly teams: Signal<Contacts | undefined>;
  readonly critical: Signal<Reading<CriticalItem>>;
  readonly medicines: Signal<Reading<Medicine>>;
  readonly medicationHeader: Signal<MedicationHeader | undefined>;
}

/** Writes a finding onto the shelves, unless it came too late to be true. */
export type Put = (write: () => void) => void;
