import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { OutboxItem } from '../outbox/kept.ts';
import { sayConfirm } from '../shell/words/confirm-words.ts';
import { AskOnce } from './AskOnce.tsx';
import { Failed, useAttempt } from './Attempt.tsx';
import { Conflict } from './Conflict.tsx';
import { useOutbox } from './outbox-context.ts';

/** What a person can do about something on its way; nothing where there is only to wait. */
export function ItemActions({ item }: { readonly item: OutboxItem }) {
  const outbox = useOutbox();
  const { id, state } = item;
  const open = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const waits = state === 'queued' || state === 'ambiguous';
  if (state === 'acked' || state === 'sending' || state === 'draft') return null;
  return (
    <div class="item-actions">
      {state === 'conflict' && (
        <button
          ref={opener}
          type="button"
          class="ds-button"
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          {sayConfirm('conflict.open')}
        </button>
      )}
      {state === 'conflict' && open.value && (
        <Conflict
          item={item}
          wait={() => {
            open.value = false;
            opener.current?.focus();
          }}
        />
      )}
      {(waits || (state === 'needs-human' && item.proposal)) && (
        <Again act={() => outbox.again(id)} />
      )}
      {(waits || state === 'conflict') && (
        <AskOnce
          label={sayConfirm('do.withdraw')}
          question={sayConfirm('do.withdraw.ask')}
          yes={sayConfirm('do.withdraw.yes')}
          act={async () =>
            (await outbox.withdraw(id)) === 'too-late' ? sayConfirm('do.withdraw.late') : undefined
          }
        />
      )}
      {state === 'needs-human' && (
        <AskOnce
          label={sayConfirm('do.settle')}
          question={sayConfirm('do.settle.ask')}
          yes={sayConfirm('do.settle.yes')}
          act={async () => {
            await outbox.settle(id);
            return undefined;
          }}
        />
      )}
    </div>
  );
}

function Again({ act }: { readonly act: () => Promise<void> }) {
  const { busy, failed, go } = useAttempt();
  return (
    <>
      <button
        type="button"
        class="ds-button"
        data-variant="secondary"
        aria-disabled={busy}
        onClick={() => void go(act)}
      >
        {sayConfirm('do.again')}
      </button>
      {failed && <Failed />}
    </>
  );
}
