import type { Lack, Occasion } from '../record/evaluating/evaluating.ts';
import type { FormItem, ResponseItem } from '../record/evaluating/form.ts';
import { referenceOf, wordsOf } from '../record/evaluating/response.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { countAt, itemAt, type Place } from './answers.ts';

type Items = readonly ResponseItem[];

/** What is wrong with the answer at this place, if anything. */
export const lackAt = (
  lacks: readonly Lack[],
  place: Place,
  occasion: Occasion,
  items: Items,
): Lack | undefined => lacks.find(lack => concerns(lack, place, occasion, items));

/** A question asked of several goals or changes is told apart by what it is about, in words, or by its number. */
function concerns(
  { linkId, about }: Lack,
  place: Place,
  { goals }: Occasion,
  items: Items,
): boolean {
  if (place.at(-1)?.linkId !== linkId) return false;
  if (about === undefined) return true;
  const around = itemAt(items, place.slice(0, -1));
  const group = around ? (around.item ?? []) : [];
  const ref = referenceOf(group, 'goal');
  const goal = ref && goals.find(each => each.goal.ref === ref)?.goal;
  const names = [
    ...['goal', 'what', 'who', 'measure'].flatMap(each => wordsOf(group, each)),
    ...(goal ? [goal.text ?? goal.ref] : []),
    String((place.at(-2)?.nth ?? 0) + 1),
  ];
  return names.includes(about);
}

export const lackText = ({ why }: Lack): string => sayEvaluation(`lack.${why}`);

/** Where in the form a lack is, for whoever goes there from the review. Undefined: nowhere that can be seen. */
export const placeOfLack = (lack: Lack, occasion: Occasion, items: Items): Place | undefined =>
  placesIn(occasion.form.items, items, []).find(place => concerns(lack, place, occasion, items));

function placesIn(asked: readonly FormItem[], items: Items, within: Place): readonly Place[] {
  return asked.flatMap(({ linkId, repeats, items: inner }) => {
    const count = repeats ? countAt(items, within, linkId) : 1;
    return Array.from({ length: Math.max(count, 1) }, (_, nth) => {
      const place = [...within, { linkId, nth }];
      return [place, ...placesIn(inner, items, place)];
    }).flat();
  });
}

/** The words of the question that lacks something: «Status – Jeg vil sove». */
export function lackedText(lack: Lack, { form }: Occasion): string {
  const asked = find(form.items, lack.linkId);
  const hva = asked?.text ?? sayEvaluation('field.noText');
  return lack.about ? sayEvaluation('review.about', { hva, om: lack.about }) : hva;
}

function find(items: readonly FormItem[], linkId: string): FormItem | undefined {
  for (const item of items) {
    const found = item.linkId === linkId ? item : find(item.items, linkId);
    if (found) return found;
  }
  return undefined;
}
