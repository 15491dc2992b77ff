import { useRef } from 'preact/hooks';
import { isRaw } from '../fhir/ask.ts';
import type { Occasion, Present as Person } from '../record/evaluating/evaluating.ts';
import type { AnswerValue } from '../record/evaluating/form.ts';
import { Text } from '../shell/Text.tsx';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { useAnswering } from './answering.ts';
import { answersAt, countAt, type Place, placeId, sameAnswer } from './answers.ts';
import { Fields } from './fields/Fields.tsx';
import { Labelled, Question } from './fields/Frame.tsx';
import type { FieldProps } from './fields/field.ts';
import { useWrong } from './fields/use-wrong.tsx';

/** Who was there: the people the plan names are ticked off; anybody else is written in (A24). */
export function Present(props: FieldProps) {
  const { item, place } = props;
  const { occasion, items, add, answer, remove } = useAnswering();
  const adder = useRef<HTMLButtonElement>(null);
  const wrong = useWrong(props);
  const people = candidates(occasion);
  const within = place.slice(0, -1);
  const count = countAt(items.value, within, item.linkId);
  const nth = (index: number): Place => [...within, { linkId: item.linkId, nth: index }];
  const who = (index: number) =>
    answersAt(items.value, [...nth(index), { linkId: 'who', nth: 0 }])[0];
  const all = Array.from({ length: count }, (_, index) => index);
  const rowOf = (person: Person) =>
    all.find(index => sameAnswer(who(index) ?? {}, referenceTo(person)));
  const known = people.map(rowOf);
  const others = all.filter(index => !known.includes(index));

  const came = (person: Person) => {
    add(within, item.linkId);
    const at = nth(count);
    answer([...at, { linkId: 'who', nth: 0 }], [referenceTo(person)]);
    if (person.organization)
      answer([...at, { linkId: 'organization', nth: 0 }], [{ valueString: person.organization }]);
    if (person.outside !== undefined)
      answer([...at, { linkId: 'outside', nth: 0 }], [{ valueBoolean: person.outside }]);
  };
  const another = () => {
    add(within, item.linkId);
    const id = placeId(nth(count));
    requestAnimationFrame(() => document.getElementById(id)?.focus());
  };
  return (
    <fieldset
      class="field"
      id={placeId(place)}
      tabIndex={-1}
      data-link-id={item.linkId}
      aria-describedby={wrong.id}
    >
      <legend class="field-label">
        <Question item={item} />
      </legend>
      {item.help && (
        <p class="muted">
          <Text of={item.help} />
        </p>
      )}
      {wrong.shown}
      <div class="options">
        {people.map((person, index) => {
          const row = known[index];
          return (
            <div key={`${person.ref ?? ''}${person.name}`}>
              <label class="option">
                <input
                  type="checkbox"
                  checked={row !== undefined}
                  onChange={() => (row === undefined ? came(person) : remove(nth(row)))}
                />
                <span>
                  <Text of={personText(person)} />
                  {person.outside && <span class="muted"> {sayEvaluation('present.outside')}</span>}
                </span>
              </label>
              {row !== undefined && person.outside === undefined && (
                <Fields
                  items={item.items.filter(({ linkId }) => linkId === 'outside')}
                  within={nth(row)}
                />
              )}
            </div>
          );
        })}
      </div>
      {others.map(index => (
        <Somebody
          key={index}
          {...props}
          place={nth(index)}
          remove={() => {
            remove(nth(index));
            adder.current?.focus();
          }}
        />
      ))}
      <button
        ref={adder}
        type="button"
        class="ds-button"
        data-variant="secondary"
        onClick={another}
      >
        {sayEvaluation('present.add')}
      </button>
    </fieldset>
  );
}

interface SomebodyProps extends FieldProps {
  readonly remove: () => void;
}

/** Somebody the plan does not name. */
function Somebody({ item, place, remove }: SomebodyProps) {
  const { items, answer } = useAnswering();
  const asked = item.items.find(({ linkId }) => linkId === 'who');
  const at: Place = [...place, { linkId: 'who', nth: 0 }];
  const name = nameIn(answersAt(items.value, at)[0]);
  const id = placeId(place);
  return (
    <fieldset class="group" id={id} tabIndex={-1}>
      <legend id={`${id}-om`}>
        <Text of={name || sayEvaluation('present.somebody')} />
      </legend>
      {asked && (
        <Labelled item={asked} place={at}>
          {named => (
            <input
              {...named}
              type="text"
              value={name}
              onInput={({ currentTarget: { value } }) =>
                answer(at, value === '' ? [] : [{ valueReference: { display: value } }])
              }
            />
          )}
        </Labelled>
      )}
      <Fields
        items={item.items.filter(({ linkId }) => linkId !== 'who')}
        within={place}
        about={`${id}-om`}
      />
      <button type="button" class="more" onClick={remove}>
        {sayEvaluation('present.remove', { navn: name || sayEvaluation('present.somebody') })}
      </button>
    </fieldset>
  );
}

/** Whoever writes this was there, also where the plan does not name them. */
function candidates({ people, author }: Occasion): readonly Person[] {
  const { ref, name, organization, organizationRef } = author;
  if (!name || people.some(person => person.ref === ref || person.name === name)) return people;
  return [{ ref, name, organization, organizationRef, outside: false }, ...people];
}

const personText = ({ name, organization }: Person) =>
  [name, organization].filter(Boolean).join(', ');

function referenceTo({ ref, name }: Person): AnswerValue {
  return { valueReference: ref ? { reference: ref, display: name } : { display: name } };
}

function nameIn(answer: AnswerValue | undefined): string {
  const reference = answer?.['valueReference'];
  return isRaw(reference) && typeof reference['display'] === 'string' ? reference['display'] : '';
}
