import { failed } from '../../fhir/failure.ts';
import { refOf } from '../../fhir/references.ts';
import type { Session } from '../../fhir/session.ts';
import { allergyReader } from '../critical/allergies.ts';
import { criticalReader, isAboutSharing } from '../critical/critical.ts';
import type { CriticalItem } from '../model.ts';
import { only, type Part, partOf, siftAnswer } from '../parts.ts';
import { zonesAddressed } from '../plans/zones.ts';
import { isWithdrawn, notAbout, type Whose } from '../sift.ts';
import type { AnswerTo } from './r4-acute.ts';
import { CRITICAL_TYPES } from './r4-searches.ts';

/** Zone conditions of plans that are shown; those of a withdrawn or foreign plan are nobody's but their own. */
async function shownInPlans(session: Session, whose: Whose, answerTo: AnswerTo) {
  const [plans, conditions] = await Promise.all([answerTo('CarePlan'), answerTo('Condition')]);
  if (!plans.ok) return new Set<string>();
  const shown = plans.value.matches.filter(raw => !notAbout(raw, whose) && !isWithdrawn(raw));
  const around = [...plans.value.included, ...(conditions.ok ? conditions.value.matches : [])];
  return zonesAddressed(shown, around, session.iss);
}

/** Allergies, and what else is critical; what a plan is about is shown with the plan. */
export async function loadCritical(
  session: Session,
  whose: Whose,
  answerTo: AnswerTo,
): Promise<readonly Part<CriticalItem>[]> {
  const answers = await Promise.all(CRITICAL_TYPES.map(answerTo));
  const inPlans = await shownInPlans(session, whose, answerTo);
  const now = session.clock.now();
  const from = session.label;
  return CRITICAL_TYPES.map((type, index) => {
    const answer = answers[index] ?? failed({ kind: 'not-supported' });
    if (type === 'AllergyIntolerance')
      return partOf(from, type, answer, siftAnswer(allergyReader, answer, whose), true);
    const relevant = only(answer, raw => !inPlans.has(refOf(raw)) && !isAboutSharing(raw));
    return partOf(from, type, relevant, siftAnswer(criticalReader(now), relevant, whose), false);
  });
}
