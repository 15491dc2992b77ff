import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Text } from '../shell/Text.tsx';
import { sayFollow } from '../shell/words/follow-words.ts';
import type { Shown } from './follow.ts';

interface Props {
  readonly shown: Exclude<Shown, { kind: 'ours' }>;
  /** Asks the EHR to open Sideplan for the patient it shows; undefined where it cannot be asked. */
  readonly relaunch: (() => Promise<boolean>) | undefined;
}

/** S21, the wrong-patient guard: the EHR shows somebody else, so nothing of our patient is on the page. */
export function Elsewhere({ shown, relaunch }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const asked = useSignal<'no' | 'asking' | 'refused'>('no');
  useEffect(() => heading.current?.focus(), [shown]);
  const name = shown.kind === 'another' ? shown.name : undefined;
  const go = async () => {
    asked.value = 'asking';
    asked.value = (await relaunch?.()) ? 'asking' : 'refused';
  };
  return (
    <main class="screen" data-follow={shown.kind}>
      <h1 ref={heading} tabIndex={-1}>
        <Text of={titleOf(shown)} />
      </h1>
      <p>{sayFollow('ctx.hidden')}</p>
      <p>{sayFollow('ctx.return')}</p>
      {shown.kind === 'another' && relaunch ? (
        <button
          type="button"
          class="ds-button"
          aria-disabled={asked.value === 'asking'}
          onClick={() => void (asked.value === 'asking' || go())}
        >
          {asked.value === 'asking' ? (
            sayFollow('ctx.switching')
          ) : (
            <Text
              of={name ? sayFollow('ctx.switch', { navn: name }) : sayFollow('ctx.switch.unnamed')}
            />
          )}
        </button>
      ) : (
        <p>{sayFollow('ctx.open')}</p>
      )}
      {asked.value === 'refused' && <p role="alert">{sayFollow('ctx.refused')}</p>}
    </main>
  );
}

function titleOf(shown: Props['shown']): string {
  if (shown.kind === 'nobody') return sayFollow('ctx.none');
  return shown.name
    ? sayFollow('ctx.changed', { navn: shown.name })
    : sayFollow('ctx.changed.unnamed');
}
