import type { Reading } from '../record/reading.ts';
import { momentText } from '../shell/dates.ts';
import { stateView } from '../shell/state-view.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';

export interface Asked {
  readonly what: string;
  readonly reading: Reading<unknown>;
}

export interface SourceView {
  /** «1 av 1 kilder svarte» */
  readonly completeness: string;
  readonly rows: readonly SourceRow[];
}

interface SourceRow {
  readonly what: string;
  readonly icon: string;
  readonly text: string;
  readonly when: string | undefined;
  readonly whole: boolean;
}

/** What was asked of a source, how it went and when. A source counts as having answered when every question was. */
export function sourceView(asked: readonly Asked[], source: string, now: Date): SourceView {
  const rows = asked.map(each => rowOf(each, source, now));
  const answered = asked.every(({ reading }) => reading.state !== 'loading' && !reading.failure);
  return {
    completeness: t('state.partial', { answered: answered ? 1 : 0, total: 1 }),
    rows,
  };
}

function rowOf({ what, reading }: Asked, source: string, now: Date): SourceRow {
  if (reading.state === 'loading')
    return { what, icon: '…', text: t('state.loading', { source }), when: undefined, whole: false };
  const state = stateView(reading, { what, source });
  const partly = reading.gaps.length > 0;
  const n = reading.received;
  const received = t(partly ? 'sources.partly' : 'sources.rows', { n });
  const shown = state === undefined || reading.items.length > 0;
  return {
    what,
    icon: shown ? (partly ? '!' : '✓') : state.icon,
    text: shown ? received : state.title,
    when: momentText(reading.asOf, now),
    whole: shown && !partly,
  };
}
