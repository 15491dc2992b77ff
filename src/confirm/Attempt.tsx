import { useSignal } from '@preact/signals';
import { sayConfirm } from '../shell/words/confirm-words.ts';

/** What a person presses and may not work: one at a time, and where it did not work that is said. */
export function useAttempt() {
  const busy = useSignal(false);
  const failed = useSignal(false);
  const go = async (act: () => Promise<void>) => {
    if (busy.value) return;
    busy.value = true;
    failed.value = false;
    try {
      await act();
    } catch (error) {
      reportError(error);
      failed.value = true;
    }
    busy.value = false;
  };
  return { busy: busy.value, failed: failed.value, go };
}

/** Nothing is lost by it, and it can be pressed again. */
export const Failed = () => (
  <p class="warn" role="alert">
    {sayConfirm('do.failed')}
  </p>
);
