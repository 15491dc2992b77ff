import type { Resource } from '../types.ts';
import { coding, hl7, oslo, ours, to, unlessDash } from './fhir.ts';
import { type Filed, filed } from './parts.ts';
import { type DemoLab, type DemoMeasurement, type DemoPatient, shortId } from './source.ts';

/** Laboratory answers with a report per day, and what was measured at home or at a visit. */
export function results(patient: DemoPatient): readonly Filed[] {
  const days = [...new Set(patient.labs.map(({ date }) => date))];
  return filed(
    'result',
    ...patient.labs.map((lab, index) => labResult(patient, lab, index + 1)),
    ...days.map(day => labReport(patient, day)),
    ...(patient.measurements ?? []).map((one, index) => measurement(patient, one, index + 1)),
    ...weight(patient),
  );
}

function labResult(
  patient: DemoPatient,
  { date, name, value, unit, ref }: DemoLab,
  number: number,
): Resource {
  const range = unlessDash(ref);
  return {
    resourceType: 'Observation',
    id: `${shortId(patient)}-lab-${number}`,
    meta: { lastUpdated: oslo(date, '14:00') },
    status: 'final',
    category: [{ coding: [hl7('observation-category', 'laboratory', 'Laboratory')] }],
    code: { text: name },
    subject: to(`Patient/${shortId(patient)}`),
    effectiveDateTime: date,
    ...labValue(value, unlessDash(unit)),
    referenceRange: range ? [{ text: range }] : undefined,
  };
}

/** «<10» is a comparator and a number, «0,92 (38 %)» and «ikke påvist» are text: never half a number. */
function labValue(value: string, unit: string | undefined) {
  const [, comparator, number] = /^(<|>)?\s*(\d+(?:,\d+)?)$/.exec(value) ?? [];
  if (number === undefined) return { valueString: unit ? `${value} ${unit}` : value };
  return { valueQuantity: { value: Number(number.replace(',', '.')), comparator, unit } };
}

function labReport(patient: DemoPatient, day: string): Resource {
  const id = shortId(patient);
  return {
    resourceType: 'DiagnosticReport',
    id: `${id}-lab-report-${day}`,
    meta: { lastUpdated: oslo(day, '14:00') },
    status: 'final',
    category: [{ coding: [coding('http://terminology.hl7.org/CodeSystem/v2-0074', 'LAB')] }],
    code: { text: 'Prøvesvar' },
    subject: to(`Patient/${id}`),
    effectiveDateTime: day,
    result: patient.labs.flatMap(({ date, name }, index) =>
      date === day ? [to(`Observation/${id}-lab-${index + 1}`, name)] : [],
    ),
  };
}

function measurement(patient: DemoPatient, one: DemoMeasurement, number: number): Resource {
  const [date = '', time] = one.at.split(' ');
  const category = one.name.startsWith('Symptom') ? 'survey' : 'vital-signs';
  return {
    resourceType: 'Observation',
    id: `${shortId(patient)}-measurement-${number}`,
    // Home measurements come from a source of their own, which a demo may switch off.
    meta: { lastUpdated: oslo(date, time), tag: [ours('kilde-dho', 'Hjemmemåling')] },
    status: 'final',
    category: [{ coding: [hl7('observation-category', category)] }],
    code: { text: one.name },
    subject: to(`Patient/${shortId(patient)}`),
    effectiveDateTime: oslo(date, time),
    valueQuantity: { value: one.value, unit: one.unit.replace(/ \(.*$/, '') },
  };
}

/** «36 kg (30.09.2026)» */
function weight(patient: DemoPatient): readonly Resource[] {
  const [, value, day, month, year] =
    /^(\d+) kg \((\d\d)\.(\d\d)\.(\d{4})\)$/.exec(patient.weight ?? '') ?? [];
  if (!value) return [];
  const date = `${year}-${month}-${day}`;
  return [
    {
      resourceType: 'Observation',
      id: `${shortId(patient)}-weight`,
      meta: { lastUpdated: oslo(date) },
      status: 'final',
      category: [{ coding: [hl7('observation-category', 'vital-signs', 'Vital Signs')] }],
      code: { coding: [coding('http://loinc.org', '29463-7', 'Body weight')], text: 'Vekt' },
      subject: to(`Patient/${shortId(patient)}`),
      effectiveDateTime: date,
      valueQuantity: {
        value: Number(value),
        unit: 'kg',
        system: 'http://unitsofmeasure.org',
        code: 'kg',
      },
    },
  ];
}
