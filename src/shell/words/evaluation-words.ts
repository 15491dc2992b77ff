import { enEvaluation } from './en-evaluation.ts';
import { nbEvaluation } from './nb-evaluation.ts';
import { fill, language } from './words.ts';

/** The words of `src/evaluation`, which come with it: nobody evaluates in the first minute. */
export const sayEvaluation = (
  key: keyof typeof nbEvaluation,
  values: Readonly<Record<string, string | number>> = {},
): string => fill((language.value === 'en' ? enEvaluation : nbEvaluation)[key], values);
