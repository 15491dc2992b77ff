import { signal } from '@preact/signals';
import { nb } from './nb.ts';
import type { nbLater } from './nb-later.ts';
import type { nbPlan } from './nb-plan.ts';
import type { nbSafety } from './nb-safety.ts';

type Bokmal = typeof nb & typeof nbLater & typeof nbPlan & typeof nbSafety;
export type Key = keyof Bokmal;
export type Dictionary = Readonly<Record<Key, string>>;
export type Language = 'nb' | 'en';

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
type Values<K extends Key> = Readonly<Record<Placeholders<Bokmal[K]>, string | number>>;
/** Sentences with gaps ask for what goes in them; the others take nothing. */
type Arguments<K extends Key> = [Placeholders<Bokmal[K]>] extends [never] ? [] : [Values<K>];

export type Translate = <K extends Key>(key: K, ...values: Arguments<K>) => string;

/** One per page: the language belongs to the person at the screen, not to the patient. */
export const language = signal<Language>('nb');
const bokmal: Partial<Dictionary> = { ...nb };
const dictionary = signal<Partial<Dictionary>>(bokmal);

/** More of bokmål, brought by the rooms that say it (`later.ts`, `plan-words.ts`, `safety-words.ts`). */
export function learn(more: Partial<Bokmal>): void {
  Object.assign(bokmal, more);
}

/** Whether there are words for a code from the source, e.g. `fhir.Goal`. */
export const isKey = <K extends string>(key: K): key is K & Key => key in bokmal;

/** Reading it inside a component subscribes the component, so a change of language redraws the words. */
export const t: Translate = (key, ...[values]) => fill(dictionary.value[key] ?? key, values ?? {});

export async function speak(wanted: Language): Promise<void> {
  dictionary.value = wanted === 'nb' ? bokmal : (await import('./en.ts')).en;
  language.value = wanted;
  document.documentElement.lang = wanted;
}

/** Puts values into a sentence's gaps. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}
