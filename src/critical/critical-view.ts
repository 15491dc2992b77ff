import type { CriticalItem, CriticalKind } from '../record/model.ts';
import type { Flag } from '../record/reading.ts';
import { dateText } from '../shell/dates.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { flagsOn, isCurrent, worstFirst } from './critical-order.ts';

/** Critical information, worst first; what is over and what is not critical stand below, so that it all adds up. */
export interface CriticalView {
  readonly current: readonly CriticalRow[];
  readonly over: readonly CriticalRow[];
  readonly other: readonly CriticalRow[];
}

export interface CriticalRow {
  readonly item: CriticalItem;
  readonly flags: readonly Flag[];
  readonly icon: string;
  readonly severe: boolean;
  /** «Overfølsomhet» */
  readonly kind: string;
  /** «alvorlig · bekreftet» */
  readonly tags: readonly string[];
  readonly text: string;
  readonly details: readonly string[];
  /** «01.10.2024, Ingrid Fastlund» */
  readonly recorded: string | undefined;
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
  const severe = item.severity === 'high' && isCurrent(item);
  return {
    item,
    flags: flagsOn(item, items),
    icon: ICONS[item.kind],
    severe,
    kind: t(`crit.kind.${item.kind}`),
    tags: [
      ...(item.severity === 'high' ? [t('crit.severe')] : []),
      ...(item.certainty === 'unknown' ? [] : [t(`crit.${item.certainty}`)]),
    ],
    text: item.text ?? t('crit.noText'),
    details: item.details,
    recorded: [validText(item), recordedText(item)].filter(Boolean).join(' · ') || undefined,
    warnings: warningsOn(item),
  };
}

const validText = ({ validUntil, expired }: CriticalItem) =>
  validUntil && !expired ? t('crit.validUntil', { date: dateText(validUntil) }) : undefined;

function recordedText({ recorded, by }: CriticalItem): string | undefined {
  if (recorded && by) return t('crit.recorded', { date: dateText(recorded), who: by });
  return recorded ? dateText(recorded) : by;
}

function warningsOn({ currency, expired, validUntil, kind }: CriticalItem): readonly string[] {
  const date = validUntil && dateText(validUntil);
  return [
    ...(currency === 'unknown' && kind !== 'other' ? [t('crit.doubtful')] : []),
    ...(date && expired ? [t('crit.expired', { date })] : []),
  ];
}
