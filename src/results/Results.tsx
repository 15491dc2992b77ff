import type { Analysis } from '../record/observations/results.ts';
import type { Series } from '../record/observations/series.ts';
import { useRecord } from '../record/record.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { Newest } from '../shell/Newest.tsx';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { SeriesItem } from '../shell/SeriesItem.tsx';
import { Text } from '../shell/Text.tsx';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { type ReportRow, type ResultsView, resultsView } from './results-view.ts';

const FRESH_HOURS = 24;
/** Analytes on screen before «vis alle». */
const SHOWN = 6;

/** Test results (S16): the newest of each analyte, as the laboratory wrote it. The panel interprets nothing. */
export function Results() {
  const reading = useRecord().results.value;
  return (
    <>
      <h2 class="heading">{t('section.results')}</h2>
      <ReadingFrame
        section="results"
        label={t('section.results')}
        subject={{ what: t('section.results') }}
        reading={reading}
        fresh={FRESH_HOURS}
        skeleton={4}
      >
        {({ items }) => items.length > 0 && <Content view={resultsView(items)} />}
      </ReadingFrame>
    </>
  );
}

function Content({ view }: { readonly view: ResultsView }) {
  return (
    <>
      <Newest rows={seriesRows(view.analytes, view)} shown={SHOWN} />
      {view.reports.length > 0 && (
        <details class="ds-details fold">
          <summary>{t('result.reports', { n: view.reports.length })}</summary>
          <ul class="plain">
            {view.reports.map(row => (
              <ReportItem key={row.report.source.from + row.report.source.ref} row={row} />
            ))}
          </ul>
        </details>
      )}
      {view.other.length > 0 && (
        <details class="ds-details fold">
          <summary>{t('result.other', { n: view.other.length })}</summary>
          <ul class="plain">{seriesRows(view.other, view)}</ul>
        </details>
      )}
      <p class="muted">{t('result.legend')}</p>
    </>
  );
}

const seriesRows = (series: readonly Series<Analysis>[], { more }: ResultsView) =>
  series.map(one => (
    <SeriesItem key={one.newest.source.from + one.newest.source.ref} series={one} more={more} />
  ));

function ReportItem({ row }: { readonly row: ReportRow }) {
  return (
    <ItemBox item={row.report}>
      <h3>
        <Text of={row.title} />
      </h3>
      <p class="muted">
        <Text of={row.facts.join(' · ')} />
      </p>
      {row.conclusion && (
        <p class="remark">
          <Text of={row.conclusion} />
        </p>
      )}
    </ItemBox>
  );
}
