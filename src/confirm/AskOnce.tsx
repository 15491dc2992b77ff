import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { sayConfirm } from '../shell/words/confirm-words.ts';

interface Props {
  readonly label: string;
  readonly question: string;
  readonly yes: string;
  /** «Nei, behold den» where it is not said. */
  readonly no?: string;
  /** What to say afterwards, where something is left to say it beside. */
  readonly act: () => Promise<string | undefined>;
}

/** A press that cannot be undone asks once, on the spot; whoever answers no is where they were. */
export function AskOnce({ label, question, yes, no, act }: Props) {
  const asking = useSignal(false);
  const busy = useSignal(false);
  const said = useSignal<string | undefined>(undefined);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();

  const close = () => {
    asking.value = false;
    opener.current?.focus();
  };
  const go = async () => {
    busy.value = true;
    try {
      said.value = await act();
    } catch (error) {
      reportError(error);
      said.value = sayConfirm('do.failed');
    }
    busy.value = false;
    close();
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        class="ds-button"
        data-variant="secondary"
        aria-expanded={asking.value}
        onClick={() => {
          asking.value = !asking.value;
        }}
      >
        {label}
      </button>
      {asking.value && (
        <fieldset class="ask" aria-labelledby={id}>
          <p id={id} role="alert">
            {question}
          </p>
          <button
            type="button"
            class="ds-button"
            data-variant="secondary"
            aria-disabled={busy.value}
            onClick={() => void (busy.value || go())}
          >
            {yes}
          </button>
          <button type="button" class="ds-button" data-variant="secondary" onClick={close}>
            {no ?? sayConfirm('do.no')}
          </button>
        </fieldset>
      )}
      {said.value && (
        <p class="warn" role="alert">
          {said.value}
        </p>
      )}
    </>
  );
}
