import { coding, type Reference, systems } from './fhir.ts';

/** What a critical item shares with its neighbours, whatever resource it becomes. */
export interface CriticalItem {
  readonly id: string;
  readonly meta: { readonly lastUpdated: string };
  readonly patient: Reference;
  readonly recorder: Reference;
}

/** «Fenoksymetylpenicillin (J01CE02)»: the name shown, and the ATC code beside it. */
export function withoutAtc(what: string) {
  const [, text = what, code] = /^(.*) \(([A-Z]\d\d[A-Z]{0,2}\d{0,2})\)$/.exec(what) ?? [];
  return { text, atc: code ? [coding(systems.atc, code, text)] : [] };
}
