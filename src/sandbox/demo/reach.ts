import type { Reach } from '../types.ts';
import { isDemoPatient, isHealthLevel, type Level, levelOf } from './levels.ts';

const people = [
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'RelatedPerson',
] as const;

const acute = [
  ...people,
  'AllergyIntolerance',
  'CarePlan',
  'CareTeam',
  'Condition',
  'Consent',
  'Device',
  'Flag',
  'HealthcareService',
  'Location',
  'Procedure',
] as const;

const medicines = [
  'Immunization',
  'List',
  'Medication',
  'MedicationRequest',
  'MedicationStatement',
] as const;

const welfare = [...people, 'CarePlan', 'CareTeam', 'Goal', 'ServiceRequest'] as const;

/**
 * Types of which a level sees nothing are not granted: an empty answer would say «not recorded».
 *
 * On the medicines Jonas keeps back nothing is silent: what he shares is shown, the rest comes as restricted.
 */
const reaches: Readonly<Record<Level, Reach>> = {
  all: 'any',
  acute: inOrder(acute),
  'acute, rest kept back': inOrder([...acute, ...medicines]),
  welfare: inOrder(welfare),
  'welfare and what helps': inOrder(welfare),
  // The text of a document is a Binary.
  'welfare and first aid': inOrder([...welfare, 'Binary', 'DocumentReference']),
  // The token is given, and every answer it gets says that the patient has blocked this user.
  blocked: 'any',
  none: 'none',
};

/** What the authorization server may grant on a patient, from the same matrix as what is shown. */
export function demoReach(user: string, patient: string): Reach {
  return isDemoPatient(patient) ? reaches[levelOf(user, patient)] : 'any';
}

/** The national sources are health services: they answer those who treat, within the same reach as the EHR's. */
export function demoMayAsk(user: string | undefined, patient: string, type: string): boolean {
  if (!isDemoPatient(patient)) return true;
  const level = levelOf(user, patient);
  const reach = reaches[level];
  return isHealthLevel(level) && reach !== 'none' && (reach === 'any' || reach.has(type));
}

function inOrder(types: readonly string[]): ReadonlySet<string> {
  return new Set([...types].sort());
}
