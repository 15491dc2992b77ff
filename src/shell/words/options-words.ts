import { enOptions } from './en-options.ts';
import { nbOptions } from './nb-options.ts';
import { fill, language } from './words.ts';

/** The words of the extension's settings page. */
export const sayOptions = (
  key: keyof typeof nbOptions,
  values: Readonly<Record<string, string | number>> = {},
): string => fill((language.value === 'en' ? enOptions : nbOptions)[key], values);
