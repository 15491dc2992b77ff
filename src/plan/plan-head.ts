import type { Plan, PlanStanding } from '../record/model.ts';
import { dateText, daysBetween } from '../shell/dates.ts';
import { listed } from '../shell/state-view.ts';
import { t } from '../shell/words/words.ts';

export interface PlanHead {
  /** «Akuttplan v7 · gjelder nå» */
  readonly heading: string;
  /** The plan's own name, where it says more than its kind. */
  readonly title: string | undefined;
  /** «Evaluert 12.11.2026 med Maja · neste 07.01.2027» */
  readonly evaluated: string | undefined;
  readonly warning: string | undefined;
}

export function planHead(plan: Plan, now: Date): PlanHead {
  const name = planName(plan);
  return {
    heading: `${name} · ${standingText(plan)}`,
    title: ownTitle(plan),
    evaluated: evaluatedText(plan, now),
    warning: warningOn(plan),
  };
}

/** «Akuttplan v7» */
export function planName({ kind, version }: Plan): string {
  const name = t(`plan.kind.${kind}`);
  return version ? `${name} ${t('plan.version', { v: version.replace(/^v/i, '') })}` : name;
}

/** «Akuttplan for Maja» says nothing that heading and banner do not. */
function ownTitle({ title, kind }: Plan): string | undefined {
  if (!title) return undefined;
  return title.toLowerCase().startsWith(t(`plan.kind.${kind}`).toLowerCase()) ? undefined : title;
}

interface Standing {
  readonly standing: PlanStanding;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export function standingText({ standing, from, until }: Standing): string {
  switch (standing) {
    case 'expired':
      return until
        ? t('plan.standing.expired', { date: dateText(until) })
        : t('plan.standing.expired.undated');
    case 'not-yet':
      return from ? t('plan.standing.not-yet', { date: dateText(from) }) : t('plan.standing.ended');
    default:
      return t(`plan.standing.${standing}`);
  }
}

function warningOn({ standing, until, kind }: Plan): string | undefined {
  if (standing === 'doubtful') return t('plan.doubtful');
  if (standing !== 'expired') return undefined;
  if (!until) return t('plan.expired.undated');
  const date = dateText(until);
  return kind === 'acute' ? t('plan.expired', { date }) : t('plan.expired.other', { date });
}

function evaluatedText(plan: Plan, now: Date): string | undefined {
  const { evaluated, evaluatedWith, nextEvaluation } = plan;
  const date = evaluated && dateText(evaluated);
  const parts = [
    date && evaluatedWith ? t('plan.evaluated', { date, name: evaluatedWith }) : undefined,
    date && !evaluatedWith ? t('plan.evaluated.alone', { date }) : undefined,
    nextEvaluation ? nextText(nextEvaluation, now) : undefined,
  ].filter(part => part !== undefined);
  return parts.length > 0 ? parts.join(' · ') : undefined;
}

const nextText = (next: string, now: Date) =>
  t(daysBetween(next, now) > 0 ? 'plan.next.overdue' : 'plan.next', { date: dateText(next) });

/** «Finnes også: Akuttplan v6 (gjelder nå, fra 01.10.2026) og Egenbehandlingsplan v2 (gjelder nå)» */
export function alsoText(also: readonly Plan[], shown?: Plan): string | undefined {
  if (also.length === 0) return undefined;
  return t('plan.also', {
    plans: listed(also.map(plan => `${planName(plan)} (${asideText(plan, shown)})`)),
  });
}

/** «2 planer er fra samme dag …»: which of them holds is for whoever reads to find out. */
export function alikeText(shown: Plan | undefined, alike: readonly Plan[]): string | undefined {
  if (!shown || alike.length === 0) return undefined;
  const plans = [shown, ...alike];
  return t('plan.alike', {
    n: plans.length,
    date: shown.from ? dateText(shown.from) : '?',
    plans: listed(plans.map(plan => `${planName(plan)} (${plan.source.from})`)),
  });
}

/** A document says when it is from; anything else whether it is in force, and from when beside one of its kind. */
function asideText(plan: Plan, shown: Plan | undefined): string {
  const { document, from, kind, standing } = plan;
  if (!document) {
    const dated = kind === shown?.kind && from !== undefined && standing !== 'not-yet';
    return dated
      ? t('plan.aside', { standing: standingText(plan), date: dateText(from) })
      : standingText(plan);
  }
  return document.date
    ? t('plan.document.short', { date: dateText(document.date) })
    : t('plan.document.short.undated');
}
