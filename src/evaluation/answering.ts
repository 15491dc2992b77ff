import type { ReadonlySignal } from '@preact/signals';
import { createContext, type FunctionComponent } from 'preact';
import { useContext } from 'preact/hooks';
import type { Lack, Occasion } from '../record/evaluating/evaluating.ts';
import type { AnswerValue, ResponseItem } from '../record/evaluating/form.ts';
import type { Place } from './answers.ts';
import type { FieldProps } from './fields/field.ts';

/** A form being filled in: what every field needs to know, and what it can do. */
export interface Answering {
  readonly occasion: Occasion;
  readonly items: ReadonlySignal<readonly ResponseItem[]>;
  /** What is missing or wrong; empty until somebody has asked to send. */
  readonly lacks: ReadonlySignal<readonly Lack[]>;
  readonly answer: (place: Place, answers: readonly AnswerValue[]) => void;
  readonly add: (within: Place, linkId: string) => void;
  readonly remove: (place: Place) => void;
  /** Questions this form asks in a way of its own, by `linkId`. */
  readonly special: Special;
}

interface Special {
  /** In place of the field. */
  readonly instead: Readonly<Record<string, FunctionComponent<FieldProps>>>;
  /** After it. */
  readonly after: Readonly<Record<string, FunctionComponent<FieldProps>>>;
}

const Current = createContext<Answering | undefined>(undefined);
export const AnsweringProvider = Current.Provider;

export function useAnswering(): Answering {
  const answering = useContext(Current);
  if (!answering) throw new Error('useAnswering() needs an <AnsweringProvider> above it');
  return answering;
}
