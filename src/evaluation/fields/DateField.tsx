import type { AnswerValue, FormItem } from '../../record/evaluating/form.ts';
import { answerText } from '../answers.ts';
import { Labelled } from './Frame.tsx';
import type { FieldProps } from './field.ts';
import { useAnswer } from './use-answer.ts';

const KINDS = { date: 'date', dateTime: 'datetime-local', time: 'time' } as const;

/** `date`, `dateTime` and `time`, with the calendar and the keyboard the browser gives them. */
export function DateField(props: FieldProps) {
  const { item, place } = props;
  const { answers, set } = useAnswer(place);
  const kind = item.type === 'dateTime' || item.type === 'time' ? item.type : 'date';
  const written = (event: { readonly currentTarget: HTMLInputElement }) => {
    const { value } = event.currentTarget;
    if (value === '') set();
    else set(dateAnswer(kind, value));
  };
  return (
    <Labelled {...props}>
      {named => (
        <input
          {...named}
          type={KINDS[kind]}
          value={shown(kind, answerText(answers[0]))}
          onInput={written}
        />
      )}
    </Labelled>
  );
}

type Kind = Extract<FormItem['type'], keyof typeof KINDS>;

function dateAnswer(kind: Kind, value: string): AnswerValue {
  if (kind === 'date') return { valueDate: value };
  // R4 `time` and `dateTime` have seconds, and a `dateTime` with a time of day has its offset.
  const seconds = `${value}:00`.slice(0, kind === 'time' ? 8 : 19);
  return kind === 'time' ? { valueTime: seconds } : { valueDateTime: `${seconds}${offset(value)}` };
}

const shown = (kind: Kind, value: string) =>
  kind === 'date' ? value : value.slice(0, kind === 'time' ? 5 : 16);

/** `+01:00`: what this machine's time zone is then. */
function offset(local: string): string {
  const minutes = -new Date(local).getTimezoneOffset();
  if (Number.isNaN(minutes)) return 'Z';
  return `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(Math.abs(minutes) % 60)}`;
}

const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
