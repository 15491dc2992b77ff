import { z } from 'zod/mini';
import { localRef, type Shelf } from '../../fhir/references.ts';
import { Codeable, list, Reference, text, wording } from '../../fhir/shapes.ts';
import { actorName } from '../actors.ts';
import type { FhirDate } from '../model.ts';
import type { Whose } from '../sift.ts';
import { type InfoClass, infoClassOf } from './info-class.ts';

/** What the patient wants to reach (R4 Goal). */
export interface Goal {
  /** `Goal/id` on its source: measures and evaluations name it by this. */
  readonly ref: string | undefined;
  /** Undefined: the plan has a goal here that the source did not show, or not as text. */
  readonly text: string | undefined;
  /** The patient said it (`expressedBy`): quoted, never mixed with what professionals write. */
  readonly patientsOwn: boolean;
  /** Who else said it. */
  readonly by: string | undefined;
  readonly due: readonly FhirDate[];
  /** `lifecycleStatus`, where it is anything but a goal being worked on. */
  readonly lifecycle: string | undefined;
  /** How far it has come: the source's own word, else the code. */
  readonly achievement: string | undefined;
  readonly since: FhirDate | undefined;
  readonly infoClass: InfoClass;
}

const Shape = z.looseObject({
  lifecycleStatus: text,
  achievementStatus: z.optional(Codeable),
  description: z.optional(Codeable),
  expressedBy: z.optional(Reference),
  statusDate: text,
  target: list(z.looseObject({ dueDate: text })),
});

/** The goal a plan points to, as far as the source shows it. */
export function goalOf(reference: Reference, shelf: Shelf, whose: Whose): Goal {
  const ref = localRef(whose.session.iss, reference.reference);
  const raw = shelf.find(reference);
  const parsed = raw ? Shape.safeParse(raw) : undefined;
  if (!raw || !parsed?.success) return { ...unknown, ref, text: reference.display };
  const goal = parsed.data;
  // R4 keeps a goal's «never true» in another element than everything else does.
  if (goal.lifecycleStatus === 'entered-in-error')
    return { ...unknown, ref, lifecycle: 'entered-in-error' };
  const says = goal.expressedBy;
  const patientsOwn = localRef(whose.session.iss, says?.reference) === whose.session.patient;
  return {
    ref,
    text: wording(goal.description) ?? reference.display,
    patientsOwn,
    by: patientsOwn ? undefined : actorName(says, shelf),
    due: goal.target.flatMap(({ dueDate }) => dueDate ?? []),
    lifecycle: ['active', 'accepted'].includes(goal.lifecycleStatus ?? 'active')
      ? undefined
      : goal.lifecycleStatus,
    achievement: achievementIn(goal.achievementStatus),
    since: goal.statusDate,
    infoClass: infoClassOf(raw),
  };
}

const unknown = {
  patientsOwn: false,
  by: undefined,
  due: [],
  lifecycle: undefined,
  achievement: undefined,
  since: undefined,
  text: undefined,
  infoClass: 'health',
} as const;

/** The author's word before the code, and the code before its English display. */
export const achievementIn = (status: Codeable | undefined) =>
  status?.text || status?.coding.find(({ code }) => code)?.code || wording(status);
