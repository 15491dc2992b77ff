import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import type { Shelf } from '../../fhir/references.ts';
import {
  Annotations,
  Codeable,
  Codeables,
  Dosage,
  either,
  flag,
  Identifiers,
  list,
  Period,
  Reference,
  References,
  resource,
  text,
  wording,
} from '../../fhir/shapes.ts';
import type { Medicine, MedicineGroup } from '../model.ts';
import type { Flag, Item } from '../reading.ts';
import type { Reader } from '../sift.ts';
import { isOver } from '../when.ts';
import { nameOf } from './medicines-name.ts';
import { sfmDetails, sfmIndication, sfmUse } from './medicines-sfm.ts';

/** R4 Dosage; what it says beside the dose («i venstre øye») is half of how to give it. */
const DosageLine = z.looseObject({ ...Dosage.shape, additionalInstruction: Codeables });

const Shape = z.looseObject({
  ...resource('MedicationStatement').shape,
  resourceType: z.literal(['MedicationStatement', 'MedicationRequest', 'Immunization']),
  identifier: Identifiers,
  status: text,
  partOf: References,
  statusReason: z.optional(either(Codeables, Codeable)),
  intent: text,
  doNotPerform: flag,
  medicationCodeableConcept: z.optional(Codeable),
  medicationReference: z.optional(Reference),
  vaccineCode: z.optional(Codeable),
  dosage: list(DosageLine),
  dosageInstruction: list(DosageLine),
  reasonCode: Codeables,
  effectivePeriod: z.optional(Period),
  effectiveDateTime: text,
  dateAsserted: text,
  authoredOn: text,
  occurrenceDateTime: text,
  occurrenceString: text,
  informationSource: z.optional(Reference),
  requester: z.optional(Reference),
  performer: z.optional(z.unknown()),
  note: Annotations,
});
type Wire = z.output<typeof Shape>;

/** MedicationStatement, MedicationRequest and Immunization as lines of one list (docs/fhir.md, «Medication»). */
export const medicineReader = (shelf: Shelf, now: Date): Reader<typeof Shape, Medicine> => ({
  shape: Shape,
  item: (wire, about, raw) => medicine(wire, about, raw, shelf, now),
  unreadable: (about, raw) => ({
    ...about,
    group: 'unspecified',
    substance: undefined,
    product: undefined,
    atc: undefined,
    form: undefined,
    strength: undefined,
    dose: [],
    instructions: [],
    doseNotInWords: false,
    indication: undefined,
    started: undefined,
    until: undefined,
    past: false,
    ending: undefined,
    changed: undefined,
    changedBy: undefined,
    stoppedBecause: undefined,
    notes: [],
    onPll: false,
    multidose: undefined,
    prescription: undefined,
    handedOut: undefined,
    superseded: false,
    origin: originOf(raw['resourceType']),
    tentative: undefined,
  }),
});

function medicine(wire: Wire, about: Item, raw: Raw, shelf: Shelf, now: Date): Medicine {
  const dosages = [...wire.dosage, ...wire.dosageInstruction];
  const group = groupOf(wire, dosages);
  const flags: Flag[] = [...about.flags];
  if (wire.doNotPerform === true) flags.push('negated');
  if (group === 'stopped') flags.push('inactive');
  const named = wire.medicationReference ?? wire.medicationCodeableConcept ?? wire.vaccineCode;
  // R4 demands one of them; another version of FHIR keeps the name where we do not look (SAFETY R26).
  if (!named && !flags.includes('unreadable')) flags.push('unreadable');
  const sfm = sfmDetails(wire.extension, group === 'stopped', shelf);
  return {
    ...about,
    identifiers: [...about.identifiers, ...typedIdentifiers(wire)],
    flags,
    group,
    ...nameOf(
      wire.medicationReference,
      wire.medicationCodeableConcept ?? wire.vaccineCode,
      raw,
      shelf,
    ),
    dose: [
      ...dosages.map(dosage => dosage.text ?? dosage.patientInstruction),
      wire.occurrenceString,
    ].flatMap(dose => dose ?? []),
    instructions: dosages.flatMap(instructionsIn),
    // A dose in numbers and codes is a dose: saying «not given» about it would be wrong.
    doseNotInWords: dosages.some(
      ({ text: said, patientInstruction, ...rest }) =>
        !said && !patientInstruction && Object.keys(rest).some(key => DOSE_KEYS.has(key)),
    ),
    indication: [
      ...wire.reasonCode.map(wording),
      ...dosages.map(({ extension }) => sfmIndication(extension)),
    ].find(Boolean),
    started:
      wire.effectivePeriod?.start ??
      wire.effectiveDateTime ??
      wire.occurrenceDateTime ??
      sfm.started,
    until: wire.effectivePeriod?.end,
    past: group !== 'stopped' && group !== 'vaccine' && isOver(wire.effectivePeriod?.end, now),
    ending: group === 'stopped' ? endingOf(wire.status) : undefined,
    changed: wire.dateAsserted ?? wire.authoredOn ?? wire.occurrenceDateTime ?? sfm.changed,
    changedBy: wire.informationSource?.display ?? wire.requester?.display ?? sfm.changedBy,
    stoppedBecause:
      group === 'stopped' || group === 'paused'
        ? (reasonOf(wire) ?? sfm.stoppedBecause)
        : undefined,
    notes: wire.note.flatMap(note => note.text ?? []),
    onPll: wire.identifier.some(({ type }) => type?.text === 'PLL'),
    multidose: sfm.multidose,
    prescription: sfm.prescription,
    handedOut: undefined,
    superseded: isSuperseded(wire, shelf),
    origin: originOf(wire.resourceType),
    tentative: tentative(wire) ?? sfm.unapproved,
  };
}

/** SFM's identifiers have no system; their type says what they are of. */
const typedIdentifiers = ({ identifier }: Wire): readonly string[] =>
  identifier.flatMap(({ system, type, value }) =>
    !system && value && (type?.text === 'PLL' || type?.text === 'ReseptId')
      ? `${type.text}|${value}`
      : [],
  );

/** What stands beside the dose: where, how, and what to tell the patient. */
function instructionsIn(dosage: z.output<typeof DosageLine>): readonly string[] {
  const { text: said, patientInstruction, additionalInstruction } = dosage;
  return [
    ...additionalInstruction.map(wording),
    // Without a text this is the dose.
    said ? patientInstruction : undefined,
  ].flatMap(instruction => instruction || []);
}

/** An older prescription in a chain whose head is in the same list: counted, and not a medicine of its own. */
const isSuperseded = ({ status, partOf }: Wire, shelf: Shelf): boolean =>
  status === 'completed' &&
  partOf
    .filter(({ reference }) => /^urn:|MedicationStatement\//.test(reference ?? ''))
    .some(head => shelf.find(head)?.['resourceType'] === 'MedicationStatement');

/** Elements of R4 Dosage that carry a dose without words. */
const DOSE_KEYS: ReadonlySet<string> = new Set(['doseAndRate', 'timing', 'maxDosePerPeriod']);

function endingOf(status: string | undefined): NonNullable<Medicine['ending']> {
  if (status === 'completed') return 'completed';
  return status === 'not-taken' || status === 'not-done' ? 'not-given' : 'stopped';
}

function originOf(type: unknown): Medicine['origin'] {
  if (type === 'Immunization') return 'immunization';
  return type === 'MedicationRequest' ? 'request' : 'statement';
}

function reasonOf({ statusReason }: Wire): string | undefined {
  const reasons = Array.isArray(statusReason) ? statusReason : statusReason ? [statusReason] : [];
  return reasons.map(wording).find(Boolean);
}

const STOPPED = ['stopped', 'completed', 'cancelled', 'not-taken', 'not-done'];

/** R4 status is a modifier; how a medicine is used is Volven 9101 in SFM's extension, or «as needed». */
function groupOf(wire: Wire, dosages: readonly z.output<typeof DosageLine>[]): MedicineGroup {
  if (wire.resourceType === 'Immunization' && wire.status !== 'not-done') return 'vaccine';
  if (STOPPED.includes(wire.status ?? '')) return 'stopped';
  if (wire.status === 'on-hold') return 'paused';
  const use = dosages.map(({ extension }) => sfmUse(extension)).find(Boolean);
  if (use) return use;
  return dosages.some(isAsNeeded) ? 'as-needed' : 'unspecified';
}

/** R4 Dosage.asNeeded[x]: a code says what it is needed for. */
const isAsNeeded = (dosage: z.output<typeof DosageLine>) =>
  dosage.asNeededBoolean === true || dosage['asNeededCodeableConcept'] !== undefined;

/** Anything that is not simply in use says what it is: a proposal, a plan, a draft, an unknown status. */
function tentative(wire: Wire): string | undefined {
  if (
    wire.intent &&
    !['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order'].includes(
      wire.intent,
    )
  )
    return wire.intent;
  return ['active', 'on-hold', ...STOPPED].includes(wire.status ?? '')
    ? undefined
    : (wire.status ?? 'unknown');
}
