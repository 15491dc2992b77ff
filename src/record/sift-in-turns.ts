import type { z } from 'zod/mini';
import type { Answer } from '../fhir/failure.ts';
import type { Found } from '../fhir/searchset.ts';
import type { Item } from './reading.ts';
import { type Reader, type Sifted, sift, type Whose } from './sift.ts';

/** Resources read in one go: some ten milliseconds, less than anybody who presses a key would notice. */
const AT_ONCE = 200;

/**
 * `siftAnswer` for what there may be thousands of: between turns the page answers whoever uses it, and after the last as
 * well, because what becomes of so much is put together and drawn in one go.
 */
export async function siftInTurns<Shape extends z.ZodMiniType, T extends Item>(
  reader: Reader<Shape, T>,
  answer: Answer<Found>,
  whose: Whose,
): Promise<Sifted<T>> {
  const resources = answer.ok ? answer.value.matches : [];
  const turns: Sifted<T>[] = [];
  for (let from = 0; from < resources.length; from += AT_ONCE) {
    turns.push(sift(reader, resources.slice(from, from + AT_ONCE), whose));
    if (resources.length > AT_ONCE)
      await new Promise(resolve => {
        setTimeout(resolve);
      });
  }
  return {
    items: turns.flatMap(({ items }) => items),
    setAside: turns.flatMap(({ setAside }) => setAside),
  };
}
