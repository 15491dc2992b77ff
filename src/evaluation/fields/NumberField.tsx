import type { AnswerValue, FormItem } from '../../record/evaluating/form.ts';
import { sayEvaluation } from '../../shell/words/evaluation-words.ts';
import { answerText } from '../answers.ts';
import { Labelled } from './Frame.tsx';
import type { FieldProps } from './field.ts';
import { useAnswer } from './use-answer.ts';

/** `integer` and `decimal`. With `itemControl` slider the number stands beside it: nothing has to be dragged (2.5.7). */
export function NumberField(props: FieldProps) {
  const { item, place } = props;
  const { answers, set } = useAnswer(place);
  const value = answerText(answers[0]);
  const write = (text: string) => (text.trim() === '' ? set() : set(numberAnswer(item, text)));
  const slider = item.control === 'slider' && item.min !== undefined && item.max !== undefined;
  return (
    <Labelled {...props}>
      {named => (
        <div class="number-row">
          {slider && (
            <input
              {...named}
              id={`${named.id}-skala`}
              type="range"
              class={value === '' ? 'unanswered' : undefined}
              min={item.min}
              max={item.max}
              step={item.type === 'integer' ? 1 : 'any'}
              value={value === '' ? (item.min ?? 0) : value}
              // A slider cannot be empty: nobody may hear a number that nobody has given.
              aria-valuetext={value === '' ? sayEvaluation('field.unanswered') : value}
              onInput={event => write(event.currentTarget.value)}
            />
          )}
          <input
            {...named}
            type="text"
            // Not type=number: that hides what it cannot read, and what is written must not be lost.
            inputMode={item.type === 'integer' ? 'numeric' : 'decimal'}
            class="number"
            value={value}
            onInput={event => write(event.currentTarget.value)}
          />
        </div>
      )}
    </Labelled>
  );
}

/** What is not a number is kept as it was written, for whoever must mend it; it is never sent as one. */
function numberAnswer({ type }: FormItem, text: string): AnswerValue {
  const number = /^\s*-?\d+([.,]\d+)?\s*$/.test(text) ? Number(text.replace(',', '.')) : undefined;
  const fits = number !== undefined && (type === 'decimal' || Number.isInteger(number));
  const value = fits ? number : text;
  return type === 'integer' ? { valueInteger: value } : { valueDecimal: value };
}
