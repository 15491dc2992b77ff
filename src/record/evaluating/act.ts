import type { Raw } from '../../fhir/ask.ts';
import type { ChangedResource, NewResource, Setting, Write } from '../../fhir/proposal.ts';
import type { Session } from '../../fhir/session.ts';
import { sourceOf } from '../sift.ts';
import type { Author, Drafted, Occasion, Part } from './evaluating.ts';
import type { ResponseItem } from './form.ts';

/** One press of the button: everything the resources that come of it have in common. */
export interface Act {
  readonly occasion: Occasion;
  readonly session: Session;
  /** The answers that count, with their questions' words. */
  readonly items: readonly ResponseItem[];
  /** Local time with its offset. */
  readonly pressed: string;
  /** The day of the evaluation, which may be before the press. */
  readonly day: string;
  /** What is sent to the GP as text, if anything. */
  readonly message: string | undefined;
  /** Client ids, so that the parts can point at each other. */
  readonly answers: string;
  /** Undefined: no meeting is written. */
  readonly meeting: string | undefined;
  readonly takes: (part: Part) => boolean;
}

/** What one part of the evaluation writes, and says of it on the review page. */
export interface Written {
  readonly writes: readonly Write[];
  readonly summary: Drafted['summary'];
}

export const NOTHING_WRITTEN: Written = { writes: [], summary: [] };

export const made = (resource: Raw, uuid: string = crypto.randomUUID()): NewResource => ({
  kind: 'new',
  uuid,
  resource: withoutGaps(resource),
});

export const changed = (ref: string, read: Raw, sets: readonly Setting[]): ChangedResource => ({
  kind: 'changed',
  ref,
  version: sourceOf(read, '').version ?? '',
  read,
  sets,
});

export const to = (reference: string, display?: string): Raw =>
  display === undefined ? { reference } : { reference, display };

/** Another write of the same act. */
export const toOwn = (uuid: string): Raw => to(`urn:uuid:${uuid}`);

export const patientOf = ({ session }: Act): Raw => to(session.patient);

/** Whoever is signed in; undefined where the login does not name a person the record has. */
export function authorOf({ ref, name }: Author): Raw | undefined {
  if (ref) return to(ref, name);
  return name ? { display: name } : undefined;
}

/** The plan, where the EHR has it: another source's plan is named in words. */
export const planOf = ({ plan, ref, planTitle }: Occasion): Raw =>
  typeof plan['id'] === 'string' ? to(ref) : { display: planTitle ?? 'Plan' };

export function doctorOf({ doctor }: Occasion): Raw | undefined {
  if (!doctor) return undefined;
  return doctor.ref ? to(doctor.ref, doctor.name) : { display: doctor.name };
}

/** FHIR has neither empty values nor empty lists (R4 JSON). */
const withoutGaps = (raw: Raw): Raw =>
  Object.fromEntries(
    Object.entries(raw).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
