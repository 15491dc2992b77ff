import type { ComponentChildren } from 'preact';
import { Gradually } from './Gradually.tsx';
import { t } from './words/words.ts';

interface Props {
  /** One `<li>` each, newest first. */
  readonly rows: readonly ComponentChildren[];
  readonly shown: number;
}

/** The newest few, and the rest behind «vis alle»: folded, never left out. */
export function Newest({ rows, shown }: Props) {
  return (
    <>
      <ul class="plain">{rows.slice(0, shown)}</ul>
      {rows.length > shown && (
        <details class="ds-details fold">
          <summary>{t('list.all', { n: rows.length })}</summary>
          <ul class="plain">
            <Gradually rows={rows.slice(shown)} />
          </ul>
        </details>
      )}
    </>
  );
}
