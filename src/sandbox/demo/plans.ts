import type { Resource } from '../types.ts';
import {
  actor,
  type Coding,
  coding,
  type Extension,
  extension,
  infoClass,
  nested,
  oslo,
  ours,
  systems,
  to,
  volven,
} from './fhir.ts';
import { goals, individualPlanExtras, measures, planGoals, planTeamId } from './individual-plan.ts';
import { type Filed, filed, type Part } from './parts.ts';
import {
  acutePlanOf,
  type DemoEvaluation,
  type DemoPatient,
  type DemoPlan,
  shortId,
} from './source.ts';
import { uuidOf } from './uuid.ts';
import { zones } from './zones.ts';

interface Kind {
  readonly idEnd: string;
  readonly part: Part;
  readonly category: readonly Coding[];
  readonly text: string;
}

/** 9602 is a document type list; writing it on a CarePlan is our convention (docs/fhir.md). */
const kinds: Readonly<Record<string, Kind>> = {
  akuttplan: {
    idEnd: 'akutt',
    part: 'acute plan',
    category: [
      volven(9602, 'A01-2', 'Kriseplan'),
      coding(systems.snomed, '736253002', 'Mental health crisis plan'),
      ours('akuttplan', 'Akuttplan'),
    ],
    text: 'Akuttplan',
  },
  egenbehandlingsplan: {
    idEnd: 'egenbehandling',
    part: 'acute plan',
    category: [ours('egenbehandlingsplan', 'Egenbehandlingsplan')],
    text: 'Egenbehandlingsplan',
  },
  behandlingsplan: {
    idEnd: 'behandling',
    part: 'plan',
    category: [
      volven(9602, 'B01-2', 'Tverrfaglig behandlingsplan'),
      ours('behandlingsplan', 'Behandlingsplan'),
    ],
    text: 'Behandlingsplan',
  },
  ip: {
    idEnd: 'ip',
    part: 'welfare',
    category: [volven(9602, 'A02-2', 'Individuell plan'), ours('ip', 'Individuell plan')],
    text: 'Individuell plan',
  },
};

export function plans(patient: DemoPatient): readonly Filed[] {
  return patient.plans.flatMap(plan => [
    ...filed(partOfPlan(plan), planResource(patient, plan)),
    ...zones(patient, plan, planId(patient, plan)),
    ...goals(patient, plan),
    ...measures(patient, plan),
    ...individualPlanExtras(patient, plan, planResource(patient, plan)),
    ...whatHelps(patient, plan),
  ]);
}

export function planId(patient: DemoPatient, plan: DemoPlan): string {
  return `${shortId(patient)}-plan-${kindOf(plan).idEnd}`;
}

/** The number of «v7», as people count; the server's own meta.versionId is something else. */
function planVersion(plan: DemoPlan): readonly Readonly<Record<string, string>>[] {
  return [{ system: systems.planVersion, value: `${plan.version}` }];
}

/** The id the plan has in NHN's «planer», which keeps self-treatment plans only. */
export function planerId(patient: DemoPatient, plan: DemoPlan): string | undefined {
  return plan.type === 'egenbehandlingsplan'
    ? uuidOf(`planer ${planId(patient, plan)}`)
    : undefined;
}

function inPlaner(patient: DemoPatient, plan: DemoPlan) {
  const value = planerId(patient, plan);
  return value === undefined ? [] : [{ system: systems.planer, value }];
}

function kindOf(plan: DemoPlan): Kind {
  const kind = kinds[plan.type];
  if (!kind) throw new Error(`No kind of plan is called «${plan.type}»`);
  return kind;
}

/** A welfare user must not learn the name of a treating service, and FACT's own plan tells it in its text. */
function partOfPlan(plan: DemoPlan): Part {
  const { part } = kindOf(plan);
  return part === 'welfare' && plan.author.startsWith('org-') ? 'plan' : part;
}

function planResource(patient: DemoPatient, plan: DemoPlan): Resource {
  const id = shortId(patient);
  const [start = '', end] = plan.valid.split('/');
  const evaluation = evaluationOf(patient, plan);
  const approved = plan.approvedByPatient.slice(0, 10);
  const part = partOfPlan(plan);
  return {
    resourceType: 'CarePlan',
    id: planId(patient, plan),
    meta: {
      lastUpdated: oslo([start, evaluation?.date ?? ''].sort().at(-1) ?? start, '14:20'),
      tag: [infoClass(part === 'welfare' ? 'velferd' : 'helse')],
    },
    extension: [
      ...(evaluation ? evaluated(patient, evaluation) : []),
      extension('approved-by-patient', { valueDate: approved }),
    ],
    identifier: [...planVersion(plan), ...inPlaner(patient, plan)],
    status: 'active',
    intent: 'plan',
    category: [{ coding: kindOf(plan).category, text: kindOf(plan).text }],
    title: plan.title,
    description: plan.summary,
    subject: to(`Patient/${id}`),
    period: { start, end },
    created: start,
    author: actor(plan.author, id),
    careTeam: [to(`CareTeam/${plan.type === 'ip' ? planTeamId(patient) : `${id}-team`}`)],
    goal: planGoals(patient, plan).map(goal => to(`Goal/${id}-goal-${goal.id}`)),
    activity: [
      ...lines(plan),
      ...(plan.measures ?? []).map((_, index) => ({
        reference: to(`ServiceRequest/${id}-measure-${index + 1}`),
      })),
    ],
    note: approvedByOthers(plan),
  };
}

/** The plan's lines in the order they are read; `code` says under which heading each belongs. */
function lines(plan: DemoPlan): readonly object[] {
  return [
    ...section('gjor-na', 'Gjør nå', plan.doNow),
    ...section('unnga', 'Unngå', plan.avoid, true),
    ...section('innlegg-hvis', 'Innlegg hvis', plan.admit),
    ...section('utlosende', 'Utløsende', plan.triggers),
    ...section('mestring', 'Egne strategier', plan.own),
    ...section('hjelper', 'Hjelper', plan.helps),
    ...section('gjor-verre', 'Gjør verre', plan.worse),
    ...section('viktigst', 'Viktigst', plan.reason ? [plan.reason] : undefined),
    ...section('etter', 'Etterpå', plan.after),
    ...section(
      'samtykkekompetanse',
      'Samtykkekompetanse',
      plan.capacity ? [plan.capacity] : undefined,
    ),
    ...section('praktisk', 'Praktisk', plan.practical ? [plan.practical] : undefined),
  ];
}

function section(code: string, heading: string, texts: readonly string[] = [], avoid = false) {
  return texts.map(description => ({
    detail: {
      code: { coding: [ours(code, heading)], text: heading },
      // R4: Activity.detail.status is required; these lines wait for a situation.
      status: 'scheduled',
      // The text already says «Ikke …»: the flag is the meaning, it does not negate the words again.
      ...(avoid ? { doNotPerform: true } : {}),
      description,
    },
  }));
}

/** Evaluations concern the acute plan, and each other plan whose goals were looked at. */
function evaluationOf(patient: DemoPatient, plan: DemoPlan): DemoEvaluation | undefined {
  const own = new Set(planGoals(patient, plan).map(({ id }) => id));
  const concern = patient.evals.filter(
    ({ goals: seen }) => plan === acutePlanOf(patient) || seen.some(({ goal }) => own.has(goal)),
  );
  return concern.at(-1);
}

/** `with` names the patient; when the patient was not there it names those who were. */
function evaluated(patient: DemoPatient, { date, pp, parts, next }: DemoEvaluation): Extension[] {
  const attended = pp.startsWith('deltok') ? patient.preferred : parts.join(', ');
  return [
    nested('evaluated', [
      { url: 'date', valueDate: date },
      { url: 'with', valueString: attended },
    ]),
    extension('next-evaluation', { valueDate: next }),
  ];
}

function approvedByOthers({ approvedByPatient }: DemoPlan) {
  const who = /\((.*)\)/.exec(approvedByPatient)?.[1];
  return who ? [{ text: `Godkjent av ${who}` }] : undefined;
}

/** Maja lets the after-care service see her contacts and what helps, not the rest of the acute plan. */
function whatHelps(patient: DemoPatient, plan: DemoPlan): readonly Filed[] {
  const shared = patient.consent.some(({ what }) => what.includes('«hva hjelper»'));
  if (!shared || plan !== acutePlanOf(patient)) return [];
  const { extension: _, note: __, description: ___, ...whole } = planResource(patient, plan);
  return filed('what helps', {
    ...whole,
    id: `${planId(patient, plan)}-hva-hjelper`,
    title: `${plan.title}: hva hjelper (utdrag)`,
    activity: [
      ...section('mestring', 'Egne strategier', plan.own),
      ...section('hjelper', 'Hjelper', plan.helps),
    ],
  });
}
