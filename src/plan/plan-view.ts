import type { LineKind, Plan, PlanLine, Zone } from '../record/model.ts';
import { dateText } from '../shell/dates.ts';
import '../shell/words/plan-words.ts';
import { isKey, t } from '../shell/words/words.ts';
import { standingText } from './plan-head.ts';

export interface PlanView {
  readonly doNow: readonly string[];
  readonly avoid: readonly string[];
  readonly blocks: readonly Block[];
  readonly empty: boolean;
  /** «Gjelder til 12.05.2027», «Laget av …», «Godkjent av pasienten …» */
  readonly facts: readonly string[];
  readonly document: string | undefined;
}

export interface Block {
  readonly title: string;
  readonly count: number;
  readonly parts: readonly BlockPart[];
  /** The patient's own words, shown as such. */
  readonly own: boolean;
}

export interface BlockPart {
  readonly heading: string | undefined;
  readonly lines: readonly string[];
  readonly zone: Zone | undefined;
}

export function planView(plan: Plan): PlanView {
  const of = (kind: Place) =>
    plan.lines.filter(line => placeOf(line) === kind).map(line => lineText(line));
  const blocks = blocksIn(plan, of);
  const doNow = of('do-now');
  const avoid = of('avoid');
  return {
    doNow,
    avoid,
    blocks,
    empty: doNow.length + avoid.length + blocks.length === 0 && plan.document === undefined,
    facts: factsOn(plan),
    document: documentText(plan),
  };
}

const GONE = ['completed', 'cancelled', 'stopped', 'revoked', 'entered-in-error'];
type Place = LineKind | 'gone';

/** Something NOT to do stands under «Unngå», whatever it was coded as; what is done or cancelled is not to do now. */
function placeOf({ kind, not, status }: PlanLine): Place {
  if (not) return 'avoid';
  return kind === 'do-now' && status && GONE.includes(status) ? 'gone' : kind;
}

/** A text that already says «ikke» or stands under «Unngå» as such is not negated twice. A zone has no such heading. */
function lineText({ text = t('plan.line.noText'), not, kind, status }: PlanLine, zone = false) {
  const avoid = kind === 'avoid';
  const negated =
    (zone ? not || avoid : not && !avoid) &&
    !/^(ikke|unngå|aldri|not|do not|never|avoid)(?!\p{L})/iu.test(text);
  const line = negated ? t('plan.line.not', { text }) : text;
  return status ? `${line} (${statusText(status)})` : line;
}

function statusText(status: string): string {
  const key = `line.${status}` as const;
  return isKey(key) ? t(key) : status;
}

/** Blocks of one kind of line each. */
const TITLES = {
  'admit-if': 'admit.when',
  triggers: 'plan.triggers',
  coping: 'plan.coping',
  afterwards: 'after',
  capacity: 'capacity',
  practical: 'plan.practical',
  measure: 'plan.measures',
} as const;

function blocksIn(plan: Plan, of: (kind: Place) => readonly string[]): readonly Block[] {
  const single = (kind: keyof typeof TITLES) => block(t(TITLES[kind]), [part(of(kind))]);
  const own = block(
    t('words'),
    [
      part(of('matters-most'), t('plan.matters')),
      part(of('helps'), t('plan.helps')),
      part(of('worsens'), t('plan.worsens')),
    ],
    true,
  );
  return [
    block(t('plan.gone'), [part(of('gone'))]),
    block(t('plan.summary'), [part(plan.summary ? [plan.summary] : [])]),
    single('admit-if'),
    own,
    block(t('plan.zones'), plan.zones.map(zonePart)),
    single('triggers'),
    single('coping'),
    single('afterwards'),
    single('capacity'),
    single('practical'),
    single('measure'),
  ].filter(each => each.count > 0);
}

const part = (lines: readonly string[], heading?: string): BlockPart => ({
  heading,
  lines,
  zone: undefined,
});

function zonePart(zone: Zone): BlockPart {
  const name = [t(`zone.${zone.level ?? 'unknown'}`), zone.condition].filter(Boolean).join(': ');
  return {
    heading: zone.standing === 'in-force' ? name : `${name} · ${standingText(zone)}`,
    lines: zone.lines.map(line => lineText(line, true)),
    zone,
  };
}

function block(title: string, parts: readonly BlockPart[], own = false): Block {
  const shown = parts.filter(({ lines, zone }) => zone !== undefined || lines.length > 0);
  const count = shown.reduce((sum, { lines, zone }) => sum + (zone ? 1 : lines.length), 0);
  return { title, count, parts: shown, own };
}

export function factsOn(plan: Plan): readonly string[] {
  const { author, approvedByPatient } = plan;
  return [
    periodText(plan),
    author ? t('plan.author', { who: author }) : undefined,
    approvedByPatient ? t('plan.approved', { date: dateText(approvedByPatient) }) : undefined,
  ].filter(fact => fact !== undefined);
}

function periodText({ from, until }: Plan): string | undefined {
  if (from && until) return t('plan.period', { from: dateText(from), until: dateText(until) });
  if (from) return t('plan.period.from', { from: dateText(from) });
  return until === undefined ? undefined : t('plan.period.until', { until: dateText(until) });
}

function documentText({ document }: Plan): string | undefined {
  if (!document) return undefined;
  const where = document.date
    ? t('plan.document', { date: dateText(document.date) })
    : t('plan.document.undated');
  return document.restricted ? `${where} ${t('plan.document.restricted')}` : where;
}
