import { enLaunch } from './en-launch.ts';
import { nbLaunch } from './nb-launch.ts';
import { fill, language } from './words.ts';

/**
 * What the screens of a launch that stopped say. Apart from the other words, because most launches do not stop:
 * this comes only when it is needed.
 */
export const sayLaunch = (
  key: keyof typeof nbLaunch,
  values: Readonly<Record<string, string | number>>,
): string => fill((language.value === 'en' ? enLaunch : nbLaunch)[key], values);
