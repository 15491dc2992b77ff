import { type Coding, coding, hl7, systems } from '../demo/fhir.ts';
import { type HomeMeasurement, homeMeasurements } from '../demo/results.ts';
import type { Resource } from '../types.ts';
import { pagedSearch } from './paged-search.ts';
import { searchset } from './searchset.ts';
import { fhirAnswer, type Question, type Source } from './source.ts';

interface Measure {
  readonly profile: string;
  readonly codes: readonly Coding[];
  readonly device: string;
}

const VKP = 'http://hl7.no/fhir/vkpobservation/StructureDefinition/';

const measures: Readonly<Record<string, Measure>> = {
  'SpO2 hvile': {
    profile: 'vkp-Observation-Oxygensat',
    codes: [
      coding('http://loinc.org', '2708-6', 'Oxygen saturation in Arterial blood'),
      coding(systems.snomed, '431314004', 'Peripheral oxygen saturation'),
    ],
    device: 'Pulsoksymeter',
  },
  Puls: {
    profile: 'vkp-Observation-Heartrate',
    codes: [
      coding('http://loinc.org', '8867-4', 'Heart rate'),
      coding(systems.snomed, '364075005', 'Heart rate'),
    ],
    device: 'Pulsoksymeter',
  },
  Vekt: {
    profile: 'vkp-Observation-Bodyweight',
    codes: [
      coding('http://loinc.org', '29463-7', 'Body weight'),
      coding(systems.snomed, '27113001', 'Body weight'),
    ],
    device: 'Personvekt',
  },
  'Symptomskår (egen)': { profile: 'vkp-Observation', codes: [], device: 'Nettbrett' },
};

/** UCUM for the units that are one; «av 10» is words. */
const ucum: ReadonlySet<string> = new Set(['%', '/min', 'kg']);

/** Pasientens måledata (FHIR.md 10): what is measured at home, in the shape of VkpObservation. */
export function pmd(): Source {
  const search = pagedSearch('Observation', question => ({
    matches: measured(question),
    includes: () => [],
  }));
  return {
    type: 'Observation',
    answer: async question => {
      const answer = await search(question);
      return isSilent(question) && answer.ok ? doesNotAnswer(question) : answer;
    },
  };
}

function measured(question: Question): readonly Resource[] {
  const all = question.story ? homeMeasurements(question.story) : [];
  return [...all].sort((a, b) => b.at.localeCompare(a.at)).map(one => observation(question, one));
}

function observation({ subject }: Question, one: HomeMeasurement): Resource {
  const known = measures[one.name];
  if (!known) throw new Error(`No one has decided how «${one.name}» is measured`);
  return {
    resourceType: 'Observation',
    id: `pmd-${one.id}`,
    meta: { profile: [VKP + known.profile], lastUpdated: one.moment, source: 'DHO' },
    identifier: [{ system: systems.homeMeasurement, value: one.id }],
    status: 'final',
    category: [{ coding: [hl7('observation-category', one.category)] }],
    code: { coding: known.codes, text: one.name },
    subject,
    effectiveDateTime: one.moment,
    performer: [subject],
    device: { display: known.device },
    valueQuantity: {
      value: one.value,
      unit: one.unit,
      ...(ucum.has(one.unit) ? { system: 'http://unitsofmeasure.org', code: one.unit } : {}),
    },
  };
}

/** S17: only somebody with measurements can be without them. */
const isSilent = ({ silent, story }: Question) => silent && (story?.measurements ?? []).length > 0;

function doesNotAnswer({ base }: Question): Response {
  const diagnostics = 'Pasientens måledata svarer ikke';
  return fhirAnswer({
    ...searchset(base, {
      matches: [],
      notices: [{ severity: 'error', code: 'transient', diagnostics }],
    }),
    total: undefined,
  });
}
