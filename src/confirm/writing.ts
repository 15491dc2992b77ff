import { effect, type ReadonlySignal } from '@preact/signals';
import type { Session } from '../fhir/session.ts';
import { deliver } from '../outbox/deliver.ts';
import type { Outbox } from '../outbox/kept.ts';
import { openOutbox } from '../outbox/outbox.ts';
import type { Frozen } from '../record/frozen.ts';

/**
 * The session's outbox, sending only while the record on screen may be written to: nothing while the panel is hidden
 * or locked, while the EHR shows somebody else, or before it is confirmed who the patient is (SAFETY C02).
 *
 * Leaving the page asks first while something lives only as long as the page does. Ends with the session.
 */
export function openWriting(
  session: Session,
  frozen: ReadonlySignal<Frozen | undefined>,
  window: Window,
): Outbox {
  const outbox = openOutbox(session, { deliver });
  const watching = effect(() => outbox.pause(frozen.value !== undefined));
  const ask = (event: Event) => {
    if (outbox.items.value.some(({ kept, state }) => !kept && state !== 'acked'))
      event.preventDefault();
  };
  window.addEventListener('beforeunload', ask);
  session.signal.addEventListener('abort', () => {
    watching();
    window.removeEventListener('beforeunload', ask);
  });
  return outbox;
}
