import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useEscape } from './escape.ts';
import { t } from './words/words.ts';

interface Props {
  readonly open: boolean;
  readonly title: string;
  /** The button that opens it, where the focus goes back to. */
  readonly openerId: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/**
 * A part of a tab, opened to fill it: «‹» and Esc lead back to where one was. The content is the same elements in
 * both sizes, so nothing is on the page twice.
 */
export function Overlay({ open, title, openerId, close, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const was = useRef(open);
  useEffect(() => {
    if (open) heading.current?.focus();
    else if (was.current) document.getElementById(openerId)?.focus();
    was.current = open;
  }, [open, openerId]);
  useEscape(open, close);
  return (
    <div class={open ? 'overlay open' : 'overlay'}>
      {open && (
        <div class="overlay-head">
          <button type="button" class="back" aria-label={t('back')} onClick={close}>
            ‹
          </button>
          <h2 ref={heading} tabIndex={-1}>
            {title}
          </h2>
        </div>
      )}
      {children}
    </div>
  );
}
