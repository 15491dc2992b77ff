import type { Resource } from '../types.ts';
import { user } from './source.ts';

/** Code lists and building blocks for the demo resources; the conventions are in docs/fhir.md. */

const noPlan = 'https://example.org/fhir/CodeSystem/no-plan';
const extensions = 'https://example.org/fhir/StructureDefinition/no-plan-';

export const systems = {
  fnr: 'urn:oid:2.16.578.1.12.4.1.4.1',
  dnr: 'urn:oid:2.16.578.1.12.4.1.4.2',
  hpr: 'urn:oid:2.16.578.1.12.4.1.4.4',
  orgnr: 'urn:oid:2.16.578.1.12.4.1.4.101',
  herId: 'urn:oid:2.16.578.1.12.4.1.2',
  icd10: 'urn:oid:2.16.578.1.12.4.1.1.7110',
  atc: 'http://www.whocc.no/atc',
  snomed: 'http://snomed.info/sct',
  planVersion: 'https://example.org/fhir/NamingSystem/no-plan-version',
  /** Names of things that a national source and the EHR both hold, so that the copies can be told to be one. */
  planer: 'https://example.org/fhir/NamingSystem/planer',
  labAnswer: 'https://example.org/fhir/NamingSystem/lab-answer',
  homeMeasurement: 'https://example.org/fhir/NamingSystem/home-measurement',
} as const;

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

export interface Reference {
  readonly reference?: string;
  readonly display?: string;
}

export interface Extension {
  readonly url: string;
  readonly [value: string]: unknown;
}

export function coding(system: string, code: string, display?: string): Coding {
  return display === undefined ? { system, code } : { system, code, display };
}

/** `no-plan#code`: ours, because no national list has it. */
export function ours(code: string, display?: string): Coding {
  return coding(noPlan, code, display);
}

/** A Volven list, by the OID that SFM, no-basis and NHN write on the wire. */
export function volven(list: number, code: string, display?: string): Coding {
  return coding(`urn:oid:2.16.578.1.12.4.1.1.${list}`, code, display);
}

export function hl7(list: string, code: string, display?: string): Coding {
  return coding(`http://terminology.hl7.org/CodeSystem/${list}`, code, display);
}

export function extension(name: string, value: Readonly<Record<string, unknown>>): Extension {
  return { url: extensions + name, ...value };
}

export function nested(name: string, parts: readonly Extension[]): Extension {
  return { url: extensions + name, extension: parts };
}

export function to(reference: string, display?: string): Reference {
  return display === undefined ? { reference } : { reference, display };
}

/** Who the demo data means by `u-psy`, `org-ara` or `pasienten`. */
export function actor(id: string, patientId: string): Reference {
  if (id === 'pasienten') return to(`Patient/${patientId}`);
  // No display on an organization: its name alone can tell a welfare user too much.
  if (id.startsWith('org-')) return to(`Organization/${id}`);
  return to(`PractitionerRole/${id}`, user(id).name);
}

export function infoClass(code: string): Coding {
  return ours(code, code === 'velferd' ? 'Velferd' : 'Helse');
}

/** A moment in Norwegian local time, with the offset of that day. */
export function oslo(date: string, time = '12:00'): string {
  return `${date}T${time}:00${isSummer(date) ? '+02:00' : '+01:00'}`;
}

/** `12.05.2027` in a Norwegian text, as FHIR writes it. */
export function isoDate(text: string): string | undefined {
  const [, day, month, year] = /(\d\d)\.(\d\d)\.(\d{4})/.exec(text) ?? [];
  return day && month && year ? `${year}-${month}-${day}` : undefined;
}

export function unlessDash(text: string): string | undefined {
  return text === '-' || text === '' ? undefined : text;
}

/** FHIR has neither null nor empty arrays (R4 2.6.2); what a generator leaves undefined is left out. */
export function withoutGaps(resource: Resource): Resource {
  return { ...kept(resource), resourceType: resource.resourceType };
}

function kept(holder: object): Record<string, unknown> {
  const entries = Object.entries(holder).map(([name, value]) => [name, keptValue(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function keptValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(keptValue).filter(item => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const object = kept(value);
  return Object.keys(object).length > 0 ? object : undefined;
}

function isSummer(date: string): boolean {
  const year = Number(date.slice(0, 4));
  return date >= lastSunday(year, 3) && date < lastSunday(year, 10);
}

function lastSunday(year: number, month: number): string {
  const last = new Date(Date.UTC(year, month, 0));
  last.setUTCDate(last.getUTCDate() - last.getUTCDay());
  return last.toISOString().slice(0, 10);
}
