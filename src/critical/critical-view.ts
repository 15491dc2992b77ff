import { detailsOf } from '../record/critical/critical-details.ts';
import type { CriticalItem, CriticalKind } from '../record/model.ts';
import type { Flag } from '../record/reading.ts';
import { dateText } from '../shell/dates.ts';
import { listed } from '../shell/state-view.ts';
import '../shell/words/later.ts';
import '../shell/words/safety-words.ts';
import { isKey, t } from '../shell/words/words.ts';
import { contradicting, flagsOn, isCurrent, isHlrMinus, worstFirst } from './critical-order.ts';
import { disagreement, gradeOf, sourceLines } from './source-view.ts';

/** Critical information, worst first; what is over and what is not critical stand below, so that it all adds up. */
export interface CriticalView {
  readonly current: readonly CriticalRow[];
  readonly over: readonly CriticalRow[];
  readonly other: readonly CriticalRow[];
}

export interface CriticalRow {
  readonly item: CriticalItem;
  readonly flags: readonly Flag[];
  /** Flags that the warnings already put into words. */
  readonly said: readonly Flag[];
  readonly icon: string;
  readonly severe: boolean;
  /** «Overfølsomhet» */
  readonly kind: string;
  /** «alvorlig · bekreftet», and security labels */
  readonly tags: readonly string[];
  readonly text: string;
  readonly details: readonly string[];
  /** One line per source that has it: «Kjernejournal · 01.10.2024, Ingrid Fastlund» */
  readonly sources: readonly string[];
  readonly warnings: readonly string[];
}

const ICONS: Readonly<Record<CriticalKind, string>> = {
  hypersensitivity: '▲',
  'limits-of-care': '■',
  treatment: '●',
  condition: '◆',
  infection: '◆',
  implant: '◆',
  anaesthesia: '◆',
  'procedure-change': '●',
  other: '○',
};

export function criticalView(items: readonly CriticalItem[]): CriticalView {
  const rows = worstFirst(items).map(item => rowOf(item, items));
  return {
    current: rows.filter(({ item }) => item.kind !== 'other' && isCurrent(item)),
    over: rows.filter(({ item }) => item.kind !== 'other' && !isCurrent(item)),
    other: rows.filter(({ item }) => item.kind === 'other'),
  };
}

function rowOf(item: CriticalItem, items: readonly CriticalItem[]): CriticalRow {
  const everywhere = [item, ...(item.also ?? [])];
  const conflicts = conflictsOn(item, items);
  return {
    item,
    flags: flagsOn(item, items),
    said: conflicts.length > 0 ? ['contradiction'] : [],
    icon: ICONS[item.kind],
    severe: item.severity === 'high' && isCurrent(item),
    kind: t(`crit.kind.${item.kind}`),
    tags: [
      ...gradeOf(item),
      ...new Set(everywhere.flatMap(one => detailsOf(one).labels).map(labelText)),
    ],
    text: item.text ?? t('crit.noText'),
    details: [
      ...(isHlrMinus(item) ? [t('crit.hlr')] : []),
      ...new Set(everywhere.flatMap(({ details }) => details)),
    ],
    sources: sourceLines(item),
    warnings: [...conflicts, ...warningsOn(item)],
  };
}

/** A security label in words; its bare code says little, and is still better than nothing. */
function labelText(label: string): string {
  const key = `label.${label}` as const;
  return isKey(key) ? t(key) : label;
}

function conflictsOn(item: CriticalItem, items: readonly CriticalItem[]): readonly string[] {
  const others = contradicting(item, items);
  const disagree = disagreement(item);
  const source = listed([...new Set(others.map(other => other.source.from))]);
  const what = listed(others.map(({ text }) => text ?? t('crit.noText')));
  return [
    ...(others.length === 0
      ? []
      : [t(item.none === undefined ? 'crit.denied' : 'crit.denies', { source, what })]),
    ...(disagree ? [disagree] : []),
  ];
}

function warningsOn({ currency, expired, validUntil, kind }: CriticalItem): readonly string[] {
  const date = validUntil && dateText(validUntil);
  return [
    ...(currency === 'unknown' && kind !== 'other' ? [t('crit.doubtful')] : []),
    ...(date && expired
      ? [t(kind === 'limits-of-care' ? 'crit.expired.limits' : 'crit.expired', { date })]
      : []),
  ];
}
