import type { Resource } from '../types.ts';
import { allergiesAsked, allergy, noKnownAllergy } from './allergies.ts';
import { type CriticalItem, withoutAtc } from './critical-item.ts';
import { actor, coding, extension, hl7, isoDate, oslo, systems, to, volven } from './fhir.ts';
import { type Filed, filed } from './parts.ts';
import { acutePlanOf, type DemoCritical, type DemoPatient, shortId } from './source.ts';

const DECISIONS = 'https://example.org/fhir/NamingSystem/treatment-decision';

interface Kind {
  readonly idWord: string;
  readonly resource: (item: CriticalItem, entry: DemoCritical) => Resource;
}

const kinds: Readonly<Record<string, Kind>> = {
  Overfølsomhetsreaksjon: { idWord: 'allergy', resource: allergy },
  'Annen prosedyreendring': { idWord: 'flag', resource: changedProcedure },
  'Pågående behandling': { idWord: 'procedure', resource: ongoingTreatment },
  Implantat: { idWord: 'implant', resource: implant },
  'Kritisk medisinsk tilstand': { idWord: 'condition', resource: criticalCondition },
  'HLR-minus og behandlingsavklaringer': {
    idWord: 'treatment-decision',
    resource: treatmentDecision,
  },
};

/** Kjernejournal's critical information, by category (docs/fhir.md, FHIR.md 4.2). */
export function critical(patient: DemoPatient): readonly Filed[] {
  const resources = criticalFacts(patient).map(({ resource }) => resource);
  const none = noKnownAllergy(patient, itemFor(patient, 'allergy-none', allergiesAsked));
  return filed('critical', ...resources, ...none);
}

/** What stands in the patient's critical information, with the resource the EHR makes of it. */
export interface CriticalFact {
  readonly entry: DemoCritical;
  readonly item: CriticalItem;
  readonly resource: Resource;
}

export function criticalFacts(patient: DemoPatient): readonly CriticalFact[] {
  // What the patient has restricted is never made: the policy says that it exists, nobody can leak it.
  const given = patient.critical.filter(({ status }) => status !== 'sperret');
  return given.map((entry, index) => {
    const before = given.slice(0, index).filter(({ category }) => category === entry.category);
    const kind = kindOf(entry);
    const item = itemFor(patient, `${kind.idWord}-${before.length + 1}`, entry.date);
    return { entry, item, resource: kind.resource(item, entry) };
  });
}

/** Ordinary diagnoses; a patient who restricted critical information has restricted these too. */
export function diagnoses(patient: DemoPatient): readonly Filed[] {
  if (patient.allergy_state === 'restricted') return [];
  return patient.dx.flatMap(({ icd10, text, since }, index) =>
    filed('diagnosis', {
      resourceType: 'Condition',
      id: `${shortId(patient)}-dx-${index + 1}`,
      meta: { lastUpdated: oslo(since) },
      clinicalStatus: { coding: [hl7('condition-clinical', 'active')] },
      verificationStatus: { coding: [hl7('condition-ver-status', 'confirmed')] },
      category: [{ coding: [hl7('condition-category', 'problem-list-item', 'Problem List Item')] }],
      code: { coding: [coding(systems.icd10, icd10, text)], text },
      subject: to(`Patient/${shortId(patient)}`),
      onsetDateTime: since,
    }),
  );
}

function kindOf({ category }: DemoCritical): Kind {
  const kind = kinds[category];
  if (!kind) throw new Error(`No critical information is called «${category}»`);
  return kind;
}

/** The author of an acute plan registers the item of that day; otherwise the patient's own doctor does. */
function itemFor(patient: DemoPatient, idEnd: string, date: string): CriticalItem {
  const id = shortId(patient);
  const { author = '', valid = '' } = acutePlanOf(patient) ?? {};
  const recorder =
    valid.startsWith(date) && author.startsWith('u-') ? author : (patient.gp ?? 'pasienten');
  return {
    id: `${id}-${idEnd}`,
    meta: { lastUpdated: oslo(date, '15:20') },
    patient: to(`Patient/${id}`),
    recorder: actor(recorder, id),
  };
}

function changedProcedure(item: CriticalItem, { what, detail, date }: DemoCritical): Resource {
  const oxygen = what.startsWith('Oksygen');
  return {
    resourceType: 'Flag',
    id: item.id,
    meta: item.meta,
    extension: [extension('note', { valueString: detail })],
    status: 'active',
    category: [{ coding: [volven(7651, '9', 'Annen prosedyreendring')] }],
    code: {
      coding: [
        oxygen
          ? volven(7522, '4', 'Anbefalt spesifisert behandlingsprosedyre')
          : volven(7522, '5', 'Annen endring i prosedyrer'),
      ],
      text: what,
    },
    subject: item.patient,
    period: { start: date, end: detail.startsWith('Gyldig til') ? isoDate(detail) : undefined },
    author: item.recorder,
  };
}

function ongoingTreatment(item: CriticalItem, { what, detail, date }: DemoCritical): Resource {
  const { text, atc } = withoutAtc(what);
  return {
    resourceType: 'Procedure',
    id: item.id,
    meta: item.meta,
    status: 'in-progress',
    category: { coding: [volven(7651, '6', 'Behandling')] },
    code: {
      coding: [volven(7517, '4', 'Viktig blodfortynnende behandling'), ...atc],
      text,
    },
    subject: item.patient,
    performedPeriod: { start: date },
    recorder: item.recorder,
    note: [{ text: detail }],
  };
}

function implant(item: CriticalItem, entry: DemoCritical): Resource {
  const code = [volven(7518, '9', 'Pacemaker')];
  return condition(item, entry, volven(7651, '7', 'Implantat'), code);
}

function criticalCondition(item: CriticalItem, entry: DemoCritical): Resource {
  const code = [coding(systems.icd10, 'G40.3', 'Generalisert epilepsi')];
  return condition(item, entry, volven(7651, '5', 'Kritisk medisinsk tilstand'), code);
}

function condition(
  item: CriticalItem,
  { what, detail, date }: DemoCritical,
  category: ReturnType<typeof volven>,
  code: readonly ReturnType<typeof coding>[],
): Resource {
  return {
    resourceType: 'Condition',
    id: item.id,
    meta: item.meta,
    clinicalStatus: { coding: [hl7('condition-clinical', 'active')] },
    verificationStatus: { coding: [hl7('condition-ver-status', 'confirmed')] },
    category: [{ coding: [category] }],
    code: { coding: code, text: what },
    subject: item.patient,
    recordedDate: date,
    recorder: item.recorder,
    note: [{ text: detail }],
  };
}

function treatmentDecision(item: CriticalItem, { what, detail, date }: DemoCritical): Resource {
  const kind = 'HLR-minus og behandlingsavklaringer';
  return {
    resourceType: 'Consent',
    id: item.id,
    meta: item.meta,
    // No code tells one decision from another: kjernejournal's copy is known by this.
    identifier: [{ system: DECISIONS, value: item.id }],
    extension: [extension('note', { valueString: detail })],
    status: 'active',
    scope: { coding: [hl7('consentscope', 'treatment', 'Treatment')] },
    category: [{ coding: [volven(7651, '11', kind)] }],
    patient: item.patient,
    dateTime: date,
    performer: [item.recorder],
    policyRule: { text: kind },
    provision: { code: [{ text: what }] },
  };
}
