import { useAnswering } from '../answering.ts';
import { placeId } from '../answers.ts';
import { lackAt, lackText } from '../lacks.ts';
import type { FieldProps } from './field.ts';

/** What is wrong with an answer, said beside it and tied to it by its id (WCAG 3.3.1). */
export function useWrong({ place }: Pick<FieldProps, 'place'>) {
  const { occasion, items, lacks } = useAnswering();
  const lack = lackAt(lacks.value, place, occasion, items.value);
  const id = `${placeId(place)}-feil`;
  return {
    id: lack ? id : undefined,
    shown: lack && (
      <p class="field-wrong" id={id}>
        {lackText(lack)}
      </p>
    ),
  };
}
