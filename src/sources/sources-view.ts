import type { Reading } from '../record/reading.ts';
import type { SectionName } from '../record/sources/kinds.ts';
import type { SourceReading, SourceSection } from '../record/sources/sources.ts';
import { momentText } from '../shell/dates.ts';
import { listed, stateView } from '../shell/state-view.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';

export interface SourcesView {
  /** «5 av 6 kilder svarte» */
  readonly completeness: string;
  /** Who has not answered, by name: «Pasientens måledata svarer ikke». */
  readonly missing: string | undefined;
  readonly sources: readonly SourceView[];
}

export interface SourceView {
  readonly label: string;
  /** «20.15», or «henter …» */
  readonly when: string;
  readonly busy: boolean;
  readonly whole: boolean;
  /** The source itself did not answer: a press asks it again. */
  readonly silent: boolean;
  readonly rows: readonly SourceRow[];
}

interface SourceRow {
  readonly name: SectionName;
  readonly what: string;
  readonly icon: string;
  readonly text: string;
  readonly whole: boolean;
}

const TITLES = {
  plans: 'section.plans',
  evaluations: 'section.evaluations',
  critical: 'section.critical',
  medicines: 'section.medication',
  documents: 'section.documents',
  results: 'section.results',
  measurements: 'section.measurements',
  history: 'section.history',
} as const satisfies Record<SectionName, string>;

/** What was asked of each source, how it went and when (S22). A source has answered when every question of it was. */
export function sourcesView(sources: readonly SourceReading[], now: Date): SourcesView {
  const views = sources.map(source => sourceView(source, now));
  const silent = views.filter(view => view.silent).map(({ label }) => label);
  const answered = sources.filter(hasAnswered).length;
  return {
    completeness: t('state.partial', { answered, total: sources.length }),
    missing: silent.length > 0 ? t('sources.missing', { who: listed(silent) }) : undefined,
    sources: views,
  };
}

const isSilent = ({ sections }: SourceReading) => sections.some(({ known }) => known?.failure);

const hasAnswered = (source: SourceReading) =>
  source.sections.every(({ known }) => known) && !isSilent(source);

function sourceView(source: SourceReading, now: Date): SourceView {
  const { label, busy, sections } = source;
  const rows = sections.map(section => rowOf(section, label));
  const times = sections.flatMap(({ known }) => known?.asOf.getTime() ?? []);
  const when = times.length > 0 ? momentText(new Date(Math.min(...times)), now) : '';
  return {
    label,
    when: busy ? t('sources.asking') : when,
    busy,
    whole: rows.every(row => row.whole),
    silent: isSilent(source),
    rows,
  };
}

function rowOf({ name, known }: SourceSection, source: string): SourceRow {
  const what = t(TITLES[name]);
  const reading: Reading<unknown> = known ?? { state: 'loading' };
  const state = stateView(reading, { what, source });
  if (!known) return { name, what, icon: '…', text: state?.title ?? what, whole: false };
  const partly = known.gaps.length > 0;
  if (state === undefined || known.items.length > 0)
    return {
      name,
      what,
      icon: partly ? '!' : '✓',
      text: t(partly ? 'sources.partly' : 'sources.rows', { n: known.received }),
      whole: !partly,
    };
  const text = state.look === 'failed' ? state.advice : undefined;
  return {
    name,
    what,
    icon: state.icon,
    text: text ?? sentence(state.title, what),
    whole: NOTHING_AMISS.has(state.look) && !partly,
  };
}

/** It answered, and holds nothing: nobody has to look closer. */
const NOTHING_AMISS: ReadonlySet<string> = new Set([
  'none-recorded',
  'asserted-none',
  'asserted-unknown',
]);

/** The row has already said what it is about. */
const sentence = (title: string, what: string) =>
  title.startsWith(`${what}: `) ? title.slice(what.length + 2) : title;
