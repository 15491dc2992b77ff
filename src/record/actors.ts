import { z } from 'zod/mini';
import type { Shelf } from '../fhir/references.ts';
import { Codeable, Codeables, either, HumanNames, Reference, wording } from '../fhir/shapes.ts';
import { nameOf } from './patient.ts';

/** Practitioner, PractitionerRole, Organization, RelatedPerson, CareTeam: as far as a name goes. */
const Actor = z.looseObject({
  name: z.optional(either(z.string(), HumanNames)),
  practitioner: z.optional(Reference),
  organization: z.optional(Reference),
  code: z.optional(either(Codeable, Codeables)),
});

/** From a role to its person or unit, and not for ever round. */
const MOST_STEPS = 3;

/**
 * What people call whoever a reference names: the author's own words, else the person, else the unit, else the role.
 * Undefined where the source shows none of them, or where roles only point at each other.
 */
export function actorName(
  reference: Reference | undefined,
  shelf: Shelf,
  steps = MOST_STEPS,
): string | undefined {
  if (reference?.display) return reference.display;
  if (steps === 0) return undefined;
  const raw = shelf.find(reference);
  const parsed = raw ? Actor.safeParse(raw) : undefined;
  if (!parsed?.success) return undefined;
  const { name, practitioner, organization, code } = parsed.data;
  const own = typeof name === 'string' ? name : name && nameOf(name);
  const role = Array.isArray(code) ? code.map(wording).find(Boolean) : wording(code);
  return (
    (own || undefined) ??
    (practitioner && actorName(practitioner, shelf, steps - 1)) ??
    (organization && actorName(organization, shelf, steps - 1)) ??
    role
  );
}
