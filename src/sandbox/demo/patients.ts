import type { Resource, SandboxPatient } from '../types.ts';
import { actor, coding, oslo, systems } from './fhir.ts';
import { type DemoPatient, demo, shortId } from './source.ts';

export const sandboxPatients: readonly SandboxPatient[] = demo.patients.map(patient => ({
  id: shortId(patient),
  patientId: shortId(patient),
  name: patient.name,
  born: patient.born,
}));

export function patientResource(patient: DemoPatient): Resource {
  const id = shortId(patient);
  const [given = patient.name, family = patient.name] = patient.name.split(' ');
  return {
    resourceType: 'Patient',
    id,
    meta: { lastUpdated: lastUpdated(patient) },
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired',
        valueBoolean: patient.interpreter.startsWith('ja'),
      },
    ],
    identifier: [{ use: 'official', system: systemOf(patient.fnr), value: patient.fnr }],
    active: true,
    name: [{ use: 'official', text: patient.name, family, given: [given] }],
    telecom: patientPhone(patient.phone),
    gender: patient.sex === 'K' ? 'female' : 'male',
    birthDate: patient.born,
    address: [address(patient.address)],
    contact: motherPhone(patient.phone),
    communication: [{ language: language(patient.language), preferred: true }],
    generalPractitioner: patient.gp ? [actor(patient.gp, id)] : undefined,
  };
}

/** A D-number has 4 added to its first digit: day 41–71. */
function systemOf(nationalId: string): string {
  return Number(nationalId.slice(0, 2)) > 40 ? systems.dnr : systems.fnr;
}

function lastUpdated({ history }: DemoPatient): string {
  const latest =
    history
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? '2026-01-05 08:00';
  const [date = '', time] = latest.split(' ');
  return oslo(date, time);
}

/** «(kun SMS)» is a wish to honour: the number must not be offered as one to call. */
function patientPhone(phone: string) {
  if (phone.endsWith('(mor)')) return undefined;
  const system = phone.endsWith('(kun SMS)') ? 'sms' : 'phone';
  return [{ system, value: phone.replace(/ \(.*$/, ''), use: 'mobile' }];
}

/** A child's number is the mother's: it stands with her, so that nobody thinks the child answers. */
function motherPhone(phone: string) {
  if (!phone.endsWith('(mor)')) return undefined;
  const value = phone.replace(/ \(.*$/, '');
  return [
    { relationship: [{ text: 'mor' }], telecom: [{ system: 'phone', value, use: 'mobile' }] },
  ];
}

function address(text: string) {
  const [, lines = '', postalCode, city] = /^(.*), (\d{4}) (.*)$/.exec(text) ?? [];
  const use = text.startsWith('Midlertidig') ? 'temp' : 'home';
  return { use, text, line: [lines.replace('Midlertidig: ', '')], postalCode, city };
}

function language(text: string) {
  const bcp47 = 'urn:ietf:bcp:47';
  const code = text.startsWith('somali')
    ? coding(bcp47, 'so', 'Somali')
    : coding(bcp47, 'nb', 'Norwegian Bokmål');
  return { coding: [code], text };
}
