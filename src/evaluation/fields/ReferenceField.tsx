import type { Occasion } from '../../record/evaluating/evaluating.ts';
import type { Option } from '../../record/evaluating/form.ts';
import { useAnswering } from '../answering.ts';
import { answerText, sameAnswer } from '../answers.ts';
import { ChoiceField } from './ChoiceField.tsx';
import type { FieldProps } from './field.ts';
import { useAnswer } from './use-answer.ts';

/** `reference`: one of the people and goals the plan names, or of what is answered already. */
export function ReferenceField(props: FieldProps) {
  const { occasion } = useAnswering();
  const { answers } = useAnswer(props.place);
  const offered = optionsIn(occasion);
  const others = answers
    .filter(each => !offered.some(({ value }) => sameAnswer(value, each)))
    .map(value => ({ value, label: answerText(value) }));
  return <ChoiceField {...props} options={[...offered, ...others]} />;
}

const optionsIn = ({ people, goals }: Occasion): readonly Option[] => [
  ...people.map(({ ref, name, organization }) => {
    const display = [name, organization].filter(Boolean).join(', ');
    return {
      value: { valueReference: ref ? { reference: ref, display } : { display } },
      label: display,
    };
  }),
  ...goals.flatMap(({ goal: { ref, text } }) =>
    ref ? [{ value: { valueReference: { reference: ref } }, label: text ?? ref }] : [],
  ),
];
