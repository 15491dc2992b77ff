import { AskOnce } from '../confirm/AskOnce.tsx';
import type { Sending } from '../record/changes/change.ts';
import { sayChanges } from '../shell/words/changes-words.ts';
import type { Answering } from './answering.ts';
import { senderText, waitingOf } from './changes-view.ts';

interface Props {
  readonly sending: Sending;
  readonly answering: Answering;
  readonly review: () => void;
}

/** «Ikke min pasient lenger»: all that waits goes back to whoever sent it, looked over like any other answer. */
export function GiveBack({ sending, answering, review }: Props) {
  return (
    <div class="buttons">
      <AskOnce
        label={sayChanges('return.do')}
        question={sayChanges('return.ask', { avsender: senderText(sending) })}
        yes={sayChanges('return.yes')}
        no={sayChanges('ask.no')}
        act={() => {
          for (const change of waitingOf(sending))
            answering.decide(change, { outcome: 'return', value: undefined, reason: RETURNED });
          review();
          return Promise.resolve(undefined);
        }}
      />
    </div>
  );
}

/** Written in the record, in the record's language. */
const RETURNED = 'Ikke min pasient lenger';
