import { isRaw, type Raw } from './ask.ts';

/**
 * What one clinical act writes, as a whole: it is confirmed as one, kept as one, and arrives as one or not at all.
 *
 * Everything in it is fixed when the person presses the button. What is sent an hour or a crash later is this, by the
 * same person, for the same patient.
 */
export interface Proposal {
  /** UUID, drawn at the press: the same act is never two items, however often it is sent. */
  readonly id: string;
  /** `notice`: a deadline has passed without an answer. */
  readonly what: 'evaluation' | 'answer' | 'notice';
  readonly bound: Bound;
  /** When the person pressed: local time with its offset, by the server's clock (`authored`). */
  readonly pressed: string;
  /** In the order in which they are done where the server has no transactions. The first is the one that is looked
   * for when nobody knows whether the whole arrived. */
  readonly writes: readonly Write[];
  /** The act in plain words, for a person to read, to copy and to send some other way. */
  readonly words: string;
}

/** Whose this is. Compared again before anything is sent (SAFETY HZ02). */
export interface Bound {
  readonly iss: string;
  /** Who pressed (`sub` of the id_token). Only this person's own session sends it. */
  readonly sub: string;
  readonly patient: `Patient/${string}`;
  /** The plan it concerns, `CarePlan/id`: two acts about one plan are sent in the order they were done. */
  readonly plan: string | undefined;
  /** `meta.versionId` of that plan as the person saw it. */
  readonly planVersion: string | undefined;
}

/** References between writes of one proposal are `urn:uuid:<uuid>`, and become `Type/id` when the ids are known. */
export type Write = NewResource | ChangedResource;

/** Something that did not exist: it gets the client's UUID, and an `identifier` with it where R4 has room for one. */
export interface NewResource {
  readonly kind: 'new';
  readonly uuid: string;
  readonly resource: Raw;
}

/** A shared resource somebody else may change meanwhile: sent whole, on the version it was read at, or not at all. */
export interface ChangedResource {
  readonly kind: 'changed';
  /** `Goal/g1` */
  readonly ref: string;
  /** The version the change was made on. Without one (a server that gives none) it is never changed. */
  readonly version: string;
  /** The whole resource as read. */
  readonly read: Raw;
  readonly sets: readonly Setting[];
}

/** One element set to one value. Setting is all that is done: everything else stays as the newest version has it. */
export interface Setting {
  /** A top-level element, `achievementStatus`; or an extension by its address, `extension:https://…`. */
  readonly at: string;
  readonly value: unknown;
  /** For the person who must choose between two versions: the name of what is set, and the value, in plain words. */
  readonly label: string;
  readonly words: string;
}

/** The resource with everything set: extensions of the same address are replaced, all else is untouched. */
export function withSettings(resource: Raw, sets: readonly Setting[]): Raw {
  const changed: Record<string, unknown> = { ...resource };
  for (const { at, value } of sets) {
    if (!at.startsWith('extension:')) {
      changed[at] = value;
      continue;
    }
    const url = at.slice('extension:'.length);
    const others: readonly unknown[] = Array.isArray(changed['extension'])
      ? changed['extension']
      : [];
    changed['extension'] = [...others.filter(each => !isRaw(each) || each['url'] !== url), value];
  }
  return changed;
}
