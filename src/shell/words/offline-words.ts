import { enOffline } from './en-offline.ts';
import { nbOffline } from './nb-offline.ts';
import { fill, language } from './words.ts';

/** The words of `src/offline`, which only the extension has. */
export const sayOffline = (
  key: keyof typeof nbOffline,
  values: Readonly<Record<string, string | number>> = {},
): string => fill((language.value === 'en' ? enOffline : nbOffline)[key], values);
