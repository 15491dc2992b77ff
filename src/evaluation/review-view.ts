import type { Occasion } from '../record/evaluating/evaluating.ts';
import { LONGEST_MESSAGE } from '../record/evaluating/lacking.ts';
import { allOf, numberOf, wordsOf } from '../record/evaluating/response.ts';
import { dateText } from '../shell/dates.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import type { Filling } from './filling.ts';

/** «Pasientens deltakelse: Deltok», «3 utenfra», «2 mål vurdert», «Neste evaluering 07.01.2027»: only what is there. */
export function completeTexts({ items }: Filling): readonly string[] {
  const said = items.value;
  const [svar] = wordsOf(said, 'patient-participation');
  const outside = numberOf(said, 'outside-count') ?? 0;
  const goals = allOf(said, 'goal-status').filter(each => wordsOf([each], 'status').length > 0);
  const next = allOf(said, 'next-evaluation').flatMap(({ answer }) => answer ?? [])[0];
  const dato = next?.['valueDate'];
  return [
    svar && sayEvaluation('review.participation', { svar }),
    outside > 0 && sayEvaluation('review.outside', { n: outside }),
    goals.length > 0 && sayEvaluation('review.goals', { n: goals.length }),
    typeof dato === 'string' && sayEvaluation('review.next', { dato: dateText(dato) }),
  ].filter((text): text is string => typeof text === 'string' && text !== '');
}

export const hasChanges = ({ items }: Filling): boolean =>
  allOf(items.value, 'change').some(each => wordsOf([each], 'what').length > 0);

/** What is wrong with the text to the GP, where one is to be sent. */
export function messageTrouble(filling: Filling): string | undefined {
  const { message, tellDoctor } = filling;
  if (!canTell(filling.occasion) || !tellDoctor.value) return undefined;
  const tooMany = message.value.length - LONGEST_MESSAGE;
  if (tooMany > 0) return sayEvaluation('review.message.long', { n: tooMany });
  return message.value.trim() === '' ? sayEvaluation('review.message.empty') : undefined;
}

/** Somebody to tell, and a server that takes the message. */
export const canTell = ({ doctor, takes }: Occasion): boolean =>
  doctor !== undefined &&
  (takes.how === 'whole' || (takes.how === 'less' && !takes.without.includes('message')));

/** What is NOT written here, said before the press. */
export function withoutText({ takes }: Occasion, kilde: string): string | undefined {
  if (takes.how === 'document') return sayEvaluation('review.document', { kilde });
  if (takes.how !== 'less') return undefined;
  const hva = takes.without.map(part => sayEvaluation(`part.${part}`)).join(', ');
  return sayEvaluation('review.less', { kilde, hva });
}
