import type { Resource } from '../types.ts';
import {
  actor,
  coding,
  type Extension,
  extension,
  isoDate,
  oslo,
  ours,
  systems,
  to,
  unlessDash,
  volven,
} from './fhir.ts';
import { type Filed, filed, type Part } from './parts.ts';
import { type DemoMedication, type DemoPatient, organization, shortId } from './source.ts';

/** Volven 9101; a stopped or paused line has no group of its own in the data. */
const uses: Readonly<Record<string, { readonly code: string; readonly display: string }>> = {
  fast: { code: '1', display: 'Fast' },
  kur: { code: '2', display: 'Kur' },
  behov: { code: '3', display: 'Ved behov' },
  tilskudd: { code: '5', display: 'Næringsmiddel/vitaminer' },
};

const statuses: Readonly<Record<string, string>> = { seponert: 'stopped', pause: 'on-hold' };

/** The patient's medication list (PLL): a statement and a drug per line, vaccines, and the list itself. */
export function medications(patient: DemoPatient): readonly Filed[] {
  if (patient.meds.length === 0) return [];
  const lines = medicineLines(patient);
  const vaccines = patient.meds.filter(({ group }) => group === 'vaksine');
  return [
    // Who may see some of the list may know that there is one, and that prescriptions are locked.
    ...filed(
      sharesTreatment(patient) ? 'shared medication' : 'medication',
      medicationList(patient, lines),
    ),
    ...lines.flatMap(({ line, id }) =>
      filed(
        partOf(patient, line),
        statement(patient, line, id),
        drug(line, id),
        ...loosePack(patient, line, id),
      ),
    ),
    ...vaccines.flatMap((line, index) =>
      filed('medication', vaccination(patient, line, `${shortId(patient)}-vaccine-${index + 1}`)),
    ),
  ];
}

/** One line of the medication list; its id is the PLL id, wherever the line is written. */
export interface MedicineLine {
  readonly id: string;
  readonly line: DemoMedication;
}

export function medicineLines(patient: DemoPatient): readonly MedicineLine[] {
  return patient.meds
    .filter(({ group }) => group !== 'vaksine')
    .map((line, index) => ({ id: `${shortId(patient)}-med-${index + 1}`, line }));
}

/** FHIR's word for a line's standing. */
export const statusOf = ({ group }: DemoMedication) => statuses[group] ?? 'active';

/** Jonas shares the treatment his addiction clinic gives; the rest of his list he does not. */
function partOf(patient: DemoPatient, { changedBy }: DemoMedication): Part {
  return sharesTreatment(patient) && changedBy === 'org-ara' ? 'shared medication' : 'medication';
}

function sharesTreatment({ consent }: DemoPatient): boolean {
  return consent.some(({ what }) => what.includes('LAR-behandling'));
}

function statement(patient: DemoPatient, line: DemoMedication, id: string): Resource {
  const reason = stopReason(line.note);
  return {
    resourceType: 'MedicationStatement',
    id,
    meta: { lastUpdated: oslo(line.lastChanged, '13:30') },
    identifier: [{ type: { text: 'PLL' }, value: id }],
    status: statusOf(line),
    statusReason: reason ? [{ text: reason }] : undefined,
    medicationReference: to(`Medication/${id}-drug`, unlessDash(line.brand) ?? line.substance),
    subject: to(`Patient/${shortId(patient)}`),
    effectivePeriod: {
      start: line.start,
      // A dose being tapered stands in the same group but has not ended yet.
      end: line.note.startsWith('SEPONERT') ? line.lastChanged : undefined,
    },
    dateAsserted: line.lastChanged,
    informationSource: actor(line.changedBy, shortId(patient)),
    reasonCode: [{ text: line.indication }],
    note: line.note ? [{ text: line.note }] : undefined,
    dosage: dosage(line),
  };
}

/** The hospital's own prescription for what went home beside the multidose bags: the medicine then stands twice. */
function loosePack(patient: DemoPatient, line: DemoMedication, id: string): readonly Resource[] {
  const [words, day = ''] = /løs pakning utlevert ([\d.]+)/.exec(line.note) ?? [];
  const date = isoDate(day);
  if (!words || !date) return [];
  return [
    {
      resourceType: 'MedicationRequest',
      id: `${id}-loose`,
      meta: { lastUpdated: oslo(date, '11:00') },
      status: 'active',
      intent: 'order',
      medicationReference: to(`Medication/${id}-drug`, unlessDash(line.brand) ?? line.substance),
      subject: to(`Patient/${shortId(patient)}`),
      authoredOn: date,
      requester: actor(line.changedBy, shortId(patient)),
      reasonCode: [{ text: line.indication }],
      note: [{ text: words.charAt(0).toUpperCase() + words.slice(1) }],
      dosageInstruction: dosage(line),
    },
  ];
}

function dosage({ group, dose }: DemoMedication) {
  const use = sfmUse(group);
  const text = unlessDash(dose);
  if (!use) return text ? [{ text }] : undefined;
  return [{ extension: [use], text, ...(group === 'behov' ? { asNeededBoolean: true } : {}) }];
}

/** Volven 9101, by the extension SFM writes it in. */
export function sfmUse(group: string): Extension | undefined {
  const use = uses[group];
  return (
    use && {
      url: 'http://ehelse.no/fhir/StructureDefinition/sfm-use',
      valueCodeableConcept: { coding: [volven(9101, use.code, use.display)] },
    }
  );
}

function drug(line: DemoMedication, id: string): Resource {
  const strength = unlessDash(line.strength);
  return {
    resourceType: 'Medication',
    id: `${id}-drug`,
    meta: { lastUpdated: oslo(line.lastChanged, '13:30') },
    extension: strength ? [extension('strength', { valueString: strength })] : undefined,
    code: { coding: atc(line), text: unlessDash(line.brand) ?? line.substance },
    form: { text: line.form },
    ingredient: [{ itemCodeableConcept: { text: line.substance } }],
  };
}

function vaccination(patient: DemoPatient, line: DemoMedication, id: string): Resource {
  return {
    resourceType: 'Immunization',
    id,
    meta: { lastUpdated: oslo(line.lastChanged, '13:30') },
    status: 'completed',
    vaccineCode: { coding: atc(line), text: line.substance },
    patient: to(`Patient/${shortId(patient)}`),
    ...(isoDate(line.dose)
      ? { occurrenceDateTime: isoDate(line.dose) }
      : { occurrenceString: line.dose }),
    recorded: line.lastChanged,
    primarySource: true,
    performer: [{ actor: actor(line.changedBy, shortId(patient)) }],
  };
}

function medicationList(patient: DemoPatient, lines: readonly MedicineLine[]): Resource {
  const latest = latestChange(lines);
  const date = listChanged(patient);
  return {
    resourceType: 'List',
    id: `${shortId(patient)}-pll`,
    meta: { lastUpdated: oslo(date, '13:35') },
    status: 'current',
    mode: 'working',
    title: 'Pasientens legemiddelliste',
    code: { coding: [ours('pll', 'Pasientens legemiddelliste')] },
    subject: to(`Patient/${shortId(patient)}`),
    date: oslo(date, '13:35'),
    source: latest && listSource(latest.changedBy, shortId(patient)),
    note: [{ text: patient.restriction }],
    entry: lines.map(({ id }) => ({ item: to(`MedicationStatement/${id}`) })),
  };
}

/** The day the list was last changed or reconciled; empty where there is no list. */
export function listChanged(patient: DemoPatient): string {
  return listDate(patient.restriction) ?? latestChange(medicineLines(patient))?.lastChanged ?? '';
}

function latestChange(lines: readonly MedicineLine[]): DemoMedication | undefined {
  const all = lines.map(({ line }) => line);
  return all.sort((a, b) => a.lastChanged.localeCompare(b.lastChanged)).at(-1);
}

/** R4 lets a person, not an organization, be the source of a List: an organization stands as its name. */
function listSource(id: string, patientId: string) {
  return id.startsWith('org-') ? { display: organization(id).name } : actor(id, patientId);
}

function listDate(restriction: string): string | undefined {
  const [, changed] = /(?:sist endret|Samstemt av \S+) (\S+)/.exec(restriction) ?? [];
  return changed && isoDate(changed);
}

export function stopReason(note: string): string | undefined {
  return /^SEPONERT(?: [\d.]+)?:? (.*)$/.exec(note)?.[1];
}

export function atc(line: DemoMedication) {
  return line.atc === '-' ? undefined : [coding(systems.atc, line.atc, line.substance)];
}
