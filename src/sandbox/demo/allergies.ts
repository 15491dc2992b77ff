import type { Resource } from '../types.ts';
import { type CriticalItem, withoutAtc } from './critical-item.ts';
import { coding, hl7, systems, volven } from './fhir.ts';
import type { DemoCritical, DemoPatient } from './source.ts';

/** «Ingen kjente overfølsomhetsreaksjoner – bekreftet 12.08.2026 av Ingrid Fastlund» (P3). */
export const allergiesAsked = '2026-08-12';

/** «Anafylaksi 1988; alvorlig; sannsynlig. …» — what happened and when, how bad, how sure. */
export function allergy(item: CriticalItem, { what, detail, date }: DemoCritical): Resource {
  const { text, atc } = withoutAtc(what);
  const isDrug = atc.length > 0;
  return {
    resourceType: 'AllergyIntolerance',
    id: item.id,
    meta: {
      ...item.meta,
      tag: [isDrug ? volven(7651, '1', 'Legemiddelreaksjon') : volven(7651, '2', 'Annen allergi')],
    },
    clinicalStatus: { coding: [hl7('allergyintolerance-clinical', 'active')] },
    verificationStatus: certainty(detail),
    type: 'allergy',
    category: [isDrug ? 'medication' : 'food'],
    criticality: detail.includes('alvorlig') ? 'high' : 'low',
    code: {
      coding: isDrug ? atc : [volven(7514, '11', 'Andre nøtter enn peanøtter')],
      text,
    },
    patient: item.patient,
    recordedDate: date,
    recorder: item.recorder,
    note: [{ text: detail }],
    reaction: reactions(detail),
  };
}

/** Asked and answered no: not the same as nobody having asked (P6), so it has its own resource. */
export function noKnownAllergy(patient: DemoPatient, item: CriticalItem): readonly Resource[] {
  if (patient.allergy_state !== 'none') return [];
  return [
    {
      resourceType: 'AllergyIntolerance',
      id: item.id,
      meta: item.meta,
      clinicalStatus: { coding: [hl7('allergyintolerance-clinical', 'active')] },
      verificationStatus: { coding: [hl7('allergyintolerance-verification', 'confirmed')] },
      code: {
        coding: [coding(systems.snomed, '716186003', 'No known allergy')],
        text: 'Ingen kjente overfølsomhetsreaksjoner',
      },
      patient: item.patient,
      recordedDate: allergiesAsked,
      recorder: item.recorder,
    },
  ];
}

/** Volven 7521 «Sannsynlig» has no code in R4 4.0.1 (`presumed` came later), so the word is kept as text. */
function certainty(detail: string) {
  const system = 'allergyintolerance-verification';
  if (detail.includes('bekreftet')) {
    return {
      coding: [hl7(system, 'confirmed'), volven(7521, '3', 'Bekreftet')],
      text: 'bekreftet',
    };
  }
  return {
    coding: [hl7(system, 'unconfirmed'), volven(7521, '2', 'Sannsynlig')],
    text: 'sannsynlig',
  };
}

function reactions(detail: string) {
  const [happened = detail] = detail.split(';');
  const years = happened.match(/\d{4}/g) ?? [];
  const text = happened.replace(/ \d{4}.*$/, '');
  const code = text === 'Anafylaksi' ? [volven(7497, '1', 'Anafylaktisk reaksjon')] : [];
  return years.map(onset => ({
    manifestation: [{ coding: code, text }],
    onset,
    severity: detail.includes('alvorlig') ? 'severe' : 'moderate',
  }));
}
