import { useSignal } from '@preact/signals';
import type { Provenance } from '../record/news/provenance.ts';
import type { Item, Reading, Shared, Source } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { newestFirst } from '../record/when.ts';
import { isWhole } from '../record/whole.ts';
import './origin.css';
import { Text } from './Text.tsx';
import { whenText } from './value-text.ts';
import './words/later.ts';
import { t } from './words/words.ts';

/** Where one item comes from: its source, its version, and what the source's history tells of it (S18). */
export function Origin({ item }: { readonly item: Shared<Item> }) {
  const open = useSignal(false);
  return (
    <details
      class="origin"
      onToggle={event => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{t('origin.title')}</summary>
      {open.value &&
        [item, ...(item.also ?? [])].map(({ source }) => (
          <OneOrigin key={source.from + source.ref} source={source} />
        ))}
    </details>
  );
}

function OneOrigin({ source }: { readonly source: Source }) {
  const history = useRecord().history.value;
  const { from, ref, version, lastUpdated } = source;
  const events = eventsOn(source, history);
  const remark = historyRemark(history, events.length > 0);
  return (
    <>
      <dl>
        <dt>{t('origin.source')}</dt>
        <dd>
          <Text of={from} />
        </dd>
        <dt>{t('origin.type')}</dt>
        <dd>
          <Text of={ref.split('/')[0] ?? ref} />
        </dd>
        <dt>{t('origin.version')}</dt>
        <dd>
          <Text of={version ?? t('origin.missing')} />
        </dd>
        <dt>{t('origin.updated')}</dt>
        <dd>
          <Text of={lastUpdated ? whenText(lastUpdated) : t('origin.missing')} />
        </dd>
        <dt>{t('origin.history')}</dt>
        {events.map((event, index) => (
          <dd key={index}>
            <Text of={eventText(event)} />
          </dd>
        ))}
        {remark && <dd>{remark}</dd>}
      </dl>
    </>
  );
}

/** What the same source tells of exactly this, newest first. */
function eventsOn({ from, ref }: Source, history: Reading<Provenance>): readonly Provenance[] {
  if (history.state === 'loading') return [];
  const events = history.items.filter(
    ({ source, targets }) => source.from === from && targets.includes(ref),
  );
  const named = new Map(events.map(event => [event.source.ref, event]));
  return [...named.values()].toSorted((a, b) => newestFirst(a.at, b.at));
}

/** Why the history may be more than what is shown. */
function historyRemark(history: Reading<Provenance>, isTold: boolean): string | undefined {
  if (history.state === 'loading') return t('origin.history.waiting');
  if (!isWhole(history)) return t(isTold ? 'origin.history.partly' : 'origin.history.unread');
  return isTold ? undefined : t('origin.history.silent');
}

const eventText = ({ at, what, by }: Provenance) =>
  [whenText(at), what ?? t('news.event.unread'), by].filter(Boolean).join(' · ');
