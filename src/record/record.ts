import { type ReadonlySignal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../fhir/session.ts';
import { askAcute, loadAcute } from './sources/r4-acute.ts';
import type { Contacts, CriticalItem, MedicationHeader, Medicine, Patient, Plan } from './model.ts';
import type { Reading } from './reading.ts';
import type { Shelves } from './shelves.ts';

/** One patient's record, opened for one session. Another patient is another record; nothing is carried over. */
export interface PatientRecord {
  readonly session: Session;
  readonly patient: ReadonlySignal<Reading<Patient>>;
  readonly plans: ReadonlySignal<Reading<Plan>>;
  /** Everybody in the patient's care teams: whom to call where no acute plan says it. */
  readonly teams: ReadonlySignal<Contacts | undefined>;
  readonly critical: ReadonlySignal<Reading<CriticalItem>>;
  readonly medicines: ReadonlySignal<Reading<Medicine>>;
  readonly medicationHeader: ReadonlySignal<MedicationHeader | undefined>;
  /** Looks again at everything. The old reading stays on screen until the new one is there. */
  readonly refresh: () => Promise<void>;
}

export function openRecord(session: Session): PatientRecord {
  const shelves: Shelves = {
    patient: signal({ state: 'loading' }),
    plans: signal({ state: 'loading' }),
    teams: signal(undefined),
    critical: signal({ state: 'loading' }),
    medicines: signal({ state: 'loading' }),
    medicationHeader: signal(undefined),
  };
  let turn = 0;
  async function refresh() {
    const mine = ++turn;
    // An older answer never replaces a newer one, and nothing arrives after the session has ended.
    const put = (write: () => void) => {
      if (mine === turn && !session.signal.aborted) write();
    };
    // Side by side: neither waits for the other's answers. Only «whose» is shared, once Patient has answered.
    const acute = askAcute(session);
    const whose = acute.then(({ who }) => (who.stop ? undefined : who.whose));
    await Promise.all([
      acute.then(answers => loadAcute(session, answers, shelves, put)),
      import('./sources/r4-medication.ts').then(({ loadMedication }) =>
        loadMedication(session, shelves, put, whose),
      ),
    ]);
  }
  void refresh();
  return { session, ...shelves, refresh };
}

const Current = createContext<PatientRecord | undefined>(undefined);
export const RecordProvider = Current.Provider;

export function useRecord(): PatientRecord {
  const record = useContext(Current);
  if (!record) throw new Error('useRecord() needs a <RecordProvider> above it');
  return record;
}
