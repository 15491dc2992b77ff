import type { Resource } from '../src/sandbox/types.ts';

const about = { subject: { reference: 'Patient/p6' } };

/** One acute plan with somebody to call. */
const PLAN: readonly Resource[] = [
  {
    resourceType: 'CarePlan',
    id: 'bench-plan',
    ...about,
    status: 'active',
    intent: 'plan',
    category: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'A01-2' }] }],
    careTeam: [{ reference: 'CareTeam/bench-team' }],
  },
  {
    resourceType: 'CareTeam',
    id: 'bench-team',
    ...about,
    status: 'active',
    participant: [{ member: { reference: 'Organization/bench-unit', display: 'Enhet A' } }],
  },
  {
    resourceType: 'Organization',
    id: 'bench-unit',
    name: 'Enhet A',
    telecom: [{ system: 'phone', value: '+47 00 00 09 01' }],
  },
];

/**
 * Resources number `from` up to `to` about one patient: the plan first, then four fifths measurements and test results,
 * a fifth documents, and at most three hundred medicines, as nobody's list is longer for having a longer history.
 */
export function records(from: number, to: number): readonly Resource[] {
  return Array.from({ length: to - from }, (_, index) => record(from + index));
}

const day = (n: number) => `20${10 + (n % 16)}-${`${1 + (n % 12)}`.padStart(2, '0')}-15`;

function record(n: number): Resource {
  const planned = PLAN[n];
  if (planned) return planned;
  const id = `bench-${n}`;
  if (n % 10 === 9 && n < 3000)
    return {
      resourceType: 'MedicationStatement',
      id,
      ...about,
      status: 'active',
      medicationCodeableConcept: { text: `Virkestoff ${n}` },
      dosage: [{ text: '1 tablett' }],
    };
  if (n % 5 === 0)
    return {
      resourceType: 'DocumentReference',
      id,
      ...about,
      status: 'current',
      date: `${day(n)}T10:00:00+01:00`,
      description: `Notat ${n}`,
      content: [{ attachment: { contentType: 'text/plain', data: 'UmluZw==' } }],
    };
  const code = `${n % 40}`;
  return {
    resourceType: 'Observation',
    id,
    ...about,
    status: 'final',
    category: [{ coding: [{ code: n % 2 ? 'laboratory' : 'vital-signs' }] }],
    code: { coding: [{ system: 'http://loinc.org', code }], text: `Analyse ${code}` },
    effectiveDateTime: day(n),
    valueQuantity: { value: n % 200, unit: 'mmol/L' },
  };
}
