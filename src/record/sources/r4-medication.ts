import { type Answer, failed } from '../../fhir/failure.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { askTogether } from '../../fhir/together.ts';
import { medicationList, medicineReader } from '../medicines.ts';
import { withMissing } from './r4-missing.ts';
import type { MedicationHeader, Medicine } from '../model.ts';
import { knownFrom, partOf, siftAnswer } from '../parts.ts';
import type { Known } from '../reading.ts';
import { MEDICATION_TYPES, medicationQuestions } from './r4-searches.ts';
import type { Put, Shelves } from '../shelves.ts';
import { isWithdrawn, notAbout, uninterpretable, type Whose } from '../sift.ts';

/** The medication list. Asked for side by side with the acute part, so that neither waits for the other. */
export async function loadMedication(
  session: Session,
  shelves: Shelves,
  put: Put,
  known: Promise<Whose | undefined>,
): Promise<void> {
  const questions = medicationQuestions(session, await session.offer);
  const answers = await askTogether(session, questions);
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
      return partOf<Medicine>(type, answer, sifted, type !== 'Immunization');
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
  const listPart = partOf<Medicine>('List', withoutMatches(lists), NOTHING, false);
  const medicines = knownFrom([...parts, listPart], session.clock.now());
  put(() => {
    shelves.medicationHeader.value = header && headerFrom(header);
    shelves.medicines.value = withEmptyReason(medicines, header);
  });
}

const NOTHING = { items: [], setAside: [] };

const withoutMatches = (answer: Answer<Found>): Answer<Found> =>
  answer.ok ? { ...answer, value: { ...answer.value, matches: [] } } : answer;

type ListHeader = NonNullable<ReturnType<typeof medicationList>>;

const headerFrom = ({ date, source, note }: ListHeader): MedicationHeader => ({
  reconciled: date,
  by: source?.display,
  notes: note.flatMap(({ text }) => text ?? []),
});

/** R4 `List.emptyReason`: the one thing that tells «takes nothing» from «nobody asked». */
function withEmptyReason(known: Known<Medicine>, header: ListHeader | undefined): Known<Medicine> {
  if (known.state !== 'none-recorded') return known;
  const codes = header?.emptyReason?.coding.map(({ code }) => code) ?? [];
  if (codes.includes('nilknown')) return { ...known, state: 'asserted-none' };
  if (codes.includes('withheld')) return { ...known, state: 'withheld', withheld: 'unspecified' };
  return codes.includes('notasked') || codes.includes('unavailable')
    ? { ...known, state: 'asserted-unknown' }
    : known;
}
