import { isRaw } from '../fhir/ask.ts';
import type { AnswerValue } from '../record/evaluating/form.ts';
import type { Medicine } from '../record/model.ts';

/** Whether an answer to «Gjelder» says that the change is to a medicine. */
export function isMedicine(kind: AnswerValue | undefined): boolean {
  const coding = kind?.['valueCoding'];
  return isRaw(coding) && coding['code'] === 'legemiddel';
}

export const nameOf = ({ substance, product }: Medicine) => substance ?? product ?? '';

/** What is taken, as it stands in «Fra» and «Til»; undefined where the source does not say it in words. */
export const amountOf = ({ dose, strength }: Medicine) => dose.join(' ') || strength;
