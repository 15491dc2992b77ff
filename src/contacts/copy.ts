import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t } from '../shell/words/words.ts';

/**
 * Copies a number. In a frame of another site the browser may refuse the clipboard; then the number on screen is
 * marked, so that one key is enough.
 */
export function useCopy(number: string) {
  const shown = useRef<HTMLElement>(null);
  const said = useSignal('');
  const copy = async () => {
    said.value = '';
    if (await copied(number)) said.value = t('call.copied');
    else if (mark(shown.current)) said.value = t('call.selected');
  };
  return { shown, said: said.value, copy };
}

async function copied(number: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(number);
    return true;
  } catch {
    // Refused, or no clipboard here at all: the caller marks the number instead.
    return false;
  }
}

function mark(element: HTMLElement | null): boolean {
  const selection = window.getSelection();
  if (!element || !selection) return false;
  selection.selectAllChildren(element);
  return true;
}
