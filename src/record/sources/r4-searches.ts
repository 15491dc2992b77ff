import type { ServerOffer } from '../../fhir/capability.ts';
import type { Session } from '../../fhir/session.ts';
import type { Question } from '../../fhir/together.ts';
import { PLAN_TOKENS } from '../plans/plan-kinds.ts';

/** As many as most servers give at once; every page is followed whatever they choose. */
const COUNT = '_count=200';

/** `_include`s that bring a plan's people along, where the server has them (docs/fhir.md, «At load»). */
const WITH_PLAN = [
  ['CarePlan', 'CarePlan:care-team', ''],
  ['CarePlan', 'CarePlan:goal', ''],
  ['CarePlan', 'CarePlan:condition', ''],
  ['CarePlan', 'CarePlan:activity-reference', ''],
  ['CareTeam', 'CareTeam:participant', ':iterate'],
  ['PractitionerRole', 'PractitionerRole:practitioner', ':iterate'],
  ['PractitionerRole', 'PractitionerRole:organization', ':iterate'],
] as const;

export const CRITICAL_TYPES = [
  'AllergyIntolerance',
  'Condition',
  'Procedure',
  'Flag',
  'Consent',
] as const;
export const MEDICATION_TYPES = [
  'MedicationStatement',
  'MedicationRequest',
  'Immunization',
] as const;

/** Who, whom to call, what to avoid: what the doctor needs first. */
export function acuteQuestions(session: Session, offer: ServerOffer): readonly Question[] {
  const by = patientParameter(session);
  const include = WITH_PLAN.filter(([type, value]) => offer.includes(type, value))
    .map(([, value, iterate]) => `&_include${iterate}=${encodeURIComponent(value)}`)
    .join('');
  return [
    { type: 'Patient', address: session.patient },
    { type: 'CarePlan', address: `CarePlan?${by}&${COUNT}${include}` },
    { type: 'CareTeam', address: `CareTeam?${by}&${COUNT}` },
    ...CRITICAL_TYPES.map(type => ({ type, address: `${type}?${by}&${COUNT}` })),
    { type: 'DocumentReference', address: `DocumentReference?${by}&${COUNT}${planTypes(offer)}` },
  ];
}

export function medicationQuestions(session: Session, offer: ServerOffer): readonly Question[] {
  const by = patientParameter(session);
  return [
    ...MEDICATION_TYPES.map(type => {
      const value = `${type}:medication`;
      // A vaccine names itself; asking for its Medication would be answered with a warning.
      const include = type !== 'Immunization' && offer.includes(type, value);
      const wanted = include ? `&_include=${encodeURIComponent(value)}` : '';
      return { type, address: `${type}?${by}&${COUNT}${wanted}` };
    }),
    { type: 'List', address: `List?${by}&${COUNT}` },
  ];
}

/** One patient's resources of a type, as many at a time as most servers give. */
export const aboutPatient = (session: Session) => `${patientParameter(session)}&${COUNT}`;

/** By logical id only: a national identifier never stands in an address (SAFETY S11). */
const patientParameter = ({ patient }: Session) =>
  `patient=${encodeURIComponent(patient.slice('Patient/'.length))}`;

/** Plan codes in every system they are known by, only where the server can search by them; else we look ourselves. */
function planTypes(offer: ServerOffer): string {
  if (!offer.searches('DocumentReference', 'type')) return '';
  return `&type=${encodeURIComponent(PLAN_TOKENS.join(','))}`;
}

/** One search per type for references nothing brought along. */
export function missingQuestions(refs: readonly string[]): readonly Question[] {
  const ids = new Map<string, string[]>();
  for (const ref of refs) {
    const [type = '', id = ''] = ref.split('/');
    ids.set(type, [...(ids.get(type) ?? []), id]);
  }
  return [...ids].map(([type, wanted]) => ({
    type,
    address: `${type}?_id=${wanted.map(encodeURIComponent).join(',')}&${COUNT}`,
  }));
}
