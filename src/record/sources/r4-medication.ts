import { type Answer, failed } from '../../fhir/failure.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { medicineReader } from '../medicines/medicines.ts';
import { medicationList } from '../medicines/medicines-header.ts';
import type { MedicationHeader, Medicine } from '../model.ts';
import { type Assertion, NOTHING, only, partOf, siftAnswer } from '../parts.ts';
import type { Intake, Put } from '../sections.ts';
import { isWithdrawn, notAbout, uninterpretable, type Whose } from '../sift.ts';
import type { MedicationAnswers } from './ask-medication.ts';
import { withMissing } from './r4-missing.ts';
import { MEDICATION_TYPES } from './r4-searches.ts';

/** The medication list. Asked for side by side with the acute part, so that neither waits for the other. */
export async function loadMedication(
  session: Session,
  asked: Promise<MedicationAnswers>,
  sections: Pick<Intake, 'medicines' | 'medicationHeaders'>,
  put: Put,
  known: Promise<Whose | undefined>,
): Promise<void> {
  const { questions, answers } = await asked;
  const found = await Promise.all(
    questions.map(({ type }, index) =>
      allPages(session, type, answers[index] ?? failed({ kind: 'cancelled' })),
    ),
  );
  const whose = await known;
  // Blocked, or somebody else's record: that has been said, and nothing more is.
  if (!whose) return;
  const lists = found[MEDICATION_TYPES.length] ?? failed({ kind: 'cancelled' });
  const resources = found.flatMap(answer =>
    answer.ok ? [...answer.value.included, ...answer.value.matches] : [],
  );
  const parts = await withMissing(session, resources, around =>
    MEDICATION_TYPES.map((type, index) => {
      const answer = found[index] ?? failed({ kind: 'not-supported' });
      const sifted = siftAnswer(medicineReader(around, session.clock.now()), answer, whose);
      return partOf<Medicine>(session.label, type, answer, sifted, type !== 'Immunization');
    }),
  );
  const header = lists.ok
    ? medicationList(
        lists.value.matches.filter(
          raw => !notAbout(raw, whose) && !isWithdrawn(raw) && uninterpretable(raw).length === 0,
        ),
      )
    : undefined;
  // The list's header is not a medicine, but without it «takes nothing» and «nobody asked» look alike.
  const listed = only(lists, () => false);
  const empty = header && emptyReason(header);
  put(() => {
    const headers = new Map(sections.medicationHeaders.value);
    headers.delete(session.label);
    if (header) headers.set(session.label, headerFrom(header));
    sections.medicationHeaders.value = headers;
    sections.medicines.put(session.label, [
      ...parts,
      {
        ...partOf<Medicine>(session.label, 'List', withReason(listed, header), NOTHING, false),
        ...(empty ? { empty } : {}),
      },
    ]);
  });
}

type ListHeader = NonNullable<ReturnType<typeof medicationList>>;

const headerFrom = ({ date, source, note }: ListHeader): MedicationHeader => ({
  reconciled: date,
  by: source?.display,
  notes: note.flatMap(({ text }) => text ?? []),
});

/** R4 `List.emptyReason`: the one thing that tells «takes nothing» from «nobody asked». */
function emptyReason(header: ListHeader): Assertion {
  const codes = header.emptyReason?.coding.map(({ code }) => code) ?? [];
  if (codes.includes('nilknown')) return 'asserted-none';
  return codes.includes('notasked') || codes.includes('unavailable')
    ? 'asserted-unknown'
    : undefined;
}

/** An empty list that is empty because somebody keeps it back says so like any other answer that does. */
function withReason(lists: Answer<Found>, header: ListHeader | undefined): Answer<Found> {
  const kept = header?.emptyReason?.coding.some(({ code }) => code === 'withheld');
  if (!lists.ok || !kept) return lists;
  const remark = { code: 'suppressed', serious: false, reason: undefined, text: undefined };
  return { ...lists, value: { ...lists.value, remarks: [...lists.value.remarks, remark] } };
}
