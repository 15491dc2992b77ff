import { newestOf } from '../record/observations/newest.ts';
import type { Analysis, Report, Result } from '../record/observations/results.ts';
import { type Series, seriesOf } from '../record/observations/series.ts';
import { whenText } from '../shell/value-text.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';

export interface ResultsView {
  /** Laboratory answers by analyte, the one answered last first. */
  readonly analytes: readonly Series<Analysis>[];
  readonly reports: readonly ReportRow[];
  /** Received, and neither laboratory answers nor measurements. */
  readonly other: readonly Series<Analysis>[];
  /** Of one answer: the report it came in, where that says more than the answer itself. */
  readonly more: (item: Analysis) => readonly string[];
}

export interface ReportRow {
  readonly report: Report;
  readonly title: string;
  readonly facts: readonly string[];
  readonly conclusion: string | undefined;
}

export function resultsView(results: readonly Result[]): ResultsView {
  const reports = newestOf(results.filter(isReport));
  const single = results.filter(isAnalysis);
  const analyses = [
    ...single.filter(({ kind }) => kind === 'laboratory'),
    ...reports.flatMap(({ contained }) => contained),
  ];
  const reportOf = new Map(
    reports.flatMap(report =>
      [report, ...(report.also ?? [])].flatMap(({ source, answers }) =>
        answers.map(ref => [`${source.from}|${ref}`, report] as const),
      ),
    ),
  );
  return {
    analytes: seriesOf(analyses),
    reports: reports.map(reportRow),
    other: seriesOf(single.filter(({ kind }) => kind === 'other')),
    more({ source, standing, performer, also = [] }) {
      const report = [source, ...also.map(other => other.source)]
        .map(({ from, ref }) => reportOf.get(`${from}|${ref}`))
        .find(Boolean);
      if (!report) return [];
      const said = report.standing !== standing && report.standing;
      return [
        said ? t('result.inReport', { standing: t(`value.${said}`) }) : '',
        performer ? '' : (report.laboratory ?? ''),
      ].filter(Boolean);
    },
  };
}

const isReport = (result: Result): result is Report => result.kind === 'report';
const isAnalysis = (result: Result): result is Analysis => result.kind !== 'report';

function reportRow(report: Report): ReportRow {
  const { name, at, laboratory, standing, answers, contained, unread, files } = report;
  const n = Math.max(answers.length, unread) + contained.length;
  return {
    report,
    title: name ?? t('result.report.noName'),
    facts: [
      whenText(at),
      laboratory ?? '',
      t('result.report.answers', { n }),
      standing ? t(`value.${standing}`) : '',
      unread > 0 ? t('result.report.unread', { n: unread }) : '',
      files > 0 ? t('result.report.files', { n: files }) : '',
    ].filter(Boolean),
    conclusion: report.conclusion,
  };
}
