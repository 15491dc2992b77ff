import type { Policy, Resource } from '../types.ts';
import { policyFor } from './access.ts';
import { changes, copies } from './changes.ts';
import { contacts } from './contacts.ts';
import { critical, diagnoses } from './critical.ts';
import { documents } from './documents.ts';
import { evaluations } from './evaluations.ts';
import { withoutGaps } from './fhir.ts';
import { evaluationForm } from './form.ts';
import { history, indicators } from './history.ts';
import { medications } from './medications.ts';
import { type Filed, filed } from './parts.ts';
import { patientResource, sandboxPatients } from './patients.ts';
import { peopleAndOrganizations, sandboxUsers } from './people-and-organizations.ts';
import { plans } from './plans.ts';
import { results } from './results.ts';
import { sharing } from './sharing.ts';
import { type DemoPatient, demo, shortId } from './source.ts';

export const demoClock = demo.demoClock;
export const demoUsers = sandboxUsers;
export const demoPatients = sandboxPatients;

const byPatient: ReadonlyMap<string, readonly Filed[]> = new Map(
  demo.patients.map(patient => [shortId(patient), story(patient)]),
);

export const demoPolicy: Policy = policyFor(byPatient);

/** Everything the pretend EHR holds when it starts: six invented people and those who treat them. */
export function demoResources(): readonly Resource[] {
  const shared = [...peopleAndOrganizations(), ...indicators(), evaluationForm()];
  const personal = [...byPatient.values()].flat().map(({ resource }) => resource);
  return [...shared, ...personal].map(withoutGaps);
}

function story(patient: DemoPatient): readonly Filed[] {
  return [
    ...filed('person', patientResource(patient)),
    ...plans(patient),
    ...contacts(patient),
    ...critical(patient),
    ...diagnoses(patient),
    ...medications(patient),
    ...evaluations(patient),
    ...changes(patient),
    ...copies(patient),
    ...results(patient),
    ...documents(patient),
    ...sharing(patient),
    ...history(patient),
  ];
}
