import { type Codeable, hasCode, NO_PLAN } from '../../fhir/shapes.ts';
import type { PlanKind } from '../model.ts';

/** Which codes say what kind of plan this is (docs/fhir.md, CarePlan; Volven 9602 is a document type list). */
const SNOMED = 'http://snomed.info/sct';

const KINDS: readonly (readonly [PlanKind, string, readonly string[]])[] = [
  ['acute', '9602', ['A01-2']],
  ['acute', SNOMED, ['736253002', '735324008']],
  ['acute', NO_PLAN, ['akuttplan']],
  ['self-treatment', NO_PLAN, ['egenbehandlingsplan']],
  ['treatment', '9602', ['B01-2']],
  ['treatment', NO_PLAN, ['behandlingsplan']],
  ['individual', '9602', ['A02-2']],
  ['individual', NO_PLAN, ['ip']],
  ['zone', NO_PLAN, ['sone']],
];

export function kindByCode(categories: readonly Codeable[]): PlanKind {
  const [kind] =
    KINDS.find(([, system, codes]) =>
      categories.some(category => hasCode(category, system, ...codes)),
    ) ?? [];
  return kind ?? 'other';
}

/** The same codes as search tokens, Volven lists both as OID and by HL7 Norway's alias. */
export const PLAN_TOKENS: readonly string[] = KINDS.filter(([kind]) => kind !== 'zone').flatMap(
  ([, system, codes]) => systemsOf(system).flatMap(each => codes.map(code => `${each}|${code}`)),
);

function systemsOf(system: string): readonly string[] {
  if (!/^\d{4}$/.test(system)) return [system];
  return [
    `urn:oid:2.16.578.1.12.4.1.1.${system}`,
    `http://helsedir.no/fhir/CodeSystem/no-kodeverk-${system}`,
  ];
}
