import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { localRef, refOf, type Shelf } from '../../fhir/references.ts';
import { flag, list, Period, Reference, References, text } from '../../fhir/shapes.ts';
import { actorName } from '../actors.ts';
import type { Whose } from '../sift.ts';
import { isOver } from '../when.ts';
import type { Author, Present } from './evaluating.ts';

const Role = z.looseObject({
  id: text,
  active: flag,
  practitioner: z.optional(Reference),
  organization: z.optional(Reference),
});
const Team = z.looseObject({
  participant: list(z.looseObject({ member: z.optional(Reference), period: z.optional(Period) })),
});

/** Who is logged in, in the role they have here. Roles in several units: nobody says which, so the person alone. */
export function authorIn(roles: readonly Raw[], around: Shelf, { session }: Whose): Author {
  const { fhirUser, name } = session.user;
  const person = localRef(session.iss, fhirUser);
  const held = roles.flatMap(raw => {
    const parsed = Role.safeParse(raw);
    const own =
      parsed.success &&
      parsed.data.active !== false &&
      person !== undefined &&
      [localRef(session.iss, parsed.data.practitioner?.reference), refOf(raw)].includes(person);
    return own ? [{ ref: refOf(raw), ...parsed.data }] : [];
  });
  const units = new Set(held.map(each => localRef(session.iss, each.organization?.reference)));
  const [role] = units.size === 1 ? held : [];
  return {
    ref: role?.ref ?? person,
    name: name ?? actorName(role?.practitioner ?? reference(person), around),
    organizationRef: localRef(session.iss, role?.organization?.reference),
    organization: actorName(role?.organization, around),
  };
}

const reference = (ref: string | undefined): Reference | undefined =>
  ref === undefined ? undefined : { reference: ref, display: undefined, identifier: undefined };

/** The people of the plan's teams, once each: who may have been there. The patient is asked about by itself. */
export function peopleIn(
  teams: readonly Raw[],
  author: Author,
  around: Shelf,
  { session }: Whose,
  now: Date,
): readonly Present[] {
  const people = teams.flatMap(team => {
    const parsed = Team.safeParse(team);
    if (!parsed.success) return [];
    return parsed.data.participant.flatMap(({ member, period }): readonly Present[] => {
      const ref = localRef(session.iss, member?.reference);
      const name = actorName(member, around);
      if (!name || ref === session.patient || isOver(period?.end, now)) return [];
      return [{ ref, name, ...unitOf(ref, author, around, session.iss) }];
    });
  });
  return [...new Map(people.map(each => [each.ref ?? each.name, each])).values()];
}

function unitOf(
  ref: string | undefined,
  author: Author,
  around: Shelf,
  base: string,
): Pick<Present, 'organization' | 'organizationRef' | 'outside'> {
  // Next of kin are no agency (A24: «de involverte instansene»).
  if (ref?.startsWith('RelatedPerson/'))
    return { organization: undefined, organizationRef: undefined, outside: false };
  const raw = ref === undefined ? undefined : around.find(reference(ref));
  const parsed = raw ? Role.safeParse(raw) : undefined;
  const unit = parsed?.success ? parsed.data.organization : undefined;
  const organizationRef = ref?.startsWith('Organization/') ? ref : localRef(base, unit?.reference);
  return {
    organization: ref?.startsWith('Organization/') ? undefined : actorName(unit, around),
    organizationRef,
    outside:
      organizationRef === undefined || author.organizationRef === undefined
        ? undefined
        : organizationRef !== author.organizationRef,
  };
}

/** The patient's GP: a person before a practice (R4 Patient.generalPractitioner). */
export function doctorIn(
  patient: Raw,
  around: Shelf,
  { session }: Whose,
): { readonly ref: string | undefined; readonly name: string } | undefined {
  const parsed = References.safeParse(patient['generalPractitioner']);
  const named = parsed.success ? parsed.data : [];
  const doctor = named.find(each => !isPlace(each)) ?? named[0];
  if (!doctor) return undefined;
  return {
    ref: localRef(session.iss, doctor.reference),
    name: actorName(doctor, around) ?? 'fastlegen',
  };
}

const isPlace = ({ reference: to }: Reference) => to?.includes('Organization/') === true;
