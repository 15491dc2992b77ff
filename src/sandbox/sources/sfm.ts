import { oslo } from '../demo/fhir.ts';
import { medicineLines } from '../demo/medications.ts';
import { refusal } from '../store/outcome.ts';
import type { Resource } from '../types.ts';
import { medicationDocument } from './sfm-document.ts';
import {
  demandMethod,
  fhirAnswer,
  jsonOf,
  type NationalId,
  notHere,
  type Question,
  type Source,
} from './source.ts';

const PARAMETERS = [
  'patient',
  'Referansenummer',
  'historyTimestamp',
  'SamtykkeKjernejournal',
  'SamtykkeSperretLegemidler',
  'SamtykkeLasteResepter',
  'IncludeOriginal',
];

/** Sentral forskrivningsmodul (FHIR.md 5): Pasientens legemiddelliste, by operation and never by search. */
export const sfm: Source = {
  type: 'MedicationStatement',
  async answer(question) {
    if (question.path !== 'Patient/$getMedication') throw notHere(question);
    demandMethod(question, 'POST');
    question.demandPatient(patientOf(await jsonOf(question)));
    return fhirAnswer(getMedication(question));
  },
};

/** The answer is whole only as far as its codes say: 200 with an error code inside is the ordinary case. */
function getMedication(question: Question): Resource {
  const { story, access } = question;
  const all = story ? medicineLines(story) : [];
  const lines = all.filter(
    ({ id }) => question.sees({ resourceType: 'MedicationStatement', id }) === 'show',
  );
  const now = sfmInstant(access.now());
  // Jonas's prescriptions are locked, and he has closed kjernejournal: SFM may not look there.
  const isLocked = story?.restriction.includes('låst') === true;
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'medication', resource: medicationDocument(question, lines, now) },
      { name: 'KJHentetTidspunkt', valueDateTime: now },
      { name: 'RFHentetTidspunkt', valueDateTime: now },
      isLocked
        ? errorCode('KJFeilkode', '5', 'Ingen rettighet til KJ oppslag')
        : errorCode('KJFeilkode', '0', 'OK'),
      errorCode('RFM96Feilkode', '0', 'OK'),
      errorCode('RFM912Feilkode', '0', 'OK'),
      { name: 'KJHarLegemidler', valueBoolean: lines.length > 0 && !isLocked },
      { name: 'KJHarLaste', valueBoolean: false },
      { name: 'RFHarLaste', valueBoolean: isLocked },
    ],
  };
}

function errorCode(name: string, code: string, display: string) {
  const system = 'http://ehelse.no/fhir/CodeSystem/sfm-kj-rf-error-code';
  return { name, valueCodeableConcept: { coding: [{ system, code, display }] } };
}

const OSLO_CLOCK = new Intl.DateTimeFormat('sv', {
  timeZone: 'Europe/Oslo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** SFM writes ten-millionths of a second, which JavaScript's Date does not have. */
function sfmInstant(at: Date): string {
  const [date = '', time = ''] = OSLO_CLOCK.format(at).split(' ');
  const fraction = `${String(at.getUTCMilliseconds()).padStart(3, '0')}0000`;
  return `${date}T${time}.${fraction}${oslo(date).slice(-6)}`;
}

/** FHIR R4, Parameters: `patient` as a logical reference, or as a Patient resource. */
function patientOf(body: unknown): Partial<NationalId> | undefined {
  const { resourceType, parameter } = fieldsOf(body);
  if (resourceType !== 'Parameters' || !Array.isArray(parameter))
    throw refusal(400, 'structure', 'The body must be a Parameters resource.');
  const given = parameter.map(fieldsOf);
  const unknown = given.find(({ name }) => !PARAMETERS.some(one => one === name));
  if (unknown)
    throw refusal(
      400,
      'not-supported',
      `$getMedication has no parameter ${String(unknown['name'])}.`,
    );
  const { valueReference, resource } = given.find(({ name }) => name === 'patient') ?? {};
  const identifiers: unknown = fieldsOf(resource)['identifier'];
  const list: readonly unknown[] = Array.isArray(identifiers)
    ? identifiers
    : [fieldsOf(valueReference)['identifier']];
  const [named] = list.map(fieldsOf);
  const { system, value } = named ?? {};
  return typeof system === 'string' && typeof value === 'string' ? { system, value } : undefined;
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
