import { type Answer, failed } from '../../fhir/failure.ts';
import { allPages, type Found } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { askTogether } from '../../fhir/together.ts';
import { allergyReader } from '../critical/allergies.ts';
import { criticalReader } from '../critical/critical.ts';
import type { CriticalItem, CriticalKind } from '../model.ts';
import { NOTHING, type Part, partOf, siftAnswer } from '../parts.ts';
import type { Whose } from '../sift.ts';
import type { Adapter, At } from './at.ts';
import { kjReader } from './kj-reader.ts';
import { askKjStatus, blockedHere } from './kj-status.ts';

/** FHIR type, `criticalInfoType` where a type holds several kinds, and what such information is. */
const QUESTIONS: readonly (readonly [string, string | undefined, CriticalKind])[] = [
  ['AllergyIntolerance', 'DrugReaction', 'hypersensitivity'],
  ['AllergyIntolerance', 'OtherAllergen', 'hypersensitivity'],
  ['Consent', undefined, 'limits-of-care'],
  ['Procedure', undefined, 'treatment'],
  ['Flag', undefined, 'procedure-change'],
  ['Condition', 'CriticalMedicalCondition', 'condition'],
  ['Condition', 'Infection', 'infection'],
  ['Condition', 'TransplantsAndOtherForeignBodies', 'implant'],
  ['Condition', 'IntubationProblem', 'anaesthesia'],
  ['Condition', 'OtherProblemWithAnesthesia', 'anaesthesia'],
];

/**
 * Critical information from kjernejournal (FHIR.md 4; docs/fhir.md, «Sources: Kj»): what its status says first, and
 * where there is anything to be had, each kind by itself, six questions at a time.
 */
export const readKj: Adapter = async at => {
  const isEmergency = at.session.purpose === 'ETREAT';
  const session = lookUp(at, isEmergency);
  const whose = { ...at.whose, session };
  const { answer, goOn } = await askKjStatus(session, at.nin.value, isEmergency);
  const status = partOf<CriticalItem>(session.label, session.label, answer, NOTHING, true);
  return { critical: goOn ? [status, ...(await everyKind(session, whose))] : [status] };
};

async function everyKind(session: Session, whose: Whose): Promise<readonly Part<CriticalItem>[]> {
  const answers = await askTogether(
    session,
    QUESTIONS.map(([type, info]) => ({
      type,
      address: info ? `${type}?criticalInfoType=${info}` : type,
    })),
  );
  const found = await Promise.all(
    QUESTIONS.map(([type], index) =>
      allPages(session, type, answers[index] ?? failed({ kind: 'cancelled' })),
    ),
  );
  return QUESTIONS.map(([type, , kind], index) =>
    kindPart(session, whose, type, kind, found[index] ?? failed({ kind: 'cancelled' })),
  );
}

function kindPart(
  session: Session,
  whose: Whose,
  type: string,
  kind: CriticalKind,
  found: Answer<Found>,
): Part<CriticalItem> {
  const now = session.clock.now();
  const answer = blockedHere(found, now);
  const sifted =
    type === 'AllergyIntolerance'
      ? siftAnswer(kjReader(allergyReader, kind, now), answer, whose)
      : siftAnswer(kjReader(criticalReader(now), kind, now), answer, whose);
  return partOf(session.label, type, answer, sifted, type === 'AllergyIntolerance');
}

/**
 * The session of one look-up: every request of it, further pages too, names the patient, the basis and the event.
 *
 * The basis is the configuration's; only where the user has said in the EHR that this is an emergency is it AKUTT
 * (FHIR.md 12.5). Names are made lower case first: `Headers` would join «NHN-Access-Basis» and ours into two bases.
 */
function lookUp({ session, nin }: At, isEmergency: boolean): Session {
  const configured: Record<string, string> = {};
  for (const [name, value] of Object.entries(session.headers))
    configured[name.toLowerCase()] = value;
  return {
    ...session,
    headers: {
      'nhn-source-system': 'Sideplan',
      ...configured,
      'nhn-patient-nin': nin.value,
      'nhn-event-id': crypto.randomUUID(),
      ...(isEmergency ? { 'nhn-access-basis': 'AKUTT' } : {}),
    },
  };
}
