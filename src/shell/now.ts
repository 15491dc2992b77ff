import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useRecord } from '../record/record.ts';

const TICK_MS = 15_000;

/** The server's time, kept going: a service that closes at 23 is closed on screen at 23. */
export function useNow(): Date {
  const { session, plans, patient, critical, medicines } = useRecord();
  const now = useSignal(session.clock.now());
  useEffect(() => {
    const ticking = setInterval(() => {
      now.value = session.clock.now();
    }, TICK_MS);
    return () => clearInterval(ticking);
  }, [session, now]);
  useSignalEffect(() => {
    // An answer may have corrected the clock.
    void [plans.value, patient.value, critical.value, medicines.value];
    now.value = session.clock.now();
  });
  return now.value;
}
