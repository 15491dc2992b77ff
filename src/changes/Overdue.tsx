import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { AskOnce } from '../confirm/AskOnce.tsx';
import { CopyText } from '../confirm/CopyText.tsx';
import { useOutbox } from '../confirm/outbox-context.ts';
import { SendStatus } from '../confirm/SendStatus.tsx';
import { keyOf, type Sending } from '../record/changes/change.ts';
import { noticeInWords } from '../record/changes/notice-words.ts';
import { receiverOf, sideOf, toldOf } from '../record/changes/overdue.ts';
import { noticeId, proposeNotice } from '../record/changes/propose-notice.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import { useRecord } from '../record/record.ts';
import { sayChanges } from '../shell/words/changes-words.ts';
import { senderText } from './changes-view.ts';
import { modelOf } from './model.ts';
import { hasMoved } from './overtaken.ts';

interface Props {
  readonly sending: Sending;
  readonly changes: Changes;
}

/** Past its deadline a request goes back to whoever sent it, once: told by the first of the two who presses (F2). */
export function Overdue({ sending, changes }: Props) {
  const record = useRecord();
  const { session, frozen } = record;
  const model = modelOf(record);
  const outbox = useOutbox();
  const id = useSignal<string | undefined>(undefined);
  const key = keyOf(sending);
  useEffect(() => {
    async function name(): Promise<void> {
      id.value = await noticeId(session, key);
    }
    void name();
  }, [session, key, id]);
  const side = sideOf(changes, sending);
  const told = toldOf(changes, sending);
  const own = outbox.items.value.find(({ proposal }) =>
    proposal?.writes.some(one => one.kind === 'new' && one.uuid === id.value),
  );
  const storage = outbox.storage.value;
  const canTell =
    side !== undefined &&
    changes.takes.message &&
    session.user.sub !== undefined &&
    !frozen.value &&
    !own &&
    id.value !== undefined &&
    storage.state !== 'opening';

  async function tell(): Promise<string | undefined> {
    // Somebody may have answered, or told it, a minute ago.
    const now = await model.again();
    if (now.state !== 'known') return sayChanges('review.failed');
    if (hasMoved(sending, now.changes.sendings)) return sayChanges('notice.moved');
    if (toldOf(now.changes, sending)) return sayChanges('notice.already');
    const { proposal } = await proposeNotice(changes, session, sending, session.clock.now());
    if (storage.state === 'denied') outbox.sendUnkept(proposal);
    else if (!(await outbox.put(proposal)).ok) return sayChanges('review.failed');
    return undefined;
  }

  const names = {
    avsender: senderText(sending),
    lege: receiverOf(changes, sending).name ?? sayChanges('section.unnamed'),
  };
  return (
    <>
      <p class="warn strong">{sayChanges('sending.overdue')}</p>
      {own && <SendStatus item={own} />}
      {!told && canTell && (
        <>
          <CopyText text={noticeInWords(changes, sending, session.clock.now())} folded />
          <div class="buttons">
            <AskOnce
              label={sayChanges(`notice.do.${side}`, names)}
              question={sayChanges(`notice.ask.${side}`, names)}
              yes={sayChanges('notice.yes')}
              no={sayChanges('ask.no')}
              act={tell}
            />
          </div>
        </>
      )}
    </>
  );
}
