import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import {
  Annotations,
  Codeable,
  Codeables,
  Extensions,
  either,
  hasCode,
  own,
  Period,
  Reference,
  resource,
  text,
  valueIn,
  volven,
  wording,
} from '../../fhir/shapes.ts';
import type { CriticalItem, CriticalKind } from '../model.ts';
import type { Item } from '../reading.ts';
import type { Reader } from '../sift.ts';
import { isOver } from '../when.ts';

/**
 * Kjernejournal's critical information in R4 (docs/fhir.md, «Critical information»; FHIR.md 4.2): conditions,
 * procedures, flags and consents. Allergies have a file of their own.
 */

const Shape = z.looseObject({
  ...resource('Condition').shape,
  resourceType: z.literal(['Condition', 'Procedure', 'Flag', 'Consent']),
  status: text,
  clinicalStatus: z.optional(Codeable),
  verificationStatus: z.optional(Codeable),
  severity: z.optional(Codeable),
  category: z.optional(either(Codeables, Codeable)),
  code: z.optional(Codeable),
  scope: z.optional(Codeable),
  note: Annotations,
  recordedDate: text,
  dateTime: text,
  performedDateTime: text,
  onsetDateTime: text,
  recorder: z.optional(Reference),
  author: z.optional(Reference),
  performer: z.optional(z.unknown()),
  period: z.optional(Period),
  performedPeriod: z.optional(Period),
  abatementDateTime: text,
  provision: z.optional(z.looseObject({ type: text, code: Codeables, period: z.optional(Period) })),
});
type Wire = z.output<typeof Shape>;

export const criticalReader = (now: Date): Reader<typeof Shape, CriticalItem> => ({
  shape: Shape,
  item: (wire, about, raw) => critical(wire, about, raw, now),
  unreadable: (about, raw) => ({
    ...plain,
    ...about,
    // What cannot be read may be the one thing that matters: it is never counted among the ordinary.
    kind: raw['resourceType'] === 'Consent' ? 'limits-of-care' : 'procedure-change',
    text: undefined,
    details: [],
    resource: raw,
  }),
});

/** What an item says when it says no more. */
export const plain = {
  severity: undefined,
  certainty: 'unknown',
  currency: 'unknown',
  validUntil: undefined,
  expired: false,
  recorded: undefined,
  by: undefined,
  none: undefined,
  unknownStated: false,
  allergens: [],
  saysCrisisPlan: false,
} as const satisfies Partial<CriticalItem>;

function critical(wire: Wire, about: Item, raw: Raw, now: Date): CriticalItem {
  const validUntil =
    wire.period?.end ??
    wire.provision?.period?.end ??
    wire.performedPeriod?.end ??
    extensionEnding(raw, 'validUntil');
  const currency = currencyOf(wire);
  return {
    ...about,
    ...plain,
    kind: kindOf(wire),
    resource: raw,
    text: textOf(wire),
    details: [...wire.note, ...own(wire, 'note').map(note => ({ text: valueIn(note) }))].flatMap(
      note => note.text ?? [],
    ),
    severity: severityOf(wire.severity),
    certainty: certaintyOf(wire.verificationStatus),
    currency,
    validUntil,
    expired: isOver(validUntil, now),
    recorded:
      wire.recordedDate ??
      wire.dateTime ??
      wire.period?.start ??
      wire.performedDateTime ??
      wire.performedPeriod?.start ??
      wire.onsetDateTime,
    by: wire.recorder?.display ?? wire.author?.display,
    saysCrisisPlan: currency !== 'over' && hasCode(wire.code, '7517', '8'),
    flags: currency === 'over' ? [...about.flags, 'inactive'] : about.flags,
  };
}

/** Consent says what it is about inside its provision; the rest in `code`. */
function textOf(wire: Wire): string | undefined {
  if (wire.resourceType !== 'Consent') return wording(wire.code);
  return (
    wire.provision?.code.map(wording).find(Boolean) ?? categories(wire).map(wording).find(Boolean)
  );
}

const categories = ({ category }: Wire) =>
  Array.isArray(category) ? category : category ? [category] : [];

/** Volven 7651 «type of critical information» to what the screen groups by. */
const BY_7651: Readonly<Record<string, CriticalKind>> = {
  '1': 'hypersensitivity',
  '2': 'hypersensitivity',
  '3': 'anaesthesia',
  '4': 'anaesthesia',
  '5': 'condition',
  '6': 'treatment',
  '7': 'implant',
  '8': 'limits-of-care',
  '9': 'procedure-change',
  '10': 'infection',
  '11': 'limits-of-care',
};
const BY_CODE_LIST: Readonly<Record<string, CriticalKind>> = {
  '7513': 'condition',
  '7515': 'anaesthesia',
  '7516': 'anaesthesia',
  '7517': 'treatment',
  '7518': 'implant',
  '7519': 'infection',
  '7522': 'procedure-change',
};

/** The category where given; else the code list the code is from; a Flag is always meant to be seen. */
function kindOf(wire: Wire): CriticalKind {
  for (const { system, code } of categories(wire).flatMap(({ coding }) => coding)) {
    if (volven(system) === '7651' && code && Object.hasOwn(BY_7651, code))
      return BY_7651[code] ?? 'other';
  }
  for (const { system } of wire.code?.coding ?? []) {
    const kind = BY_CODE_LIST[volven(system) ?? ''];
    if (kind) return kind;
  }
  if (wire.resourceType === 'Flag') return 'procedure-change';
  const scoped = wire.scope?.coding.some(({ code }) => code === 'adr' || code === 'treatment');
  return wire.resourceType === 'Consent' && scoped ? 'limits-of-care' : 'other';
}

/** An unknown or missing status is shown as current, with a warning: hiding is the dangerous guess (SAFETY R11). */
function currencyOf(wire: Wire): CriticalItem['currency'] {
  const codes = new Set(wire.clinicalStatus?.coding.map(({ code }) => code));
  const says = (...known: readonly string[]) =>
    known.some(code => codes.has(code) || wire.status === code);
  if (says('inactive', 'resolved', 'remission', 'rejected', 'not-done', 'stopped')) return 'over';
  if (wire.verificationStatus?.coding.some(({ code }) => code === 'refuted')) return 'over';
  // A completed procedure still matters when it is listed as critical: an organ was transplanted once.
  // What is only proposed or prepared decides nothing yet: doubtful, not current.
  return says('active', 'recurrence', 'relapse', 'in-progress', 'completed', 'on-hold')
    ? 'current'
    : 'unknown';
}

export function certaintyOf(
  verification: z.output<typeof Codeable> | undefined,
): CriticalItem['certainty'] {
  const codes = verification?.coding.map(({ code, system }) =>
    volven(system) === '7521'
      ? { '1': 'unconfirmed', '2': 'presumed', '3': 'confirmed' }[code ?? '']
      : code,
  );
  const says = (...known: readonly string[]) => codes?.some(code => known.includes(code ?? ''));
  if (says('refuted')) return 'refuted';
  if (says('confirmed')) return 'confirmed';
  if (says('presumed', 'provisional', 'differential')) return 'presumed';
  return says('unconfirmed') ? 'suspected' : 'unknown';
}

function severityOf(severity: z.output<typeof Codeable> | undefined): CriticalItem['severity'] {
  if (hasCode(severity, '7520', '1') || hasCode(severity, 'http://snomed.info/sct', '24484000'))
    return 'high';
  return hasCode(severity, '7520', '2') ? 'low' : undefined;
}

/** Kj profiles keep `validUntil` in an extension of theirs; only the end of its address is known to us. */
function extensionEnding(raw: Raw, ending: string): string | undefined {
  const read = Extensions.safeParse(raw['extension']);
  const found = read.success
    ? read.data.find(({ url }) => url?.toLowerCase().endsWith(ending.toLowerCase()))
    : undefined;
  return valueIn(found);
}

/** Consents about who may see what are the sharing screen's (R4 Consent.scope), not critical information. */
export function isAboutSharing(raw: Raw): boolean {
  const scope = Codeable.safeParse(raw['scope']);
  const codes = scope.success ? scope.data.coding.map(({ code }) => code) : [];
  return raw['resourceType'] === 'Consent' && codes.includes('patient-privacy');
}
