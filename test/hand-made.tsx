import { signal } from '@preact/signals';
import { render } from '@testing-library/preact';
import type { ComponentChildren } from 'preact';
import type { Session } from '../src/fhir/session.ts';
import type { PatientDocument } from '../src/record/documents/documents.ts';
import { frozenOf } from '../src/record/frozen.ts';
import type {
  Contact,
  Contacts,
  CriticalItem,
  MedicationHeader,
  Medicine,
  Patient,
  Plan,
} from '../src/record/model.ts';
import type { Provenance } from '../src/record/news/provenance.ts';
import type { Measurement } from '../src/record/observations/measurements.ts';
import type { Result } from '../src/record/observations/results.ts';
import type { Evaluation } from '../src/record/plans/evaluations.ts';
import { NO_DETAILS } from '../src/record/plans/plan-details.ts';
import type { Known, Reading } from '../src/record/reading.ts';
import { type PatientRecord, RecordProvider } from '../src/record/record.ts';
import { SECTIONS } from '../src/record/sources/kinds.ts';
import type { SourceReading } from '../src/record/sources/sources.ts';

/** Records made by hand: for what the rooms do with a record, however it came to be. */
export const D1 = new Date('2026-11-21T20:15:00+01:00');
export const D2 = new Date('2026-11-23T10:00:00+01:00');

const item = (ref: string) => ({
  source: { from: 'Fjordvik journal', ref, version: '1', lastUpdated: undefined },
  identifiers: [],
  flags: [],
  why: [],
});

export function known<T>(items: readonly T[], more: Partial<Known<T>> = {}): Known<T> {
  return {
    state: items.length > 0 ? 'present' : 'none-recorded',
    items,
    setAside: [],
    gaps: [],
    remarks: [],
    asOf: D1,
    received: items.length,
    withheld: undefined,
    failure: undefined,
    from: ['Fjordvik journal'],
    failing: undefined,
    ...more,
  };
}

/** Every state in which a section has nothing to show. */
export const emptyStates = [
  { state: 'loading' },
  known<never>([], { state: 'asserted-none' }),
  known<never>([], { state: 'asserted-unknown' }),
  known<never>([], { state: 'none-recorded' }),
  known<never>([], { state: 'withheld', withheld: 'restricted' }),
  known<never>([], { state: 'withheld', withheld: 'reserved' }),
  known<never>([], { state: 'withheld', withheld: 'unspecified' }),
  known<never>([], { state: 'not-permitted' }),
  known<never>([], { state: 'not-supported' }),
  known<never>([], { state: 'failed', failure: { kind: 'timeout' } }),
] as const satisfies readonly Reading<never>[];

export const amina: Patient = {
  ...item('Patient/p6'),
  name: 'Amina Eksempelrud',
  sex: 'female',
  born: '1998-07-19',
  deceased: false,
  ids: [{ kind: 'dnr', value: '59879848088' }],
  test: true,
  interpreter: 'somali',
  inactive: false,
  replaced: false,
};

let made = 0;
export function contact(more: Partial<Contact> = {}): Contact {
  made += 1;
  return {
    ...item(`PractitionerRole/${made}`),
    rank: 1,
    name: `Kontakt ${made}`,
    role: undefined,
    organization: undefined,
    purpose: undefined,
    confirmed: '2026-11-12',
    numbers: [{ value: '+47 00 00 02 10', kind: 'phone', current: true }],
    hours: 'unknown',
    hoursNote: undefined,
    ended: false,
    neverCall: false,
    ...more,
  };
}

export const team = (people: readonly Contact[] = [], more: Partial<Contacts> = {}): Contacts => ({
  team: undefined,
  people,
  never: [],
  unreadTeams: 0,
  denialsKnown: true,
  ...more,
});

export function plan(more: Partial<Plan> = {}): Plan {
  made += 1;
  return {
    ...item(`CarePlan/${made}`),
    kind: 'acute',
    title: 'Akuttplan for Maja',
    version: '7',
    standing: 'in-force',
    from: '2026-11-12',
    until: '2027-05-12',
    author: undefined,
    summary: undefined,
    lines: [],
    zones: [],
    replaces: [],
    details: NO_DETAILS,
    evaluated: undefined,
    evaluatedWith: undefined,
    nextEvaluation: undefined,
    approvedByPatient: undefined,
    contacts: team(),
    document: undefined,
    ...more,
  };
}

export function critical(more: Partial<CriticalItem> = {}): CriticalItem {
  made += 1;
  return {
    ...item(`AllergyIntolerance/${made}`),
    kind: 'hypersensitivity',
    text: 'Trimetoprim',
    details: [],
    severity: undefined,
    certainty: 'confirmed',
    currency: 'current',
    validUntil: undefined,
    expired: false,
    recorded: '2024-10-01',
    by: 'Ingrid Fastlund',
    none: undefined,
    unknownStated: false,
    allergens: [],
    saysCrisisPlan: false,
    resource: {},
    ...more,
  };
}

export function medicine(more: Partial<Medicine> = {}): Medicine {
  made += 1;
  return {
    ...item(`MedicationStatement/${made}`),
    group: 'regular',
    substance: `virkestoff ${made}`,
    product: undefined,
    atc: undefined,
    form: undefined,
    strength: undefined,
    dose: ['1 tablett kl. 8'],
    instructions: [],
    doseNotInWords: false,
    indication: undefined,
    started: undefined,
    until: undefined,
    past: false,
    ending: undefined,
    changed: undefined,
    changedBy: undefined,
    stoppedBecause: undefined,
    notes: [],
    onPll: true,
    multidose: undefined,
    prescription: undefined,
    handedOut: undefined,
    superseded: false,
    origin: 'statement',
    tentative: undefined,
    ...more,
  };
}

interface Parts {
  readonly patient?: Reading<Patient>;
  readonly plans?: Reading<Plan>;
  readonly evaluations?: Reading<Evaluation>;
  readonly critical?: Reading<CriticalItem>;
  readonly medicines?: Reading<Medicine>;
  readonly header?: MedicationHeader;
  readonly documents?: Reading<PatientDocument>;
  readonly results?: Reading<Result>;
  readonly measurements?: Reading<Measurement>;
  readonly history?: Reading<Provenance>;
  readonly sources?: readonly SourceReading[];
  readonly now?: Date;
  readonly refresh?: PatientRecord['refresh'];
}

export function recordOf(parts: Parts = {}): PatientRecord {
  const session: Session = {
    iss: 'https://journal.example/fhir',
    label: 'Fjordvik journal',
    patient: 'Patient/p6',
    user: { sub: undefined, name: undefined, fhirUser: undefined },
    scopes: [],
    purpose: undefined,
    authorization: undefined,
    headers: {},
    sources: [],
    offer: new Promise(() => {}),
    clock: { now: () => parts.now ?? D1, heard: () => {} },
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new TypeError('nothing is fetched in this test')),
  };
  const readings = {
    plans: parts.plans ?? known<Plan>([]),
    evaluations: parts.evaluations ?? known<Evaluation>([]),
    critical: parts.critical ?? known<CriticalItem>([]),
    medicines: parts.medicines ?? known<Medicine>([]),
    documents: parts.documents ?? known<PatientDocument>([]),
    results: parts.results ?? known<Result>([]),
    measurements: parts.measurements ?? known<Measurement>([]),
    history: parts.history ?? known<Provenance>([]),
  };
  const ehr: SourceReading = {
    label: session.label,
    isEhr: true,
    busy: false,
    sections: SECTIONS.map(name => {
      const reading = readings[name];
      return { name, known: reading.state === 'loading' ? undefined : reading };
    }),
  };
  const patient = signal(parts.patient ?? known([amina]));
  return {
    session,
    patient,
    frozen: frozenOf(session, patient),
    plans: signal(readings.plans),
    evaluations: signal(readings.evaluations),
    teams: signal(undefined),
    critical: signal(readings.critical),
    medicines: signal(readings.medicines),
    medicationHeader: signal(parts.header),
    documents: signal(readings.documents),
    results: signal(readings.results),
    measurements: signal(readings.measurements),
    history: signal(readings.history),
    sources: signal(parts.sources ?? [ehr]),
    refresh: parts.refresh ?? (() => Promise.resolve()),
  };
}

export const show = (record: PatientRecord, children: ComponentChildren) =>
  render(<RecordProvider value={record}>{children}</RecordProvider>);

export const sectionNamed = (name: string) =>
  document.querySelector<HTMLElement>(`[data-section="${name}"]`)!;

/** What may only be said when somebody has asserted it. */
export const SAYS_NONE = /\bingen\b|\bnone\b|\bno known\b/i;
