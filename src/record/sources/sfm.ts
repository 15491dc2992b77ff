import { ask, type Raw } from '../../fhir/ask.ts';
import { type Answer, failed } from '../../fhir/failure.ts';
import type { Found, Remark } from '../../fhir/searchset.ts';
import { medicineReader } from '../medicines/medicines.ts';
import type { Medicine } from '../model.ts';
import { type Assertion, NOTHING, type Part, partOf, siftAnswer } from '../parts.ts';
import type { Whose } from '../sift.ts';
import type { At, Contribution } from './at.ts';
import { lastHandedOut } from './sfm-dispense.ts';
import { type MedicationDocument, openMedication, sectionOf } from './sfm-document.ts';
import { pllHeader } from './sfm-header.ts';
import { isTheirs, underTheirId } from './sfm-patient.ts';
import { askedAt, lookupParts, lookupRemarks } from './sfm-whole.ts';

/**
 * Pasientens legemiddelliste, from Sentral forskrivningsmodul (SFM Basis API, `Patient/$getMedication`).
 *
 * The patient is named in the body alone. No consent is claimed on anybody's behalf: what SFM then keeps back, it says.
 */
export async function readSfm({ session, whose, nin }: At): Promise<Contribution> {
  const answer = await ask(session, 'Patient/$getMedication', {
    method: 'POST',
    body: JSON.stringify({
      resourceType: 'Parameters',
      parameter: [{ name: 'patient', valueReference: { identifier: nin } }],
    }),
  });
  return answer.ok
    ? medicationFrom(answer.value, answer.at, whose)
    : { medicines: [listPart(whose, answer)] };
}

/** What one answer to `$getMedication` says about this patient. `at`: when it came, by the server's clock. */
export function medicationFrom(value: Raw, at: Date, whose: Whose): Contribution {
  const document = openMedication(value);
  if (!document) return { medicines: [listPart(whose, notUnderstood('not a medication list'))] };
  const listed = medicinesIn(document);
  const isOurs = isTheirs(document, whose);
  // Nothing to set aside would look like an empty list of our patient's.
  if (!isOurs && listed.matches.length === 0)
    return { medicines: [listPart(whose, notUnderstood('the list is about another patient'))] };
  const { empty, withheld } = emptiness(document);
  const answer: Answer<Found> = {
    ok: true,
    at: askedAt(document) ?? at,
    value: {
      matches: listed.matches.map(raw => underTheirId(raw, document, whose)),
      included: [],
      remarks: isOurs ? [...lookupRemarks(document), ...withheld] : [],
      gaps: listed.isWhole ? [] : ['not-an-entry'],
      at,
    },
  };
  const part = listPart(whose, answer, document, at);
  if (!isOurs) return { medicines: [part] };
  const header = pllHeader(document);
  return {
    medicines: [
      { ...part, ...(empty ? { empty } : {}) },
      ...lookupParts(document, whose.session.label, at),
    ],
    ...(header ? { medicationHeader: header } : {}),
  };
}

function listPart(
  whose: Whose,
  answer: Answer<Found>,
  document?: MedicationDocument,
  now = whose.session.clock.now(),
): Part<Medicine> {
  if (!document) return partOf(whose.session.label, 'MedicationStatement', answer, NOTHING, true);
  const sifted = siftAnswer(medicineReader(document.around, now), answer, whose);
  const handedOut = lastHandedOut(document);
  const items = sifted.items.map(item => ({ ...item, handedOut: handedOut.get(item.source.ref) }));
  return partOf(whose.session.label, 'MedicationStatement', answer, { ...sifted, items }, true);
}

const notUnderstood = (detail: string) => failed({ kind: 'not-understood', detail });

/** Every statement of the document, and whatever else its own list names; `isWhole` where all it names is there. */
function medicinesIn(document: MedicationDocument) {
  const listed = sectionOf(document, 'sectionMedication')?.entry;
  const named = (listed ?? []).map(reference => document.around.find(reference));
  const statements = document.resources.filter(
    ({ resourceType }) => resourceType === 'MedicationStatement',
  );
  const matches = [...new Set([...named.filter(found => found !== undefined), ...statements])];
  const isWhole = listed !== undefined && !named.includes(undefined) && document.broken === 0;
  return { matches, isWhole };
}

/** R4 `Composition.section.emptyReason`: «unavailable» and «not asked» are not «none» (SAFETY 1.3). */
function emptiness(document: MedicationDocument): {
  readonly empty: Assertion;
  readonly withheld: readonly Remark[];
} {
  const section = sectionOf(document, 'sectionMedication');
  const codes = section?.emptyReason?.coding.map(({ code }) => code) ?? [];
  if (codes.includes('nilknown')) return { empty: 'asserted-none', withheld: [] };
  if (codes.includes('withheld'))
    return {
      empty: undefined,
      withheld: [{ code: 'suppressed', serious: false, reason: undefined, text: undefined }],
    };
  const isUnknown = codes.includes('notasked') || codes.includes('unavailable');
  return { empty: isUnknown ? 'asserted-unknown' : undefined, withheld: [] };
}
