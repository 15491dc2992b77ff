// Each section as it is made of what a server answered, without a server: for tests that make it many thousand times.
import type { Raw } from '../src/fhir/ask.ts';
import type { Answer } from '../src/fhir/failure.ts';
import { refOf, shelf } from '../src/fhir/references.ts';
import type { Found } from '../src/fhir/searchset.ts';
import type { Session } from '../src/fhir/session.ts';
import { deniedIn } from '../src/record/contacts/denied.ts';
import { allergyReader } from '../src/record/critical/allergies.ts';
import { assertionIn } from '../src/record/critical/asserted.ts';
import { criticalReader } from '../src/record/critical/critical.ts';
import { mergeCritical } from '../src/record/critical/critical-merge.ts';
import { medicineReader } from '../src/record/medicines/medicines.ts';
import { medicationList } from '../src/record/medicines/medicines-header.ts';
import { mergeMedicines } from '../src/record/medicines/medicines-merge.ts';
import type { Plan } from '../src/record/model.ts';
import { knownFrom, type Meaning, type Part, partOf, siftAnswer } from '../src/record/parts.ts';
import { identifiersOf, patientReader } from '../src/record/patient.ts';
import { mergeEvaluations } from '../src/record/plans/evaluation-copies.ts';
import { mergeCopies } from '../src/record/plans/plan-copies.ts';
import { detailsOf } from '../src/record/plans/plan-details.ts';
import { isPlanDocument, planDocumentReader } from '../src/record/plans/plan-documents.ts';
import { contactsIn, isLineOf, planReader } from '../src/record/plans/plans.ts';
import { withReplaced } from '../src/record/plans/replaced.ts';
import { withZones } from '../src/record/plans/zones.ts';
import type { Item, Known } from '../src/record/reading.ts';
import { oneOfEach } from '../src/record/same.ts';
import { ownShelf, type Reader, sift, type Whose } from '../src/record/sift.ts';
import { documentParts } from '../src/record/sources/r4-documents.ts';
import { evaluationParts } from '../src/record/sources/r4-evaluations.ts';
import { measurementParts } from '../src/record/sources/r4-measurements.ts';
import { resultParts } from '../src/record/sources/r4-results.ts';
import { CRITICAL_TYPES, MEDICATION_TYPES } from '../src/record/sources/r4-searches.ts';

/** All resources there are, in any order, and what becomes of them. */
export type Build = (resources: readonly Raw[]) => Known<Item> | Promise<Known<Item>>;

const NOW = new Date('2026-11-21T20:15:00+01:00');

/** By section: `patient`, `plans`, … Everything else in the resources is at hand to be referred to. */
export function sectionBuilders(session: Session): Readonly<Record<string, Build>> {
  return {
    patient(resources) {
      const own = of(resources, 'Patient').map(raw => ({
        ...raw,
        subject: { reference: session.patient },
      }));
      return known([part(session, 'Patient', own, patientReader, whoseOf(session, resources))]);
    },
    plans: resources => plans(session, resources),
    evaluations(resources) {
      const whose = whoseOf(session, resources);
      const around = shelf(session.iss, resources);
      const answers = (type: string) => [found(of(resources, type))];
      return known(evaluationParts(whose, answers, around, resources, []), {
        merge: mergeEvaluations,
      });
    },
    critical(resources) {
      const whose = whoseOf(session, resources);
      const parts = CRITICAL_TYPES.map(type => {
        const matches = of(resources, type);
        return type === 'AllergyIntolerance'
          ? part(session, type, matches, allergyReader, whose)
          : part(session, type, matches, criticalReader(NOW), whose);
      });
      return known(parts, { assertion: assertionIn, merge: mergeCritical });
    },
    medicines(resources) {
      const whose = whoseOf(session, resources);
      const reader = medicineReader(shelf(session.iss, resources), NOW);
      medicationList(of(resources, 'List'));
      const parts = MEDICATION_TYPES.map(type =>
        part(session, type, of(resources, type), reader, whose),
      );
      return known(parts, { merge: mergeMedicines });
    },
    documents: async resources =>
      known(
        await documentParts(whoseOf(session, resources), found(of(resources, 'DocumentReference'))),
        { merge: oneOfEach },
      ),
    results: async resources =>
      known(
        await resultParts(
          whoseOf(session, resources),
          found(of(resources, 'DiagnosticReport')),
          found(of(resources, 'Observation')),
        ),
        { merge: oneOfEach },
      ),
    measurements: async resources =>
      known(
        await measurementParts(whoseOf(session, resources), found(of(resources, 'Observation'))),
        { merge: oneOfEach },
      ),
  };
}

function plans(session: Session, resources: readonly Raw[]): Known<Item> {
  const whose = whoseOf(session, resources);
  const all = ownShelf(shelf(session.iss, resources), whose);
  const teams = of(resources, 'CareTeam');
  const around = {
    whose,
    now: NOW,
    shelf: all,
    denied: deniedIn(found(of(resources, 'Consent')), whose),
    denialsKnown: true,
    teamsKnown: true,
    history: of(resources, 'Provenance'),
    treats: true,
  };
  const wires = of(resources, 'CarePlan');
  contactsIn({ careTeam: [] }, around, teams);
  const read = sift(planReader(around, teams), wires, whose);
  const items = withReplaced(withZones(read.items, wires, session.iss)).map((plan): Plan => {
    const raw = wires.find(wire => refOf(wire) === plan.source.ref);
    return raw
      ? { ...plan, details: detailsOf(raw, plan.source.ref, around, isLineOf(plan.kind)) }
      : plan;
  });
  const documents = of(resources, 'DocumentReference').filter(isPlanDocument);
  return known<Plan>(
    [
      partOf(session.label, 'CarePlan', found(wires), { ...read, items }, true),
      part(session, 'DocumentReference', documents, planDocumentReader, whose),
    ],
    { merge: mergeCopies },
  );
}

const of = (resources: readonly Raw[], type: string) =>
  resources.filter(({ resourceType }) => resourceType === type);

const whoseOf = (session: Session, resources: readonly Raw[]): Whose => ({
  session,
  identifiers: new Set(
    of(resources, 'Patient')
      .filter(raw => refOf(raw) === session.patient)
      .flatMap(raw => [...identifiersOf(raw)]),
  ),
});

const found = (matches: readonly Raw[]): Answer<Found> => ({
  ok: true,
  at: NOW,
  value: { matches, included: [], remarks: [], gaps: [], at: NOW },
});

function part<Shape extends Parameters<typeof sift>[0]['shape'], T extends Item>(
  session: Session,
  type: string,
  matches: readonly Raw[],
  reader: Reader<Shape, T>,
  whose: Whose,
): Part<T> {
  return partOf(
    session.label,
    type,
    found(matches),
    siftAnswer(reader, found(matches), whose),
    true,
  );
}

const known = <T extends Item>(
  parts: readonly Part<T>[],
  meaning: Partial<Meaning<T>> = {},
): Known<Item> => knownFrom(parts, NOW, meaning);
