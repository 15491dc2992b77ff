/** What Sideplan reads at load, Binary when a document is opened, and nothing it does not (SMART App Launch 2.2, «least privilege»). */
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
  'QuestionnaireResponse',
  'RelatedPerson',
  'ServiceRequest',
  'Task',
  'Goal',
] as const;

/** v2 scopes where the server says it knows them, else v1: an unknown scope makes some servers refuse the launch. */
export function scopesFor(asked: { readonly launch: boolean; readonly v2: boolean }): string {
  const right = asked.v2 ? 'rs' : 'read';
  return [
    'openid',
    'fhirUser',
    asked.launch ? 'launch' : 'launch/patient',
    ...READ.map(type => `patient/${type}.${right}`),
  ].join(' ');
}
