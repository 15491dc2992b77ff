import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { CopyText } from '../confirm/CopyText.tsx';
import { useOutbox } from '../confirm/outbox-context.ts';
import { decidedIn, type Reply } from '../record/changes/answer.ts';
import { proposeAnswer } from '../record/changes/propose-answer.ts';
import { useRecord } from '../record/record.ts';
import { momentText } from '../shell/dates.ts';
import { useNow } from '../shell/now.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges, sayChangesCount } from '../shell/words/changes-words.ts';
import { chosenText, nameOfChange, senderText, whomOf } from './changes-view.ts';
import { useContacts } from './Gap.tsx';
import { actionsOf, isOpen, undecided } from './gaps.ts';
import { Moved } from './Moved.tsx';
import { modelOf } from './model.ts';
import { hasMoved, overtaken } from './overtaken.ts';
import type { Shown } from './shown.ts';

type Press = 'resting' | 'pressed' | 'moved' | 'failed';

interface Props extends Shown {
  readonly back: () => void;
}

/** The whole answer on one page, for whom, and the press. Before it is kept, the server is asked whether it still holds. */
export function Review(props: Props) {
  const { sending, changes, answering, gaps, list, back } = props;
  const record = useRecord();
  const { session, patient, frozen } = record;
  const model = modelOf(record);
  const outbox = useOutbox();
  const contacts = useContacts();
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  const press = useSignal<Press>('resting');
  useEffect(() => heading.current?.focus(), []);
  const decisions = answering.decisions.value;
  const actions = actionsOf(gaps, answering.chosen.value, sending, decisions, contacts);
  const reply: Reply = { sending, decisions, actions };
  const decided = decidedIn(reply);
  const left = undecided(sending, decisions).length;
  const open = gaps.filter(gap => isOpen(gap, answering.chosen.value, changes.seenTo)).length;
  const whom = whomOf(patient.value);
  const avsender = senderText(sending);
  const storage = outbox.storage.value;
  const unkept = storage.state === 'denied' && storage.why !== 'not-signed-in';
  const cannot = frozen.value
    ? sayChanges('review.frozen')
    : storage.state === 'denied' && !unkept
      ? sayChanges('review.nobody')
      : undefined;
  const lost = overtaken(sending, answering);
  const off =
    cannot !== undefined || decided.length === 0 || lost.length > 0 || storage.state === 'opening';
  const drafted = () => proposeAnswer(changes, session, reply, session.clock.now());

  async function send(): Promise<void> {
    if (off || press.value === 'pressed') return;
    press.value = 'pressed';
    try {
      // Somebody may have answered a minute ago, in another tab of this very person too: then nothing is sent.
      const seen = await model.again();
      if (seen.state === 'known' && hasMoved(sending, seen.changes.sendings)) {
        press.value = 'moved';
        return;
      }
      const { proposal } = drafted();
      if (unkept) outbox.sendUnkept(proposal);
      else {
        const kept = await outbox.put(proposal);
        if (!kept.ok) throw new Error(kept.why);
      }
      answering.clear(!unkept);
      back();
    } catch (error) {
      reportError(error);
      press.value = 'failed';
    }
  }

  const message = decided.length > 0 && changes.takes.answer === 'yes' ? drafted().message : '';
  return (
    <section class="sending review-answer">
      <h3 ref={heading} tabIndex={-1} class="heading">
        <Text of={sayChanges('review.title', { avsender })} />
      </h3>
      {lost.length > 0 ? (
        <Moved changes={lost} answering={answering} />
      ) : (
        press.value === 'moved' && (
          <p class="warn" role="alert">
            {sayChanges('moved.changed')}
          </p>
        )
      )}
      {left > 0 && <p class="warn">{sayChangesCount('review.left', left)}</p>}
      {open > 0 && <p class="warn">{sayChangesCount('review.gaps', open)}</p>}
      {!list?.whole && <p class="warn">{sayChanges('review.unread')}</p>}
      <ol class="reviewed">
        {decided.map(([change, what]) => (
          <li key={change.source.ref}>
            <Text of={nameOfChange(change)} />: <b>{chosenText(what)}</b>{' '}
            <span class="muted">
              {sayChanges('sending.version', {
                v: what.version,
                tid: momentText(changes.reading.asOf, now),
              })}
            </span>
          </li>
        ))}
      </ol>
      {actions.map(({ words }) => (
        <p key={words}>
          <Text of={words} />
        </p>
      ))}
      <h4>
        <Text of={sayChanges('review.message', { avsender })} />
      </h4>
      <p class="muted">
        {changes.takes.message
          ? sayChanges('review.limits')
          : sayChanges('review.noMessage', { kilde: session.label })}
      </p>
      <CopyText text={message} folded={false} />
      <p class="muted">{sayChanges('pll.not')}</p>
      <p class="strong">{sayChanges('review.for', { navn: whom.name, fnr: whom.fnr })}</p>
      {cannot && (
        <p class="flag" role="alert">
          {cannot}
        </p>
      )}
      {unkept && <p class="flag">{sayChanges('review.denied')}</p>}
      {press.value === 'failed' && (
        <p class="warn" role="alert">
          {sayChanges('review.failed')}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="ds-button" data-variant="secondary" onClick={back}>
          {sayChanges('review.back')}
        </button>
        <button
          type="button"
          class="ds-button send-answer"
          aria-disabled={off || press.value === 'pressed'}
          onClick={() => void send()}
        >
          {press.value === 'pressed'
            ? sayChanges('review.sending')
            : sayChanges(unkept ? 'review.unkept' : 'review.send', { navn: whom.name })}
        </button>
      </div>
    </section>
  );
}
