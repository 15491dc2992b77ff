import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { CopyText } from '../confirm/CopyText.tsx';
import { useOutbox } from '../confirm/outbox-context.ts';
import type { Kept } from '../outbox/kept.ts';
import type { Drafted } from '../record/evaluating/evaluating.ts';
import { useRecord } from '../record/record.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { plainText } from './draft.ts';
import { frozenText, type Whom } from './evaluation-view.ts';
import type { Filling } from './filling.ts';

interface Props {
  readonly filling: Filling;
  readonly whom: Whom;
  readonly ready: boolean;
  readonly drafted: () => Drafted;
  readonly sent: (id: string, kept: boolean) => void;
}

type Press =
  | { readonly state: 'resting' | 'pressed' | 'failed' }
  | { readonly state: 'not-kept'; readonly why: Exclude<Kept, { ok: true }>['why'] };

/** For whom, and the press (C02, L16, W22): one press is one proposal, kept on disk before anything is said. */
export function Send({ filling, whom, ready, drafted, sent }: Props) {
  const { frozen } = useRecord();
  const outbox = useOutbox();
  const press = useSignal<Press>({ state: 'resting' });
  const made = useRef<{ readonly drafted: Drafted; readonly from: readonly unknown[] } | undefined>(
    undefined,
  );
  const storage = outbox.storage.value;
  const denied = storage.state === 'denied' ? storage.why : undefined;
  const cannot = frozen.value
    ? frozenText(frozen.value)
    : denied === 'not-signed-in'
      ? sayEvaluation('review.denied.not-signed-in')
      : undefined;
  const off = !ready || cannot !== undefined || storage.state === 'opening';
  const { state } = press.value;
  const notKept = press.value.state === 'not-kept' ? press.value.why : undefined;

  /** Tried again, the same act has the same name: whatever came of the first try, it cannot be there twice. */
  function proposal() {
    const from = [filling.items.value, filling.message.value, filling.tellDoctor.value];
    const same = made.current?.from.every((each, index) => each === from[index]) ?? false;
    if (!made.current || !same) made.current = { drafted: drafted(), from };
    return made.current.drafted.proposal;
  }
  async function put(): Promise<void> {
    if (off || press.value.state === 'pressed') return;
    press.value = { state: 'pressed' };
    filling.autosave.now();
    try {
      const act = proposal();
      const kept = await outbox.put(act);
      if (kept.ok) sent(act.id, true);
      else press.value = { state: 'not-kept', why: kept.why };
    } catch (error) {
      reportError(error);
      press.value = { state: 'failed' };
    }
  }
  function sendUnkept(): void {
    if (off || press.value.state === 'pressed') return;
    press.value = { state: 'pressed' };
    try {
      const act = proposal();
      outbox.sendUnkept(act);
      sent(act.id, false);
    } catch (error) {
      reportError(error);
      press.value = { state: 'failed' };
    }
  }
  const busy = state === 'pressed';
  const label = denied || notKept ? 'review.unkept' : 'review.sendFor';
  return (
    <section class="send">
      <p class="strong">{whom.line}</p>
      {cannot && (
        <p class="flag" role="alert">
          {cannot}
        </p>
      )}
      {!cannot && denied && <p class="flag">{sayEvaluation('review.denied')}</p>}
      {storage.state === 'opening' && <p class="muted">{sayEvaluation('review.opening')}</p>}
      {notKept && (
        <p class="field-wrong" role="alert">
          {sayEvaluation('review.not-kept')} {sayEvaluation(`review.not-kept.${notKept}`)}
        </p>
      )}
      {state === 'failed' && (
        <p class="field-wrong" role="alert">
          {sayEvaluation('review.failed')}
        </p>
      )}
      <div class="buttons">
        <button
          type="button"
          class="ds-button send-button"
          aria-disabled={off || busy}
          onClick={() => (denied || notKept ? sendUnkept() : void put())}
        >
          {busy ? sayEvaluation('review.sending') : sayEvaluation(label, { navn: whom.name })}
        </button>
        {notKept && (
          <button
            type="button"
            class="ds-button"
            data-variant="secondary"
            onClick={() => void put()}
          >
            {sayEvaluation('review.again')}
          </button>
        )}
      </div>
      {(denied || notKept) && (
        <CopyText
          text={plainText(filling.occasion.form, filling.items.value, filling.message.value)}
          folded
        />
      )}
    </section>
  );
}
