import type { CriticalFact } from '../demo/critical.ts';
import { coding, type Extension, systems, unlessDash, volven } from '../demo/fhir.ts';
import { organization, user } from '../demo/source.ts';
import type { Resource } from '../types.ts';
import type { Question } from './source.ts';

const PROFILES = 'http://nhn.no/kj/fhir/StructureDefinition/';
const SOURCES = 'http://nhn.no/kj/fhir/CodeSystem/SourceOfInformation';

/** `criticalInfoType`, as NHN's critical information API names the kinds that share a FHIR type. */
export const INFO_TYPES: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['DrugReaction', 'OtherAllergen'],
  Condition: [
    'CriticalMedicalCondition',
    'Infection',
    'IntubationProblem',
    'OtherProblemWithAnesthesia',
    'TransplantsAndOtherForeignBodies',
  ],
};

interface Kind {
  readonly profile: string;
  readonly infoType?: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  'Annen prosedyreendring': { profile: 'KjFlag' },
  'Pågående behandling': { profile: 'KjProcedure' },
  Implantat: {
    profile: 'KjConditionTransplantsAndOtherForeignBodies',
    infoType: 'TransplantsAndOtherForeignBodies',
  },
  'Kritisk medisinsk tilstand': {
    profile: 'KjConditionCriticalMedicalCondition',
    infoType: 'CriticalMedicalCondition',
  },
  'HLR-minus og behandlingsavklaringer': { profile: 'KjConsentBehandlingsavklaring' },
};

/** Which search finds the fact, beside its FHIR type. */
export function infoTypeOf({ entry, resource }: CriticalFact): string | undefined {
  if (resource.resourceType !== 'AllergyIntolerance') return kinds[entry.category]?.infoType;
  const { category } = resource;
  return Array.isArray(category) && category.includes('medication')
    ? 'DrugReaction'
    : 'OtherAllergen';
}

/**
 * A fact as kjernejournal writes it (FHIR.md 4.2): the same codes as the EHR's copy, the patient by national
 * id, the recorder contained, and what R4 has no place for in Kj extensions.
 */
export function kjResource(fact: CriticalFact, { subject }: Question): Resource {
  const { entry, item, resource } = fact;
  const { id, meta, recorder: _, author: __, performer: ___, extension: ____, ...facts } = resource;
  const { patient: _____, subject: ______, ...rest } = facts;
  const profile = kinds[entry.category]?.profile ?? 'KjAllergyIntolerance';
  const contained = recorderOf(item.recorder.reference);
  const who = contained ? { reference: '#recorder' } : subject;
  const until = /^Gyldig til (\d\d)\.(\d\d)\.(\d{4})$/.exec(entry.detail);
  return {
    ...rest,
    resourceType: resource.resourceType,
    id: `kj-${id}`,
    meta: { ...meta, profile: [PROFILES + profile] },
    contained: contained && [contained],
    extension: [
      sourceOf(entry.detail),
      kj('updater', { valueReference: who }),
      kj('updatedDateTime', { valueDateTime: item.meta.lastUpdated }),
      ...(until
        ? [kj('validUntil', { valueDateTime: `${until[3]}-${until[2]}-${until[1]}` })]
        : []),
      ...(isWithoutNote(resource) ? [kj('note', { valueString: entry.detail })] : []),
    ],
    ...severity(fact),
    ...place(resource, subject, who),
  };
}

/** Flag and Consent have no `note` of their own. */
const isWithoutNote = ({ resourceType }: Resource) =>
  resourceType === 'Flag' || resourceType === 'Consent';

/** Where each type keeps the patient and whoever wrote it down. */
function place({ resourceType }: Resource, subject: object, who: object) {
  switch (resourceType) {
    case 'AllergyIntolerance':
      return { patient: subject, recorder: who };
    case 'Consent':
      return { patient: subject, performer: [who] };
    case 'Flag':
      return { subject, author: who };
    default:
      return { subject, recorder: who };
  }
}

/** Volven 7520; R4's own `criticality` stays beside it. «Sannsynlig» (7521#2) is what KjPresumed says. */
function severity({ entry, resource }: CriticalFact) {
  if (resource.resourceType !== 'AllergyIntolerance') return {};
  const grave = entry.detail.includes('alvorlig')
    ? volven(7520, '1', 'Alvorlig')
    : volven(7520, '2', 'Mindre alvorlig');
  const { verificationStatus } = resource;
  return {
    _criticality: { extension: [kj('severity', { valueCodeableConcept: { coding: [grave] } })] },
    ...(entry.detail.includes('sannsynlig') && typeof verificationStatus === 'object'
      ? {
          verificationStatus: {
            ...verificationStatus,
            extension: [kj('KjPresumed', { valueBoolean: true })],
          },
        }
      : {}),
  };
}

/** Volven 7498, and kjernejournal's own list with the same numbers. */
function sourceOf(detail: string): Extension {
  const [code, display] = /IgE|PaCO2/.test(detail)
    ? ['1', 'Resultat av tester/analyser']
    : /av lege|Anafylaksi/.test(detail)
      ? ['2', 'Observert av behandlende lege']
      : ['7', 'Opplyst av ansvarlig behandler'];
  return kj('KjSourceOfInformation', {
    valueCodeableConcept: { coding: [coding(SOURCES, code, display), volven(7498, code, display)] },
  });
}

function recorderOf(reference = ''): Resource | undefined {
  const [, id] = /^PractitionerRole\/(.+)$/.exec(reference) ?? [];
  if (!id) return undefined;
  const { name, role, org, hpr } = user(id);
  const number = unlessDash(hpr);
  return {
    resourceType: 'PractitionerRole',
    id: 'recorder',
    practitioner: {
      identifier: number && { system: systems.hpr, value: number },
      display: name,
    },
    organization: {
      identifier: { system: systems.orgnr, value: organization(org).orgnr },
      display: organization(org).name,
    },
    code: [{ text: role }],
  };
}

function kj(name: string, value: Readonly<Record<string, unknown>>): Extension {
  return { url: PROFILES + name, ...value };
}
