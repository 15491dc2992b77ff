import { z } from 'zod/mini';
import type { Answer } from '../../fhir/failure.ts';
import { localRef } from '../../fhir/references.ts';
import type { Found } from '../../fhir/searchset.ts';
import { list, Reference } from '../../fhir/shapes.ts';
import { notAbout, type Whose } from '../sift.ts';

const Denial = z.looseObject({
  status: z.literal('active'),
  provision: z.looseObject({
    type: z.literal('deny'),
    actor: list(z.looseObject({ reference: z.optional(Reference) })),
  }),
});

/** Members a Consent of the patient's says must not be contacted (R4 Consent.provision, type deny). */
export function deniedIn(consents: Answer<Found>, whose: Whose): ReadonlySet<string> {
  const denials = consents.ok
    ? consents.value.matches.filter(raw => !notAbout(raw, whose)).map(raw => Denial.safeParse(raw))
    : [];
  return new Set(
    denials.flatMap(parsed =>
      parsed.success
        ? parsed.data.provision.actor.flatMap(
            ({ reference }) => localRef(whose.session.iss, reference?.reference) ?? [],
          )
        : [],
    ),
  );
}
