import { useEffect, useRef } from 'preact/hooks';
import type { Change } from '../record/changes/change.ts';
import { useRecord } from '../record/record.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import { chosenText, nameOfChange, whomOf } from './changes-view.ts';
import { DecideForm } from './DecideForm.tsx';
import type { Shown } from './shown.ts';

interface Props extends Shown {
  readonly change: Change;
}

/** Three buttons, each of which says which change and whose; then what was chosen, and the way back. */
export function Decide(props: Props) {
  const { change, answering } = props;
  const { patient } = useRecord();
  const group = useRef<HTMLDivElement>(null);
  const { ref, version = '' } = change.source;
  useSeen(group, () => {
    if (!answering.seen.value.has(ref))
      answering.seen.value = new Set([...answering.seen.value, ref]);
  });
  const decided = answering.decisions.value.get(ref);
  const begun = answering.begun.value.get(ref);
  const isStale = decided !== undefined && decided.version !== version;
  const named = { hva: nameOfChange(change), navn: whomOf(patient.value).name };
  // What had the focus is gone: it stays on the row.
  const close = () => requestAnimationFrame(() => group.current?.querySelector('button')?.focus());
  const begin = (kind: 'adjust' | 'reject') =>
    answering.write(change, {
      kind,
      how: undefined,
      other: '',
      date: '',
      why: '',
      version,
      restored: false,
    });
  if (begun) return <DecideForm {...props} begun={begun} close={close} />;
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
              onClick={() => begin(kind)}
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
