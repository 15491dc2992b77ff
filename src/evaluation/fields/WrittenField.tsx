import { answerText } from '../answers.ts';
import { Labelled } from './Frame.tsx';
import type { FieldProps } from './field.ts';
import { useAnswer } from './use-answer.ts';

/** `string` on one line, `text` on several, `url` (R4 item types). */
export function WrittenField(props: FieldProps) {
  const { item, place } = props;
  const { answers, set } = useAnswer(place);
  const value = answerText(answers[0]);
  const write = (text: string) =>
    text === '' ? set() : set(item.type === 'url' ? { valueUri: text } : { valueString: text });
  return (
    <Labelled {...props}>
      {named =>
        item.type === 'text' ? (
          <textarea
            {...named}
            rows={3}
            value={value}
            onInput={event => write(event.currentTarget.value)}
          />
        ) : (
          <input
            {...named}
            type="text"
            inputMode={item.type === 'url' ? 'url' : undefined}
            value={value}
            onInput={event => write(event.currentTarget.value)}
          />
        )
      }
    </Labelled>
  );
}
