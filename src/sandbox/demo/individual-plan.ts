import type { Resource } from '../types.ts';
import { actor, hl7, infoClass, oslo, ours, to, volven } from './fhir.ts';
import { type Filed, filed } from './parts.ts';
import {
  acutePlanOf,
  type DemoGoal,
  type DemoMeasure,
  type DemoPatient,
  type DemoPlan,
  organization,
  shortId,
} from './source.ts';

/** R4 goal-achievement for the five words the evaluations use (design/DEMO.md 5.10). */
const achievements: Readonly<Record<string, string>> = {
  nådd: 'achieved',
  delvis: 'improving',
  'ikke nådd': 'not-achieved',
  verre: 'worsening',
  'ikke lenger viktig': 'not-attainable',
};

export function goals(patient: DemoPatient, plan: DemoPlan): readonly Filed[] {
  return planGoals(patient, plan).flatMap(goal => {
    const other = plan === acutePlanOf(patient) ? 'acute plan' : 'plan';
    return filed(isWelfare(plan, goal) ? 'welfare' : other, goalResource(patient, plan, goal));
  });
}

/** Goals that belong to no plan in the data are the acute plan's. */
export function planGoals(patient: DemoPatient, plan: DemoPlan): readonly DemoGoal[] {
  if (plan !== acutePlanOf(patient)) return plan.goals ?? [];
  const elsewhere = new Set(patient.plans.flatMap(other => other.goals ?? []).map(({ id }) => id));
  return (patient.goals_extra ?? []).filter(({ id }) => !elsewhere.has(id));
}

export function measures(patient: DemoPatient, plan: DemoPlan): readonly Filed[] {
  return (plan.measures ?? []).flatMap((measure, index) =>
    filed(
      measure.infoClass === 'velferd' ? 'welfare' : 'plan',
      measureResource(patient, plan, measure, index + 1),
    ),
  );
}

export function planTeamId(patient: DemoPatient): string {
  return `${shortId(patient)}-ip-team`;
}

/** The individual plan's own team, and where the whole plan names a treating service, a welfare excerpt of it. */
export function individualPlanExtras(
  patient: DemoPatient,
  plan: DemoPlan,
  whole: Resource,
): readonly Filed[] {
  if (plan.type !== 'ip') return [];
  const team = filed('welfare', planTeam(patient, plan));
  if (!plan.author.startsWith('org-')) return team;
  return [...team, ...filed('welfare excerpt', welfareExcerpt(patient, plan, whole))];
}

function goalResource(patient: DemoPatient, plan: DemoPlan, goal: DemoGoal): Resource {
  const id = shortId(patient);
  const [start = ''] = plan.valid.split('/');
  const last = patient.evals.findLast(({ goals: seen }) => seen.some(one => one.goal === goal.id));
  const status = last?.goals.find(one => one.goal === goal.id)?.status;
  return {
    resourceType: 'Goal',
    id: `${id}-goal-${goal.id}`,
    meta: {
      lastUpdated: oslo([start, last?.date ?? ''].sort().at(-1) ?? start, '14:25'),
      tag: [infoClass(isWelfare(plan, goal) ? 'velferd' : 'helse')],
    },
    lifecycleStatus: 'active',
    achievementStatus: status && {
      coding: [hl7('goal-achievement', achievementOf(status))],
      text: status,
    },
    description: { text: goal.text },
    subject: to(`Patient/${id}`),
    startDate: start,
    target: [{ dueDate: goal.due }],
    statusDate: last?.date,
    expressedBy: to(`Patient/${id}`),
  };
}

function measureResource(
  patient: DemoPatient,
  plan: DemoPlan,
  measure: DemoMeasure,
  number: number,
): Resource {
  const id = shortId(patient);
  const [start = ''] = plan.valid.split('/');
  const [from, until] = /^(\d{4}-\d\d-\d\d)\/(\d{4}-\d\d-\d\d)$/.exec(measure.time)?.slice(1) ?? [];
  return {
    resourceType: 'ServiceRequest',
    id: `${id}-measure-${number}`,
    meta: { lastUpdated: oslo(start, '14:20'), tag: [infoClass(measure.infoClass)] },
    status: 'active',
    intent: 'plan',
    code: { text: measure.text },
    subject: to(`Patient/${id}`),
    occurrencePeriod: from && until ? { start: from, end: until } : undefined,
    authoredOn: start,
    requester: isWelfareAuthor(plan) ? actor(plan.author, id) : undefined,
    performer: [to(`Organization/${measure.responsible}`)],
    supportingInfo: [to(`Goal/${id}-goal-${measure.goal}`)],
    note: [{ text: `Tid: ${measure.time}` }],
  };
}

function planTeam(patient: DemoPatient, plan: DemoPlan): Resource {
  const id = shortId(patient);
  const [start = '', end] = plan.valid.split('/');
  const agencies = new Set((plan.measures ?? []).map(({ responsible }) => responsible));
  const coordinator = {
    role: [
      {
        coding: [volven(9034, '8', 'Koordinator Individuell plan')],
        text: 'Koordinator, individuell plan',
      },
    ],
    member: actor(plan.author, id),
  };
  return {
    resourceType: 'CareTeam',
    id: planTeamId(patient),
    meta: { lastUpdated: oslo(start, '14:20'), tag: [infoClass('velferd')] },
    status: 'active',
    name: 'Ansvarsgruppe, individuell plan',
    subject: to(`Patient/${id}`),
    period: { start, end },
    participant: [
      // A treating service as coordinator is kept out: its name says what the person is treated for.
      ...(isWelfareAuthor(plan) ? [coordinator] : []),
      ...[...agencies].map(organization).flatMap(agency =>
        agency.infoClass === 'velferd'
          ? [
              {
                role: [{ text: agency.type }],
                member: to(`Organization/${agency.id}`, agency.name),
              },
            ]
          : [],
      ),
    ],
  };
}

function welfareExcerpt(patient: DemoPatient, plan: DemoPlan, whole: Resource): Resource {
  const id = shortId(patient);
  const { author: _, description: __, extension: ___, ...shared } = whole;
  const welfareMeasures = (plan.measures ?? []).flatMap((measure, index) =>
    measure.infoClass === 'velferd' ? [to(`ServiceRequest/${id}-measure-${index + 1}`)] : [],
  );
  return {
    ...shared,
    id: `${id}-plan-ip-velferd`,
    meta: { ...whole.meta, tag: [infoClass('velferd'), ours('utdrag', 'Utdrag')] },
    title: `${plan.title}: velferdsdel (utdrag)`,
    goal: (plan.goals ?? [])
      .filter(goal => isWelfare(plan, goal))
      .map(goal => to(`Goal/${id}-goal-${goal.id}`)),
    activity: welfareMeasures.map(reference => ({ reference })),
  };
}

/** A goal is welfare's to see when at least one welfare agency works on it. */
function isWelfare(plan: DemoPlan, { id }: DemoGoal): boolean {
  return (plan.measures ?? []).some(({ goal, infoClass: of }) => goal === id && of === 'velferd');
}

function isWelfareAuthor(plan: DemoPlan): boolean {
  return !plan.author.startsWith('org-');
}

export function achievementOf(status: string): string {
  const code = achievements[status];
  if (!code) throw new Error(`No achievement status is known for «${status}»`);
  return code;
}
