import type { Answer } from '../../fhir/failure.ts';
import { refOf } from '../../fhir/references.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import { analysisReader, reportReader } from '../observations/results.ts';
import { partOf, siftAnswer } from '../parts.ts';
import type { At, Contribution } from './at.ts';
import { exact, searchByPost } from './searched.ts';

/** Pasientens prøvesvar: reports from the laboratories, and the answers that come along with them (FHIR.md 10). */
export async function readNilar(given: At): Promise<Contribution> {
  const at = { ...given, session: exact(given.session) };
  const { label, iss } = at.session;
  const parameters = { _include: 'DiagnosticReport:result', _count: '100' };
  const first = await searchByPost(at, 'DiagnosticReport', parameters);
  const reports = await allPages(at.session, 'DiagnosticReport', first);
  const answers = broughtAlong(reports);
  const atHand = new Set(answers.ok ? answers.value.matches.map(refOf) : []);
  const shown = siftAnswer(reportReader(iss, atHand), reports, at.whose);
  const sifted = siftAnswer(analysisReader(atHand), answers, at.whose);
  return {
    results: [
      partOf(label, 'DiagnosticReport', reports, shown, true),
      // Without an answer the reports have already said so.
      ...(answers.ok ? [partOf(label, 'Observation', answers, sifted, false)] : []),
    ],
  };
}

/** What the reports are made of, received with them: each once, however many reports it is in. */
function broughtAlong(reports: Answer<Found>): Answer<Found> {
  if (!reports.ok) return reports;
  const observations = new Map(
    reports.value.included
      .filter(({ resourceType }) => resourceType === 'Observation')
      .map((raw, index) => [typeof raw['id'] === 'string' ? refOf(raw) : index, raw]),
  );
  const matches = [...observations.values()];
  return { ...reports, value: { ...reports.value, matches, remarks: [], gaps: [] } };
}
