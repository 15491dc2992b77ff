import type { CriticalItem } from '../record/model.ts';
import type { Known, Missing, Reading, Withheld } from '../record/reading.ts';
import { dateText } from '../shell/dates.ts';
import type { SafetyView } from '../shell/SafetyLine.tsx';
import { listed, whoseState } from '../shell/state-view.ts';
import '../shell/words/safety-words.ts';
import { t } from '../shell/words/words.ts';
import {
  contradicting,
  counts,
  isAllergy,
  isCurrent,
  isHlrMinus,
  worstFirst,
} from './critical-order.ts';

/** How many allergies are named; the rest are counted, and one touch away. */
const NAMED = 2;

/**
 * The one line that is always on screen: allergies in their own state, then limits of care, then how much more there is.
 * HLR-minus is said only where nothing about it is in doubt; any other decision is named as one.
 */
export function safetyView(reading: Reading<CriticalItem>, source: string): SafetyView {
  if (reading.state === 'loading') return loadingLine(whoseState(reading, source));
  const allergies = allergyLine(reading, source);
  const limits = worstFirst(reading.items).filter(
    item => item.kind === 'limits-of-care' && isCurrent(item),
  );
  const n = reading.items.filter(counts).length;
  const count = reading.gaps.length > 0 ? 'safety.count.least' : 'safety.count';
  return {
    ...allergies,
    parts: [
      ...allergies.parts,
      ...new Set(limits.map(item => t(isHlrMinus(item) ? 'safety.hlr' : 'safety.limits'))),
      ...(n > 0 ? [t(count, { n })] : []),
    ],
  };
}

function allergyLine(known: Known<CriticalItem>, source: string): SafetyView {
  const allergies = worstFirst(known.items).filter(item => isCurrent(item) && isAllergy(item));
  if (allergies.length > 0) {
    const names = allergies.slice(0, NAMED).map(({ text }) => text ?? t('crit.noText'));
    const more = allergies.length - NAMED;
    const what = [names.join(', '), ...(more > 0 ? [t('safety.more', { n: more })] : [])].join(' ');
    const doubt = allergies.some(item => contradicting(item, known.items).length > 0);
    return {
      look: 'danger',
      icon: '▲',
      parts: [t(doubt ? 'allergy.known.doubt' : 'allergy.known', { what })],
    };
  }
  return withoutAllergy(known, source);
}

function withoutAllergy(known: Known<CriticalItem>, source: string): SafetyView {
  const unfetched = gapLine(known, source);
  if (unfetched) return unfetched;
  const stated = known.items.filter(isCurrent).filter(({ flags }) => flags.length === 0);
  const none = stated.find(item => item.none !== undefined);
  if (none) return noneLine(none);
  if (stated.some(item => item.unknownStated) || known.state === 'asserted-unknown')
    return { look: 'unknown', icon: '?', parts: [t('allergy.unknown')] };
  return { look: 'unknown', icon: '○', parts: [t('allergy.notRecorded')] };
}

/** What the section itself says when all it holds is such a statement. */
export function statedNone(items: readonly CriticalItem[]): string | undefined {
  const none = items.find(item => item.none !== undefined);
  return none && noneLine(none).parts[0];
}

/** As wide as it was said and no wider, with who and when; without them it is nothing to build on. */
function noneLine({ none, recorded, by }: CriticalItem): SafetyView {
  if (!none || !recorded || !by)
    return { look: 'unknown', icon: '?', parts: [t('allergy.none.unsigned')] };
  const signed = { date: dateText(recorded), who: by };
  const words = none === 'allergy' ? t('allergy.none', signed) : t(`allergy.none.${none}`, signed);
  return { look: 'known', icon: '■', parts: [words] };
}

/** What may not have come without any allergy being missing. */
const OTHER_TYPES: ReadonlySet<string> = new Set(['Condition', 'Procedure', 'Flag', 'Consent']);

/**
 * Why allergies may be missing, and by whose silence. Until this is undefined nothing may be concluded from their
 * absence, whatever the other sources say (HZ04).
 */
function gapLine(known: Known<CriticalItem>, ehr: string): SafetyView | undefined {
  const gaps = known.gaps.filter(({ what }) => !OTHER_TYPES.has(what));
  const has = (why: Missing['why']) => known.state === why || gaps.some(gap => gap.why === why);
  const source = (...whys: readonly Missing['why'][]) => {
    const names = gaps.filter(({ why }) => whys.includes(why)).map(({ from }) => from);
    return names.length > 0 ? listed([...new Set(names)]) : (known.failing ?? ehr);
  };
  if (has('withheld')) {
    const reason = gaps.find(({ why }) => why === 'withheld')?.withheld ?? known.withheld;
    const words = withheldWords(reason, source('withheld'));
    return { look: 'withheld', icon: 'lock', parts: [words] };
  }
  if (has('not-permitted'))
    return { look: 'failed', icon: '⊘', parts: [t('allergy.notPermitted')] };
  if (has('not-supported')) {
    const words = t('allergy.notSupported', { source: source('not-supported') });
    return { look: 'failed', icon: '–', parts: [words] };
  }
  if (has('failed')) {
    const words = t('allergy.unavailable', { source: source('failed') });
    return { look: 'failed', icon: '✕', parts: [words] };
  }
  if (has('waiting')) return loadingLine(source('waiting'));
  const aside = known.setAside.some(({ ref }) => ref.startsWith('AllergyIntolerance'));
  if (gaps.length === 0 && !aside) return undefined;
  const partly = gaps.length > 0 ? source(...gaps.map(({ why }) => why)) : listed(known.from);
  return { look: 'failed', icon: '✕', parts: [t('allergy.incomplete', { source: partly })] };
}

const loadingLine = (source: string): SafetyView => ({
  look: 'loading',
  icon: '…',
  parts: [t('allergy.loading', { source })],
});

function withheldWords(reason: Withheld | undefined, source: string): string {
  if (reason === 'restricted') return t('allergy.restricted');
  if (reason === 'reserved') return t('allergy.reserved');
  return t('allergy.withheld', { source });
}
