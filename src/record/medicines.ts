import { z } from 'zod/mini';
import type { Raw } from '../fhir/ask.ts';
import type { Shelf } from '../fhir/references.ts';
import {
  Annotation,
  Codeable,
  Dosage,
  hasCode,
  Identifier,
  list,
  own,
  Period,
  Reference,
  resource,
  valueIn,
  volven,
  wording,
} from '../fhir/shapes.ts';
import type { Medicine, MedicineGroup } from './model.ts';
import type { Flag, Item } from './reading.ts';
import type { Reader } from './sift.ts';
import { isOver } from './when.ts';

const text = z.optional(z.string());
const ATC = 'http://www.whocc.no/atc';
const SFM_USE = 'http://ehelse.no/fhir/StructureDefinition/sfm-use';

const Shape = z.looseObject({
  ...resource('MedicationStatement').shape,
  resourceType: z.literal(['MedicationStatement', 'MedicationRequest', 'Immunization']),
  identifier: list(Identifier),
  status: text,
  statusReason: z.optional(z.union([list(Codeable), Codeable])),
  intent: text,
  doNotPerform: z.optional(z.boolean()),
  medicationCodeableConcept: z.optional(Codeable),
  medicationReference: z.optional(Reference),
  vaccineCode: z.optional(Codeable),
  dosage: list(Dosage),
  dosageInstruction: list(Dosage),
  reasonCode: list(Codeable),
  effectivePeriod: z.optional(Period),
  effectiveDateTime: text,
  dateAsserted: text,
  authoredOn: text,
  occurrenceDateTime: text,
  occurrenceString: text,
  informationSource: z.optional(Reference),
  requester: z.optional(Reference),
  performer: z.optional(z.unknown()),
  note: list(Annotation),
});
type Wire = z.output<typeof Shape>;

/** Medication resources and what they are made of. */
const Drug = z.looseObject({
  code: z.optional(Codeable),
  form: z.optional(Codeable),
  ingredient: list(z.looseObject({ itemCodeableConcept: z.optional(Codeable) })),
  extension: list(z.looseObject({ url: text })),
});

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
    origin: originOf(String(raw['resourceType'])),
    tentative: undefined,
  }),
});

function medicine(wire: Wire, about: Item, raw: Raw, shelf: Shelf, now: Date): Medicine {
  const dosages = [...wire.dosage, ...wire.dosageInstruction];
  const group = groupOf(wire, dosages);
  const flags: Flag[] = [...about.flags];
  if (wire.doNotPerform === true) flags.push('negated');
  if (group === 'stopped') flags.push('inactive');
  return {
    ...about,
    flags,
    group,
    ...nameOf(wire, raw, shelf),
    dose: [
      ...dosages.map(dosage => dosage.text ?? dosage.patientInstruction),
      wire.occurrenceString,
    ].flatMap(dose => dose ?? []),
    // A dose in numbers and codes is a dose: saying «not given» about it would be wrong.
    doseNotInWords: dosages.some(
      ({ text: said, patientInstruction, ...rest }) =>
        !said && !patientInstruction && Object.keys(rest).some(key => DOSE_KEYS.has(key)),
    ),
    indication: wire.reasonCode.map(wording).find(Boolean),
    started: wire.effectivePeriod?.start ?? wire.effectiveDateTime ?? wire.occurrenceDateTime,
    until: wire.effectivePeriod?.end,
    past: group !== 'stopped' && group !== 'vaccine' && isOver(wire.effectivePeriod?.end, now),
    ending: group === 'stopped' ? endingOf(wire.status) : undefined,
    changed: wire.dateAsserted ?? wire.authoredOn ?? wire.occurrenceDateTime,
    changedBy: wire.informationSource?.display ?? wire.requester?.display,
    stoppedBecause: group === 'stopped' || group === 'paused' ? reasonOf(wire) : undefined,
    notes: wire.note.flatMap(note => note.text ?? []),
    onPll: wire.identifier.some(({ type }) => type?.text === 'PLL'),
    origin: originOf(wire.resourceType),
    tentative: tentative(wire),
  };
}

/** Elements of R4 Dosage that carry a dose without words. */
const DOSE_KEYS: ReadonlySet<string> = new Set(['doseAndRate', 'timing', 'maxDosePerPeriod']);

function endingOf(status: string | undefined): NonNullable<Medicine['ending']> {
  if (status === 'completed') return 'completed';
  return status === 'not-taken' || status === 'not-done' ? 'not-given' : 'stopped';
}

function originOf(type: string): Medicine['origin'] {
  if (type === 'Immunization') return 'immunization';
  return type === 'MedicationRequest' ? 'request' : 'statement';
}

/** The substance first, as the Norwegian list does; the row is kept also when the name cannot be had (SAFETY R22). */
function nameOf(wire: Wire, raw: Raw, shelf: Shelf) {
  const reference = wire.medicationReference;
  const found = reference ? shelf.find(reference, raw) : undefined;
  const parsed = found ? Drug.safeParse(found) : undefined;
  const drug = parsed?.success ? parsed.data : undefined;
  const inline = wire.medicationCodeableConcept ?? wire.vaccineCode;
  const substances = drug?.ingredient.flatMap(
    ({ itemCodeableConcept }) => wording(itemCodeableConcept) ?? [],
  );
  const product = wording(drug?.code) ?? wording(inline) ?? reference?.display;
  const substance = substances && substances.length > 0 ? substances.join(' + ') : product;
  return {
    substance,
    product: product === substance ? undefined : product,
    atc: [drug?.code, inline]
      .flatMap(code => code?.coding ?? [])
      .find(({ system }) => system === ATC)?.code,
    form: wording(drug?.form),
    strength: drug ? valueIn(own(drug, 'strength')[0]) : undefined,
  };
}

function reasonOf({ statusReason }: Wire): string | undefined {
  const reasons = Array.isArray(statusReason) ? statusReason : statusReason ? [statusReason] : [];
  return reasons.map(wording).find(Boolean);
}

const STOPPED = ['stopped', 'completed', 'cancelled', 'not-taken', 'not-done'];

/** R4 status is a modifier; how a medicine is used is Volven 9101 in SFM's extension, or «as needed». */
function groupOf(wire: Wire, dosages: readonly z.output<typeof Dosage>[]): MedicineGroup {
  if (wire.resourceType === 'Immunization' && wire.status !== 'not-done') return 'vaccine';
  if (STOPPED.includes(wire.status ?? '')) return 'stopped';
  if (wire.status === 'on-hold') return 'paused';
  for (const { extension } of dosages) {
    const use = extension.find(({ url }) => url === SFM_USE);
    const parsed = Codeable.safeParse(
      use?.['valueCodeableConcept'] ?? { coding: [use?.['valueCoding']] },
    );
    const code = parsed.success
      ? parsed.data.coding.find(({ system }) => volven(system) === '9101')?.code
      : undefined;
    const group = BY_9101[code ?? ''];
    if (group) return group;
  }
  return dosages.some(({ asNeededBoolean }) => asNeededBoolean) ? 'as-needed' : 'unspecified';
}

const BY_9101: Readonly<Record<string, MedicineGroup>> = {
  '1': 'regular',
  '2': 'course',
  '3': 'as-needed',
  '4': 'vaccine',
  '5': 'supplement',
};

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

const ListShape = z.extend(resource('List'), {
  status: text,
  mode: text,
  code: z.optional(Codeable),
  date: text,
  source: z.optional(Reference),
  note: list(Annotation),
  emptyReason: z.optional(Codeable),
});

const NO_PLAN = 'https://example.org/fhir/CodeSystem/no-plan';
const LOINC = 'http://loinc.org';

/**
 * The medication list's own header: our `no-plan#pll`, or LOINC's medication lists; the newest that is current.
 * R4 List.status and .mode are modifiers: a list of changes says nothing about the whole.
 */
export function medicationList(lists: readonly Raw[]): z.output<typeof ListShape> | undefined {
  return lists
    .flatMap(raw => {
      const parsed = ListShape.safeParse(raw);
      return parsed.success ? [parsed.data] : [];
    })
    .filter(({ status, mode }) => (status ?? 'current') === 'current' && mode !== 'changes')
    .filter(
      ({ code }) => hasCode(code, NO_PLAN, 'pll') || hasCode(code, LOINC, '10160-0', '29549-3'),
    )
    .toSorted((a, b) => (b.date ?? '').localeCompare(a.date ?? ''))[0];
}
