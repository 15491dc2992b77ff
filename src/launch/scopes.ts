import { APP_STATE } from '../fhir/app-state.ts';

/** What Sideplan reads: at load, Binary when a document is opened, Questionnaire when one evaluates; and nothing it does not (SMART App Launch 2.2, «least privilege»). */
const READ = [
  'AllergyIntolerance',
  'Appointment',
  'Binary',
  'CarePlan',
  'CareTeam',
  'Communication',
  'CommunicationRequest',
  'Condition',
  'Consent',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'Flag',
  'HealthcareService',
  'Immunization',
  'List',
  'Medication',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Procedure',
  'Provenance',
  'Questionnaire',
  'QuestionnaireResponse',
  'RelatedPerson',
  'ServiceRequest',
  'Task',
  'Goal',
] as const;

/**
 * What an evaluation makes new (docs/fhir.md, «What we write»). A PUT under an id of ours is an update to a server, also
 * where it makes something (SMART App Launch 2.2: `u` covers it), so both letters are asked for.
 */
const CREATE: ReadonlySet<string> = new Set([
  'Communication',
  'DocumentReference',
  'Encounter',
  'Observation',
  'Provenance',
  'QuestionnaireResponse',
  'Task',
]);

/** What it changes: how a goal stands, when a plan was evaluated, and what the GP answered. */
const UPDATE: ReadonlySet<string> = new Set(['CarePlan', 'Goal', 'Task']);

/** v2 scopes where the server says it knows them, else v1: an unknown scope makes some servers refuse the launch. */
export function scopesFor(asked: {
  readonly launch: boolean;
  readonly v2: boolean;
  /** The server keeps app state: then also the user's own keys there, and nobody else's (docs/decisions/0013). */
  readonly appState?: boolean;
}): string {
  return [
    'openid',
    'fhirUser',
    asked.launch ? 'launch' : 'launch/patient',
    ...READ.flatMap(type => rights(type, asked.v2).map(right => `patient/${type}.${right}`)),
    ...(asked.v2 && asked.appState
      ? [`user/Basic.cus?code=${APP_STATE.system}|${APP_STATE.code}`]
      : []),
  ].join(' ');
}

/** v2: letters in the order of `cruds` (SMART App Launch 2.2, «Scopes for requesting FHIR resources»). */
function rights(type: string, v2: boolean): readonly string[] {
  if (CREATE.has(type)) return v2 ? ['crus'] : ['read', 'write'];
  if (UPDATE.has(type)) return v2 ? ['rus'] : ['read', 'write'];
  return v2 ? ['rs'] : ['read'];
}
