import type { ServerOffer } from '../../fhir/capability.ts';
import { localRef } from '../../fhir/references.ts';
import type { Session } from '../../fhir/session.ts';
import type { Question } from '../../fhir/together.ts';
import { aboutPatient } from '../sources/r4-searches.ts';
import { FORM_URL } from './chosen-form.ts';

/** `_include`s that bring people and their units along, where the server has them. */
const WITH_ROLE = [
  ['PractitionerRole', 'PractitionerRole:practitioner'],
  ['PractitionerRole', 'PractitionerRole:organization'],
] as const;

/** All that an evaluation starts from, as questions that can be put at once. `plan`: `CarePlan/id` on the EHR. */
export function questionsFor(
  session: Session,
  offer: ServerOffer,
  plan: string | undefined,
): readonly Question[] {
  const by = aboutPatient(session);
  const withRole = (iterate: string) =>
    WITH_ROLE.filter(([type, value]) => offer.includes(type, value))
      .map(([, value]) => `&_include${iterate}=${encodeURIComponent(value)}`)
      .join('');
  const members = 'CareTeam:participant';
  const withMembers = offer.includes('CareTeam', members)
    ? `&_include=${encodeURIComponent(members)}${withRole(':iterate')}`
    : '';
  const roles = rolesOf(session);
  return [
    { type: 'Patient', address: session.patient },
    ...(plan === undefined
      ? []
      : [
          { type: 'CarePlan', address: plan },
          { type: 'Goal', address: `Goal?${by}` },
        ]),
    { type: 'CareTeam', address: `CareTeam?${by}${withMembers}` },
    ...(roles
      ? [{ type: 'PractitionerRole', address: `PractitionerRole?${roles}${withRole('')}` }]
      : []),
    {
      type: 'Questionnaire',
      address: `Questionnaire?url=${encodeURIComponent(FORM_URL)}&status=active`,
    },
  ];
}

/** The roles of whoever is signed in (`fhirUser`: SMART App Launch 2.2, a person or a role). */
function rolesOf({ iss, user }: Session): string | undefined {
  const [type, id] = localRef(iss, user.fhirUser)?.split('/') ?? [];
  if (id === undefined) return undefined;
  if (type === 'Practitioner') return `practitioner=${encodeURIComponent(id)}`;
  return type === 'PractitionerRole' ? `_id=${encodeURIComponent(id)}` : undefined;
}
