import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isRaw, type Raw } from '../src/fhir/ask.ts';

/** HL7's own examples, the npm package hl7.fhir.r4.examples (4.0.1): one resource to a file. */
const FOLDER = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

/** The types some section of ours reads, alone or through a reference. */
const TYPES: ReadonlySet<string> = new Set([
  'AllergyIntolerance',
  'Appointment',
  'Basic',
  'CarePlan',
  'CareTeam',
  'Communication',
  'CommunicationRequest',
  'Composition',
  'Condition',
  'Consent',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'Flag',
  'Goal',
  'HealthcareService',
  'Immunization',
  'List',
  'Medication',
  'MedicationDispense',
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
]);

/** Every example of these types. */
export const examplesOf = (types: ReadonlySet<string>): readonly Raw[] =>
  readdirSync(FOLDER)
    .filter(name => types.has(name.split('-')[0] ?? '') && name.endsWith('.json'))
    .map(name => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as unknown)
    .filter(isRaw)
    .filter(({ resourceType }) => types.has(String(resourceType)));

export const examples = examplesOf(TYPES);

/** As if they were all about our patient: otherwise nearly all of them would be set aside unread. */
export const examplesAbout = (patient: string): readonly Raw[] =>
  examples.map(raw => ({
    ...raw,
    ...('subject' in raw ? { subject: { reference: patient } } : {}),
    ...('patient' in raw ? { patient: { reference: patient } } : {}),
  }));

/** Forms are not read with a section: any of them may be filled in. */
export const questionnaires: readonly Raw[] = readdirSync(FOLDER)
  .filter(name => name.startsWith('Questionnaire-') && name.endsWith('.json'))
  .map(name => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as unknown)
  .filter(isRaw)
  .filter(({ resourceType }) => resourceType === 'Questionnaire');
