import { z } from 'zod/mini';
import { isRaw, type Raw } from '../../fhir/ask.ts';
import { localRef, refOf } from '../../fhir/references.ts';
import {
  Codeable,
  Codeables,
  list,
  Period,
  References,
  resource,
  text,
  wording,
} from '../../fhir/shapes.ts';
import type { FhirDate } from '../model.ts';
import type { Item, Shared } from '../reading.ts';
import type { Reader } from '../sift.ts';
import {
  kindOfObservation,
  ObservationShape,
  type Observed,
  observed,
  type Standing,
  standingOf,
  unreadableObservation,
} from './observation.ts';

/** What a laboratory sent: single answers, and the reports they came in (R4 Observation, DiagnosticReport; NILAR). */
export type Result = Analysis | Report;

/** One answer. `other`: an Observation that is neither a laboratory answer nor a measurement. */
export interface Analysis extends Observed, Shared<Analysis> {
  readonly kind: 'laboratory' | 'other';
}

export interface Report extends Shared<Report> {
  readonly kind: 'report';
  readonly name: string | undefined;
  readonly at: FhirDate | undefined;
  readonly laboratory: string | undefined;
  /** Undefined: final. */
  readonly standing: Standing | undefined;
  /** The laboratory's own words; ours are none. */
  readonly conclusion: string | undefined;
  /** `Observation/id` of the answers it is made of. */
  readonly answers: readonly string[];
  /** Answers that travel inside the report. */
  readonly contained: readonly Analysis[];
  /** Answers it names that the source did not show. */
  readonly unread: number;
  /** Documents it carries: to be opened in the source. */
  readonly files: number;
}

export const analysisReader = (
  inReports: ReadonlySet<string>,
): Reader<typeof ObservationShape, Result> => ({
  shape: ObservationShape,
  item: (wire, about, raw) => ({ ...observed(wire, about, raw), kind: kindIn(raw, inReports) }),
  unreadable: (about, raw) => ({
    ...unreadableObservation(about, raw),
    kind: kindIn(raw, inReports),
  }),
});

const kindIn = (raw: Raw, inReports: ReadonlySet<string>) =>
  kindOfObservation(raw, inReports.has(refOf(raw))) === 'laboratory' ? 'laboratory' : 'other';

const ReportShape = z.looseObject({
  ...resource('DiagnosticReport').shape,
  status: text,
  code: z.optional(Codeable),
  effectiveDateTime: text,
  effectivePeriod: z.optional(Period),
  issued: text,
  performer: References,
  resultsInterpreter: References,
  result: References,
  conclusion: text,
  conclusionCode: Codeables,
  presentedForm: list(z.unknown()),
});

/** Reads reports; `at hand` are the answers the source showed, by `Observation/id`. */
export const reportReader = (
  base: string,
  atHand: ReadonlySet<string>,
): Reader<typeof ReportShape, Result> => ({
  shape: ReportShape,
  item(wire, about, raw) {
    const answers = wire.result.flatMap(({ reference }) => localRef(base, reference) ?? []);
    const contained = containedIn(raw, about);
    const shown = answers.filter(ref => atHand.has(ref)).length + contained.length;
    return {
      ...about,
      kind: 'report',
      name: wording(wire.code),
      at: wire.effectiveDateTime ?? wire.effectivePeriod?.start ?? wire.issued,
      laboratory: [...wire.performer, ...wire.resultsInterpreter]
        .map(({ display }) => display)
        .find(Boolean),
      standing: standingOf(wire.status),
      conclusion: wire.conclusion ?? wire.conclusionCode.map(wording).find(Boolean),
      answers,
      contained,
      unread: Math.max(0, wire.result.length - shown),
      files: wire.presentedForm.length,
    };
  },
  unreadable: about => ({
    ...about,
    kind: 'report',
    name: undefined,
    at: undefined,
    laboratory: undefined,
    standing: undefined,
    conclusion: undefined,
    answers: [],
    contained: [],
    unread: 0,
    files: 0,
  }),
});

/** `Observation/id` of everything the reports are made of. */
export function answersIn(reports: readonly Raw[], base: string): ReadonlySet<string> {
  return new Set(
    reports.flatMap(raw => {
      const results = References.safeParse(raw['result']);
      return results.success
        ? results.data.flatMap(({ reference }) => localRef(base, reference) ?? [])
        : [];
    }),
  );
}

/** Contained answers are the report's own: whose they are, and what is in doubt, its own checks have said. */
function containedIn(raw: Raw, about: Item): readonly Analysis[] {
  const contained: readonly unknown[] = Array.isArray(raw['contained']) ? raw['contained'] : [];
  return contained.filter(isRaw).flatMap(inner => {
    const parsed = ObservationShape.safeParse(inner);
    if (!parsed.success || inner['status'] === 'entered-in-error') return [];
    const source = { ...about.source, ref: `${about.source.ref}#${parsed.data.id ?? ''}` };
    const own: Item = { ...about, source, identifiers: [] };
    return [{ ...observed(parsed.data, own, inner), kind: 'laboratory' as const }];
  });
}
