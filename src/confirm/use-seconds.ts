import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useRecord } from '../record/record.ts';

/** The server's time; every second while something is counted down, every quarter of a minute otherwise. */
export function useSeconds(counting: boolean): Date {
  const { session } = useRecord();
  const now = useSignal(session.clock.now());
  useEffect(() => {
    now.value = session.clock.now();
    const ticking = setInterval(
      () => {
        now.value = session.clock.now();
      },
      counting ? 1000 : 15_000,
    );
    return () => clearInterval(ticking);
  }, [session, now, counting]);
  return now.value;
}
