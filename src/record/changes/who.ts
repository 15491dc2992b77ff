import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { localRef, refOf, type Shelf } from '../../fhir/references.ts';
import { Codeables, flag, hasCode, Identifiers, Reference, References } from '../../fhir/shapes.ts';
import { identifierKey, type Whose } from '../sift.ts';

const Role = z.looseObject({
  active: flag,
  practitioner: z.optional(Reference),
  organization: z.optional(Reference),
  code: Codeables,
});
const Identified = z.looseObject({ identifier: Identifiers });

/** Volven 9034 */
const GP = '6';
const STAND_IN = '15';

/** As whom somebody may decide. `undefined`: they may read, and it waits for the GP. */
export type Decider = 'gp' | 'stand-in' | undefined;

/**
 * Whether the person signed in is the patient's own GP: named so by `Patient.generalPractitioner`, by person, role or
 * number; or a GP of the practice it names; or the stand-in (9034#15) of the practice. Being somebody else's GP is
 * nothing (FHIR.md 7).
 */
export function deciderIn(
  patient: Raw,
  roles: readonly Raw[],
  shelf: Shelf,
  { session }: Whose,
): Decider {
  const { iss, user } = session;
  const person = localRef(iss, user.fhirUser);
  if (!person || user.sub === undefined) return undefined;
  const own = roles.flatMap(raw => {
    const role = Role.safeParse(raw);
    const isMine =
      role.success &&
      role.data.active !== false &&
      [localRef(iss, role.data.practitioner?.reference), refOf(raw)].includes(person);
    return isMine ? [{ ref: refOf(raw), ...role.data }] : [];
  });
  const mine = new Set([
    person,
    ...own.map(({ ref }) => ref),
    ...own.flatMap(({ practitioner }) => localRef(iss, practitioner?.reference) ?? []),
  ]);
  const numbers = new Set([...mine].flatMap(ref => numbersOf(shelf.find(to(ref)))));
  const parsed = References.safeParse(patient['generalPractitioner']);
  const named = parsed.success ? parsed.data : [];
  const refs = named.flatMap(({ reference }) => localRef(iss, reference) ?? []);
  const isMe = (reference: Reference) =>
    mine.has(localRef(iss, reference.reference) ?? '') ||
    (reference.identifier?.value !== undefined && numbers.has(identifierKey(reference.identifier)));
  const peopleIn = refs.flatMap(ref => {
    const role = Role.safeParse(shelf.find(to(ref)));
    return role.success ? [role.data] : [];
  });
  if (named.some(isMe) || peopleIn.some(({ practitioner }) => practitioner && isMe(practitioner)))
    return 'gp';
  const practices = new Set([
    ...refs.filter(ref => ref.startsWith('Organization/')),
    ...peopleIn.flatMap(({ organization }) => localRef(iss, organization?.reference) ?? []),
  ]);
  const there = own.filter(({ organization }) =>
    practices.has(localRef(iss, organization?.reference) ?? ''),
  );
  const holds = (code: string) =>
    there.some(role => role.code.some(each => hasCode(each, '9034', code)));
  if (holds(STAND_IN)) return 'stand-in';
  // The patient is the practice's, not one doctor's.
  const isPractices = refs.some(ref => ref.startsWith('Organization/'));
  return isPractices && holds(GP) ? 'gp' : undefined;
}

const to = (reference: string): Reference => ({
  reference,
  display: undefined,
  identifier: undefined,
});

function numbersOf(raw: Raw | undefined): readonly string[] {
  const parsed = Identified.safeParse(raw);
  return parsed.success
    ? parsed.data.identifier.flatMap(each =>
        each.system && each.value ? [identifierKey(each)] : [],
      )
    : [];
}
