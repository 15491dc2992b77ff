import { useSignalEffect } from '@preact/signals';
import { useRecord } from '../record/record.ts';
import { dateText } from '../shell/dates.ts';
import { Sign } from '../shell/icons.tsx';
import { Newest } from '../shell/Newest.tsx';
import { openTab } from '../shell/route.ts';
import { Skeleton } from '../shell/Skeleton.tsx';
import { DoseText, Text } from '../shell/Text.tsx';
import { tabNews } from '../shell/tab-news.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import './news.css';
import { missingText, type NewsRow, newsRow } from './news-view.ts';
import { type NewsState, useNews } from './use-news.ts';

/** Changes on screen before «vis alle». */
const SHOWN = 8;

/** What has changed since this user last looked (S18), most consequential first. */
export function News() {
  const news = useNews();
  const { session } = useRecord();
  useSignalEffect(() => {
    const state = news.value;
    const n = state.state === 'known' ? state.news.changes.length : 0;
    tabNews.value = n > 0 ? <NewsCount n={n} /> : undefined;
    return () => {
      tabNews.value = undefined;
    };
  });
  const state = news.value;
  return (
    <section class="news" aria-label={t('hist.title')} data-news={state.state}>
      <h2 class="heading">
        {t('hist.title')}
        {state.state === 'known' && (
          <output class="aside">{t('news.count', { n: state.news.changes.length })}</output>
        )}
      </h2>
      {state.state === 'loading' ? (
        <Skeleton lines={2} says={[t('state.loading', { source: session.label })]} />
      ) : (
        <Content state={state} />
      )}
    </section>
  );
}

/** «● 5», read aloud as «5 nye». */
const NewsCount = ({ n }: { readonly n: number }) => (
  <>
    {' '}
    <span aria-hidden="true">● {n}</span>
    <span class="ds-sr-only">{t('news.tab', { n })}</span>
  </>
);

type Told = Exclude<NewsState, { state: 'loading' }>;

function Content({ state }: { readonly state: Told }) {
  const { missing, settled, kept, markRead } = state.page;
  const mayBeMissing = missingText(missing);
  const changes = state.state === 'known' ? state.news.changes : [];
  const undated = state.state === 'known' ? state.news.undated : 0;
  const wholly = changes.length === 0 && !mayBeMissing && undated === 0;
  return (
    <>
      <p class="muted">{lookText(state)}</p>
      {mayBeMissing && <p class="warn">{mayBeMissing}</p>}
      {undated > 0 && <p class="muted">{t('news.undated', { n: undated })}</p>}
      {state.state === 'known' && wholly && <p>{t('news.caughtUp')}</p>}
      <Newest
        rows={changes.map(newsRow).map(row => <Row key={row.key} row={row} />)}
        shown={SHOWN}
      />
      {changes.length > 0 && <p class="muted">{t('news.results')}</p>}
      <div class="news-actions">
        <button
          type="button"
          class="ds-button"
          data-variant="secondary"
          aria-disabled={!settled}
          onClick={() => settled && markRead()}
        >
          {t('news.markRead')}
        </button>
        <button
          type="button"
          class="ds-button"
          data-variant="secondary"
          onClick={() => openTab('planer')}
        >
          {t('news.showPlan')}
        </button>
      </div>
      {!settled && <p class="muted">{t('news.notSettled')}</p>}
      {!kept && <p class="muted">{t('news.notKept')}</p>}
    </>
  );
}

function lookText(state: Told): string {
  if (state.state === 'known') return t('hist.since', { date: dateText(state.look) });
  return state.sure ? t('hist.first') : t('news.unknownLook');
}

function Row({ row }: { readonly row: NewsRow }) {
  return (
    <li class="item news-row" data-news-kind={row.kind}>
      <Sign of={row.sign} />
      <div>
        <p>
          {row.not && <strong class="not">{row.not} </strong>}
          <b>
            <Text of={row.title} />
          </b>{' '}
          {row.how && (
            <span class="news-how">
              <DoseText of={row.how} />
            </span>
          )}
        </p>
        {row.details.map((detail, index) => (
          <p key={index}>
            <DoseText of={detail} />
          </p>
        ))}
        {row.warnings.map(warning => (
          <p key={warning} class="flag">
            {warning}
          </p>
        ))}
        <p class="muted">
          <Text of={row.when} />
        </p>
      </div>
    </li>
  );
}
