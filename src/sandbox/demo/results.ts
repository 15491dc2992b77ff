import type { Resource } from '../types.ts';
import { coding, hl7, oslo, ours, systems, to, unlessDash } from './fhir.ts';
import { type Filed, filed } from './parts.ts';
import { type DemoLab, type DemoPatient, shortId } from './source.ts';

/** Laboratory answers with a report per day, and what was measured at home or at a visit. */
export function results(patient: DemoPatient): readonly Filed[] {
  const days = [...new Set(patient.labs.map(({ date }) => date))];
  return filed(
    'result',
    ...patient.labs.map((lab, index) => labResult(patient, lab, index + 1)),
    ...days.map(day => labReport(patient, day)),
    ...homeMeasurements(patient)
      .filter(({ at }) => at < copiedUntil)
      .map(measurement => copyOf(patient, measurement)),
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
    identifier: [{ system: systems.labAnswer, value: `${shortId(patient)}-lab-${number}` }],
    status: 'final',
    category: [{ coding: [hl7('observation-category', 'laboratory', 'Laboratory')] }],
    code: { text: name },
    subject: to(`Patient/${shortId(patient)}`),
    effectiveDateTime: date,
    ...labValue(value, unlessDash(unit)),
    referenceRange: range ? [{ text: range, ...limitsIn(range, unlessDash(unit)) }] : undefined,
  };
}

/** «<10» is a comparator and a number, «0,92 (38 %)» and «ikke påvist» are text: never half a number. */
function labValue(value: string, unit: string | undefined) {
  const [, comparator, number] = /^(<|>)?\s*(\d+(?:,\d+)?)$/.exec(value) ?? [];
  if (number === undefined) return { valueString: unit ? `${value} ${unit}` : value };
  return { valueQuantity: { value: Number(number.replace(',', '.')), comparator, unit } };
}

/** «60–105», «< 5» and «> 60» as numbers too, the way laboratories send them; other words stay words. */
function limitsIn(range: string, unit: string | undefined) {
  const number = '(\\d+(?:,\\d+)?)';
  const [, least, most] = new RegExp(`^${number}–${number}$`).exec(range) ?? [];
  const [, below] = new RegExp(`^< ?${number}$`).exec(range) ?? [];
  const [, above] = new RegExp(`^> ?${number}$`).exec(range) ?? [];
  const limit = (text: string | undefined) =>
    text === undefined ? undefined : { value: Number(text.replace(',', '.')), unit };
  return { low: limit(least ?? above), high: limit(most ?? below) };
}

function labReport(patient: DemoPatient, day: string): Resource {
  const id = shortId(patient);
  return {
    resourceType: 'DiagnosticReport',
    id: `${id}-lab-report-${day}`,
    meta: { lastUpdated: oslo(day, '14:00') },
    identifier: [{ system: systems.labAnswer, value: `${id}-lab-report-${day}` }],
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

/** Measured at home; its id names it in the source of measurements and in the EHR's copy alike. */
export interface HomeMeasurement {
  readonly id: string;
  readonly name: string;
  /** `2026-11-19 07:38` */
  readonly at: string;
  readonly category: 'survey' | 'vital-signs';
  readonly moment: string;
  readonly value: number;
  readonly unit: string;
}

export function homeMeasurements(patient: DemoPatient): readonly HomeMeasurement[] {
  return (patient.measurements ?? []).map(({ at, name, value, unit }, index) => {
    const [date = '', time] = at.split(' ');
    return {
      id: `${shortId(patient)}-measurement-${index + 1}`,
      name,
      at,
      category: name.startsWith('Symptom') ? 'survey' : 'vital-signs',
      moment: oslo(date, time),
      value,
      // «% (ikke hentet ennå: kilden svarer ikke)»
      unit: unit.replace(/ \(.*$/, ''),
    };
  });
}

/** The EHR fetched last on Friday afternoon, and then the source stopped answering: S17. */
const copiedUntil = '2026-11-20 16:05';

function copyOf(patient: DemoPatient, one: HomeMeasurement): Resource {
  const [fetchedOn = '', fetchedAt] = copiedUntil.split(' ');
  return {
    resourceType: 'Observation',
    id: one.id,
    meta: {
      lastUpdated: oslo(fetchedOn, fetchedAt),
      tag: [ours('kilde-dho', 'Hjemmemåling')],
    },
    identifier: [{ system: systems.homeMeasurement, value: one.id }],
    status: 'final',
    category: [{ coding: [hl7('observation-category', one.category)] }],
    code: { text: one.name },
    subject: to(`Patient/${shortId(patient)}`),
    effectiveDateTime: one.moment,
    valueQuantity: { value: one.value, unit: one.unit },
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
