import type { Plan } from '../record/model.ts';
import type { Evaluation } from '../record/plans/evaluations.ts';
import type { Goal } from '../record/plans/goals.ts';
import { newestFirst } from '../record/when.ts';
import { dateText, daysBetween } from '../shell/dates.ts';
import { isKey, t } from '../shell/words/words.ts';
import { achievementText, scoreText } from './goals-view.ts';

export interface EvaluationView {
  /** «12.11.2026 oppmøte · pasienten: deltok» */
  readonly heading: string;
  readonly facts: readonly string[];
  /** What is still open: an evaluation nobody finished, a message nobody has acknowledged. */
  readonly warnings: readonly string[];
  /** Everything else, folded. */
  readonly more: readonly EvaluationPart[];
}

interface EvaluationPart {
  readonly heading: string | undefined;
  readonly lines: readonly string[];
}

/** One evaluation: when, with whom, and whether those outside the room were told (S05). */
export function evaluationView(evaluation: Evaluation, goals: readonly Goal[]): EvaluationView {
  const { date, mode, patient, changes, messages, unfinished } = evaluation;
  const when = [date ? dateText(date) : t('eval.undated'), mode].filter(Boolean).join(' ');
  const read = messages.filter(message => message.read !== undefined);
  const unread = messages.filter(message => message.read === undefined);
  return {
    heading: `${when} · ${patient ? t('eval.patient', { how: patient }) : t('eval.patient.unknown')}`,
    facts: [
      changes.length > 0 ? changesText(changes.length) : undefined,
      ...read.map(({ to, read: at }) =>
        t('eval.message.read', { who: to ?? someone(), date: dateText(at ?? '') }),
      ),
      ...(messages.length === 0 ? evaluation.doctor.map(text => t('eval.doctor', { text })) : []),
    ].filter(fact => fact !== undefined),
    warnings: [
      ...(unfinished ? [t('eval.unfinished', { status: statusText(unfinished) })] : []),
      ...unread.map(({ to }) => t('eval.message.unread', { who: to ?? someone() })),
    ],
    more: moreOf(evaluation, goals),
  };
}

const someone = () => t('eval.message.someone');

const changesText = (n: number) => (n === 1 ? t('eval.changes.one') : t('eval.changes', { n }));

function statusText(status: string): string {
  const key = `eval.status.${status}` as const;
  return isKey(key) ? t(key) : status;
}

function moreOf(evaluation: Evaluation, goals: readonly Goal[]): readonly EvaluationPart[] {
  const { type, present, helped, didNotHelp, changes, crises, doctor, messages, others } =
    evaluation;
  const about = [
    type,
    present.length > 0 ? t('eval.present', { who: present.join(', ') }) : undefined,
    evaluation.by ? t('eval.by', { who: evaluation.by }) : undefined,
    helped.length > 0 ? t('eval.helped', { text: helped.join('. ') }) : undefined,
    didNotHelp.length > 0 ? t('eval.didNotHelp', { text: didNotHelp.join('. ') }) : undefined,
    crises ? t('eval.crises', { n: crises }) : undefined,
    ...(messages.length > 0 ? doctor.map(text => t('eval.doctor', { text })) : []),
    evaluation.next ? t('eval.nextWas', { date: dateText(evaluation.next) }) : undefined,
    ...others.map(({ label, text }) => (label ? `${label}: ${text}` : text)),
  ].filter(line => line !== undefined);
  const evaluated = evaluation.goals.map(({ goal, achievement, score }) => {
    const text = goals.find(({ ref }) => ref !== undefined && ref === goal)?.text;
    return [
      text ?? t('goal.unread'),
      achievement && achievementText(achievement),
      score === undefined ? undefined : scoreText(score),
    ]
      .filter(Boolean)
      .join(' · ');
  });
  return [
    { heading: undefined, lines: about },
    { heading: t('plan.goals.title'), lines: evaluated },
    { heading: t('eval.changed'), lines: changes },
  ].filter(({ lines }) => lines.length > 0);
}

/** «Neste evaluering 07.01.2027 (om 47 dager)»: the first one of the plans in force, else what was last agreed. */
export function nextEvaluationText(
  plans: readonly Plan[],
  evaluations: readonly Evaluation[],
  now: Date,
): { readonly text: string; readonly overdue: boolean } | undefined {
  const planned = plans
    .filter(({ standing }) => standing === 'in-force')
    .flatMap(({ nextEvaluation }) => nextEvaluation ?? [])
    .toSorted()[0];
  const newest = evaluations.toSorted((a, b) => newestFirst(a.date, b.date))[0];
  const date = planned ?? newest?.next;
  if (!date) return undefined;
  const days = -daysBetween(date, now);
  const values = { date: dateText(date), when: awayText(days) };
  return {
    text: t(days < 0 ? 'plan.nextEvaluation.overdue' : 'plan.nextEvaluation', values),
    overdue: days < 0,
  };
}

function awayText(days: number): string {
  if (days === 0) return t('eval.today');
  if (days === 1) return t('eval.in.one');
  if (days === -1) return t('eval.ago.one');
  return days > 0 ? t('eval.in', { n: days }) : t('eval.ago', { n: -days });
}
