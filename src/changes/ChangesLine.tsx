import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useOutbox } from '../confirm/outbox-context.ts';
import { waitingIn } from '../record/changes/sendings.ts';
import { useRecord } from '../record/record.ts';
import { Sign } from '../shell/icons.tsx';
import { useNow } from '../shell/now.ts';
import { openTab } from '../shell/route.ts';
import { tabChanges } from '../shell/tab-news.ts';
import { sayChangesCount } from '../shell/words/changes-words.ts';
import './changes.css';
import { isOverdue, lineText, mayReturn, waitingOf } from './changes-view.ts';
import { modelOf } from './model.ts';

const OPENER = 'endringer-venter';

/** The first thing on the GP's screen: how many changes wait for them, and until when (PEOPLE F2). */
export function ChangesLine() {
  const record = useRecord();
  const model = modelOf(record);
  const now = useNow();
  useFreshAfterAnswer();
  const state = model.now.value;
  const waiting =
    state.state === 'known'
      ? waitingIn(state.changes.sendings).filter(sending => mayReturn(state.changes, sending))
      : [];
  const n = waiting.flatMap(waitingOf).length;
  useSignalEffect(() => {
    const known = model.now.value;
    const mine =
      known.state === 'known'
        ? waitingIn(known.changes.sendings).filter(sending => mayReturn(known.changes, sending))
        : [];
    const count = mine.flatMap(waitingOf).length;
    tabChanges.value = count > 0 ? <Badge n={count} /> : undefined;
    return () => {
      tabChanges.value = undefined;
    };
  });
  if (n === 0 || model.opener.value !== undefined) return null;
  const overdue = waiting.some(sending => isOverdue(sending, now));
  return (
    <button
      id={OPENER}
      type="button"
      class="changes-line"
      data-look={overdue ? 'overdue' : 'waiting'}
      onClick={() => {
        openTab('legemidler');
        model.opener.value = OPENER;
      }}
    >
      <Sign of="▲" /> {lineText(waiting, now)} <span aria-hidden="true">›</span>
    </button>
  );
}

const Badge = ({ n }: { readonly n: number }) => (
  <>
    {' '}
    <span aria-hidden="true">● {n}</span>
    <span class="ds-sr-only">{sayChangesCount('badge', n)}</span>
  </>
);

/** What the server now has is read anew when an answer has arrived, also where nobody looks at the room. */
function useFreshAfterAnswer(): void {
  const record = useRecord();
  const { items } = useOutbox();
  const seen = useRef(0);
  useSignalEffect(() => {
    const acked = items.value.filter(
      ({ proposal, state }) => proposal?.what === 'answer' && state === 'acked',
    ).length;
    const more = acked > seen.current;
    seen.current = acked;
    if (more) void record.refresh(record.session.label);
  });
}
