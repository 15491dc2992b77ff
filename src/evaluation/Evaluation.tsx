import { useSignal } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import { useOutbox } from '../confirm/outbox-context.ts';
import type { Outbox } from '../outbox/kept.ts';
import type { Occasion } from '../record/evaluating/evaluating.ts';
import { useRecord } from '../record/record.ts';
import { openAutosave } from './autosave.ts';
import type { DraftContent } from './draft.ts';
import { type Filling, fill } from './filling.ts';
import { Review } from './Review.tsx';
import { Sent } from './Sent.tsx';
import { Start } from './Start.tsx';
import { Steps } from './Steps.tsx';
import { draftOf } from './starting.ts';

/** From which plan to what became of it: S06, S06b, S07. */
export function Evaluation({ close }: { readonly close: () => void }) {
  const record = useRecord();
  const { session } = record;
  const outbox = useOutbox();
  const filling = useSignal<Filling | undefined>(undefined);
  const sent = useSignal<string | undefined>(undefined);
  useLastSave(filling.value);

  const begin = useCallback(
    (occasion: Occasion, draft: DraftContent | undefined) => {
      const autosave = openAutosave(outbox.drafts, draftOf(occasion), session.clock.now);
      filling.value = fill(occasion, autosave, draft);
    },
    [outbox, session, filling],
  );
  const done = (id: string, kept: boolean, { autosave, occasion }: Filling) => {
    autosave.stop();
    const drop = () => outbox.drafts.drop(draftOf(occasion)).catch(reportError);
    // Sent without a copy here, a draft is the only one there may be.
    if (kept) void drop();
    whenAcked(outbox, id, session.signal, () => {
      if (!kept) void drop();
      void record.refresh();
    });
    sent.value = id;
  };
  if (sent.value) return <Sent id={sent.value} close={close} />;
  const now = filling.value;
  if (!now) return <Start begin={begin} />;
  return now.step.value < now.pages.length ? (
    <Steps filling={now} />
  ) : (
    <Review filling={now} sent={(id, kept) => done(id, kept, now)} />
  );
}

/** What the server now has is read anew, also where nobody looks at the form any more. */
function whenAcked(outbox: Outbox, id: string, until: AbortSignal, then: () => void): void {
  const stop = outbox.items.subscribe(items => {
    if (items.find(item => item.id === id)?.state !== 'acked') return;
    queueMicrotask(() => stop());
    then();
  });
  until.addEventListener('abort', () => stop());
}

/** Whatever takes the form away – another tab, another patient, the lock, the frame itself – saves it first. */
function useLastSave(filling: Filling | undefined): void {
  useEffect(() => {
    if (!filling) return undefined;
    const save = () => filling.autosave.now();
    const hidden = () => document.visibilityState === 'hidden' && save();
    window.addEventListener('pagehide', save);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      window.removeEventListener('pagehide', save);
      document.removeEventListener('visibilitychange', hidden);
      save();
    };
  }, [filling]);
}
