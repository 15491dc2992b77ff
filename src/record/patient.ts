import { z } from 'zod/mini';
import type { Raw } from '../fhir/ask.ts';
import type { HumanName, Identifier } from '../fhir/shapes.ts';
import {
  Codeable,
  ContactPoints,
  Extensions,
  flag,
  HumanNames,
  Identifiers,
  list,
  resource,
  text,
  wording,
} from '../fhir/shapes.ts';
import type { Patient, PatientId } from './model.ts';
import type { Item } from './reading.ts';
import { identifierKey, type Reader } from './sift.ts';

/** Norwegian national identifiers, by OID or by HL7 Norway's alias (docs/fhir.md, Patient). */
const FNR = ['urn:oid:2.16.578.1.12.4.1.4.1', 'http://hl7.no/fhir/NamingSystem/FNR'];
const DNR = ['urn:oid:2.16.578.1.12.4.1.4.2', 'http://hl7.no/fhir/NamingSystem/DNR'];

const INTERPRETER = 'http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired';

const Shape = z.looseObject({
  ...resource('Patient').shape,
  active: flag,
  name: HumanNames,
  gender: text,
  birthDate: text,
  deceasedBoolean: flag,
  deceasedDateTime: text,
  identifier: Identifiers,
  telecom: ContactPoints,
  communication: list(
    z.looseObject({
      language: z.optional(Codeable),
      extension: Extensions,
    }),
  ),
  link: list(z.looseObject({ type: text })),
});

export const patientReader: Reader<typeof Shape, Patient> = {
  shape: Shape,
  item(wire, about) {
    const ids = wire.identifier.flatMap(patientId);
    return {
      ...about,
      name: nameOf(wire.name),
      sex: sexOf(wire.gender),
      born: wire.birthDate,
      deceased: wire.deceasedDateTime ?? wire.deceasedBoolean === true,
      ids,
      test: ids.some(isSynthetic),
      interpreter: interpreterIn(wire, wire.extension),
      inactive: wire.active === false,
      replaced: wire.link.some(({ type }) => type === 'replaced-by'),
    };
  },
  unreadable: about => ({ ...nobody, ...about }),
};

const nobody: Omit<Patient, keyof Item> = {
  name: undefined,
  sex: undefined,
  born: undefined,
  deceased: false,
  ids: [],
  test: false,
  interpreter: undefined,
  inactive: false,
  replaced: false,
};

/** The official, current name; else the first that says anything. */
export function nameOf(names: readonly z.output<typeof HumanName>[]): string | undefined {
  const current = names.filter(({ use, period }) => use !== 'old' && !period?.end);
  const ordered = [...current.filter(({ use }) => use === 'official'), ...current, ...names];
  for (const name of ordered) {
    const parts = [...name.given, name.family].filter(Boolean).join(' ');
    const said = name.text || parts;
    if (said) return said;
  }
  return undefined;
}

function sexOf(gender: string | undefined): Patient['sex'] {
  if (gender === 'female' || gender === 'male') return gender;
  return gender === undefined ? undefined : 'other';
}

export function patientId({ system, value, use }: z.output<typeof Identifier>): PatientId[] {
  if (!value || use === 'old') return [];
  if (FNR.includes(system ?? '')) return [{ kind: 'fnr', value }];
  return [{ kind: DNR.includes(system ?? '') ? 'dnr' : 'other', value }];
}

/**
 * Synthetic series carry it in the month: +40 (41–52), +65 (66–77, NHN's test documentation) or +80 (81–92, Tenor).
 * No living person's number has such a month.
 */
function isSynthetic({ kind, value }: PatientId): boolean {
  if (kind === 'other' || !/^\d{11}$/.test(value)) return false;
  const month = Number(value.slice(2, 4));
  return [40, 65, 80].some(added => month > added && month <= added + 12);
}

const needsInterpreter = (extensions: readonly Raw[]) =>
  extensions.some(({ url, valueBoolean }) => url === INTERPRETER && valueBoolean === true);

function interpreterIn(
  wire: z.output<typeof Shape>,
  extensions: readonly Raw[],
): string | undefined {
  const spoken = wire.communication.find(({ extension }) => needsInterpreter(extension));
  if (!spoken && !needsInterpreter(extensions)) return undefined;
  return wording((spoken ?? wire.communication[0])?.language) ?? '';
}

/** `system|value` of every identifier, in each form its system goes by, to recognise logical references. */
export function identifiersOf(raw: Raw): ReadonlySet<string> {
  const identifiers = raw['identifier'];
  const parsed = z.array(z.looseObject({ value: z.string() })).safeParse(identifiers);
  return new Set(parsed.success ? parsed.data.flatMap(inEveryForm) : []);
}

function inEveryForm(identifier: Raw & { readonly value: string }): readonly string[] {
  const { system } = identifier;
  const systems = [FNR, DNR].find(forms => typeof system === 'string' && forms.includes(system));
  return systems?.map(form => `${form}|${identifier.value}`) ?? [identifierKey(identifier)];
}

/** The number national services know people by: fødselsnummer, else D-number, by its OID (FHIR.md 1.1). */
export function nationalIdIn(
  identifiers: ReadonlySet<string>,
): { readonly system: string; readonly value: string } | undefined {
  for (const [system] of [FNR, DNR])
    for (const identifier of identifiers)
      if (identifier.startsWith(`${system}|`))
        return { system: String(system), value: identifier.slice(`${system}|`.length) };
  return undefined;
}
