import { oslo } from '../demo/fhir.ts';
import { planerId, planId } from '../demo/plans.ts';
import { type DemoPatient, type DemoPlan, user } from '../demo/source.ts';
import {
  demandMethod,
  jsonAnswer,
  notHere,
  patientInHeader,
  type Question,
  type Source,
} from './source.ts';

const levels: Readonly<Record<string, string>> = { grønn: 'green', gul: 'yellow', rød: 'red' };

/** NHN's «planer» (FHIR.md 3.1): self-treatment plans with zones, as JSON of its own, not FHIR. */
export const planer: Source = {
  type: 'CarePlan',
  async answer(question) {
    const { path, story } = question;
    if (path !== 'plans') throw notHere(question);
    demandMethod(question, 'GET');
    question.demandPatient(patientInHeader(question));
    return jsonAnswer(story ? story.plans.flatMap(plan => planIn(question, story, plan)) : []);
  },
};

function planIn({ subject, sees }: Question, patient: DemoPatient, plan: DemoPlan) {
  const id = planerId(patient, plan);
  if (!id || sees({ resourceType: 'CarePlan', id: planId(patient, plan) }) !== 'show') return [];
  const [start = ''] = plan.valid.split('/');
  return [
    {
      id,
      version: plan.version,
      status: 'active',
      comment: `Godkjent av pasienten ${plan.approvedByPatient}`,
      subject: subject.identifier.value,
      updated_by: user(plan.author).name,
      updated_at: oslo(start, '14:20'),
      clinical_content: {
        title: plan.title,
        description: plan.summary,
        zones: (plan.zones ?? []).map(({ condition, action, level }) => ({
          condition,
          action,
          level: levelOf(level),
        })),
      },
    },
  ];
}

function levelOf(level: string): string {
  const known = levels[level];
  if (!known) throw new Error(`No zone is called «${level}»`);
  return known;
}
