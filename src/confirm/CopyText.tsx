import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Text } from '../shell/Text.tsx';
import { sayConfirm } from '../shell/words/confirm-words.ts';

interface Props {
  readonly text: string;
  /** Whether the text is read where it stands, or unfolded first. */
  readonly folded: boolean;
}

/** A text that can be sent some other way. Where the clipboard is refused, it is marked, so that one key is enough. */
export function CopyText({ text, folded }: Props) {
  const shown = useRef<HTMLDivElement>(null);
  const fold = useRef<HTMLDetailsElement>(null);
  const said = useSignal('');
  const copy = async () => {
    said.value = '';
    try {
      await navigator.clipboard.writeText(text);
      said.value = sayConfirm('copy.done');
    } catch {
      // Refused, as in most frames of another site, or no clipboard here at all.
      if (fold.current) fold.current.open = true;
      if (mark(shown.current)) said.value = sayConfirm('copy.selected');
    }
  };
  const words = (
    <div class="copied-words" ref={shown}>
      <Text of={text} />
    </div>
  );
  return (
    <div class="copy-text">
      {folded ? (
        <details ref={fold}>
          <summary>{sayConfirm('copy.show')}</summary>
          {words}
        </details>
      ) : (
        words
      )}
      <button type="button" class="ds-button" data-variant="secondary" onClick={() => void copy()}>
        {sayConfirm('copy.do')}
      </button>
      <output class="muted">{said.value}</output>
    </div>
  );
}

function mark(element: HTMLElement | null): boolean {
  const selection = window.getSelection();
  if (!element || !selection) return false;
  selection.selectAllChildren(element);
  return true;
}
