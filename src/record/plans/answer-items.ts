import { z } from 'zod/mini';
import { checked, flag, list, Reference, text } from '../../fhir/shapes.ts';
import type { ResponseItem } from '../evaluating/form.ts';

const VALUES = {
  valueString: text,
  valueDate: text,
  valueDateTime: text,
  valueInteger: z.optional(z.number()),
  valueDecimal: z.optional(z.number()),
  valueBoolean: flag,
  valueCoding: z.optional(z.looseObject({ code: text, display: text })),
  valueReference: z.optional(Reference),
};

/** Deeper than any form; what goes on below it makes the answers unreadable, never shorter. */
const DEEPEST = 30;

/** JSON has no `undefined`: nothing passes. */
const unreadable = checked((value): value is ResponseItem => value === undefined);

function itemAt(depth: number): z.ZodMiniType<ResponseItem> {
  const below = depth < DEEPEST ? itemAt(depth + 1) : unreadable;
  return z.pipe(
    z.looseObject({
      linkId: text,
      text,
      answer: list(z.looseObject({ ...VALUES, item: list(below) })),
      item: list(below),
    }),
    z.transform(
      ({ linkId = '', text: label, answer, item }): ResponseItem => ({
        linkId,
        ...(label === undefined ? {} : { text: label }),
        answer,
        item,
      }),
    ),
  );
}

/**
 * QuestionnaireResponse.item at every depth: a question below another stands in its answer, one below a group in the
 * group (R4).
 */
export const AnswerItem = itemAt(0);
