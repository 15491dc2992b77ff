import type { OutboxItem } from '../outbox/kept.ts';
import type { Frozen } from '../record/frozen.ts';
import { useRecord } from '../record/record.ts';
import { sayConfirm, sayCount } from '../shell/words/confirm-words.ts';
import { CopyText } from './CopyText.tsx';
import { ItemActions } from './ItemActions.tsx';
import { useOutbox } from './outbox-context.ts';
import { isShownByRoom, SendSteps } from './SendStatus.tsx';
import { itemTitle, trayLine } from './tray-view.ts';
import { useSeconds } from './use-seconds.ts';
import './confirm.css';

/**
 * What is written and not yet seen in the journal, on every tab: one folded line, and behind it each act with its
 * words and what can be done. Nothing where nothing waits; what has arrived is there until the page is left.
 */
export function Tray() {
  const { items, elsewhere, lost } = useOutbox();
  const { frozen } = useRecord();
  const { myOtherPatients, others } = elsewhere.value;
  const line = trayLine(items.value);
  const waits = items.value.some(({ state }) => state !== 'acked');
  const stopped = waits ? whyStopped(frozen.value) : undefined;
  return (
    <>
      {/* There before it has anything to say, or a screen reader would not hear it. A room tells of its own. */}
      <output class="unseen">
        {trayLine(items.value.filter(({ id }) => !isShownByRoom(id)))?.text}
      </output>
      {(line || lost.value || myOtherPatients + others > 0) && (
        <section class="tray" aria-label={sayConfirm('tray.label')}>
          {lost.value && (
            <p class="send-warning" role="alert">
              {sayConfirm('tray.lost')}
            </p>
          )}
          {line && (
            <details class="tray-own" data-look={line.look}>
              <summary>{line.text}</summary>
              {stopped && <p class="send-warning">{stopped}</p>}
              <ul>
                {items.value.map(item => (
                  <TrayItem key={item.id} item={item} />
                ))}
              </ul>
            </details>
          )}
          {myOtherPatients > 0 && <p class="muted">{sayCount('tray.mine', myOtherPatients)}</p>}
          {others > 0 && <p class="muted">{sayCount('tray.others', others)}</p>}
        </section>
      )}
    </>
  );
}

/** Once the record is over, nothing of this is on screen at all. */
function whyStopped(frozen: Frozen | undefined): string | undefined {
  return frozen && frozen !== 'over' ? sayConfirm(`tray.${frozen}`) : undefined;
}

function TrayItem({ item }: { readonly item: OutboxItem }) {
  const now = useSeconds(false);
  const { id, proposal, state } = item;
  return (
    <li data-outbox-state={isShownByRoom(id) ? undefined : state}>
      <p class="strong">{itemTitle(item, now)}</p>
      <SendSteps item={item} aloud={false} />
      {proposal && <CopyText text={proposal.words} folded />}
      <ItemActions item={item} />
    </li>
  );
}
