import { signal } from '@preact/signals';
import { render } from '@testing-library/preact';
import type { ComponentChildren } from 'preact';
import type { Session } from '../src/fhir/session.ts';
import type {
  Contact,
  Contacts,
  CriticalItem,
  MedicationHeader,
  Medicine,
  Patient,
  Plan,
} from '../src/record/model.ts';
import type { Known, Reading } from '../src/record/reading.ts';
import { type PatientRecord, RecordProvider } from '../src/record/record.ts';

/** Records made by hand: for what the rooms do with a record, however it came to be. */
export const D1 = new Date('2026-11-21T20:15:00+01:00');
export const D2 = new Date('2026-11-23T10:00:00+01:00');

const item = (ref: string) => ({
  source: { ref, version: '1', lastUpdated: undefined },
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
    goals: [],
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
    saysCrisisPlan: false,
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
    origin: 'statement',
    tentative: undefined,
    ...more,
  };
}

interface Parts {
  readonly patient?: Reading<Patient>;
  readonly plans?: Reading<Plan>;
  readonly critical?: Reading<CriticalItem>;
  readonly medicines?: Reading<Medicine>;
  readonly header?: MedicationHeader;
  readonly now?: Date;
  readonly refresh?: () => Promise<void>;
}

export function recordOf(parts: Parts = {}): PatientRecord {
  const session: Session = {
    iss: 'https://journal.example/fhir',
    label: 'Fjordvik journal',
    patient: 'Patient/p6',
    user: { name: undefined, fhirUser: undefined },
    scopes: [],
    purpose: undefined,
    accessToken: '',
    headers: {},
    offer: new Promise(() => {}),
    clock: { now: () => parts.now ?? D1, heard: () => {} },
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new TypeError('nothing is fetched in this test')),
  };
  return {
    session,
    patient: signal(parts.patient ?? known([amina])),
    plans: signal(parts.plans ?? known<Plan>([])),
    teams: signal(undefined),
    critical: signal(parts.critical ?? known<CriticalItem>([])),
    medicines: signal(parts.medicines ?? known<Medicine>([])),
    medicationHeader: signal(parts.header),
    refresh: parts.refresh ?? (() => Promise.resolve()),
  };
}

export const show = (record: PatientRecord, children: ComponentChildren) =>
  render(<RecordProvider value={record}>{children}</RecordProvider>);

export const sectionNamed = (name: string) =>
  document.querySelector<HTMLElement>(`[data-section="${name}"]`)!;

/** What may only be said when somebody has asserted it. */
export const SAYS_NONE = /\bingen\b|\bnone\b|\bno known\b/i;
