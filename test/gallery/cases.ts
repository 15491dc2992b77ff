import type { Patient } from '../../src/record/model.ts';
import type { Flag, Item, Known, Reading, SetAside } from '../../src/record/reading.ts';
import type { PatientRecord } from '../../src/record/record.ts';
import { amina, D1, emptyStates, known, recordOf } from '../hand-made.tsx';
import * as content from './content.ts';

/** One way the whole record can be: every section in the same state, for every room to draw. */
export interface Case {
  readonly name: string;
  readonly record: PatientRecord;
}

const SECTIONS = [
  'plans',
  'evaluations',
  'critical',
  'medicines',
  'documents',
  'results',
  'measurements',
  'history',
] as const;
const DAY_MS = 86_400_000;
const FLAGS: readonly Flag[] = [
  'uninterpretable',
  'unreadable',
  'negated',
  'inactive',
  'contradiction',
];
const OTHER = 'Kjernejournal';

/** The newest look this user had is in the history, so that what is new can be shown. */
const user = {
  sub: undefined,
  name: 'Sindre Vaktmo',
  fhirUser: 'https://journal.example/fhir/Practitioner/u-lv',
};
const header = { reconciled: '2026-11-12', by: 'Ingrid Fastlund', notes: ['Utlevering ukentlig'] };

function of(readings: Parameters<typeof recordOf>[0]): PatientRecord {
  const record = recordOf(readings);
  return { ...record, session: { ...record.session, user } };
}

/** Every section has its content, or the first of it, and each the same more to say about it. */
function full(
  more: Partial<Known<never>> = {},
  flags: readonly Flag[] = [],
  atMost = Number.POSITIVE_INFINITY,
): PatientRecord {
  const flagged = <T extends Item>(items: readonly T[]) =>
    known(
      items
        .slice(0, atMost)
        .map((one, index) =>
          flags.length === 0 ? one : { ...one, flags: flags.slice(index % flags.length) },
        ),
      more,
    );
  return of({
    header,
    plans: flagged(content.plans),
    evaluations: flagged(content.evaluations),
    critical: flagged(content.criticals),
    medicines: flagged(content.medicines),
    documents: flagged(content.documents),
    results: flagged(content.results),
    measurements: flagged(content.measurements),
    history: known(content.history),
  });
}

const whoever = (more: Partial<Patient>) =>
  of({ patient: known([{ ...amina, ...more }]), plans: known(content.plans.slice(0, 1)) });

/** One of each is enough to see what is said beside it, and keeps the page quick to examine. */
const one = (more: Partial<Known<never>>) => full(more, [], 1);

const inAll = (reading: Reading<never>) =>
  of(Object.fromEntries(SECTIONS.map(name => [name, reading])));

const missing = (
  ['failed', 'not-permitted', 'not-supported', 'page-lost', 'count-differs', 'not-found'] as const
).map(why => ({ what: 'Observation', from: OTHER, why }));
const setAside: readonly SetAside[] = [
  { ref: 'Observation/1', why: 'other-patient' },
  { ref: 'Observation/2', why: 'no-patient' },
  { ref: 'Observation/3', why: 'withdrawn' },
];
const remark = { code: 'transient', serious: true, reason: undefined, from: OTHER };
const UNBROKEN = 'x'.repeat(400);

/** Every state a section can be in (SAFETY 1.3), and what can be said beside it. */
export const CASES: readonly Case[] = [
  { name: 'present', record: full() },
  ...emptyStates.map(reading => ({
    name:
      'withheld' in reading && reading.withheld ? `withheld-${reading.withheld}` : reading.state,
    record: inAll(reading),
  })),
  {
    name: 'withheld-blocked-at-source',
    record: inAll(known([], { state: 'withheld', withheld: 'blocked-at-source', failing: OTHER })),
  },
  {
    name: 'partial',
    record: one({
      from: ['Fjordvik journal', OTHER],
      gaps: [...missing, { what: OTHER, from: OTHER, why: 'withheld', withheld: 'restricted' }],
      remarks: [{ ...remark, text: 'Måledata svarer ikke' }],
    }),
  },
  {
    name: 'waiting',
    record: one({
      from: ['Fjordvik journal', OTHER],
      gaps: [{ what: OTHER, from: OTHER, why: 'waiting' }],
    }),
  },
  { name: 'stale', record: one({ asOf: new Date(D1.getTime() - 40 * DAY_MS) }) },
  { name: 'set-aside', record: one({ setAside }) },
  {
    name: 'masked',
    record: one({
      remarks: [
        {
          ...remark,
          code: 'suppressed',
          serious: false,
          reason: 'restricted',
          masked: 2,
          text: undefined,
        },
      ],
    }),
  },
  { name: 'flagged', record: full({}, FLAGS, 2) },
  { name: 'unbroken', record: one({ remarks: [{ ...remark, text: UNBROKEN }] }) },
  {
    name: 'patient',
    record: whoever({
      name: `Anne-Margrethe Eksempelrud-Testdal von ${'Langenavn'.repeat(8)}`,
      deceased: '2026-11-01',
      replaced: true,
      inactive: true,
      flags: FLAGS,
    }),
  },
  {
    name: 'patient-unread',
    record: of({ patient: known([], { state: 'failed', failure: { kind: 'timeout' } }) }),
  },
];
