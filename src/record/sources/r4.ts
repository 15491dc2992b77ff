import { ask, type Raw } from '../../fhir/ask.ts';
import { readOffer } from '../../fhir/capability.ts';
import { type Answer, failed } from '../../fhir/failure.ts';
import { refOf } from '../../fhir/references.ts';
import { allPages } from '../../fhir/searchset.ts';
import type { Session } from '../../fhir/session.ts';
import { identifiersOf } from '../patient.ts';
import type { Intake, Put } from '../sections.ts';
import { askMedication } from './ask-medication.ts';
import type { Adapter, At, Contribution } from './at.ts';
import { askAcute, loadAcute, stopAll } from './r4-acute.ts';
import { loadFurther } from './r4-further.ts';
import { loadMedication } from './r4-medication.ts';

/**
 * Another plain FHIR R4 server. The patient is found there by national identifier, in the body of a search; with exactly
 * one match the server is read as the EHR is. Its Patient and teams are not the EHR's, and are left where they are.
 */
export const readR4: Adapter = async at => {
  const { given, intake } = taking();
  const found = await patientAt(at);
  if (!found.ok) {
    stopAll(at.session, intake, now, found.failure);
    return given();
  }
  const session: Session = {
    ...at.session,
    patient: `Patient/${found.value}`,
    offer: readOffer(at.session.iss, at.session.fetch, at.session.headers),
  };
  const acute = await askAcute(session);
  const read = await loadAcute(session, acute, intake, now);
  const whose = Promise.resolve(read && acute.who.whose);
  await Promise.all([
    loadMedication(session, askMedication(session), intake, now, whose),
    loadFurther(session, intake, now, whose, read),
  ]);
  return given();
};

/** Nothing is on screen before all of it has come: one source is one answer. */
const now: Put = write => write();

/** The id of the only patient with this number. A server that ignores the question, or knows two, is not believed. */
async function patientAt({ session, nin }: At): Promise<Answer<string>> {
  const first = await ask(session, 'Patient/_search', {
    method: 'POST',
    body: new URLSearchParams({ identifier: `${nin.system}|${nin.value}` }).toString(),
    bodyType: 'application/x-www-form-urlencoded',
  });
  const answer = await allPages(session, 'Patient', first);
  if (!answer.ok) return answer;
  const { matches } = answer.value;
  const [patient] = matches;
  if (!patient) return failed({ kind: 'not-found' });
  const id = idOf(patient);
  const isTheirs = identifiersOf(patient).has(`${nin.system}|${nin.value}`);
  if (matches.length > 1 || answer.value.gaps.length > 0 || !isTheirs || id === undefined)
    return failed({ kind: 'not-understood', detail: 'not exactly one patient with this number' });
  return { ok: true, value: id, at: answer.at };
}

const idOf = (patient: Raw) => refOf(patient).split('/')[1];

/** Takes what the readers put, in place of the sections on screen. */
function taking(): { given: () => Contribution; intake: Intake } {
  let given: Contribution = {};
  const medicationHeaders: Intake['medicationHeaders'] = { value: new Map() };
  const intake: Intake = {
    patient: { value: { state: 'loading' } },
    teams: { value: undefined },
    medicationHeaders,
    plans: { put: (_, plans) => (given = { ...given, plans }) },
    evaluations: { put: (_, evaluations) => (given = { ...given, evaluations }) },
    critical: { put: (_, critical) => (given = { ...given, critical }) },
    medicines: { put: (_, medicines) => (given = { ...given, medicines }) },
    documents: { put: (_, documents) => (given = { ...given, documents }) },
    results: { put: (_, results) => (given = { ...given, results }) },
    measurements: { put: (_, measurements) => (given = { ...given, measurements }) },
    history: { put: (_, history) => (given = { ...given, history }) },
  };
  return {
    intake,
    given() {
      const [medicationHeader] = medicationHeaders.value.values();
      return medicationHeader ? { ...given, medicationHeader } : given;
    },
  };
}
