import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Change, isWaiting, type Sending } from '../record/changes/change.ts';
import { caughtUp, type Discrepancy, listedAs } from '../record/changes/listed.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import type { Medicine } from '../record/model.ts';
import { useRecord } from '../record/record.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { useNow } from '../shell/now.ts';
import { DoseText, Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import type { Answering } from './answering.ts';
import {
  answeredBy,
  chosenText,
  listLines,
  nameOfChange,
  standingText,
  whomOf,
} from './changes-view.ts';
import { DecideForm } from './DecideForm.tsx';
import { Gap } from './Gap.tsx';

export interface Shown {
  readonly sending: Sending;
  readonly changes: Changes;
  readonly answering: Answering;
  readonly gaps: readonly Discrepancy[];
  /** Undefined: the medication list is not read yet. */
  readonly list: readonly Medicine[] | undefined;
}

interface Props extends Shown {
  readonly change: Change;
  readonly number: number;
  readonly canDecide: boolean;
}

/** One change: what, why, what the list says, where they do not fit, and the decision. */
export function Row(props: Props) {
  const { change, number, list, gaps, canDecide } = props;
  const { risk, because, source, flags } = change;
  const isMedicine = !change.kind || change.kind.toLowerCase() === 'legemiddel';
  const badge = sayChanges(`risk.${risk}`);
  return (
    <ItemBox item={change} class="change">
      <p class="medicine-name">
        <span>
          {number}{' '}
          <b>
            <DoseText of={nameOfChange(change)} />
          </b>
        </span>
        {badge && <span class="tag">{badge}</span>}
      </p>
      {because && (
        <p>
          <Text of={sayChanges('row.because', { grunn: because })} />
        </p>
      )}
      {list && isMedicine && <Listed change={change} list={list} />}
      {gaps
        .filter(gap => gap.change === source.ref)
        .map(gap => (
          <Gap key={gap.rule} {...props} gap={gap} />
        ))}
      {canDecide && isWaiting(change) ? (
        flags.length > 0 || source.version === undefined ? (
          <p class="flag">{sayChanges('row.unreadable')}</p>
        ) : (
          <Decide {...props} />
        )
      ) : (
        <Stands change={change} />
      )}
    </ItemBox>
  );
}

/** The list and the change side by side, from every source that has the medicine. */
function Listed({ change, list }: { readonly change: Change; readonly list: readonly Medicine[] }) {
  const rows = listedAs(change, list);
  const how = caughtUp(change, rows);
  return (
    <details class="ds-details fold listed">
      <summary>{sayChanges(rows.length === 0 ? 'list.missing' : `list.${how}`)}</summary>
      <p class="muted">{sayChanges('list.title')}</p>
      <ul>
        {listLines(rows).map((line, index) => (
          <li key={index}>
            <DoseText of={line} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Stands({ change }: { readonly change: Change }) {
  const now = useNow();
  const { answer } = change;
  const by = answer && answeredBy(answer, now);
  return (
    <div class="stands" data-standing={change.standing} data-outcome={answer?.outcome}>
      <p class="strong">
        <Text of={standingText(change)} />
      </p>
      {answer?.reason && (
        <p>
          <Text of={answer.reason} />
        </p>
      )}
      {by && (
        <p class="muted">
          <Text of={by} />
        </p>
      )}
    </div>
  );
}

/** Three buttons, each of which says which change and whose; then what was chosen, and the way back. */
function Decide(props: Props) {
  const { change, answering, sending } = props;
  const { patient } = useRecord();
  const form = useSignal<'adjust' | 'reject' | undefined>(undefined);
  const group = useRef<HTMLDivElement>(null);
  const { ref, version = '' } = change.source;
  useSeen(group, () => {
    if (!answering.seen.value.has(ref))
      answering.seen.value = new Set([...answering.seen.value, ref]);
  });
  const decided = answering.decisions.value.get(ref);
  const isStale = decided !== undefined && decided.version !== version;
  const named = { hva: nameOfChange(change), navn: whomOf(patient.value).name };
  const close = () => {
    form.value = undefined;
    // What had the focus is gone: it stays on the row.
    requestAnimationFrame(() => group.current?.querySelector('button')?.focus());
  };
  if (form.value)
    return (
      <DecideForm
        {...props}
        sending={sending}
        kind={form.value}
        before={isStale ? undefined : decided}
        close={close}
      />
    );
  return (
    <div ref={group} class="decide" data-decided={isStale ? undefined : decided?.outcome}>
      {isStale && <p class="warn">{sayChanges('chosen.stale')}</p>}
      {decided && !isStale ? (
        <>
          <output class="strong">
            <Text of={chosenText(decided)} />
          </output>
          {decided.reason && (
            <span>
              <Text of={decided.reason} />
            </span>
          )}
          <button
            type="button"
            class="ds-button"
            data-variant="secondary"
            aria-label={sayChanges('undo.name', named)}
            onClick={() => {
              answering.undo(change);
              close();
            }}
          >
            {sayChanges('undo.do')}
          </button>
        </>
      ) : (
        <>
          <button
            type="button"
            class="ds-button"
            aria-label={sayChanges('accept.name', named)}
            onClick={() => {
              answering.decide(change, { outcome: 'accept', value: undefined, reason: undefined });
              close();
            }}
          >
            {sayChanges('accept.do')}
          </button>
          {(['adjust', 'reject'] as const).map(kind => (
            <button
              key={kind}
              type="button"
              class="ds-button"
              data-variant="secondary"
              aria-label={sayChanges(`${kind}.name`, named)}
              onClick={() => {
                form.value = kind;
              }}
            >
              {sayChanges(`${kind}.do`)}
            </button>
          ))}
        </>
      )}
    </div>
  );
}

/** The buttons stand below everything the row says: once they have been on screen, so has the row. */
function useSeen(at: { readonly current: HTMLElement | null }, saw: () => void): void {
  useEffect(() => {
    const { current } = at;
    if (!current) return undefined;
    const observer = new IntersectionObserver(entries => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) saw();
    });
    observer.observe(current);
    return () => observer.disconnect();
  });
}
