import { keyOf, type Sending } from '../record/changes/change.ts';
import { toldOf } from '../record/changes/overdue.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import type { Evaluation } from '../record/plans/evaluations.ts';
import type { Reading } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { dateText } from '../shell/dates.ts';
import { useNow } from '../shell/now.ts';
import { openTab } from '../shell/route.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import './changes.css';
import { dueText, fromText, isOverdue, statusText, toldText, waitingOf } from './changes-view.ts';
import { modelOf } from './model.ts';

interface Props {
  /** Which tab it stands on: the same is said on two. */
  readonly at: 'legemidler' | 'planer';
}

/** For everybody who treats: what waits for the GP, what is answered, and the way in to each change (the sender's view). */
export function ChangesSection({ at }: Props) {
  const record = useRecord();
  const state = modelOf(record).now.value;
  if (state.state === 'failed') return state.failure.kind === 'cancelled' ? null : <Unread />;
  if (state.state !== 'known') return null;
  const { sendings, reading } = state.changes;
  if (reading.state === 'failed') return <Unread />;
  if (sendings.length === 0) return null;
  return (
    <section class="changes-section" aria-label={sayChanges('section.title')}>
      <h2 class="heading">{sayChanges('section.title')}</h2>
      <ul class="plain">
        {sendings.map(sending => (
          <One key={keyOf(sending)} sending={sending} changes={state.changes} at={at} />
        ))}
      </ul>
    </section>
  );
}

function Unread() {
  const model = modelOf(useRecord());
  return (
    <div class="changes-section" role="alert">
      <p class="warn">{sayChanges('room.unread')}</p>
      <button
        type="button"
        class="ds-button"
        data-variant="secondary"
        onClick={() => void model.again()}
      >
        {sayChanges('room.again')}
      </button>
    </div>
  );
}

interface OneProps extends Props {
  readonly sending: Sending;
  readonly changes: Changes;
}

function One({ sending, changes, at }: OneProps) {
  const record = useRecord();
  const { opener } = modelOf(record);
  const now = useNow();
  const cause = evaluationOf(sending, record.evaluations.value);
  const { due } = sending;
  const overdue = isOverdue(sending, now);
  const waits = waitingOf(sending).length > 0;
  const told = toldOf(changes, sending);
  const id = `endringer-${at}-${keyOf(sending).replace('/', '-')}`;
  return (
    <li class="item" data-item-id={keyOf(sending)}>
      <p>
        <Text of={fromText(sending)} />
      </p>
      <p class={waits ? 'strong' : 'muted'}>
        <Text of={statusText(sending, changes)} />
      </p>
      {cause?.date && (
        <p class="muted">{sayChanges('section.evaluation', { dato: dateText(cause.date) })}</p>
      )}
      {waits && due && (
        <p class={overdue ? 'warn' : 'muted'}>
          {sayChanges(overdue ? 'line.overdue' : 'line.due', { frist: dueText(due, now) })}
        </p>
      )}
      {waits && told && (
        <p class="muted">
          <Text of={toldText(told)} />
        </p>
      )}
      <button
        id={id}
        type="button"
        class="more"
        aria-label={`${sayChanges('section.open')}: ${fromText(sending)}`}
        onClick={() => {
          openTab('legemidler');
          opener.value = id;
        }}
      >
        {sayChanges('section.open')} <span aria-hidden="true">›</span>
      </button>
    </li>
  );
}

/** The evaluation that led to it, where the tasks name it. */
function evaluationOf({ task, changes }: Sending, reading: Reading<Evaluation>) {
  const causes = new Set([task, ...changes].flatMap(each => each?.cause ?? []));
  const items = reading.state === 'loading' ? [] : reading.items;
  return items.find(({ source }) => causes.has(source.ref));
}
