import { useEffect, useRef } from 'preact/hooks';
import { sayFollow } from '../shell/words/follow-words.ts';

/** Nobody was there (SAFETY TM55). Opening launches anew: the EHR says whether this is still its user and patient. */
export function Locked({ unlock }: { readonly unlock: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main class="screen" data-follow="locked">
      <h1 ref={heading} tabIndex={-1}>
        {sayFollow('lock.title')}
      </h1>
      <p>{sayFollow('lock.what')}</p>
      <p>{sayFollow('lock.do')}</p>
      <button type="button" class="ds-button" onClick={unlock}>
        {sayFollow('lock.open')}
      </button>
    </main>
  );
}
