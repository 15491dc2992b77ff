import type { AnswerValue, Option } from '../../record/evaluating/form.ts';
import { Text } from '../../shell/Text.tsx';
import { sayEvaluation } from '../../shell/words/evaluation-words.ts';
import { answerKey, answerText, placeId, sameAnswer } from '../answers.ts';
import { Grouped, Labelled, Question } from './Frame.tsx';
import type { FieldProps } from './field.ts';
import { useAnswer } from './use-answer.ts';

/** So many can stand below one another in a narrow panel; more are chosen from a list. */
const MOST_RADIOS = 8;

interface Props extends FieldProps {
  readonly options?: readonly Option[];
}

/** `boolean`, `choice` and `open-choice`: radios, checkboxes or a list, as the form's author asks (SDC itemControl). */
export function ChoiceField({ options, ...props }: Props) {
  const { item } = props;
  if (item.type === 'boolean' && item.control === 'check-box') return <OneBox {...props} />;
  const all = options ?? (item.type === 'boolean' ? yesAndNo() : item.options);
  if (item.repeats) return <Boxes {...props} options={all} />;
  const list = item.control === 'drop-down' || (!item.control && all.length > MOST_RADIOS);
  return list ? <List {...props} options={all} /> : <Radios {...props} options={all} />;
}

type Chosen = FieldProps & { readonly options: readonly Option[] };

const yesAndNo = (): readonly Option[] => [
  { value: { valueBoolean: true }, label: sayEvaluation('field.yes') },
  { value: { valueBoolean: false }, label: sayEvaluation('field.no') },
];

function OneBox(props: FieldProps) {
  const { item, place, about } = props;
  const { answers, set } = useAnswer(place);
  const id = placeId(place);
  return (
    <div class="field" data-link-id={item.linkId}>
      <label class="option" id={`${id}-navn`}>
        <input
          id={id}
          type="checkbox"
          aria-labelledby={about ? `${about} ${id}-navn` : undefined}
          checked={answers[0]?.['valueBoolean'] === true}
          onChange={event => set({ valueBoolean: event.currentTarget.checked })}
        />
        <Question item={item} />
      </label>
    </div>
  );
}

function Radios({ options, ...props }: Chosen) {
  const { item, place } = props;
  const { answers, set } = useAnswer(place);
  const [answer] = answers;
  return (
    <Grouped {...props} radios>
      {({ id }) => (
        <div class="options">
          {options.map(({ value, label }) => (
            <label key={answerKey(value)} class="option">
              <input
                type="radio"
                name={id}
                checked={answer !== undefined && sameAnswer(answer, value)}
                onChange={() => set(value)}
              />
              <Text of={label} />
            </label>
          ))}
          {item.type === 'open-choice' && (
            <Other
              answer={ownWords(answers, options)[0]}
              write={text => (text === '' ? set() : set({ valueString: text }))}
            />
          )}
          {answer && !item.required && (
            <button type="button" class="more" onClick={() => set()}>
              {sayEvaluation('field.clear')}
            </button>
          )}
        </div>
      )}
    </Grouped>
  );
}

function Boxes({ options, ...props }: Chosen) {
  const { item, place } = props;
  const { answers, set } = useAnswer(place);
  const own = ownWords(answers, options);
  const toggle = (value: AnswerValue, on: boolean) => {
    const others = answers.filter(each => !sameAnswer(each, value));
    set(...(on ? [...others, value] : others));
  };
  return (
    <Grouped {...props} radios={false}>
      {() => (
        <div class="options">
          {options.map(({ value, label }) => (
            <label key={answerKey(value)} class="option">
              <input
                type="checkbox"
                checked={answers.some(each => sameAnswer(each, value))}
                onChange={event => toggle(value, event.currentTarget.checked)}
              />
              <Text of={label} />
            </label>
          ))}
          {item.type === 'open-choice' && (
            <Other
              answer={own[0]}
              write={text =>
                set(
                  ...answers.filter(each => !own.includes(each)),
                  ...(text === '' ? [] : [{ valueString: text }]),
                )
              }
            />
          )}
        </div>
      )}
    </Grouped>
  );
}

function List({ options, ...props }: Chosen) {
  const { item, place } = props;
  const { answers, set } = useAnswer(place);
  const [answer] = answers;
  const chosen = options.findIndex(({ value }) => answer && sameAnswer(value, answer));
  return (
    <Labelled {...props}>
      {named => (
        <>
          <select
            {...named}
            value={String(chosen)}
            onChange={event => {
              const option = options[Number(event.currentTarget.value)];
              if (option) set(option.value);
              else set();
            }}
          >
            <option value="-1">{sayEvaluation('field.choose')}</option>
            {options.map(({ value, label }, index) => (
              <option key={answerKey(value)} value={String(index)}>
                {label}
              </option>
            ))}
          </select>
          {item.type === 'open-choice' && (
            <Other
              answer={ownWords(answers, options)[0]}
              write={text => (text === '' ? set() : set({ valueString: text }))}
            />
          )}
        </>
      )}
    </Labelled>
  );
}

interface OtherProps {
  readonly answer: AnswerValue | undefined;
  readonly write: (text: string) => void;
}

/** R4 open-choice: an answer in own words beside the given ones. */
function Other({ answer, write }: OtherProps) {
  return (
    <label class="option">
      {sayEvaluation('field.other')}
      <input
        type="text"
        value={answerText(answer)}
        onInput={event => write(event.currentTarget.value)}
      />
    </label>
  );
}

const ownWords = (answers: readonly AnswerValue[], options: readonly Option[]) =>
  answers.filter(
    each => 'valueString' in each && !options.some(({ value }) => sameAnswer(value, each)),
  );
