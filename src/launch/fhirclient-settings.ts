/** Stands in place of fhirclient's tables for its FHIR client, which we do not use; one name of them remains. */
export const SMART_KEY = 'SMART_KEY';
export const patientParams: readonly string[] = [];
export const fhirVersions: Readonly<Record<string, number>> = {};
