import { type ReadonlySignal, signal } from '@preact/signals';
import { localRef } from '../../fhir/references.ts';
import type { Session } from '../../fhir/session.ts';
import type { FhirDate } from '../model.ts';
import { momentOf } from '../observations/newest.ts';
import type { Provenance } from './provenance.ts';

/** Until when this user has read this patient's plans: an instant, or undefined where that is not known. */
export interface Mark {
  readonly at: ReadonlySignal<string | undefined>;
  /** False: the browser keeps nothing for us here, so the mark lasts as long as this page. */
  readonly kept: ReadonlySignal<boolean>;
  readonly put: (at: Date) => void;
}

/** What this page itself remembers, where the browser does not. */
const thisPage = new Map<string, string>();

/**
 * The mark of this user and patient on this machine (docs/decisions/0011).
 *
 * Its name is a digest and its value a time: nobody who reads the storage sees whom it is about. Without a proven user
 * it would be the next user's as well, so then it is not stored.
 */
export async function openMark({ iss, patient, user, clock }: Session): Promise<Mark> {
  const key = await digest([iss, patient, user.sub ?? '']);
  const stored = user.sub === undefined ? undefined : read(key);
  const at = signal(newest([stored?.at, thisPage.get(key)], clock.now()));
  const kept = signal(stored !== undefined);
  return {
    at,
    kept,
    put(now) {
      at.value = now.toISOString();
      thisPage.set(key, at.value);
      kept.value = user.sub !== undefined && write(key, at.value);
    },
  };
}

/** An opening this shortly before we were opened is part of the same visit: the EHR's own trace of launching us. */
const SAME_VISIT_MS = 15 * 60_000;

/** When the EHR's own history last saw this user open a plan, before this visit began. */
export function lastOpening(
  history: readonly Provenance[],
  { iss, label, user }: Session,
  began: Date,
): FhirDate | undefined {
  const me = localRef(iss, user.fhirUser);
  if (!me) return undefined;
  const before = began.getTime() - SAME_VISIT_MS;
  return history
    .filter(({ source, openedBy }) => source.from === label && openedBy.includes(me))
    .flatMap(({ at }) => (at?.includes('T') && momentOf(at) < before ? at : []))
    .toSorted((a, b) => momentOf(a) - momentOf(b))
    .at(-1);
}

/** What is no time is no mark, and one from a clock that was ahead would hide what is new. */
const newest = (marks: readonly (string | undefined)[], now: Date) =>
  marks
    .flatMap(at => (at && Number.isFinite(momentOf(at)) && momentOf(at) <= now.getTime() ? at : []))
    .toSorted()
    .at(-1);

async function digest(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(parts.join('\n'));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** Undefined where the browser denies storage: even looking throws. */
function read(key: string): { readonly at: string | undefined } | undefined {
  try {
    return { at: window.localStorage.getItem(key) ?? undefined };
  } catch {
    return undefined;
  }
}

function write(key: string, at: string): boolean {
  try {
    window.localStorage.setItem(key, at);
    return true;
  } catch {
    return false;
  }
}
