import { type Signal, signal } from '@preact/signals';
import type { Session } from '../fhir/session.ts';
import { assertionIn } from './critical/asserted.ts';
import type { PatientDocument } from './documents/documents.ts';
import type { Contacts, CriticalItem, MedicationHeader, Medicine, Patient, Plan } from './model.ts';
import type { Provenance } from './news/provenance.ts';
import type { Measurement } from './observations/measurements.ts';
import type { Result } from './observations/results.ts';
import type { Meaning } from './parts.ts';
import type { Evaluation } from './plans/evaluations.ts';
import type { Item, Reading, Shared } from './reading.ts';
import { openSection, type Section } from './section.ts';
import { SECTIONS_OF, type SectionName } from './sources/kinds.ts';

/** Everything a source can put something into, section by section. */
export interface Sections {
  /** The EHR alone says whose record this is. */
  readonly patient: Signal<Reading<Patient>>;
  /** Everybody in the patient's care teams: whom to call where no acute plan says it. */
  readonly teams: Signal<Contacts | undefined>;
  /** The medication list's own header, as each source that has one gives it. */
  readonly medicationHeaders: Signal<ReadonlyMap<string, MedicationHeader>>;
  readonly plans: Section<Plan>;
  readonly evaluations: Section<Evaluation>;
  readonly critical: Section<CriticalItem>;
  readonly medicines: Section<Medicine>;
  readonly documents: Section<PatientDocument>;
  readonly results: Section<Result>;
  readonly measurements: Section<Measurement>;
  readonly history: Section<Provenance>;
}

export function openSections(session: Session): Sections {
  const open = <T extends Item>(name: SectionName, meaning: Partial<Meaning<T>> = {}) =>
    openSection<T>(
      [
        session.label,
        ...session.sources
          .filter(({ kind }) => SECTIONS_OF[kind].includes(name))
          .map(({ label }) => label),
      ],
      session.clock.now,
      meaning,
    );
  return {
    patient: signal({ state: 'loading' }),
    teams: signal(undefined),
    medicationHeaders: signal(new Map()),
    plans: open('plans', {
      merge: later(async () => (await import('./plans/plan-copies.ts')).mergeCopies),
    }),
    evaluations: open('evaluations', {
      merge: later(async () => (await import('./plans/evaluation-copies.ts')).mergeEvaluations),
    }),
    critical: open('critical', {
      matters: isCritical,
      assertion: assertionIn,
      merge: later(async () => (await import('./critical/critical-merge.ts')).mergeCritical),
    }),
    medicines: open('medicines', {
      merge: later(async () => (await import('./medicines/medicines-merge.ts')).mergeMedicines),
    }),
    documents: open('documents', { merge: sameThings<PatientDocument>() }),
    results: open('results', { matters: isResult, merge: sameThings<Result>() }),
    measurements: open('measurements', { merge: sameThings<Measurement>() }),
    history: open('history'),
  };
}

/** A merge that comes beside the first answers; where it does not, each source's rows stand by themselves. */
function later<T>(fetch: () => Promise<Meaning<T>['merge']>): Meaning<T>['merge'] {
  const merge = signal((items: readonly T[]) => items);
  const arrive = async () => {
    merge.value = await fetch();
  };
  arrive().catch(() => undefined);
  return items => merge.value(items);
}

const isCritical = ({ kind }: CriticalItem) => kind !== 'other';
const sameThings = <T extends Shared<T>>() =>
  later<T>(async () => (await import('./same.ts')).oneOfEach);

const isResult = ({ kind }: Result) => kind !== 'other';

/** Where a source puts what it says, section by section. */
export type Intake = { readonly [Name in SectionName]: Pick<Sections[Name], 'put'> } & {
  readonly patient: { value: Reading<Patient> };
  readonly teams: { value: Contacts | undefined };
  readonly medicationHeaders: { value: ReadonlyMap<string, MedicationHeader> };
};

/** Writes a finding into the sections, unless it came too late to be true. */
export type Put = (write: () => void) => void;
