import { enFollow } from './en-follow.ts';
import { nbFollow } from './nb-follow.ts';
import { fill, language } from './words.ts';

/** The words of `src/follow`, which come with it: the first view has nothing of this to say. */
export const sayFollow = (
  key: keyof typeof nbFollow,
  values: Readonly<Record<string, string | number>> = {},
): string => fill((language.value === 'en' ? enFollow : nbFollow)[key], values);
