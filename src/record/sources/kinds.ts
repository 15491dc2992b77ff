import type { SourceKind } from '../../fhir/session.ts';

export const SECTIONS = [
  'plans',
  'evaluations',
  'critical',
  'medicines',
  'documents',
  'results',
  'measurements',
  'history',
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** Which sections each kind of source has something for; the EHR, and a FHIR server like it, has all. */
export const SECTIONS_OF: Readonly<Record<SourceKind, readonly SectionName[]>> = {
  fhir: SECTIONS,
  kj: ['critical'],
  sfm: ['medicines'],
  mhd: ['documents'],
  nilar: ['results'],
  pmd: ['measurements'],
  planer: ['plans'],
};
