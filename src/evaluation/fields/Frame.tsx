import type { ComponentChildren } from 'preact';
import type { FormItem } from '../../record/evaluating/form.ts';
import { Text } from '../../shell/Text.tsx';
import { sayEvaluation } from '../../shell/words/evaluation-words.ts';
import { placeId } from '../answers.ts';
import type { FieldProps } from './field.ts';
import { useWrong } from './use-wrong.tsx';

/** What a control needs in order to be found, named and described (WCAG 1.3.1, 3.3.1, 4.1.2). */
interface Named {
  readonly id: string;
  readonly 'aria-labelledby': string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
  readonly 'aria-required': boolean | undefined;
}

interface Props extends FieldProps {
  readonly children: (named: Named) => ComponentChildren;
}

/** One question with one control: its label, its help, and what is wrong with the answer. */
export function Labelled({ children, ...field }: Props) {
  const { named, labelId, below } = useNames(field);
  return (
    <div class="field" data-link-id={field.item.linkId}>
      <label class="field-label" id={labelId} htmlFor={named.id}>
        <Question item={field.item} />
      </label>
      {children(named)}
      {below}
    </div>
  );
}

/** One question with several controls: they are read out as one. */
export function Grouped({ children, radios, ...field }: Props & { readonly radios: boolean }) {
  const { named, labelId, below } = useNames(field);
  const { id, 'aria-required': required, ...names } = named;
  return (
    <fieldset
      class="field"
      data-link-id={field.item.linkId}
      id={id}
      tabIndex={-1}
      role={radios ? 'radiogroup' : 'group'}
      {...names}
      {...(radios ? { 'aria-required': required } : {})}
    >
      <legend class="field-label" id={labelId}>
        <Question item={field.item} />
      </legend>
      {children(named)}
      {below}
    </fieldset>
  );
}

/** A star for the eye; `aria-required`, or the words, for the ear. */
export function Question({ item }: { readonly item: FormItem }) {
  return (
    <>
      <Text
        of={[item.prefix, item.text ?? sayEvaluation('field.noText')].filter(Boolean).join(' ')}
      />
      {item.required && <span aria-hidden="true"> *</span>}
    </>
  );
}

function useNames({ item, place, about }: FieldProps) {
  const wrong = useWrong({ place });
  const id = placeId(place);
  const labelId = `${id}-navn`;
  const helpId = `${id}-hjelp`;
  const described = [item.help ? helpId : undefined, wrong.id].filter(Boolean);
  const named: Named = {
    id,
    'aria-labelledby': about ? `${about} ${labelId}` : labelId,
    'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
    'aria-invalid': wrong.id ? true : undefined,
    'aria-required': item.required || undefined,
  };
  const below = (
    <>
      {item.help && (
        <p class="muted" id={helpId}>
          <Text of={item.help} />
        </p>
      )}
      {wrong.shown}
    </>
  );
  return { named, labelId, below };
}
