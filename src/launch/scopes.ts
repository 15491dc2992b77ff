/** What Sideplan reads at load, and nothing it does not (SMART App Launch 2.2, «least privilege»). */
const READ = [
  'AllergyIntolerance',
  'CarePlan',
  'CareTeam',
  'Condition',
  'Consent',
  'DocumentReference',
  'Flag',
  'HealthcareService',
  'Immunization',
  'List',
  'Medication',
  'MedicationRequest',
  'MedicationStatement',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Procedure',
  'RelatedPerson',
  'ServiceRequest',
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
