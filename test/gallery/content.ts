import type { Contact, CriticalItem, Medicine, Plan, Zone } from '../../src/record/model.ts';
import { contact, critical, medicine, plan, team } from '../hand-made.tsx';
import {
  analysis,
  details,
  document_,
  evaluation,
  event,
  goal,
  inline,
  item,
  measure,
  measured,
  report,
  value,
} from '../hand-made-items.ts';

/** One patient whose every section has something of everything a room can draw. */

const people: readonly Contact[] = [
  contact({
    rank: 1,
    name: 'Ambulant akutteam',
    role: 'Vakthavende sykepleier',
    organization: 'Fjordvik DPS',
    purpose: 'Tilby plass inntil tre døgn',
    hours: [{ days: [7], allDay: false, opens: 600, closes: 1080 }],
    hoursNote: 'Stengt på helligdager',
  }),
  contact({
    rank: 2,
    name: 'Døgnenhet DPS, brukerstyrt plass',
    purpose: 'Ring først',
    hours: [{ days: [], allDay: true, opens: 0, closes: 0 }],
    numbers: [
      { value: '+47 00 00 02 10', kind: 'phone', current: true },
      { value: '+47 00 00 02 11', kind: 'sms', current: true },
      { value: '+47 00 00 02 12', kind: 'phone', current: false },
    ],
  }),
  contact({
    rank: 3,
    name: 'Kveldsteam',
    hours: [{ days: [], allDay: false, opens: 900, closes: 1380 }],
  }),
  contact({ rank: 4, name: 'Thea, søster', confirmed: '2025-01-02' }),
  contact({ rank: 5, name: 'Fastlege', numbers: [] }),
  contact({ rank: 6, name: 'Ettervern', numbers: 'unread' }),
  contact({ rank: 7, name: 'Barnevern', ended: true }),
];

const line = (kind: Plan['lines'][number]['kind'], text: string | undefined, not = false) => ({
  kind,
  text,
  not,
  status: undefined,
});
const zone = (level: Zone['level'], condition: string): Zone => ({
  ...item('CarePlan'),
  level,
  condition,
  lines: [line('do-now', 'Ring DPS'), line('do-now', 'være alene', true)],
  standing: 'in-force',
});

export const plans: readonly Plan[] = [
  plan({
    author: 'Tuva Poliklin',
    summary: 'Korte avtalte opphold hjelper.',
    lines: [
      line('do-now', 'Fornavn, rolig, én om gangen'),
      line('do-now', 'Lokalbedøvelse først, ikke stifter'),
      line('do-now', undefined),
      line('avoid', 'vente alene', true),
      line('avoid', 'benzodiazepiner', true),
      line('admit-if', 'Vedvarende intensjon'),
      line('coping', 'Gå en tur'),
      line('afterwards', 'Melding til fastlege'),
      line('capacity', 'Samtykkekompetent'),
      line('practical', 'Har hund hjemme'),
    ],
    zones: [zone('green', 'Sover godt'), zone('yellow', 'SpO2 88–90 %'), zone('red', 'Uro')],
    contacts: team(people, { never: [{ who: 'Mor', why: 'Maja ønsker det ikke' }] }),
    evaluated: '2026-11-12',
    evaluatedWith: 'Maja',
    nextEvaluation: '2027-01-07',
    approvedByPatient: '2026-11-12',
  }),
  plan({
    kind: 'treatment',
    title: 'Behandlingsplan DPS',
    version: '3',
    details: details({
      goals: [goal({ ref: 'Goal/1', achievement: 'delvis nådd', since: '2026-11-12' })],
      measures: [
        measure({ goals: ['Goal/1'], due: '2026-10-01', notes: ['hver tirsdag'] }),
        measure({ text: 'Innleggelse uten avtale', not: true }),
        measure({ text: undefined, responsible: [undefined] }),
      ],
      coordinators: [contact({ name: 'Silje Samrud' })],
      nextMeeting: '2027-01-12T12:00:00+01:00',
      contributors: ['Tuva Poliklin'],
      withPatient: true,
      notes: ['Skrevet sammen med Maja'],
      history: [{ at: '2026-11-12', what: 'Endret', by: 'Tuva Poliklin' }],
      comment: 'Endret: prometazin',
    }),
  }),
  plan({
    kind: 'individual',
    title: 'Individuell plan',
    version: '4',
    details: details({
      goals: [goal({ ref: 'Goal/2', text: 'Bo for meg selv', infoClass: 'other' })],
      measures: [measure({ text: 'Tilsyn', goals: ['Goal/2'], infoClass: 'other' })],
    }),
  }),
  plan({
    kind: 'self-treatment',
    title: 'Egenbehandling',
    standing: 'expired',
    version: undefined,
  }),
  plan({ title: undefined, standing: 'doubtful', details: 'unread', contacts: 'unread' }),
  plan({ title: 'Plan i papir', document: { date: '2024-09-02', restricted: true } }),
];

export const evaluations = [
  evaluation({
    present: ['Tuva Poliklin, DPS'],
    goals: [{ goal: 'Jeg vil sove', achievement: 'delvis', score: 6 }],
    helped: ['Planen på legevakten'],
    didNotHelp: ['Kvetiapin: trøtt'],
    changes: ['Sertralin 100 → 150 mg'],
    next: '2027-01-07',
    doctor: ['Fem endringer'],
    messages: [{ to: 'Ingrid Fastlund', sent: '2026-11-12', read: undefined }],
    others: [{ label: 'Tolk', text: 'Ikke nødvendig' }],
  }),
  evaluation({ date: undefined, unfinished: 'in-progress' }),
];

export const criticals: readonly CriticalItem[] = [
  critical({ severity: 'high', details: ['Anafylaksi 1988'], certainty: 'presumed' }),
  critical({ kind: 'limits-of-care', text: 'HLR-minus' }),
  critical({ kind: 'treatment', text: 'Apiksaban 2,5 mg × 2', validUntil: '2027-01-01' }),
  critical({ kind: 'implant', text: 'Pacemaker', expired: true, validUntil: '2020-01-01' }),
  critical({ kind: 'condition', text: 'Blødersykdom', currency: 'over' }),
  critical({ kind: 'infection', text: 'MRSA', certainty: 'refuted' }),
  critical({ kind: 'other', text: 'Briller', currency: 'unknown' }),
];

export const medicines: readonly Medicine[] = [
  medicine({
    substance: 'sertralin',
    product: 'Sertralin',
    strength: '150 mg',
    form: 'tablett',
    indication: 'depresjon',
    changed: '2026-11-12',
    changedBy: 'Tuva Poliklin',
    multidose: true,
    instructions: ['Svelges hel'],
    notes: ['Venter på fastlegen'],
    prescription: { status: 'E', words: 'Ekspederbar', until: '2027-01-01' },
    handedOut: { on: '2026-11-01', what: '100 stk' },
  }),
  medicine({ group: 'as-needed', substance: 'prometazin', dose: ['25 mg ved uro'] }),
  medicine({ group: 'course', substance: 'jern', until: '2026-12-20' }),
  medicine({ group: 'supplement', substance: 'vitamin D', onPll: false }),
  medicine({ group: 'vaccine', substance: 'influensa', origin: 'immunization' }),
  medicine({ group: 'paused', substance: 'metformin' }),
  medicine({ group: 'unspecified', substance: undefined, dose: [], doseNotInWords: true }),
  medicine({ group: 'regular', substance: 'furosemid', origin: 'request', tentative: 'proposal' }),
  medicine({
    group: 'stopped',
    substance: 'kvetiapin',
    ending: 'stopped',
    until: '2026-11-12',
    stoppedBecause: 'trøtthet',
  }),
];

export const documents = [
  document_({ title: 'Akuttplan v7' }),
  document_({
    title: 'Epikrise',
    attachments: [{ ...inline('x', 'application/pdf'), bytes: 20_000, pages: 2 }],
  }),
  document_({ title: 'Utredning BUP', restricted: true }),
  document_({ title: 'Legevaktnotat', standing: 'superseded' }),
  document_({
    title: undefined,
    at: undefined,
    attachments: [{ ...inline('x'), where: 'elsewhere' }],
  }),
  document_({ title: 'Referat', attachments: [{ ...inline('x'), where: 'nowhere' }] }),
  document_({ title: 'Sjuende' }),
];

const creatinine = (at: string, digits: string) =>
  analysis({
    at,
    value: value({
      text: { digits },
      number: Number(digits),
      unit: 'µmol/L',
      outside: 'high',
      ranges: [{ words: '60–105' }],
    }),
  });

export const results = [
  creatinine('2026-11-05', '168'),
  creatinine('2026-11-10', '142'),
  creatinine('2026-11-14', '138'),
  analysis({ name: 'TSH', standing: 'preliminary', specimen: 'Serum', performer: 'Fjordvik lab' }),
  analysis({ name: 'Røykestatus', kind: 'other', value: value({ text: { words: 'Nei' } }) }),
  report({ conclusion: 'Hemolysert prøve', unread: 2, files: 1 }),
];

export const measurements = [
  measured({
    at: '2026-11-12T07:38:00+01:00',
    value: value({ text: { digits: '88' }, number: 88 }),
  }),
  measured({ notes: [{ text: 'Gul sone', at: '2026-11-20', by: 'Geir Målmo' }] }),
  measured({
    name: 'Blodtrykk',
    value: value({ text: undefined, number: undefined }),
    components: [{ name: 'Systolisk', ...value({ text: { digits: '123' }, unit: 'mm[Hg]' }) }],
  }),
];

export const history = [event()];
