import { useSignal } from '@preact/signals';
import { sayFollow } from '../shell/words/follow-words.ts';

/** In the menu where the EHR can be asked to close us (SMART Web Messaging, `ui.done`). */
export function Close({ close }: { readonly close: () => Promise<boolean> }) {
  const refused = useSignal(false);
  const go = async () => {
    refused.value = !(await close());
  };
  return (
    <>
      <button type="button" class="ds-button" data-variant="secondary" onClick={() => void go()}>
        {sayFollow('menu.close')}
      </button>
      {refused.value && <p role="alert">{sayFollow('menu.close.refused')}</p>}
    </>
  );
}
