import type { Contact, Plan } from '../record/model.ts';
import type { Evaluation } from '../record/plans/evaluations.ts';
import type { PlanEvent } from '../record/plans/plan-details.ts';
import { dateText } from '../shell/dates.ts';
import { dialable, phoneText } from '../shell/numbers.ts';
import { t } from '../shell/words/words.ts';
import { detailsIn } from './plan-list.ts';
import { factsOn, type PlanView, planView } from './plan-view.ts';

/** Validity, who made it and with whom, and what the source remarks. */
export function pageFacts(plan: Plan): readonly string[] {
  const details = detailsIn(plan);
  return [
    ...factsOn(plan),
    details?.withPatient ? t('plan.withPatient') : undefined,
    details && details.contributors.length > 0
      ? t('plan.contributors', { who: details.contributors.join(', ') })
      : undefined,
    details?.nextMeeting ? t('plan.meeting', { date: dateText(details.nextMeeting) }) : undefined,
    details?.comment ? t('plan.comment', { text: details.comment }) : undefined,
    ...(details?.notes ?? []),
  ].filter(fact => fact !== undefined);
}

export interface CoordinatorView {
  readonly text: string;
  readonly number: string | undefined;
  readonly href: string | undefined;
}

/** Who coordinates, with the number to call. A test person's numbers are not callable. */
export function coordinatorView(contact: Contact, test: boolean): CoordinatorView {
  const { name, organization, numbers, ended, neverCall } = contact;
  const who = [name, organization].filter(Boolean).join(', ');
  const current = numbers === 'unread' ? undefined : numbers.find(number => number.current)?.value;
  const dial = current && !ended && !neverCall && !test ? dialable(current) : undefined;
  return {
    text: who ? t('plan.coordinator', { who }) : t('plan.coordinator.noName'),
    number: current && phoneText(current),
    href: dial && `tel:${dial}`,
  };
}

/** The lines of a plan whose measures are shown on their own: with who and when, not twice. */
export function linesView(plan: Plan): PlanView {
  if (!detailsIn(plan)) return planView(plan);
  const lines = plan.lines.filter(({ kind }) => kind !== 'measure');
  // The summary of an individual plan stands in the half it belongs to.
  const summary = plan.kind === 'individual' ? undefined : plan.summary;
  return planView({ ...plan, lines, summary });
}

/** The evaluations that concern this plan: based on it, pointed to by it, or about its goals. */
export function evaluationsOf(
  plan: Plan,
  evaluations: readonly Evaluation[],
): readonly Evaluation[] {
  const details = detailsIn(plan);
  const goals = new Set(details?.goals.flatMap(({ ref }) => ref ?? []));
  const concerns = ({ plans, source, meeting, goals: seen }: Evaluation) =>
    plans.includes(plan.source.ref) ||
    details?.outcomes.some(ref => ref === source.ref || ref === meeting) ||
    seen.some(({ goal }) => goal !== undefined && goals.has(goal));
  return evaluations.filter(
    evaluation => evaluation.source.from === plan.source.from && concerns(evaluation),
  );
}

/** «12.11.2026 · Akuttplan v7 godkjent · Tuva Poliklin» */
export const eventText = ({ at, what, by }: PlanEvent) =>
  [at ? dateText(at) : undefined, what, by].filter(Boolean).join(' · ');
