import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useOutbox } from '../confirm/outbox-context.ts';
import type { Sending } from '../record/changes/change.ts';
import { sideOf, toldOf } from '../record/changes/overdue.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import { waitingIn } from '../record/changes/sendings.ts';
import { useRecord } from '../record/record.ts';
import { Sign } from '../shell/icons.tsx';
import { useNow } from '../shell/now.ts';
import { openTab } from '../shell/route.ts';
import { tabChanges } from '../shell/tab-news.ts';
import { sayChangesCount } from '../shell/words/changes-words.ts';
import './changes.css';
import { backText, isOverdue, lineText, mayReturn, waitingOf } from './changes-view.ts';
import { modelOf } from './model.ts';

const OPENER = 'endringer-venter';

/**
 * The first thing on the GP's screen: how many changes wait for them, and until when (PEOPLE F2). On the sender's: what
 * was not answered in time.
 */
export function ChangesLine() {
  const record = useRecord();
  const model = modelOf(record);
  const now = useNow();
  useFreshAfterAnswer();
  const state = model.now.value;
  useSignalEffect(() => {
    const known = model.now.value;
    const mine = known.state === 'known' ? waitingFor(known.changes) : [];
    const count = mine.flatMap(waitingOf).length;
    tabChanges.value = count > 0 ? <Badge n={count} /> : undefined;
    return () => {
      tabChanges.value = undefined;
    };
  });
  if (state.state !== 'known' || model.opener.value !== undefined) return null;
  const { changes } = state;
  const waiting = waitingFor(changes);
  const back = waiting.length > 0 ? [] : backWith(changes, now);
  if (waiting.length + back.length === 0) return null;
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
      <Sign of="▲" /> {waiting.length > 0 ? lineText(waiting, now) : backText(changes, back, now)}{' '}
      <span aria-hidden="true">›</span>
    </button>
  );
}

/** What waits for whoever is signed in. */
const waitingFor = (changes: Changes): readonly Sending[] =>
  waitingIn(changes.sendings).filter(sending => mayReturn(changes, sending));

/** What whoever is signed in sent, and got no answer to in time: back with them until it has been told of, once. */
const backWith = (changes: Changes, now: Date): readonly Sending[] =>
  waitingIn(changes.sendings).filter(
    sending =>
      isOverdue(sending, now) && sideOf(changes, sending) === 'sender' && !toldOf(changes, sending),
  );

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
      ({ proposal, state }) =>
        (proposal?.what === 'answer' || proposal?.what === 'notice') && state === 'acked',
    ).length;
    const more = acked > seen.current;
    seen.current = acked;
    if (more) void record.refresh(record.session.label);
  });
}
