import { useSignal } from '@preact/signals';
import { useOutbox } from '../confirm/outbox-context.ts';
import { SendStatus } from '../confirm/SendStatus.tsx';
import type { OutboxItem } from '../outbox/kept.ts';
import { keyOf, type Sending } from '../record/changes/change.ts';
import { discrepanciesOf } from '../record/changes/listed.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import type { Medicine } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { isWhole } from '../record/whole.ts';
import { dateText } from '../shell/dates.ts';
import { useNow } from '../shell/now.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges, sayChangesCount } from '../shell/words/changes-words.ts';
import type { Answering } from './answering.ts';
import { Bottom } from './Bottom.tsx';
import {
  dueText,
  fromText,
  isOverdue,
  mayReturn,
  senderText,
  waitingOf,
  whyNot,
} from './changes-view.ts';
import { GiveBack } from './GiveBack.tsx';
import { Moved } from './Moved.tsx';
import { OpenMedications } from './OpenMedications.tsx';
import { Overdue } from './Overdue.tsx';
import { overtaken } from './overtaken.ts';
import { Review } from './Review.tsx';
import { Row } from './Row.tsx';
import { Stages } from './Stages.tsx';
import type { List } from './shown.ts';

interface Props {
  readonly sending: Sending;
  readonly changes: Changes;
  readonly answering: Answering;
}

/** What one sender asked at one time: decided change by change, looked over, and sent. */
export function OneSending({ sending, changes, answering }: Props) {
  const { session, medicines } = useRecord();
  const { items } = useOutbox();
  const now = useNow();
  const reviewing = useSignal(false);
  const own = items.value.filter(item => isAbout(item, sending)).at(-1);
  const underWay = own !== undefined && own.state !== 'acked';
  const waits = waitingOf(sending).length > 0;
  const why = waits ? whyNot(changes, session.label) : undefined;
  const canDecide = waits && !why && !underWay;
  const canReturn = waits && !underWay && mayReturn(changes, sending);
  const review = () => {
    reviewing.value = true;
  };
  const reading = medicines.value;
  const list = listIn(reading);
  const gaps = discrepanciesOf(sending.changes, list?.rows ?? []);
  const lost = overtaken(sending, answering);
  const shown = { sending, changes, answering, gaps, list };
  if (reviewing.value && (canDecide || canReturn))
    return (
      <Review
        {...shown}
        back={() => {
          reviewing.value = false;
        }}
      />
    );
  return (
    <section class="sending" data-sending={keyOf(sending)} aria-label={fromText(sending)}>
      <Head sending={sending} />
      <Stages sending={sending} changes={changes} />
      {isOverdue(sending, now) && <Overdue sending={sending} changes={changes} />}
      {lost.length > 0 && <Moved changes={lost} answering={answering} />}
      {own && <SendStatus item={own} />}
      {why && <p class="flag">{why}</p>}
      {canDecide && changes.decider === 'stand-in' && <p>{sayChanges('who.stand-in')}</p>}
      {(waits || own) && <p class="muted">{sayChanges('pll.not')}</p>}
      {(canDecide || own) && <OpenMedications />}
      {canDecide && answering.restored.value && <p class="flag">{sayChanges('draft.restored')}</p>}
      {list && !list.whole && <p class="warn">{sayChanges('list.unread')}</p>}
      <ol class="changes-rows">
        {sending.changes.map((change, index) => (
          <Row
            key={change.source.ref}
            {...shown}
            change={change}
            number={index + 1}
            canDecide={canDecide}
          />
        ))}
      </ol>
      {canDecide && <Bottom {...shown} review={review} />}
      {canReturn && <GiveBack sending={sending} answering={answering} review={review} />}
    </section>
  );
}

/** Where the source says that nobody knows what the patient takes, the list tells nothing of what is missing from it. */
const listIn = (reading: Reading<Medicine>): List | undefined =>
  reading.state === 'loading'
    ? undefined
    : { rows: reading.items, whole: isWhole(reading) && reading.state !== 'asserted-unknown' };

const isAbout = ({ proposal }: OutboxItem, sending: Sending): boolean =>
  proposal?.what === 'answer' && proposal.bound.plan === keyOf(sending);

function Head({ sending }: { readonly sending: Sending }) {
  const now = useNow();
  const { due, dueBecause, changes, sent } = sending;
  return (
    <>
      <h3 class="heading">
        <Text of={senderText(sending)} />
        {sent && <span class="aside">{dateText(sent)}</span>}
      </h3>
      <p class="strong">
        {sayChangesCount('sending.changes', changes.length)} ·{' '}
        {due
          ? sayChanges('sending.due', { frist: dueText(due, now) })
          : sayChanges('sending.noDue')}
      </p>
      {dueBecause && (
        <p class="muted">
          <Text of={sayChanges('sending.because', { grunn: dueBecause })} />
        </p>
      )}
    </>
  );
}
