import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Text } from '../shell/Text.tsx';
import { sayFollow } from '../shell/words/follow-words.ts';
import type { BrowserTab, TabShown } from './browser-tab.ts';

interface Props {
  readonly shown: Exclude<TabShown, { kind: 'ours' }>;
  /** Asks the EHR to open Sideplan for the patient it shows; undefined where it cannot be asked. */
  readonly relaunch: (() => Promise<boolean>) | undefined;
  /** Beside the extension's panel: the tab it belongs to. */
  readonly tab?: BrowserTab | undefined;
}

/** S21, the wrong-patient guard: the EHR shows somebody else, so nothing of our patient is on the page. */
export function Elsewhere({ shown, relaunch, tab }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [shown]);
  return (
    <main class="screen" data-follow={shown.kind}>
      <h1 ref={heading} tabIndex={-1}>
        <Text of={titleOf(shown)} />
      </h1>
      <p>{sayFollow('ctx.hidden')}</p>
      {tab ? <InPanel shown={shown} tab={tab} /> : <InEhr shown={shown} relaunch={relaunch} />}
    </main>
  );
}

/** Inside the EHR, which may be asked to open Sideplan for whom it shows. */
function InEhr({ shown, relaunch }: Omit<Props, 'tab'>) {
  const asked = useSignal<'no' | 'asking' | 'refused'>('no');
  const name = shown.kind === 'another' ? shown.name : undefined;
  const go = async () => {
    asked.value = 'asking';
    asked.value = (await relaunch?.()) ? 'asking' : 'refused';
  };
  return (
    <>
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
    </>
  );
}

/** Beside the EHR, where the person is the one who knows what stands in the tab. */
function InPanel({ shown, tab }: Pick<Props, 'shown'> & { readonly tab: BrowserTab }) {
  return (
    <>
      <p>{sayFollow(`ctx.${shown.kind}.do`)}</p>
      {shown.kind === 'moved' && (
        <button type="button" class="ds-button" onClick={tab.confirm}>
          {sayFollow('ctx.moved.same')}
        </button>
      )}
      {shown.kind !== 'nobody' && (
        <button
          type="button"
          class="ds-button"
          data-variant={shown.kind === 'moved' ? 'secondary' : 'primary'}
          onClick={() => void tab.reopen()}
        >
          {sayFollow(`ctx.${shown.kind}.open`)}
        </button>
      )}
    </>
  );
}

function titleOf(shown: Props['shown']): string {
  switch (shown.kind) {
    case 'nobody':
      return sayFollow('ctx.none');
    case 'another':
      return shown.name
        ? sayFollow('ctx.changed', { navn: shown.name })
        : sayFollow('ctx.changed.unnamed');
    default:
      return sayFollow(`ctx.${shown.kind}`);
  }
}
