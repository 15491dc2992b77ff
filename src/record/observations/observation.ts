import { z } from 'zod/mini';
import { isRaw, type Raw } from '../../fhir/ask.ts';
import {
  Codeable,
  Codeables,
  list,
  Period,
  Reference,
  References,
  resource,
  text,
  volven,
  wording,
} from '../../fhir/shapes.ts';
import type { FhirDate } from '../model.ts';
import type { Flag, Item } from '../reading.ts';
import { VALUE, type Value, valueFrom } from './values.ts';

/** What a laboratory answer and a measurement have in common: something was looked at, and this was found. */
export interface Observed extends Item {
  readonly name: string | undefined;
  /** `system|code` of every code it goes by: what tells that two answers are about the same analyte. */
  readonly codes: readonly string[];
  readonly at: FhirDate | undefined;
  readonly value: Value;
  /** Systolic and diastolic, the parts of a score: shown whole, never put together by us. */
  readonly components: readonly Component[];
  /** R4 `status`, a modifier. Undefined: final. */
  readonly standing: Standing | undefined;
  readonly notes: readonly Note[];
  /** Laboratory, unit or person. */
  readonly performer: string | undefined;
  readonly device: string | undefined;
  /** Serum, urine: named by the source. */
  readonly specimen: string | undefined;
}

export type Standing = 'registered' | 'preliminary' | 'corrected' | 'cancelled' | 'doubtful';

interface Component extends Value {
  readonly name: string | undefined;
}

/** What a clinician or the patient wrote about it. */
interface Note {
  readonly text: string;
  readonly at: FhirDate | undefined;
  readonly by: string | undefined;
}

export const ObservationShape = z.looseObject({
  ...resource('Observation').shape,
  ...VALUE,
  status: text,
  code: z.optional(Codeable),
  effectiveDateTime: text,
  effectiveInstant: text,
  effectivePeriod: z.optional(Period),
  issued: text,
  performer: References,
  device: z.optional(Reference),
  specimen: z.optional(Reference),
  component: list(z.looseObject({ ...VALUE, code: z.optional(Codeable) })),
  note: list(
    z.looseObject({ text, time: text, authorString: text, authorReference: z.optional(Reference) }),
  ),
});
type Wire = z.output<typeof ObservationShape>;

export function observed(wire: Wire, about: Item, raw: Raw): Observed {
  const standing = standingOf(wire.status);
  const flags: readonly Flag[] =
    standing === 'cancelled' ? [...about.flags, 'inactive'] : about.flags;
  const parts = Array.isArray(raw['component'])
    ? raw['component'].filter(part => part !== null)
    : [];
  return {
    ...about,
    flags,
    name: wording(wire.code),
    codes: codesOf(wire.code),
    at:
      wire.effectiveDateTime ?? wire.effectiveInstant ?? wire.effectivePeriod?.start ?? wire.issued,
    value: valueFrom(wire, raw),
    components: wire.component.map((part, index) => {
      const unread: unknown = parts[index];
      return { name: wording(part.code), ...valueFrom(part, isRaw(unread) ? unread : {}) };
    }),
    standing,
    notes: wire.note.flatMap(({ text: words, time, authorString, authorReference }) =>
      words ? [{ text: words, at: time, by: authorString ?? authorReference?.display }] : [],
    ),
    performer: wire.performer.map(({ display }) => display).find(Boolean),
    device: wire.device?.display,
    specimen: wire.specimen?.display,
  };
}

/** Its row is kept, with its name and date where at least those can be read. */
export function unreadableObservation(about: Item, raw: Raw): Observed {
  const code = Codeable.safeParse(raw['code']);
  const at = raw['effectiveDateTime'];
  return {
    ...about,
    name: code.success ? wording(code.data) : undefined,
    codes: [],
    at: typeof at === 'string' ? at : undefined,
    value: valueFrom({ interpretation: [], referenceRange: [] }, {}),
    components: [],
    standing: undefined,
    notes: [],
    performer: undefined,
    device: undefined,
    specimen: undefined,
  };
}

const codesOf = (code: Codeable | undefined): readonly string[] =>
  code?.coding.flatMap(one => (one.system && one.code ? `${one.system}|${one.code}` : [])) ?? [];

export function standingOf(status: string | undefined): Standing | undefined {
  switch (status) {
    case 'final':
      return undefined;
    case 'registered':
    case 'preliminary':
    case 'cancelled':
      return status;
    case 'partial':
      return 'preliminary';
    case 'amended':
    case 'corrected':
    case 'appended':
      return 'corrected';
    default:
      return 'doubtful';
  }
}

export type ObservationKind = 'laboratory' | 'measurement' | 'other';

/**
 * Which list an Observation belongs to: exactly one, so that nothing is lost or counted twice. By R4 category; without
 * one by Norsk laboratoriekodeverk (Volven 7280), or by the laboratory report it is in.
 */
export function kindOfObservation(raw: Raw, inReport = false): ObservationKind {
  const categories = Codeables.safeParse(raw['category']);
  const codes = categories.success
    ? categories.data.flatMap(({ coding }) => coding.map(({ code }) => code))
    : [];
  if (codes.includes('laboratory')) return 'laboratory';
  if (['vital-signs', 'survey', 'activity'].some(code => codes.includes(code)))
    return 'measurement';
  const code = Codeable.safeParse(raw['code']);
  const national = code.success && code.data.coding.some(({ system }) => volven(system) === '7280');
  return national || (inReport && codes.length === 0) ? 'laboratory' : 'other';
}
