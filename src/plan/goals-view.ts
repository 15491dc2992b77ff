import type { Evaluation, GoalEvaluation } from '../record/plans/evaluations.ts';
import type { Goal } from '../record/plans/goals.ts';
import type { Measure } from '../record/plans/measures.ts';
import { dateText, daysBetween } from '../shell/dates.ts';
import '../shell/words/plan-words.ts';
import { newestFirst } from '../record/when.ts';
import { isKey, t } from '../shell/words/words.ts';

export interface GoalView {
  readonly text: string;
  /** The patient's words. */
  readonly quoted: boolean;
  /** How far it has come, and when it is due. */
  readonly facts: readonly string[];
  /** The patient's own score, where it fits on a scale of ten. */
  readonly score: number | undefined;
}

/** One goal with how far it has come: what the goal itself says, else what the newest evaluation of it said. */
export function goalView(goal: Goal, evaluations: readonly Evaluation[]): GoalView {
  const latest = latestOf(goal, evaluations);
  const score = latest.find(each => each.score !== undefined)?.score;
  const achievement =
    goal.achievement ?? latest.find(each => each.achievement !== undefined)?.achievement;
  return {
    text: goal.text === undefined ? t('goal.unread') : quotedText(goal.text, goal.patientsOwn),
    quoted: goal.patientsOwn,
    facts: [
      goal.lifecycle && lifecycleText(goal.lifecycle),
      achievement && achievementText(achievement),
      score === undefined ? undefined : scoreText(score),
      ...goal.due.map(due => t('goal.due', { date: dateText(due) })),
      goal.by && t('goal.by', { who: goal.by }),
    ].filter(fact => fact !== undefined),
    score: score !== undefined && isOnScale(score) ? score : undefined,
  };
}

/** «…», unless the source already quotes it. */
const quotedText = (text: string, own: boolean) =>
  own && !/^[«"“]/.test(text) ? `«${text}»` : text;

/** Newest first. Evaluations name goals of their own source only. */
const latestOf = ({ ref }: Goal, evaluations: readonly Evaluation[]): readonly GoalEvaluation[] =>
  ref === undefined
    ? []
    : evaluations
        .toSorted((a, b) => newestFirst(a.date, b.date))
        .flatMap(({ goals }) => goals.filter(({ goal }) => goal === ref));

const isOnScale = (score: number) => score >= 0 && score <= 10;

export const scoreText = (score: number) =>
  isOnScale(score) ? t('goal.score', { n: score }) : t('goal.score.other', { n: score });

export function achievementText(achievement: string): string {
  const key = `goal.is.${achievement}` as const;
  return isKey(key) ? t(key) : achievement;
}

function lifecycleText(lifecycle: string): string {
  const key = `goal.life.${lifecycle}` as const;
  return isKey(key) ? t(key) : lifecycle;
}

export interface MeasureView {
  readonly text: string;
  readonly facts: readonly string[];
}

/** What is to be done, who is responsible, and by when. */
export function measureView(measure: Measure, now: Date): MeasureView {
  const { not, status, responsible, from, due, notes } = measure;
  const told = measure.text ?? t('plan.line.noText');
  const who = responsible.filter(name => name !== undefined);
  const key = `line.${status ?? ''}` as const;
  return {
    text: not && !/^ikke(?!\p{L})/iu.test(told) ? t('plan.line.not', { text: told }) : told,
    facts: [
      status === undefined ? undefined : isKey(key) ? t(key) : status,
      who.length > 0 ? t('plan.measure.who', { who: who.join(', ') }) : undefined,
      who.length < responsible.length ? t('plan.measure.unread') : undefined,
      from && !due ? t('plan.measure.from', { date: dateText(from) }) : undefined,
      due && dueText(due, now, status),
      // The same period once more, as the machine writes it, tells nobody more.
      ...notes.filter(note => !from || !due || !note.includes(`${from}/${due}`)),
    ].filter(fact => fact !== undefined),
  };
}

/** A deadline that has passed is only late while somebody is still to do it. */
const dueText = (due: string, now: Date, status: string | undefined) =>
  t(
    status === undefined && daysBetween(due, now) > 0 ? 'plan.measure.overdue' : 'plan.measure.due',
    {
      date: dateText(due),
    },
  );
