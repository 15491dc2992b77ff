import { z } from 'zod/mini';
import { ask } from '../../fhir/ask.ts';
import { type Answer, failed } from '../../fhir/failure.ts';
import type { Found, Remark } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import type { Withheld } from '../reading.ts';

/** Kjernejournal's first answer: as an answer without resources, and whether there is more to ask for. */
export interface KjStatus {
  readonly answer: Answer<Found>;
  readonly goOn: boolean;
}

const Status = z.looseObject({
  hasCriticalInformation: z.boolean(),
  privacySetting: z.optional(z.nullable(z.string())),
});

/** `privacySetting`, in the words we know of (FHIR.md 4.1). */
const SETTINGS: ReadonlyMap<string, Withheld> = new Map([
  ['reservation', 'reserved'],
  ['restriction', 'restricted'],
  ['blocked', 'blocked-at-source'],
]);

/**
 * `POST status {nin}` (FHIR.md 4.1), the first of all questions: is there anything, and may this user have it?
 *
 * What the patient has closed is opened by nothing but a purpose of emergency (`isEmergency`), which the user chose in
 * the EHR; a reservation and a block by nothing at all. A setting we do not know is said to keep something back, and
 * kjernejournal is asked all the same: what may not be had it will not give.
 */
export async function askKjStatus(
  session: Session,
  nin: string,
  isEmergency: boolean,
): Promise<KjStatus> {
  const said = await ask(session, `${session.iss}/status`, {
    method: 'POST',
    body: JSON.stringify({ nin }),
    bodyType: 'application/json',
  });
  if (!said.ok) return { answer: blockedHere(said, session.clock.now()), goOn: false };
  const status = Status.safeParse(said.value);
  if (!status.success) {
    const detail = status.error.issues.map(({ path }) => path.join('.')).join(', ');
    const failure = { kind: 'not-understood', detail: `status: ${detail}` } as const;
    return { answer: failed(failure), goOn: false };
  }
  const { hasCriticalInformation, privacySetting } = status.data;
  const setting = privacySetting?.toLowerCase() ?? 'none';
  const answer = (...remarks: Remark[]) => emptyAnswer(said.at, remarks);
  if (setting === 'none') return { answer: answer(), goOn: hasCriticalInformation };
  const withheld = SETTINGS.get(setting);
  if (withheld === 'restricted' && isEmergency) return { answer: answer(), goOn: true };
  return { answer: answer(suppressed(withheld)), goOn: withheld === undefined };
}

const suppressed = (reason: Withheld | undefined): Remark => ({
  code: 'suppressed',
  serious: false,
  reason,
  text: undefined,
});

const emptyAnswer = (at: Date, remarks: readonly Remark[]): Answer<Found> => ({
  ok: true,
  at,
  value: { matches: [], included: [], remarks, gaps: [], at },
});

/**
 * A block in kjernejournal closes kjernejournal. What the EHR shows is the EHR's to decide: it knows its own blocks,
 * and then nobody else is asked (docs/fhir.md, «Sources: Kj»).
 */
export const blockedHere = <T>(answer: Answer<T>, at: Date): Answer<T | Found> =>
  !answer.ok && answer.failure.kind === 'blocked'
    ? emptyAnswer(at, [suppressed('blocked-at-source')])
    : answer;
