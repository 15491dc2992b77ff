import type { CriticalItem } from '../record/model.ts';
import type { Known, Reading } from '../record/reading.ts';
import { dateText } from '../shell/dates.ts';
import type { SafetyView } from '../shell/SafetyLine.tsx';
import { t } from '../shell/words/words.ts';
import { counts, flagsOn, isAllergy, isCurrent, worstFirst } from './critical-order.ts';

/** How many allergies are named; the rest are counted, and one touch away. */
const NAMED = 2;

/** The one line that is always on screen: allergies in their own state, then limits of care, then how much more there is. */
export function safetyView(reading: Reading<CriticalItem>, source: string): SafetyView {
  if (reading.state === 'loading')
    return { look: 'loading', icon: '…', parts: [t('allergy.loading', { source })] };
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
      ...new Set(limits.map(limitText)),
      ...(n > 0 ? [t(count, { n })] : []),
    ],
  };
}

/** The two words everybody at the bedside must hear, where nothing about them is in doubt; any other decision is named as one. */
const limitText = ({ text, currency, expired, flags }: CriticalItem) =>
  t(
    currency === 'current' &&
      !expired &&
      flags.length === 0 &&
      /^\s*hlr[\s-]*minus/i.test(text ?? '')
      ? 'safety.hlr'
      : 'safety.limits',
  );

function allergyLine(known: Known<CriticalItem>, source: string): SafetyView {
  const allergies = worstFirst(known.items).filter(item => isCurrent(item) && isAllergy(item));
  if (allergies.length > 0) {
    const names = allergies.slice(0, NAMED).map(({ text }) => text ?? t('crit.noText'));
    const more = allergies.length - NAMED;
    const what = [names.join(', '), ...(more > 0 ? [t('safety.more', { n: more })] : [])].join(' ');
    const doubt = known.items.some(item => flagsOn(item, known.items).includes('contradiction'));
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

/** Why allergies may be missing. Until this is undefined nothing may be concluded from their absence (HZ04). */
function gapLine(known: Known<CriticalItem>, source: string): SafetyView | undefined {
  const gaps = known.gaps.filter(({ what }) => what === 'AllergyIntolerance').map(({ why }) => why);
  if (known.state === 'withheld' || gaps.includes('withheld'))
    return { look: 'withheld', icon: 'lock', parts: [withheldWords(known, source)] };
  if (known.state === 'not-permitted' || gaps.includes('not-permitted'))
    return { look: 'failed', icon: '⊘', parts: [t('allergy.notPermitted')] };
  if (known.state === 'not-supported' || gaps.includes('not-supported'))
    return { look: 'failed', icon: '–', parts: [t('allergy.notSupported', { source })] };
  if (known.state === 'failed' || gaps.includes('failed'))
    return { look: 'failed', icon: '✕', parts: [t('allergy.unavailable', { source })] };
  const aside = known.setAside.some(({ ref }) => ref.startsWith('AllergyIntolerance'));
  return gaps.length > 0 || aside
    ? { look: 'failed', icon: '✕', parts: [t('allergy.incomplete', { source })] }
    : undefined;
}

function withheldWords({ withheld }: Known<CriticalItem>, source: string): string {
  if (withheld === 'restricted') return t('allergy.restricted');
  if (withheld === 'reserved') return t('allergy.reserved');
  return t('allergy.withheld', { source });
}
