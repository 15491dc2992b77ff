import type { ComponentChildren } from 'preact';
import { useOutbox } from '../confirm/outbox-context.ts';
import type { Outbox } from '../outbox/kept.ts';
import { keyOf, type Sending } from '../record/changes/change.ts';
import { waitingIn } from '../record/changes/sendings.ts';
import { useRecord } from '../record/record.ts';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import { type Answering, openAnswering } from './answering.ts';
import { type Model, modelOf } from './model.ts';
import { OneSending } from './OneSending.tsx';

const FRESH_HOURS = 1;

/** Each sending by itself, those that wait first; what was decided is there again when the room is (S08). */
export function Sendings({ safety }: { readonly safety: ComponentChildren }) {
  const model = modelOf(useRecord());
  const outbox = useOutbox();
  const state = model.now.value;
  if (state.state !== 'known')
    return <output>{sayChanges(state.state === 'failed' ? 'room.unread' : 'room.read')}</output>;
  const { changes } = state;
  const waiting = waitingIn(changes.sendings);
  const others = changes.sendings.filter(sending => !waiting.includes(sending));
  return (
    <div class="changes">
      {safety}
      <ReadingFrame
        label={sayChanges('section.title')}
        subject={{ what: sayChanges('section.title') }}
        reading={changes.reading}
        fresh={FRESH_HOURS}
        skeleton={3}
      >
        {() =>
          [...waiting, ...others].map(sending => (
            <OneSending
              key={keyOf(sending)}
              sending={sending}
              changes={changes}
              answering={answeringOf(model, outbox, sending)}
            />
          ))
        }
      </ReadingFrame>
    </div>
  );
}

const opened = new WeakMap<Model, Map<string, Answering>>();

/** As long as the record is on screen, whether the room is open or not. */
function answeringOf(model: Model, outbox: Outbox, sending: Sending): Answering {
  const all = opened.get(model) ?? new Map<string, Answering>();
  opened.set(model, all);
  const found = all.get(keyOf(sending)) ?? openAnswering(outbox, sending);
  all.set(keyOf(sending), found);
  return found;
}
