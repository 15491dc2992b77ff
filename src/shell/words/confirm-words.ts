import { enConfirm } from './en-confirm.ts';
import { nbConfirm } from './nb-confirm.ts';
import { fill, language } from './words.ts';

type Key = keyof typeof nbConfirm;
/** Sentences about how many, with one of their own for one. */
type Counted<K = Key> = K extends `${infer Many}.1` ? (Many extends Key ? Many : never) : never;

/** The words of `src/confirm`, which come with it: the first view has nothing of this to say. */
export const sayConfirm = (
  key: Key,
  values: Readonly<Record<string, string | number>> = {},
): string => fill((language.value === 'en' ? enConfirm : nbConfirm)[key], values);

export const sayCount = (key: Counted, n: number): string =>
  sayConfirm(n === 1 ? `${key}.1` : key, { n, s: n });

export const isConfirmKey = (key: string): key is Key => key in nbConfirm;
