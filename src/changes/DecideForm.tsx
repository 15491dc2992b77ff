import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Change } from '../record/changes/change.ts';
import type { Decided } from '../record/changes/propose-answer.ts';
import { dateText } from '../shell/dates.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import { nameOfChange, senderText } from './changes-view.ts';
import type { Shown } from './Row.tsx';

interface Props extends Shown {
  readonly change: Change;
  readonly kind: 'adjust' | 'reject';
  readonly before: Decided | undefined;
  readonly close: () => void;
}

type How = 'keep' | 'date' | 'other';
type Lack = 'outcome' | 'value' | 'date' | 'why';

/** S09: what is to hold instead, and why; or why not. The reason is sent, so there is no saving without one. */
export function DecideForm(props: Props) {
  const { change, kind, before, sending, answering, gaps, changes, close } = props;
  const how = useSignal<How | undefined>(undefined);
  const other = useSignal(before?.value ?? '');
  const date = useSignal('');
  const why = useSignal(before?.reason ?? '');
  const lack = useSignal<Lack | undefined>(undefined);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => heading.current?.focus(), []);
  const hva = nameOfChange(change);
  const { from, to } = change;
  const hows: readonly (readonly [How, string])[] = [
    ...(from ? [['keep', sayChanges('form.keep', { fra: from })] as const] : []),
    ...(to ? [['date', sayChanges('form.from', { til: to })] as const] : []),
    ['other', sayChanges('form.other')],
  ];

  function valueOf(): string | undefined {
    if (how.value === 'keep') return from;
    if (how.value === 'date')
      return date.value
        ? sayChanges('form.fromDate', { til: to ?? '', dato: dateText(date.value) })
        : undefined;
    return other.value.trim() || undefined;
  }
  function lacking(): Lack | undefined {
    if (kind === 'adjust' && !how.value) return 'outcome';
    if (kind === 'adjust' && !valueOf()) return how.value === 'date' ? 'date' : 'value';
    return why.value.trim() === '' ? 'why' : undefined;
  }
  function save(): void {
    lack.value = lacking();
    if (lack.value) return;
    const reason = why.value.trim();
    const value = kind === 'adjust' ? valueOf() : undefined;
    answering.decide(change, { outcome: kind, value, reason });
    // S09: whoever must hear of what is adjusted is proposed; whoever keeps it as it was changes nothing there.
    if (kind === 'adjust' && how.value !== 'keep' && changes.takes.tasks)
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
      {kind === 'adjust' && (
        <fieldset role="radiogroup" aria-required="true" aria-label={sayChanges('form.choose')}>
          <legend>{sayChanges('form.choose')}</legend>
          {hows.map(([each, words]) => (
            <label key={each} class="option">
              <input
                type="radio"
                name={`${id}-hva`}
                checked={how.value === each}
                onChange={() => {
                  how.value = each;
                }}
              />
              <Text of={words} />
            </label>
          ))}
          {how.value === 'date' && (
            <label class="field">
              {sayChanges('form.date')}
              <input
                type="date"
                value={date.value}
                onInput={event => {
                  date.value = event.currentTarget.value;
                }}
              />
            </label>
          )}
          {how.value === 'other' && (
            <label class="field">
              {sayChanges('form.otherText')}
              <input
                type="text"
                maxLength={300}
                value={other.value}
                onInput={event => {
                  other.value = event.currentTarget.value;
                }}
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
          value={why.value}
          onInput={event => {
            why.value = event.currentTarget.value;
          }}
        />
      </label>
      {lack.value && (
        <p class="warn" role="alert">
          {sayChanges(`form.lack.${lack.value}`)}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="ds-button" data-variant="secondary" onClick={close}>
          {sayChanges('form.cancel')}
        </button>
        <button type="button" class="ds-button" onClick={save}>
          {sayChanges(`form.save.${kind}`)}
        </button>
      </div>
    </div>
  );
}
