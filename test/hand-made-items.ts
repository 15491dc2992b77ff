import type { Attachment, PatientDocument } from '../src/record/documents/documents.ts';
import type { Provenance } from '../src/record/news/provenance.ts';
import type { Measurement } from '../src/record/observations/measurements.ts';
import type { Observed } from '../src/record/observations/observation.ts';
import type { Analysis, Report } from '../src/record/observations/results.ts';
import type { Value } from '../src/record/observations/values.ts';
import type { Evaluation } from '../src/record/plans/evaluations.ts';
import type { Goal } from '../src/record/plans/goals.ts';
import type { Measure } from '../src/record/plans/measures.ts';
import { NO_DETAILS, type PlanDetails } from '../src/record/plans/plan-details.ts';

/** Items made by hand: what is in a record beside plans, contacts, critical information and medicines. */
let made = 0;
export const item = (type: string, from = 'Fjordvik journal') => {
  made += 1;
  const source = { from, ref: `${type}/${made}`, version: '1', lastUpdated: undefined };
  return { source, identifiers: [], flags: [], why: [] };
};
export const inline = (text: string, type: string | undefined = 'text/plain'): Attachment => ({
  type,
  bytes: undefined,
  pages: undefined,
  where: { base64: btoa(text) },
});
export const document_ = (more: Partial<PatientDocument> = {}): PatientDocument => ({
  ...item('DocumentReference'),
  title: `Dokument ${made}`,
  kind: undefined,
  at: '2026-11-02',
  organization: 'Fjordvik HF',
  standing: 'current',
  restricted: false,
  attachments: [inline('Ring fastlegen.')],
  ...more,
});
export const value = (more: Partial<Value> = {}): Value => ({
  text: { digits: '90' },
  unit: '%',
  number: 90,
  outside: undefined,
  ranges: [],
  interpretation: undefined,
  missing: undefined,
  unshown: false,
  ...more,
});
const observed = (more: Partial<Observed> = {}): Observed => ({
  ...item('Observation'),
  name: 'SpO2 hvile',
  codes: [],
  at: '2026-11-19T07:38:00+01:00',
  value: value(),
  components: [],
  standing: undefined,
  notes: [],
  performer: undefined,
  device: undefined,
  specimen: undefined,
  ...more,
});
export const measured = (more: Partial<Measurement> = {}): Measurement => ({
  ...observed(),
  ...more,
});
export const analysis = (more: Partial<Analysis> = {}): Analysis => ({
  ...observed({ name: 'Kreatinin', value: value({ unit: 'µmol/L' }) }),
  kind: 'laboratory',
  ...more,
});
export const report = (more: Partial<Report> = {}): Report => ({
  ...item('DiagnosticReport'),
  kind: 'report',
  name: 'Blodprøver',
  at: '2026-11-14',
  laboratory: 'Fjordvik lab',
  standing: undefined,
  conclusion: undefined,
  answers: [],
  contained: [],
  unread: 0,
  files: 0,
  ...more,
});

export const goal = (more: Partial<Goal> = {}): Goal => ({
  ref: 'Goal/g',
  text: 'Jeg vil sove',
  patientsOwn: true,
  by: undefined,
  due: ['2027-01-07'],
  lifecycle: undefined,
  achievement: undefined,
  since: undefined,
  infoClass: 'health',
  ...more,
});
export const measure = (more: Partial<Measure> = {}): Measure => ({
  text: 'Samtale hver uke',
  not: false,
  status: undefined,
  responsible: ['DPS'],
  from: undefined,
  due: undefined,
  notes: [],
  goals: [],
  infoClass: 'health',
  ...more,
});
export const details = (more: Partial<PlanDetails> = {}): PlanDetails => ({
  ...NO_DETAILS,
  ...more,
});
export const evaluation = (more: Partial<Evaluation> = {}): Evaluation => ({
  source: {
    from: 'Fjordvik journal',
    ref: 'QuestionnaireResponse/e',
    version: undefined,
    lastUpdated: undefined,
  },
  identifiers: [],
  flags: [],
  why: [],
  date: '2026-11-12T14:25:00+01:00',
  type: 'planlagt',
  mode: 'oppmøte',
  patient: 'deltok',
  present: [],
  goals: [],
  helped: [],
  didNotHelp: [],
  changes: [],
  crises: undefined,
  next: undefined,
  doctor: [],
  messages: [],
  others: [],
  plans: [],
  meeting: undefined,
  unfinished: undefined,
  by: undefined,
  ...more,
});
export function event(more: Partial<Provenance> = {}): Provenance {
  made += 1;
  const ref = `Provenance/${made}`;
  return {
    source: { from: 'Fjordvik journal', ref, version: undefined, lastUpdated: undefined },
    identifiers: [],
    flags: [],
    why: [],
    targets: ['CarePlan/akutt'],
    at: '2026-11-02T23:40:00+01:00',
    what: 'Plan åpnet (akutt)',
    by: 'Sindre Vaktmo',
    opened: true,
    openedBy: ['Practitioner/u-lv'],
    ...more,
  };
}
