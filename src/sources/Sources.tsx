import { useRecord } from '../record/record.ts';
import { Sign } from '../shell/icons.tsx';
import { useNow } from '../shell/now.ts';
import { Text } from '../shell/Text.tsx';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { type SourceView, sourcesView } from './sources-view.ts';

/** Where everything on screen comes from, and whether all of it came: each source with its own state and retry. */
export function Sources() {
  const { session, sources, refresh } = useRecord();
  const view = sourcesView(sources.value, useNow());
  const busy = view.sources.some(source => source.busy);
  return (
    <>
      <h2 class="heading">
        {t('sources.title')}
        <output class="aside">{view.completeness}</output>
      </h2>
      {view.missing && (
        <p class="warn">
          <Text of={view.missing} />
        </p>
      )}
      {view.sources.map(source => (
        <OneSource key={source.label} source={source} retry={() => void refresh(source.label)} />
      ))}
      {session.user.name && (
        <p class="muted">
          <Text of={t('sources.user', { name: session.user.name })} />
        </p>
      )}
      <button
        type="button"
        class="ds-button"
        data-variant="secondary"
        aria-disabled={busy}
        onClick={() => void (busy || refresh())}
      >
        {t('sources.refresh')}
      </button>
    </>
  );
}

interface Props {
  readonly source: SourceView;
  readonly retry: () => void;
}

/** Folded while all is well: what a source was asked is for whoever wonders. */
function OneSource({ source, retry }: Props) {
  return (
    <section
      class={source.whole ? 'item source' : 'item source warn-edge'}
      aria-label={source.label}
      data-source={source.label}
    >
      <details class="ds-details fold" open={!source.whole}>
        <summary>
          <Text of={source.label} /> <span class="aside">{source.when}</span>
        </summary>
        <ul class="plain">
          {source.rows.map(row => (
            <li key={row.name}>
              <Sign of={row.icon} /> {row.what}: <span class="muted">{row.text}</span>
            </li>
          ))}
        </ul>
      </details>
      {source.silent && (
        <button
          type="button"
          class="ds-button"
          data-variant="secondary"
          aria-disabled={source.busy}
          onClick={() => source.busy || retry()}
        >
          {t('sources.retry', { source: source.label })}
        </button>
      )}
    </section>
  );
}
