import { computed, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../fhir/session.ts';
import type { PatientDocument } from './documents/documents.ts';
import { type Frozen, frozenOf } from './frozen.ts';
import type { Contacts, CriticalItem, MedicationHeader, Medicine, Patient, Plan } from './model.ts';
import type { Provenance } from './news/provenance.ts';
import type { Measurement } from './observations/measurements.ts';
import type { Result } from './observations/results.ts';
import type { Evaluation } from './plans/evaluations.ts';
import type { Reading } from './reading.ts';
import { openSections } from './sections.ts';
import { openSources, type SourceReading } from './sources/sources.ts';

/** One patient's record, opened for one session. Another patient is another record; nothing is carried over. */
export interface PatientRecord {
  readonly session: Session;
  readonly patient: ReadonlySignal<Reading<Patient>>;
  /** Whether anything may be written here, and if not, why. */
  readonly frozen: ReadonlySignal<Frozen | undefined>;
  readonly plans: ReadonlySignal<Reading<Plan>>;
  readonly evaluations: ReadonlySignal<Reading<Evaluation>>;
  /** Everybody in the patient's care teams: whom to call where no acute plan says it. */
  readonly teams: ReadonlySignal<Contacts | undefined>;
  readonly critical: ReadonlySignal<Reading<CriticalItem>>;
  readonly medicines: ReadonlySignal<Reading<Medicine>>;
  readonly medicationHeader: ReadonlySignal<MedicationHeader | undefined>;
  readonly documents: ReadonlySignal<Reading<PatientDocument>>;
  readonly results: ReadonlySignal<Reading<Result>>;
  readonly measurements: ReadonlySignal<Reading<Measurement>>;
  /** What the sources say was done with all this, when and by whom. */
  readonly history: ReadonlySignal<Reading<Provenance>>;
  /** Each source by itself: what it was asked, how it went, and when. The EHR comes first. */
  readonly sources: ReadonlySignal<readonly SourceReading[]>;
  /** Looks again, at everything or at one source. The old reading stays on screen until the new one is there. */
  readonly refresh: (source?: string) => Promise<void>;
}

/** `calm`: when there is time for what nobody's first minute depends on. */
export function openRecord(
  session: Session,
  calm: Promise<void> = Promise.resolve(),
): PatientRecord {
  const sections = openSections(session);
  const { sources, ask } = openSources(session, sections, calm);
  void ask();
  return {
    session,
    patient: sections.patient,
    frozen: frozenOf(session, sections.patient),
    plans: sections.plans.reading,
    evaluations: sections.evaluations.reading,
    teams: sections.teams,
    critical: sections.critical.reading,
    medicines: sections.medicines.reading,
    medicationHeader: computed(() => newest([...sections.medicationHeaders.value.values()])),
    documents: sections.documents.reading,
    results: sections.results.reading,
    measurements: sections.measurements.reading,
    history: sections.history.reading,
    sources,
    refresh: ask,
  };
}

const time = ({ reconciled }: MedicationHeader) => Date.parse(reconciled ?? '') || 0;

/** Several sources may have gone through the list: the latest to do so speaks for it, and every remark stands. */
function newest(headers: readonly MedicationHeader[]): MedicationHeader | undefined {
  const [latest] = headers.toSorted((a, b) => time(b) - time(a));
  return latest && { ...latest, notes: [...new Set(headers.flatMap(({ notes }) => notes))] };
}

const Current = createContext<PatientRecord | undefined>(undefined);
export const RecordProvider = Current.Provider;

export function useRecord(): PatientRecord {
  const record = useContext(Current);
  if (!record) throw new Error('useRecord() needs a <RecordProvider> above it');
  return record;
}
