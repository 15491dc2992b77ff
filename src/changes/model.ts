import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Failure } from '../fhir/failure.ts';
import { type Changes, readChanges } from '../record/changes/read-changes.ts';
import type { PatientRecord } from '../record/record.ts';

type ChangesState =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly failure: Failure }
  | { readonly state: 'known'; readonly changes: Changes };

/** The changes of one record, and whether the room that shows them is open. */
export interface Model {
  readonly now: ReadonlySignal<ChangesState>;
  /** The id of the button that opened the room, where the focus goes back to; undefined: it is closed. */
  readonly opener: Signal<string | undefined>;
  /** Reads anew, and says what was read. */
  readonly again: () => Promise<ChangesState>;
}

const models = new WeakMap<PatientRecord, Model>();

/** The same for everything that shows one record. It ends with it. */
export function modelOf(record: PatientRecord): Model {
  const known = models.get(record);
  if (known) return known;
  const model = openModel(record);
  models.set(record, model);
  return model;
}

/**
 * Read when the rest of the record has come, so that nobody's first minute waits for it, and again each time the record
 * is.
 */
function openModel({ session, patient, evaluations }: PatientRecord): Model {
  const now = signal<ChangesState>({ state: 'loading' });
  let turn = 0;
  async function again(): Promise<ChangesState> {
    turn += 1;
    const mine = turn;
    const [who] = itemsOf(patient.peek());
    const read = await readChanges(session, who?.name);
    const next: ChangesState = read.ok
      ? { state: 'known', changes: read.changes }
      : { state: 'failed', failure: read.failure };
    if (mine === turn && !session.signal.aborted) now.value = next;
    return next;
  }
  let seen: unknown;
  const stop = effect(() => {
    const reading = patient.value;
    if (evaluations.value.state === 'loading' || itemsOf(reading).length === 0) return;
    if (seen === reading) return;
    seen = reading;
    void again();
  });
  session.signal.addEventListener('abort', () => stop(), { once: true });
  return { now, opener: signal(undefined), again };
}

const itemsOf = (reading: PatientRecord['patient']['value']) =>
  reading.state === 'loading' ? [] : reading.items;
