import type { Raw } from '../../fhir/ask.ts';
import type { Answer } from '../../fhir/failure.ts';
import type { Session } from '../../fhir/session.ts';
import { askTogether, type Question } from '../../fhir/together.ts';
import { medicationQuestions } from './r4-searches.ts';

/** What was asked about the medication list, and each answer in its place. */
export interface MedicationAnswers {
  readonly questions: readonly Question[];
  readonly answers: readonly Answer<Raw>[];
}

/** Asks in the same wave as whom to call; what reads the answers is fetched while they are on their way. */
export async function askMedication(session: Session): Promise<MedicationAnswers> {
  const questions = medicationQuestions(session, await session.offer);
  return { questions, answers: await askTogether(session, questions) };
}
