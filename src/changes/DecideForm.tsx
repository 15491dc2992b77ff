import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Change } from '../record/changes/change.ts';
import { useRecord } from '../record/record.ts';
import { dateText } from '../shell/dates.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import type { Begun, How } from './answer-draft.ts';
import { nameOfChange, senderText, whomOf } from './changes-view.ts';
import type { Shown } from './shown.ts';

interface Props extends Shown {
  readonly change: Change;
  /** What stands in it. It lies on this machine as it is written. */
  readonly begun: Begun;
  readonly close: () => void;
}

type Lack = 'outcome' | 'value' | 'date' | 'why';

/** S09: what is to hold instead, and why; or why not. The reason is sent, so there is no saving without one. */
export function DecideForm(props: Props) {
  const { change, begun, sending, answering, gaps, changes, close } = props;
  const { kind, how } = begun;
  const { patient } = useRecord();
  const lack = useSignal<Lack | undefined>(undefined);
  const heading = useRef<HTMLHeadingElement>(null);
  const opened = useRef(!begun.restored);
  const id = useId();
  // Who finds it open again has not asked for it: the focus is theirs.
  useEffect(() => {
    if (opened.current) heading.current?.focus();
  }, []);
  const hva = nameOfChange(change);
  const { from, to } = change;
  const hows: readonly (readonly [How, string])[] = [
    ...(from ? [['keep', sayChanges('form.keep', { fra: from })] as const] : []),
    ...(to ? [['date', sayChanges('form.from', { til: to })] as const] : []),
    ['other', sayChanges('form.other')],
  ];
  const set = (more: Partial<Begun>) => {
    const now = answering.begun.peek().get(change.source.ref) ?? begun;
    answering.write(change, { ...now, ...more, restored: false });
  };

  function valueOf(): string | undefined {
    if (how === 'keep') return from;
    if (how === 'date')
      return begun.date
        ? sayChanges('form.fromDate', { til: to ?? '', dato: dateText(begun.date) })
        : undefined;
    return begun.other.trim() || undefined;
  }
  function lacking(): Lack | undefined {
    if (kind === 'adjust' && !how) return 'outcome';
    if (kind === 'adjust' && !valueOf()) return how === 'date' ? 'date' : 'value';
    return begun.why.trim() === '' ? 'why' : undefined;
  }
  function save(): void {
    lack.value = lacking();
    if (lack.value) return;
    const reason = begun.why.trim();
    const value = kind === 'adjust' ? valueOf() : undefined;
    answering.decide(change, { outcome: kind, value, reason });
    // S09: whoever must hear of what is adjusted is proposed; whoever keeps it as it was changes nothing there.
    if (kind === 'adjust' && how !== 'keep' && changes.takes.tasks)
      for (const { rule } of gaps.filter(gap => gap.change === change.source.ref))
        for (const whom of ['pharmacy', 'home-care'] as const)
          answering.choose({ change: change.source.ref, rule, kind: whom }, true);
    close();
  }
  return (
    <div class="decide-form">
      <h4 ref={heading} tabIndex={-1}>
        <Text of={sayChanges(`form.${kind}`, { hva })} />
      </h4>
      {begun.restored && <p class="flag">{sayChanges('form.restored')}</p>}
      {begun.version !== change.source.version && <p class="warn">{sayChanges('form.stale')}</p>}
      {kind === 'adjust' && (
        <fieldset role="radiogroup" aria-required="true" aria-label={sayChanges('form.choose')}>
          <legend>{sayChanges('form.choose')}</legend>
          {hows.map(([each, words]) => (
            <label key={each} class="option">
              <input
                type="radio"
                name={`${id}-hva`}
                checked={how === each}
                onChange={() => set({ how: each })}
              />
              <Text of={words} />
            </label>
          ))}
          {how === 'date' && (
            <label class="field">
              {sayChanges('form.date')}
              <input
                type="date"
                value={begun.date}
                onInput={event => set({ date: event.currentTarget.value })}
              />
            </label>
          )}
          {how === 'other' && (
            <label class="field">
              {sayChanges('form.otherText')}
              <input
                type="text"
                maxLength={300}
                value={begun.other}
                onInput={event => set({ other: event.currentTarget.value })}
              />
            </label>
          )}
        </fieldset>
      )}
      <label class="field">
        <Text of={sayChanges('form.why', { avsender: senderText(sending) })} />
        <input
          type="text"
          aria-required="true"
          maxLength={300}
          value={begun.why}
          onInput={event => set({ why: event.currentTarget.value })}
        />
      </label>
      {lack.value && (
        <p class="warn" role="alert">
          {sayChanges(`form.lack.${lack.value}`)}
        </p>
      )}
      <div class="buttons">
        <button
          type="button"
          class="ds-button"
          data-variant="secondary"
          onClick={() => {
            answering.write(change, undefined);
            close();
          }}
        >
          {sayChanges('form.cancel')}
        </button>
        <button
          type="button"
          class="ds-button"
          aria-label={sayChanges(`form.save.${kind}.name`, {
            hva,
            navn: whomOf(patient.value).name,
          })}
          onClick={save}
        >
          {sayChanges(`form.save.${kind}`)}
        </button>
      </div>
    </div>
  );
}
