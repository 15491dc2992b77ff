import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Session } from '../fhir/session.ts';
import type { Patient } from './model.ts';
import type { Reading } from './reading.ts';

/**
 * Why nothing may be written for this patient now; undefined where it may.
 *
 * `over`: the EHR shows somebody else, the screen was locked, or the session has ended; a record never comes back from
 * that, a new one is opened instead. `copy`: what is shown was kept earlier, and nobody answers now. `unread`: nobody has confirmed who this is. `merged` and `inactive`: what is
 * written would be written where nobody looks (SAFETY C06).
 */
export type Frozen = 'over' | 'copy' | 'unread' | 'merged' | 'inactive';

export function frozenOf(
  session: Session,
  patient: ReadonlySignal<Reading<Patient>>,
): ReadonlySignal<Frozen | undefined> {
  const over = signal(session.signal.aborted);
  session.signal.addEventListener('abort', () => {
    over.value = true;
  });
  return computed(() => {
    if (over.value) return 'over';
    if (session.copiedAt) return 'copy';
    const [who] = patient.value.state === 'loading' ? [] : patient.value.items;
    if (!who) return 'unread';
    if (who.replaced) return 'merged';
    return who.inactive ? 'inactive' : undefined;
  });
}
