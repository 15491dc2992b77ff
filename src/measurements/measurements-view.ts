import type { Plan, Zone } from '../record/model.ts';
import type { Measurement } from '../record/observations/measurements.ts';
import { type Series, seriesOf } from '../record/observations/series.ts';
import type { Reading } from '../record/reading.ts';
import { dayOf, daysBetween, momentText } from '../shell/dates.ts';
import { listed } from '../shell/state-view.ts';
import '../shell/words/later.ts';
import '../shell/words/plan-words.ts';
import { t } from '../shell/words/words.ts';

export interface MeasurementsView {
  readonly kinds: readonly Series<Measurement>[];
  /** Where the values are from and how new that copy is, where another source did not answer. */
  readonly copy: string | undefined;
  /** The plan's zones, word for word, beside the values; which zone a value lies in is never computed. */
  readonly zones: readonly ZoneText[];
  /** Why there may be zones that are not shown. */
  readonly zonesUnread: string | undefined;
}

interface ZoneText {
  readonly zone: Zone;
  readonly name: string;
  readonly text: string;
}

export function measurementsView(
  reading: Reading<Measurement>,
  plans: Reading<Plan>,
  now: Date,
): MeasurementsView {
  const items = reading.state === 'loading' ? [] : reading.items;
  const missing = reading.state === 'loading' ? [] : reading.gaps;
  return {
    kinds: seriesOf(items),
    copy: missing.length > 0 ? copyText(items, now) : undefined,
    zones: plans.state === 'loading' ? [] : plans.items.flatMap(zonesOf),
    zonesUnread: zonesUnread(plans),
  };
}

/** «for 2 dager siden»; undefined where the source gives no day. */
export function ageText({ at }: Measurement, now: Date): string | undefined {
  if (at === undefined || !/^\d{4}-\d\d-\d\d$/.test(dayOf(at))) return undefined;
  const days = daysBetween(dayOf(at), now);
  if (days < 0) return t('age.ahead');
  if (days < 2) return t(days === 0 ? 'age.today' : 'age.yesterday');
  return t('age.days', { n: days });
}

/** A source that is silent clears nothing: what is shown is somebody's copy, and says when it was made. */
function copyText(items: readonly Measurement[], now: Date): string | undefined {
  const from = [...new Set(items.map(({ source }) => source.from))];
  const updated = items
    .map(({ source }) => Date.parse(source.lastUpdated ?? ''))
    .filter(time => !Number.isNaN(time));
  if (from.length === 0) return undefined;
  if (updated.length === 0) return t('measure.copy.undated', { source: listed(from) });
  const when = momentText(new Date(Math.max(...updated)), now);
  return t('measure.copy', { source: listed(from), when });
}

/** Only a self-treatment plan's: an acute plan's zones stand with the acute plan. */
function zonesOf({ kind, standing, zones }: Plan): readonly ZoneText[] {
  if (kind !== 'self-treatment' || standing === 'ended' || standing === 'draft') return [];
  return zones.map(zone => ({
    zone,
    name: t(`zone.${zone.level ?? 'unknown'}`),
    text: zone.condition ?? t('plan.line.noText'),
  }));
}

function zonesUnread(plans: Reading<Plan>): string | undefined {
  if (plans.state === 'loading') return t('measure.zones.loading');
  const unread = ['failed', 'withheld', 'not-permitted'].includes(plans.state);
  return unread || plans.gaps.length > 0 ? t('measure.zones.unread') : undefined;
}
