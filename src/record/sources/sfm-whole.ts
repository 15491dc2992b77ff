import type { Raw } from '../../fhir/ask.ts';
import { type Answer, failed } from '../../fhir/failure.ts';
import type { Found, Remark } from '../../fhir/searchset.ts';
import { Codeable } from '../../fhir/shapes.ts';
import type { Medicine } from '../model.ts';
import { type Part, partOf } from '../parts.ts';
import { hasLooseDispenses } from './sfm-dispense.ts';
import { type MedicationDocument, sectionOf } from './sfm-document.ts';

/**
 * How whole the answer is. SFM answers 200 with the rest when one of its own sources fails: kjernejournal (KJ),
 * Reseptformidleren's prescriptions (RF, message M9.6) or its medication list (M9.12).
 */
const LOOKUPS = [
  ['KJFeilkode', 'sfm-kj'],
  ['RFM96Feilkode', 'sfm-prescriptions'],
  ['RFM912Feilkode', 'sfm-pll'],
] as const;
const LOCKED = [
  ['KJHarLaste', 'sfm-kj-locked'],
  ['RFHarLaste', 'sfm-locked'],
] as const;
/** Parts of the document that are not medicines in use, and not shown here. */
const UNREAD = [
  ['sectionAllergies', 'sfm-allergies'],
  ['sectionOtherPrescriptions', 'sfm-other'],
] as const;

/** `sfm-kj-rf-error-code`: 0 is «OK», 5 «Ingen rettighet til KJ oppslag»; the rest come with their own words. */
const OK = '0';
const NO_RIGHT = '5';

/** One part, without items, for each thing that keeps this list from being whole: it becomes a gap with its name. */
export function lookupParts(
  document: MedicationDocument,
  from: string,
  at: Date,
): readonly Part<Medicine>[] {
  const { parameters } = document;
  const missing = (what: string, answer: Answer<Found>) =>
    partOf<Medicine>(from, what, answer, { items: [], setAside: [] }, true);
  return [
    ...LOOKUPS.flatMap(([name, what]) => {
      const code = errorIn(parameters.get(name))?.code;
      if (code === undefined) return [];
      return code === NO_RIGHT
        ? missing(what, failed({ kind: 'not-permitted' }))
        : missing(what, answered(at, { code: 'incomplete', serious: true, reason: undefined }));
    }),
    ...LOCKED.filter(([name]) => parameters.get(name)?.['valueBoolean'] === true).map(([, what]) =>
      missing(what, answered(at, { code: 'suppressed', serious: false, reason: 'restricted' })),
    ),
    ...UNREAD.filter(([code]) => sectionOf(document, code)?.entry.length).map(([, what]) =>
      missing(what, failed({ kind: 'not-supported' })),
    ),
    ...(hasLooseDispenses(document)
      ? [missing('sfm-dispense', failed({ kind: 'not-supported' }))]
      : []),
  ];
}

/** The words SFM itself gives for what went wrong. */
export const lookupRemarks = ({ parameters }: MedicationDocument): readonly Remark[] =>
  LOOKUPS.flatMap(([name]) => {
    const error = errorIn(parameters.get(name));
    if (!error) return [];
    const text = [`${name} ${error.code}`, error.words].filter(Boolean).join(': ');
    return { code: 'informational', serious: false, reason: undefined, text };
  });

/** When SFM fetched the oldest of what it answers with; it may hand out what it fetched earlier. */
export function askedAt({ parameters }: MedicationDocument): Date | undefined {
  const times = ['KJHentetTidspunkt', 'RFHentetTidspunkt']
    .map(name => parameters.get(name)?.['valueDateTime'])
    .map(time => Date.parse(typeof time === 'string' ? time : ''))
    .filter(time => !Number.isNaN(time));
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}

/** Undefined: this lookup went well, or SFM does not say. A code nobody can read did not go well. */
function errorIn(parameter: Raw | undefined) {
  if (!parameter) return undefined;
  const parsed = Codeable.safeParse(parameter['valueCodeableConcept']);
  const coding = parsed.success ? parsed.data.coding.find(({ code }) => code) : undefined;
  if (coding?.code === OK) return undefined;
  const words = coding?.display ?? (parsed.success ? parsed.data.text : undefined);
  return { code: coding?.code ?? '?', words };
}

const answered = (at: Date, remark: Omit<Remark, 'text'>): Answer<Found> => ({
  ok: true,
  at,
  value: { matches: [], included: [], remarks: [{ ...remark, text: undefined }], gaps: [], at },
});
