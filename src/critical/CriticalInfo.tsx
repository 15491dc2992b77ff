import type { CriticalItem } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { CRITICAL_HEADING } from '../shell/SafetyLine.tsx';
import { Text } from '../shell/Text.tsx';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { counts } from './critical-order.ts';
import { type CriticalRow, criticalView } from './critical-view.ts';
import { statedNone } from './safety-view.ts';

const FRESH_HOURS = 24;

/** Worst first; category, severity, certainty, source and time on every item (S11). */
export function CriticalInfo() {
  const reading = useRecord().critical.value;
  return (
    <>
      <h2 id={CRITICAL_HEADING} class="heading" tabIndex={-1}>
        {titleOf(reading)}
      </h2>
      <ReadingFrame
        section="critical"
        label={t('section.critical')}
        subject={{
          what: t('section.critical'),
          asserted: reading.state === 'loading' ? undefined : statedNone(reading.items),
          unknown: t('allergy.unknown'),
        }}
        reading={reading}
        fresh={FRESH_HOURS}
        skeleton={4}
      >
        {({ items }) => {
          const view = criticalView(items);
          return (
            <>
              <Rows rows={view.current} />
              <Folded title={t('crit.over', { n: view.over.length })} rows={view.over} />
              <Folded title={t('crit.other', { n: view.other.length })} rows={view.other} />
            </>
          );
        }}
      </ReadingFrame>
    </>
  );
}

function titleOf(reading: Reading<CriticalItem>): string {
  const n = reading.state === 'loading' ? 0 : reading.items.filter(counts).length;
  return n > 0 ? t('crit.title', { n }) : t('section.critical');
}

function Rows({ rows }: { readonly rows: readonly CriticalRow[] }) {
  if (rows.length === 0) return null;
  return (
    <ul class="plain">
      {rows.map(row => (
        <Row key={`${row.item.source.from} ${row.item.source.ref}`} row={row} />
      ))}
    </ul>
  );
}

function Folded({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly CriticalRow[];
}) {
  if (rows.length === 0) return null;
  return (
    <details class="ds-details fold">
      <summary>{title}</summary>
      <Rows rows={rows} />
    </details>
  );
}

function Row({ row }: { readonly row: CriticalRow }) {
  return (
    <ItemBox
      item={row.item}
      flags={row.flags}
      said={row.said}
      class="critical"
      look={row.severe ? 'danger' : undefined}
    >
      <p class="muted">
        <span aria-hidden="true">{row.icon} </span>
        {[row.kind, ...row.tags].join(' · ')}
      </p>
      <p class="strong">
        <Text of={row.text} />
      </p>
      {row.details.map((detail, index) => (
        <p key={index}>
          <Text of={detail} />
        </p>
      ))}
      {row.warnings.map(warning => (
        <p key={warning} class="warn">
          <Text of={warning} />
        </p>
      ))}
      {row.sources.map(source => (
        <p key={source} class="muted">
          <Text of={source} />
        </p>
      ))}
    </ItemBox>
  );
}
