import { useEffect, useRef } from 'preact/hooks';
import type { Choice } from '../outbox/delivered.ts';
import type { OutboxItem } from '../outbox/kept.ts';
import { Text } from '../shell/Text.tsx';
import { sayConfirm } from '../shell/words/confirm-words.ts';
import { Failed, useAttempt } from './Attempt.tsx';
import { type ConflictView, conflictView } from './conflict-view.ts';
import { useOutbox } from './outbox-context.ts';
import { useSeconds } from './use-seconds.ts';

interface Props {
  readonly item: OutboxItem;
  /** Nothing is decided now. */
  readonly wait: () => void;
}

/**
 * S23: both versions, and three choices, none of them made for the person. The focus is on what has happened, never
 * on a choice.
 */
export function Conflict({ item, wait }: Props) {
  const outbox = useOutbox();
  const now = useSeconds(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const { busy, failed, go } = useAttempt();
  useEffect(() => heading.current?.focus(), []);
  const views = item.conflicts.map(conflict => ({
    ref: conflict.ref,
    ...conflictView(conflict, now),
  }));
  // An answer tells its sender what was decided: without the decisions, what it tells would not be true.
  const saysDecided = item.proposal?.what === 'answer';
  const decide = (choice: Choice) => go(() => outbox.decide(item.id, choice));
  return (
    <section class="conflict" data-conflict={item.id}>
      {views.map((view, index) => (
        <OneConflict key={view.ref} view={view} heading={index === 0 ? heading : undefined} />
      ))}
      <div class="choices">
        {!saysDecided && (
          <Choose
            label={sayConfirm('conflict.keep')}
            busy={busy}
            go={() => decide('leave-theirs')}
          />
        )}
        {views.every(({ gone }) => !gone) && (
          <Choose label={sayConfirm('conflict.set')} busy={busy} go={() => decide('set-mine')} />
        )}
        <button type="button" class="ds-button" data-variant="secondary" onClick={wait}>
          {sayConfirm('conflict.wait')}
        </button>
      </div>
      {item.kept && <p class="muted">{sayConfirm('send.safe')}</p>}
      {failed && <Failed />}
    </section>
  );
}

interface ChooseProps {
  readonly label: string;
  readonly busy: boolean;
  readonly go: () => Promise<void>;
}

const Choose = ({ label, busy, go }: ChooseProps) => (
  <button
    type="button"
    class="ds-button"
    data-variant="secondary"
    aria-disabled={busy}
    onClick={() => void go()}
  >
    {label}
  </button>
);

interface OneProps {
  readonly view: ConflictView;
  readonly heading: { current: HTMLHeadingElement | null } | undefined;
}

function OneConflict({ view, heading }: OneProps) {
  const { title, apart, rows, others } = view;
  return (
    <>
      <h3 {...(heading && { ref: heading })} tabIndex={-1}>
        <Text of={title} />
      </h3>
      {apart && <p>{sayConfirm('conflict.apart')}</p>}
      {rows.map(row => (
        <Versions key={row.label} row={row} />
      ))}
      {others.length > 0 && <h4>{sayConfirm('conflict.else')}</h4>}
      {others.map(row => (
        <Versions key={row.label} row={row} />
      ))}
    </>
  );
}

function Versions({ row }: { readonly row: ConflictView['rows'][number] }) {
  const versions = [
    ['conflict.read', row.read],
    ['conflict.theirs', row.theirs],
    ['conflict.mine', row.mine],
  ] as const;
  return (
    <div class="versions">
      <p class="strong">
        <Text of={row.label} />
      </p>
      <dl>
        {versions.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name} data-version={name}>
                <dt>{sayConfirm(name)}</dt>
                <dd>
                  <Text of={value} />
                </dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}
