import type { FunctionComponent } from 'preact';
import type { FormItem } from '../../record/evaluating/form.ts';
import { enabled } from '../../record/evaluating/form-logic.ts';
import { Text } from '../../shell/Text.tsx';
import { sayEvaluation } from '../../shell/words/evaluation-words.ts';
import { useAnswering } from '../answering.ts';
import { answersAt, answerText, groupsAround, type Place } from '../answers.ts';
import { ChoiceField } from './ChoiceField.tsx';
import { DateField } from './DateField.tsx';
import { Question } from './Frame.tsx';
import type { FieldProps } from './field.ts';
import { Group, Groups } from './Groups.tsx';
import { NumberField } from './NumberField.tsx';
import { ReferenceField } from './ReferenceField.tsx';
import { useAnswer } from './use-answer.ts';
import { WrittenField } from './WrittenField.tsx';

const FIELDS: Readonly<Record<FormItem['type'], FunctionComponent<FieldProps>>> = {
  group: () => null,
  display: Said,
  boolean: ChoiceField,
  choice: ChoiceField,
  'open-choice': ChoiceField,
  decimal: NumberField,
  integer: NumberField,
  date: DateField,
  dateTime: DateField,
  time: DateField,
  string: WrittenField,
  text: WrittenField,
  url: WrittenField,
  reference: ReferenceField,
  unknown: Unanswerable,
};

interface Props {
  readonly items: readonly FormItem[];
  readonly within: Place;
  readonly about?: string | undefined;
}

/** Questions in the form's order, those that apply (R4 enableWhen), each drawn by its type. */
export function Fields({ items, within, about }: Props) {
  return (
    <>
      {items.map(item => (
        <Asked key={item.linkId} item={item} within={within} about={about} />
      ))}
    </>
  );
}

interface AskedProps {
  readonly item: FormItem;
  readonly within: Place;
  readonly about: string | undefined;
}

function Asked({ item, within, about }: AskedProps) {
  const { items, special } = useAnswering();
  const place = [...within, { linkId: item.linkId, nth: 0 }];
  if (item.hidden || !enabled(item, items.value, groupsAround(items.value, within))) return null;
  const After = special.after[item.linkId];
  return (
    <>
      <One item={item} place={place} about={about} />
      {After && <After item={item} place={place} about={about} />}
    </>
  );
}

function One({ item, place, about }: FieldProps) {
  const { items, special } = useAnswering();
  const Instead = special.instead[item.linkId];
  if (Instead) return <Instead item={item} place={place} about={about} />;
  if (item.type === 'group') {
    const Kind = item.repeats ? Groups : Group;
    return (
      <Kind item={item} within={place.slice(0, -1)}>
        {(inside, asked, of) => <Fields items={asked} within={inside} about={of ?? about} />}
      </Kind>
    );
  }
  const Field = item.readOnly || item.calculated ? Given : FIELDS[item.type];
  const answered = answersAt(items.value, place).length > 0;
  return (
    <>
      <Field item={item} place={place} about={about} />
      {answered && <Fields items={item.items} within={place} about={about} />}
    </>
  );
}

function Said({ item }: FieldProps) {
  return (
    <p class="muted">
      <Text of={item.text ?? ''} />
    </p>
  );
}

/** Calculated, or filled in by the form: shown, and nobody's to change. */
function Given({ item, place }: FieldProps) {
  const { answers } = useAnswer(place);
  if (answers.length === 0) return null;
  return (
    <p class="field">
      <Question item={item} />{' '}
      <output>
        <Text of={answers.map(answerText).join(', ')} />
      </output>
    </p>
  );
}

function Unanswerable({ item }: FieldProps) {
  return (
    <p class="flag">
      <Text of={item.text ?? sayEvaluation('field.noText')} />: {sayEvaluation('field.unknown')}
    </p>
  );
}
