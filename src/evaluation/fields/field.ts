import type { FormItem } from '../../record/evaluating/form.ts';
import type { Place } from '../answers.ts';

/** One question and where its answer stands. */
export interface FieldProps {
  readonly item: FormItem;
  readonly place: Place;
  /** The element that names what the question is asked about, where it is asked of several: a goal, a measure. */
  readonly about?: string | undefined;
}
