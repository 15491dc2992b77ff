import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import {
  Annotations,
  Codeable,
  hasCode,
  NO_PLAN,
  Reference,
  resource,
  text,
} from '../../fhir/shapes.ts';
import { newestFirst } from '../when.ts';

const LOINC = 'http://loinc.org';

const ListShape = z.looseObject({
  ...resource('List').shape,
  status: text,
  mode: text,
  code: z.optional(Codeable),
  date: text,
  source: z.optional(Reference),
  note: Annotations,
  emptyReason: z.optional(Codeable),
});

/**
 * The medication list's own header: our `no-plan#pll`, or LOINC's medication lists; the newest that is current.
 * R4 List.status and .mode are modifiers: a list of changes says nothing about the whole.
 */
export function medicationList(lists: readonly Raw[]): z.output<typeof ListShape> | undefined {
  return lists
    .flatMap(raw => {
      const parsed = ListShape.safeParse(raw);
      return parsed.success ? [parsed.data] : [];
    })
    .filter(({ status, mode }) => (status ?? 'current') === 'current' && mode !== 'changes')
    .filter(
      ({ code }) => hasCode(code, NO_PLAN, 'pll') || hasCode(code, LOINC, '10160-0', '29549-3'),
    )
    .toSorted((a, b) => newestFirst(a.date, b.date))[0];
}
