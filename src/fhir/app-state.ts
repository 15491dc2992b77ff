/**
 * What Sideplan keeps in an EHR's app state (SMART App Launch 2.2, «Persisting App State», experimental): one `Basic`
 * about each user, of this code, with the user's keys (docs/decisions/0013).
 */
export const APP_STATE = {
  system: 'https://example.org/fhir/CodeSystem/sideplan-app-state',
  code: 'outbox-keys',
} as const;
