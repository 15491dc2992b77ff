import { z } from 'zod/mini';
import type { Shelf } from '../../fhir/references.ts';
import type { Extension } from '../../fhir/shapes.ts';
import {
  Codeable,
  Extensions,
  either,
  entryFor,
  HumanNames,
  Reference,
  valueIn,
  volven,
  wording,
} from '../../fhir/shapes.ts';
import type { FhirDate, Medicine, MedicineGroup } from '../model.ts';
import { newestOf } from '../observations/newest.ts';
import { nameOf } from '../patient.ts';

/**
 * What `sfm-MedicationStatement` says in extensions (docs/fhir.md, «Sources: SFM»), whoever passes it on:
 * an EHR that keeps a copy of the national list often keeps these too.
 */
export interface SfmDetails {
  readonly started: FhirDate | undefined;
  readonly changed: FhirDate | undefined;
  readonly changedBy: string | undefined;
  readonly stoppedBecause: string | undefined;
  readonly multidose: boolean | undefined;
  readonly prescription: Medicine['prescription'];
  /** A registration nobody has approved: the words of its status. */
  readonly unapproved: string | undefined;
}

const PROFILES = 'http://ehelse.no/fhir/StructureDefinition/';

/** `sfm-regInfo.status`; 3, «Godkjent», is the only one that makes a line part of the list. */
const APPROVED = '3';
/** `sfm-performer-roles`: 3, «Seponert av». */
const STOPPED_BY = '3';

/** Volven 7494, for sources that give the code alone. */
const WHY_STOPPED: Readonly<Record<string, string>> = {
  A: 'Avsluttet behandling',
  I: 'Interaksjon',
  L: 'Legemiddelreaksjon',
  M: 'Manglende effekt',
  S: 'Pasienten sluttet selv',
  X: 'Annen årsak',
};

/** Volven 7408, likewise. */
const PRESCRIPTION_STATUS: Readonly<Record<string, string>> = {
  E: 'Ekspederbar',
  U: 'Under ekspedering',
  F: 'Foreldet',
  R: 'Avsluttet',
  T: 'Tilbakekalt',
  X: 'Ugyldig',
};

export function sfmDetails(
  extensions: readonly Extension[],
  isStopped: boolean,
  shelf: Shelf,
): SfmDetails {
  const one = (name: string) => partsOf(extensions.find(({ url }) => url === PROFILES + name));
  const [registration] = newestOf(
    extensions
      .filter(({ url }) => url === `${PROFILES}sfm-regInfo`)
      .map(partsOf)
      .filter(parts => !isStopped || codeIn(parts, 'type') === STOPPED_BY)
      .map(parts => ({ parts, at: valueIn(part(parts, 'timestamp')) })),
  );
  const latest = registration?.parts;
  const stop = one('sfm-discontinuation');
  const provider = Reference.safeParse(part(latest, 'provider')?.['valueReference']);
  const approval = codeIn(latest, 'status');
  const inMultidose = part(one('sfm-administration'), 'mddispensed')?.['valueBoolean'];
  return {
    started: valueIn(extensions.find(({ url }) => url === 'effectiveDateTime')),
    changed: (isStopped && valueIn(part(stop, 'timedate'))) || registration?.at,
    changedBy: provider.success ? whoIs(provider.data, shelf) : undefined,
    stoppedBecause: wordsIn(stop, 'reason', WHY_STOPPED),
    multidose: typeof inMultidose === 'boolean' ? inMultidose : undefined,
    prescription: prescriptionIn(one('sfm-reseptamendment')),
    unapproved: approval && approval !== APPROVED ? wordsIn(latest, 'status', {}) : undefined,
  };
}

function prescriptionIn(amendment: readonly Extension[]): Medicine['prescription'] {
  const rf = partsOf(part(amendment, 'rfstatus'));
  const status = codeIn(rf, 'status');
  const until = valueIn(part(amendment, 'expirationdate'));
  return status === undefined && until === undefined
    ? undefined
    : { status, words: wordsIn(rf, 'status', PRESCRIPTION_STATUS), until };
}

/** How it is used (Volven 9101), and what for, as SFM writes them on a dosage. */
export function sfmUse(dosage: readonly Extension[]): MedicineGroup | undefined {
  const use = dosage.find(({ url }) => url === `${PROFILES}sfm-use`);
  const parsed = Codeable.safeParse(
    use?.['valueCodeableConcept'] ?? { coding: [use?.['valueCoding']] },
  );
  const code = parsed.success
    ? parsed.data.coding.find(({ system }) => volven(system) === '9101')?.code
    : undefined;
  return entryFor(BY_9101, code);
}

const BY_9101: Readonly<Record<string, MedicineGroup>> = {
  '1': 'regular',
  '2': 'course',
  '3': 'as-needed',
  '4': 'vaccine',
  '5': 'supplement',
};

export const sfmIndication = (dosage: readonly Extension[]): string | undefined =>
  valueIn(
    part(partsOf(dosage.find(({ url }) => url === `${PROFILES}sfm-application-area`)), 'text'),
  );

/** The parts of an extension made of extensions, with or without the profiles' address before their names. */
export function partsOf(extension: Extension | undefined): readonly Extension[] {
  const parsed = Extensions.safeParse(extension?.['extension']);
  return parsed.success ? parsed.data : [];
}

export const part = (parts: readonly Extension[] | undefined, url: string) =>
  parts?.find(each => each.url === url);

const codeableIn = (parts: readonly Extension[] | undefined, url: string) => {
  const parsed = Codeable.safeParse(part(parts, url)?.['valueCodeableConcept']);
  return parsed.success ? parsed.data : undefined;
};

const codeIn = (parts: readonly Extension[] | undefined, url: string) =>
  codeableIn(parts, url)?.coding.find(({ code }) => code)?.code;

/** The source's words for a code, else the code list's own, else the bare code. */
function wordsIn(
  parts: readonly Extension[] | undefined,
  url: string,
  known: Readonly<Record<string, string>>,
): string | undefined {
  const words = wording(codeableIn(parts, url));
  const code = codeIn(parts, url);
  return words === code ? (entryFor(known, code) ?? code) : words;
}

const Person = z.looseObject({
  practitioner: z.optional(Reference),
  organization: z.optional(Reference),
  name: z.optional(either(z.string(), HumanNames)),
});

/** A name for whoever a reference points at; the display carries numbers that help nobody read. */
export function whoIs(reference: Reference, shelf: Shelf, isRole = true): string | undefined {
  const found = shelf.find(reference);
  const parsed = found ? Person.safeParse(found) : undefined;
  const { practitioner, organization, name } = parsed?.success ? parsed.data : {};
  const role = practitioner ?? organization;
  if (role && isRole) return whoIs(role, shelf, false);
  const said = typeof name === 'object' ? nameOf(name) : name;
  return said ?? reference.display;
}
