import { z } from 'zod/mini';
import { isRaw, type Raw } from '../../fhir/ask.ts';
import { localRef, type Shelf } from '../../fhir/references.ts';
import {
  Annotations,
  Codeable,
  either,
  flag,
  list,
  Period,
  Reference,
  text,
  wording,
} from '../../fhir/shapes.ts';
import { actorName } from '../actors.ts';
import type { FhirDate } from '../model.ts';
import type { Whose } from '../sift.ts';
import { type InfoClass, infoClassOf } from './info-class.ts';

/** Something that is to be done, by whom and by when (R4 CarePlan.activity). */
export interface Measure {
  /** Undefined: there is a measure here, but the source does not show it as text. */
  readonly text: string | undefined;
  /** `doNotPerform`. */
  readonly not: boolean;
  /** The source's own status code, when it is anything but ordinary. */
  readonly status: string | undefined;
  /** Undefined: somebody is responsible, and the source does not show who. */
  readonly responsible: readonly (string | undefined)[];
  readonly from: FhirDate | undefined;
  readonly due: FhirDate | undefined;
  /** When, and remarks, in the source's own words. */
  readonly notes: readonly string[];
  /** The goals it serves: `Goal/id`. */
  readonly goals: readonly string[];
  readonly infoClass: InfoClass;
}

const references = z.pipe(
  z.optional(either(Reference, list(Reference))),
  z.transform(found => (found === undefined ? [] : [found].flat())),
);
const codeables = z.pipe(
  z.optional(either(Codeable, list(Codeable))),
  z.transform(found => (found === undefined ? [] : [found].flat())),
);

const Detail = z.looseObject({
  code: z.optional(Codeable),
  status: text,
  description: text,
  doNotPerform: flag,
  performer: list(Reference),
  goal: list(Reference),
  scheduledString: text,
  scheduledPeriod: z.optional(Period),
});

/** ServiceRequest, Task, CommunicationRequest, Appointment and the other kinds R4 lets a plan point to. */
const Request = z.looseObject({
  status: text,
  doNotPerform: flag,
  description: text,
  code: z.optional(Codeable),
  medicationCodeableConcept: z.optional(Codeable),
  serviceType: codeables,
  performer: references,
  owner: z.optional(Reference),
  sender: z.optional(Reference),
  participant: list(z.looseObject({ actor: z.optional(Reference) })),
  occurrenceDateTime: text,
  occurrencePeriod: z.optional(Period),
  restriction: z.optional(z.looseObject({ period: z.optional(Period) })),
  executionPeriod: z.optional(Period),
  start: text,
  end: text,
  note: Annotations,
  payload: list(z.looseObject({ contentString: text })),
  supportingInfo: list(Reference),
  reasonReference: list(Reference),
});
type Request = z.output<typeof Request>;

/** A measure written on the plan itself. */
export function measureFrom(detail: unknown, shelf: Shelf, whose: Whose): Measure {
  const parsed = Detail.safeParse(detail);
  if (!parsed.success || !isRaw(detail)) return unread(undefined);
  const { data } = parsed;
  return {
    text: data.description ?? wording(data.code),
    not: data.doNotPerform === true,
    status: ordinary(data.status),
    responsible: data.performer.map(each => actorName(each, shelf)),
    from: data.scheduledPeriod?.start,
    due: data.scheduledPeriod?.end,
    notes: data.scheduledString ? [data.scheduledString] : [],
    goals: goalRefs(data.goal, whose),
    infoClass: infoClassOf(detail),
  };
}

/** A measure that is a resource of its own. */
export function measureBehind(reference: Reference, shelf: Shelf, whose: Whose): Measure {
  const raw = shelf.find(reference);
  const parsed = raw ? Request.safeParse(raw) : undefined;
  if (!raw || !parsed?.success) return unread(reference.display);
  const { data } = parsed;
  return {
    text: textOf(data) ?? reference.display,
    not: data.doNotPerform === true,
    status: ordinary(data.status),
    responsible: responsibleFor(raw, data).map(each => actorName(each, shelf)),
    from: data.occurrencePeriod?.start ?? data.start,
    due:
      data.restriction?.period?.end ??
      data.occurrencePeriod?.end ??
      data.occurrenceDateTime ??
      data.executionPeriod?.end ??
      (data.end ? undefined : data.start),
    notes: data.note.flatMap(note => note.text ?? []),
    goals: goalRefs([...data.supportingInfo, ...data.reasonReference], whose),
    infoClass: infoClassOf(raw),
  };
}

const textOf = (data: Request) =>
  wording(data.code) ??
  wording(data.medicationCodeableConcept) ??
  data.description ??
  data.serviceType.map(wording).find(Boolean) ??
  data.payload.map(({ contentString }) => contentString).find(Boolean);

/** A meeting's participants are those who come, the patient among them: the others carry it. */
function responsibleFor(raw: Raw, data: Request): readonly Reference[] {
  if (data.performer.length > 0) return data.performer;
  if (data.owner) return [data.owner];
  if (data.sender) return [data.sender];
  if (raw['resourceType'] !== 'Appointment') return [];
  return data.participant.flatMap(({ actor }) =>
    actor && !actor.reference?.includes('Patient/') ? [actor] : [],
  );
}

const goalRefs = (named: readonly Reference[], { session }: Whose) =>
  named
    .flatMap(({ reference }) => localRef(session.iss, reference) ?? [])
    .filter(ref => ref.startsWith('Goal/'));

const unread = (said: string | undefined): Measure => ({
  text: said,
  not: false,
  status: undefined,
  responsible: [],
  from: undefined,
  due: undefined,
  notes: [],
  goals: [],
  infoClass: 'health',
});

const ORDINARY = ['scheduled', 'not-started', 'in-progress', 'active', 'requested', 'booked'];
const ordinary = (status: string | undefined) =>
  status === undefined || ORDINARY.includes(status) ? undefined : status;
