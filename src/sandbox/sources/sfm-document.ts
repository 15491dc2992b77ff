import { coding, hl7, oslo } from '../demo/fhir.ts';
import { listChanged, type MedicineLine } from '../demo/medications.ts';
import { uuidOf } from '../demo/uuid.ts';
import type { Resource } from '../types.ts';
import { type SfmReference, sfmPeople, urnOf } from './sfm-people.ts';
import { sfmLine } from './sfm-statement.ts';
import type { Question } from './source.ts';

const PROFILES = 'http://ehelse.no/fhir/StructureDefinition/';
const CODES = 'http://ehelse.no/fhir/CodeSystem/';

type Entry = readonly [string, Resource];

/**
 * `sfm-MedicationBundle`: a document whose parts point at each other by `urn:uuid:` alone.
 *
 * A patient whose list is not made has an empty section without a reason. That is not «none».
 */
export function medicationDocument(
  { story, subject, access, base }: Question,
  lines: readonly MedicineLine[],
  now: string,
): Resource {
  const people = sfmPeople();
  const key = `sfm ${access.patient}`;
  const patient: SfmReference = {
    reference: urnOf(`${key} patient`),
    type: `${PROFILES}sfm-Patient`,
    display: subject.display,
  };
  const made = lines.map(line => sfmLine(line, patient, people));
  const hasList = story !== undefined && story.meds.length > 0;
  const infoUrn = urnOf(`${key} M25.1`);
  const author = people.inRole(story?.gp ?? '');
  const parties = hasList ? relatedParties() : [];

  function relatedParties(): readonly SfmReference[] {
    const isMultidose = story?.restriction.startsWith('Multidose') === true;
    const gp = story?.gp ?? '';
    return [
      people.inRole(gp, 'F'),
      ...(isMultidose ? [people.inRole(gp, 'M'), people.inRole('org-apo', 'A')] : []),
    ].filter(one => one !== undefined);
  }

  const composition: Resource = {
    resourceType: 'Composition',
    id: uuidOf(`${key} composition id`),
    meta: { profile: [`${PROFILES}sfm-MedicationComposition`] },
    identifier: { use: 'official', value: uuidOf(`${key} list`) },
    status: 'final',
    type: { coding: [coding('http://loinc.org', '11503-0', 'Medical records')] },
    subject: patient,
    date: now.slice(0, 10),
    author: [author ?? { display: 'SFM' }],
    title: 'Medication summary',
    confidentiality: 'N',
    section: [
      section('Medication', 'sectionMedication', {
        entries: made.map(({ reference }) => reference),
        empty: hasList ? 'unavailable' : undefined,
      }),
      section('PllInfo', 'sectionPLLinfo', {
        entries: hasList
          ? [{ reference: infoUrn, type: `${PROFILES}sfm-PLL-info`, display: 'M25.1' }]
          : [],
        empty: 'notasked',
      }),
      section('Allergies', 'sectionAllergies', { entries: [], empty: 'unavailable' }),
      section('sectionDispense', 'sectionDispense', { entries: [], empty: 'unavailable' }),
      section('Other Prescriptions', 'sectionOtherPrescriptions', {
        entries: [],
        empty: 'unavailable',
      }),
    ],
  };
  const info: Resource = {
    resourceType: 'Basic',
    id: uuidOf(`${key} M25.1 id`),
    meta: { profile: [`${PROFILES}sfm-PLL-info`] },
    extension: [
      {
        url: `${PROFILES}sfm-pllInformation`,
        extension: [
          {
            url: 'PLLdate',
            valueDateTime:
              story && oslo(listChanged(story), '13:35').replace(':00+', ':00.0000000+'),
          },
          ...parties.map(valueReference => ({ url: 'relatedparties', valueReference })),
        ],
      },
    ],
    identifier: [{ use: 'usual', value: uuidOf(`${key} M25.1 message`) }],
    code: { coding: [coding(`${CODES}sfm-message-type`, 'M25.1', 'PLL')] },
    subject: patient,
    author,
  };
  const entries: readonly Entry[] = [
    [urnOf(`${key} composition`), composition],
    [
      patient.reference,
      {
        resourceType: 'Patient',
        id: uuidOf(`${key} patient id`),
        meta: { profile: [patient.type] },
        identifier: [{ use: 'official', ...subject.identifier }],
        active: true,
        name: [{ text: subject.display }],
        birthDate: story?.born,
      },
    ],
    ...made.flatMap(({ statement, medication }) => [medication, statement]),
    ...(hasList ? [[infoUrn, info] satisfies Entry] : []),
    ...people.entries(),
  ];
  return {
    resourceType: 'Bundle',
    id: uuidOf(`${key} ${now}`),
    meta: {
      lastUpdated: now,
      source: `${base}/Patient/$getMedication`,
      profile: [`${PROFILES}sfm-MedicationBundle`],
    },
    type: 'document',
    timestamp: now,
    entry: entries.map(([fullUrl, resource]) => ({ fullUrl, resource })),
  };
}

interface Content {
  readonly entries: readonly SfmReference[];
  /** What an empty section means, where anybody has said; never `nilknown`, which nobody has asserted. */
  readonly empty: 'unavailable' | 'notasked' | undefined;
}

function section(title: string, code: string, { entries, empty }: Content) {
  return {
    title,
    code: { coding: [coding(`${CODES}sfm-section-types`, code)] },
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${title}</div>` },
    ...(entries.length > 0 ? { entry: entries } : {}),
    ...(entries.length === 0 && empty
      ? { emptyReason: { coding: [hl7('list-empty-reason', empty)] } }
      : {}),
  };
}
