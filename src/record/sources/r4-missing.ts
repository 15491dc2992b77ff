import type { Raw } from '../../fhir/ask.ts';
import { failed } from '../../fhir/failure.ts';
import { type Shelf, shelf } from '../../fhir/references.ts';
import { allPages } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { askTogether, type Question } from '../../fhir/together.ts';
import { missingQuestions } from './r4-searches.ts';

/** Rounds of asking for references nothing brought along: team, member, the member's person and unit. */
const MOST_ROUNDS = 3;

/** Translates with what is at hand; asks once more for what was referred to and missing, and translates again. */
export async function withMissing<T>(
  session: Session,
  resources: readonly Raw[],
  translate: (around: Shelf, known: readonly Raw[], asked: ReadonlySet<string>) => T,
  /** References already asked for, that need not be again. */
  already: Iterable<string> = [],
): Promise<T> {
  const known = [...resources];
  const asked = new Set(already);
  for (let round = 0; ; round++) {
    const around = shelf(session.iss, known);
    const translated = translate(around, known, asked);
    const missing = around.missing().filter(ref => !asked.has(ref));
    if (missing.length === 0 || round === MOST_ROUNDS) return translated;
    for (const ref of missing) asked.add(ref);
    known.push(...(await fetchMissing(session, missingQuestions(missing))));
  }
}

async function fetchMissing(
  session: Session,
  questions: readonly Question[],
): Promise<readonly Raw[]> {
  const answers = await askTogether(session, questions);
  const found = await Promise.all(
    questions.map(({ type }, index) =>
      allPages(session, type, answers[index] ?? failed({ kind: 'cancelled' })),
    ),
  );
  // What still does not come is said row by row: «details not shown by the server».
  return found.flatMap(answer => (answer.ok ? answer.value.matches : []));
}
