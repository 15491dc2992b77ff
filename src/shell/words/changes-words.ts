import { enChanges } from './en-changes.ts';
import { nbChanges } from './nb-changes.ts';
import { fill, language } from './words.ts';

type Key = keyof typeof nbChanges;
/** Sentences about how many, with one of their own for one. */
type Counted<K = Key> = K extends `${infer Many}.1` ? (Many extends Key ? Many : never) : never;
type Values = Readonly<Record<string, string | number>>;

/** The words of `src/changes`, which come with it. */
export const sayChanges = (key: Key, values: Values = {}): string =>
  fill((language.value === 'en' ? enChanges : nbChanges)[key], values);

export const sayChangesCount = (key: Counted, n: number, values: Values = {}): string =>
  sayChanges(n === 1 ? `${key}.1` : key, { n, ...values });
