import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { localRef, refOf, type Shelf } from '../../fhir/references.ts';
import { Codeables, hasCode, NO_PLAN, Reference, References, text } from '../../fhir/shapes.ts';
import { actorName } from '../actors.ts';
import type { FhirDate } from '../model.ts';
import { isWithdrawn, notAbout, type Whose } from '../sift.ts';

/** What was sent about changes, and how far it has come. */
export interface Message {
  readonly ref: string;
  /** What it is about: `Task/id`, `QuestionnaireResponse/id`. */
  readonly about: readonly string[];
  readonly to: string | undefined;
  readonly from: string | undefined;
  readonly sent: FhirDate | undefined;
  /** Undefined: nobody has said that it was read. */
  readonly read: FhirDate | undefined;
  /** It says that the deadline has passed: there is at most one about each request. */
  readonly overdue: boolean;
}

/** `no-plan#…` */
export const OVERDUE = 'over-frist';

const Shape = z.looseObject({
  category: Codeables,
  about: References,
  partOf: References,
  sent: text,
  received: text,
  recipient: References,
  sender: z.optional(Reference),
});

export const messagesIn = (
  communications: readonly Raw[],
  shelf: Shelf,
  whose: Whose,
): readonly Message[] =>
  communications.flatMap((raw): readonly Message[] => {
    const parsed = Shape.safeParse(raw);
    if (!parsed.success || notAbout(raw, whose) || isWithdrawn(raw)) return [];
    const { about, category, partOf, sent, received, recipient, sender } = parsed.data;
    return [
      {
        ref: refOf(raw),
        about: [...about, ...partOf].flatMap(
          ({ reference }) => localRef(whose.session.iss, reference) ?? [],
        ),
        to: recipient.flatMap(each => actorName(each, shelf) ?? []).join(', ') || undefined,
        from: actorName(sender, shelf),
        sent,
        read: received,
        overdue: category.some(each => hasCode(each, NO_PLAN, OVERDUE)),
      },
    ];
  });
