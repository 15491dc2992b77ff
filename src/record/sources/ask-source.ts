import { type Failure, failed } from '../../fhir/failure.ts';
import { grants } from '../../fhir/scopes.ts';
import type { Session, SourceAddress, SourceKind } from '../../fhir/session.ts';
import { NOTHING, partOf } from '../parts.ts';
import { nationalIdIn } from '../patient.ts';
import type { Put, Sections } from '../sections.ts';
import type { Whose } from '../sift.ts';
import { type Adapter, type Contribution, sessionAt } from './at.ts';
import { SECTIONS_OF } from './kinds.ts';

/** One adapter per kind of source, each fetched when a configuration names such a source. */
const ADAPTERS: Readonly<Record<SourceKind, () => Promise<Adapter>>> = {
  fhir: async () => (await import('./r4.ts')).readR4,
  kj: async () => (await import('./kj.ts')).readKj,
  planer: async () => (await import('./planer.ts')).readPlaner,
  sfm: async () => (await import('./sfm.ts')).readSfm,
  mhd: async () => (await import('./mhd.ts')).readMhd,
  nilar: async () => (await import('./nilar.ts')).readNilar,
  pmd: async () => (await import('./pmd.ts')).readPmd,
};

/** Asks one further source, and puts what it says, or why it says nothing, into its sections. */
export async function askSource(
  session: Session,
  source: SourceAddress,
  whose: Promise<Whose | undefined>,
  sections: Sections,
  put: Put,
): Promise<void> {
  const contribution = await contributionOf(session, source, await whose);
  put(() => {
    const headers = new Map(sections.medicationHeaders.value);
    headers.delete(source.label);
    if (contribution.medicationHeader) headers.set(source.label, contribution.medicationHeader);
    sections.medicationHeaders.value = headers;
    for (const name of SECTIONS_OF[source.kind]) give(source.label, contribution, sections, name);
  });
}

type Name = (typeof SECTIONS_OF)['fhir'][number];

/** One section's parts. Spelt out, because the sections hold different things. */
function give(from: string, contribution: Contribution, sections: Sections, name: Name): void {
  const nothing = [partOf<never>(from, name, failed({ kind: 'not-supported' }), NOTHING, false)];
  if (name === 'plans') sections.plans.put(from, contribution.plans ?? nothing);
  if (name === 'evaluations') sections.evaluations.put(from, contribution.evaluations ?? nothing);
  if (name === 'critical') sections.critical.put(from, contribution.critical ?? nothing);
  if (name === 'medicines') sections.medicines.put(from, contribution.medicines ?? nothing);
  if (name === 'documents') sections.documents.put(from, contribution.documents ?? nothing);
  if (name === 'results') sections.results.put(from, contribution.results ?? nothing);
  if (name === 'measurements')
    sections.measurements.put(from, contribution.measurements ?? nothing);
  if (name === 'history') sections.history.put(from, contribution.history ?? nothing);
}

async function contributionOf(
  session: Session,
  source: SourceAddress,
  whose: Whose | undefined,
): Promise<Contribution> {
  const refused = (failure: Failure) => everywhere(source, failure);
  // Blocked, or somebody else's record: the EHR's own answer says so, and nobody else is asked.
  if (!whose) return refused({ kind: 'cancelled' });
  const nin = nationalIdIn(whose.identifiers);
  if (!nin) return refused({ kind: 'unasked' });
  if (!isCovered(session, source)) return refused({ kind: 'not-permitted' });
  const at = sessionAt(session, source);
  const adapter = await ADAPTERS[source.kind]().catch(() => undefined);
  // The code that speaks with this source did not arrive. A fault of ours is not caught here: it must be heard of.
  if (!adapter) return refused({ kind: 'unreachable' });
  return adapter({ session: at, whose: { ...whose, session: at }, nin });
}

/** The FHIR types each kind of source holds. */
const HOLDS: Readonly<Record<SourceKind, readonly string[]>> = {
  fhir: ['CarePlan', 'AllergyIntolerance', 'MedicationStatement', 'DocumentReference'],
  kj: ['AllergyIntolerance', 'Condition', 'Procedure', 'Flag', 'Consent'],
  sfm: ['MedicationStatement', 'MedicationRequest'],
  mhd: ['DocumentReference'],
  nilar: ['DiagnosticReport', 'Observation'],
  pmd: ['Observation'],
  planer: ['CarePlan'],
};

/** A login that may read none of these belongs to somebody outside health care. */
const HEALTH = ['AllergyIntolerance', 'Condition', 'MedicationStatement', 'Observation'];

/**
 * A source that is asked in the name of the EHR's login is only asked for what that login may read: a role without
 * any right to medicines is told so here, instead of by a refusal from there. All of them are registers of health
 * care, so nobody from outside it is sent to one. Without a token the source decides alone.
 */
function isCovered({ scopes }: Session, { kind, sendToken }: SourceAddress): boolean {
  const may = (types: readonly string[]) => types.some(type => grants(scopes, type, 's'));
  return !sendToken || (may(HOLDS[kind]) && may(HEALTH));
}

/** The same failure in every section this kind of source has. */
function everywhere({ kind, label }: SourceAddress, failure: Failure): Contribution {
  const part = [partOf<never>(label, label, failed(failure), NOTHING, true)];
  return Object.fromEntries(SECTIONS_OF[kind].map(name => [name, part]));
}
