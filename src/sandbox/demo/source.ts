import data from './demo-patients.json' with { type: 'json' };

/** The demo's people and texts as they were written: design/DEMO.md, same content. */
interface DemoData {
  readonly demoClock: string;
  readonly orgs: readonly DemoOrganization[];
  readonly users: readonly DemoUser[];
  readonly patients: readonly DemoPatient[];
  readonly indicators: DemoIndicators;
}

export interface DemoOrganization {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly orgnr: string;
  readonly herId: string;
  readonly parent: string | null;
  readonly phone: string;
  readonly infoClass: string;
}

export interface DemoUser {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly org: string;
  readonly hpr: string;
}

export interface DemoPatient {
  readonly id: string;
  readonly fnr: string;
  readonly name: string;
  readonly preferred: string;
  readonly sex: string;
  readonly born: string;
  readonly address: string;
  readonly phone: string;
  readonly language: string;
  readonly interpreter: string;
  readonly gp: string | null;
  readonly weight?: string | undefined;
  readonly dx: readonly { readonly icd10: string; readonly text: string; readonly since: string }[];
  readonly critical: readonly DemoCritical[];
  readonly allergy_state: string;
  readonly meds: readonly DemoMedication[];
  readonly restriction: string;
  readonly plans: readonly DemoPlan[];
  readonly contacts: readonly DemoContact[];
  readonly noContact: readonly { readonly who: string; readonly why: string }[];
  readonly evals: readonly DemoEvaluation[];
  readonly goals_extra?: readonly DemoGoal[] | undefined;
  readonly changes: readonly DemoChange[];
  readonly copies?: readonly DemoCopy[] | undefined;
  readonly labs: readonly DemoLab[];
  readonly measurements?: readonly DemoMeasurement[] | undefined;
  readonly docs: readonly DemoDocument[];
  readonly consent: readonly DemoConsent[];
  readonly history: readonly { readonly at: string; readonly what: string; readonly by: string }[];
}

export interface DemoCritical {
  readonly category: string;
  readonly what: string;
  readonly detail: string;
  readonly status: string;
  readonly date: string;
}

export interface DemoMedication {
  readonly group: string;
  readonly substance: string;
  readonly brand: string;
  readonly atc: string;
  readonly form: string;
  readonly strength: string;
  readonly dose: string;
  readonly indication: string;
  readonly start: string;
  readonly lastChanged: string;
  readonly changedBy: string;
  readonly note: string;
}

export interface DemoGoal {
  readonly id: string;
  readonly text: string;
  readonly due: string;
}

export interface DemoPlan {
  readonly type: string;
  readonly title: string;
  readonly version: number;
  readonly status: string;
  readonly valid: string;
  readonly author: string;
  readonly approvedByPatient: string;
  readonly summary: string;
  readonly doNow?: readonly string[] | undefined;
  readonly avoid?: readonly string[] | undefined;
  readonly admit?: readonly string[] | undefined;
  readonly triggers?: readonly string[] | undefined;
  readonly own?: readonly string[] | undefined;
  readonly helps?: readonly string[] | undefined;
  readonly worse?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly after?: readonly string[] | undefined;
  readonly capacity?: string | undefined;
  readonly practical?: string | undefined;
  readonly zones?: readonly DemoZone[] | undefined;
  readonly goals?: readonly DemoGoal[] | undefined;
  readonly measures?: readonly DemoMeasure[] | undefined;
}

export interface DemoZone {
  readonly level: string;
  readonly condition: string;
  readonly action: string;
}

export interface DemoMeasure {
  readonly goal: string;
  readonly text: string;
  readonly responsible: string;
  readonly infoClass: string;
  readonly time: string;
}

export interface DemoContact {
  readonly rank: number;
  readonly name: string;
  readonly role: string;
  readonly org: string;
  readonly phone: string;
  readonly hours: string;
  readonly purpose: string;
  readonly confirmed: string;
  readonly visibility: string;
}

export interface DemoEvaluation {
  readonly date: string;
  readonly type: string;
  readonly mode: string;
  readonly pp: string;
  readonly parts: readonly string[];
  readonly goals: readonly {
    readonly goal: string;
    readonly status: string;
    readonly ownScore: number;
  }[];
  readonly helped: string;
  readonly nothelped: string;
  readonly changes: readonly string[];
  readonly crises: number;
  readonly next: string;
  readonly gp: string;
}

export interface DemoChange {
  readonly id: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly by: string;
}

export interface DemoCopy {
  readonly where: string;
  readonly version: string;
  readonly status: string;
}

export interface DemoLab {
  readonly date: string;
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly ref: string;
}

interface DemoMeasurement {
  readonly at: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

export interface DemoDocument {
  readonly date: string;
  readonly title: string;
  readonly source: string;
  readonly access: string;
}

export interface DemoConsent {
  readonly recipient: string;
  readonly what: string;
  readonly decision: string;
}

interface DemoIndicators {
  readonly unit: string;
  readonly months: readonly (readonly (string | number)[])[];
  readonly columns: readonly string[];
}

export const demo: DemoData = data;

/** `p1-maja` in the texts is `p1` everywhere else: launch URLs, logical ids. */
export function shortId(patient: DemoPatient): string {
  const [short] = patient.id.split('-');
  if (!short) throw new Error(`The demo patient ${patient.id} has no short id`);
  return short;
}

/** The demo patient behind a logical id, if it is one of the six. */
export function storyOf(patientId: string): DemoPatient | undefined {
  return demo.patients.find(patient => shortId(patient) === patientId);
}

export function organization(id: string): DemoOrganization {
  return known(demo.orgs, id);
}

export function user(id: string): DemoUser {
  return known(demo.users, id);
}

/** The demo user a text means: «Tuva Poliklin (DPS)», «NAV-veileder Lars Navdal». */
export function userNamed(text: string): DemoUser | undefined {
  const name = text.replace(/ \(.*$/, '').replace(/,.*$/, '');
  return demo.users.find(one => one.name.endsWith(name) || name.endsWith(one.name));
}

export function acutePlanOf(patient: DemoPatient): DemoPlan | undefined {
  return patient.plans.find(({ type }) => type === 'akuttplan' || type === 'egenbehandlingsplan');
}

function known<T extends { readonly id: string }>(all: readonly T[], id: string): T {
  const found = all.find(candidate => candidate.id === id);
  if (!found) throw new Error(`The demo data has no ${id}`);
  return found;
}
