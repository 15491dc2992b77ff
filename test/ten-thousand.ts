import type { Resource } from '../src/sandbox/types.ts';

const hers = { subject: { reference: 'Patient/p6' } };
const many = (type: string, count: number, make: (n: number) => object): Resource[] =>
  Array.from({ length: count }, (_, n) => ({
    resourceType: type,
    id: `${type}-${n}`,
    ...hers,
    ...make(n),
  }));

const day = (n: number) => `20${10 + (n % 16)}-${`${1 + (n % 12)}`.padStart(2, '0')}-15`;

/** Ten thousand resources about Amina: one acute plan with its team, and far too much of everything else. */
export const tenThousand: readonly Resource[] = [
  {
    resourceType: 'CarePlan',
    id: 'plan',
    ...hers,
    status: 'active',
    intent: 'plan',
    category: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'A01-2' }] }],
    careTeam: [{ reference: 'CareTeam/team' }],
  },
  {
    resourceType: 'CareTeam',
    id: 'team',
    ...hers,
    status: 'active',
    participant: [{ member: { reference: 'Organization/unit', display: 'Enhet A' } }],
  },
  {
    resourceType: 'Organization',
    id: 'unit',
    name: 'Enhet A',
    telecom: [{ system: 'phone', value: '+47 00 00 09 01' }],
  },
  ...many('CarePlan', 200, n => ({
    status: 'completed',
    intent: 'plan',
    title: `Plan ${n}`,
    period: { start: day(n) },
  })),
  ...many('AllergyIntolerance', 97, n => ({
    subject: undefined,
    patient: hers.subject,
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { text: `Stoff ${n}` },
  })),
  ...many('MedicationStatement', 700, n => ({
    status: 'active',
    medicationCodeableConcept: { text: `Virkestoff ${n}` },
    dosage: [{ text: '1 tablett' }],
  })),
  ...many('DocumentReference', 2000, n => ({
    status: 'current',
    date: `${day(n)}T10:00:00+01:00`,
    description: `Notat ${n}`,
    content: [{ attachment: { contentType: 'text/plain', data: 'UmluZw==' } }],
  })),
  ...many('Observation', 7000, n => ({
    status: 'final',
    category: [{ coding: [{ code: n % 2 ? 'laboratory' : 'vital-signs' }] }],
    code: {
      coding: [{ system: 'http://loinc.org', code: `${n % 40}` }],
      text: `Analyse ${n % 40}`,
    },
    effectiveDateTime: day(n),
    valueQuantity: { value: n % 200, unit: 'mmol/L' },
  })),
];
