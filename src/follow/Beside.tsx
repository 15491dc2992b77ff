import type { ReadonlySignal } from '@preact/signals';
import { sayFollow } from '../shell/words/follow-words.ts';
import { WARNING } from './idle.ts';
import './follow.css';

interface Props {
  /** Whether we would know if the EHR showed somebody else. */
  readonly lost: ReadonlySignal<boolean>;
  /** Seconds until the screen is locked, when that is near. */
  readonly locksIn: ReadonlySignal<number | undefined>;
  readonly extend: () => void;
}

/** What stands beside the record without being about the patient: that we cannot follow, and that it will be locked. */
export function Beside({ lost, locksIn, extend }: Props) {
  const seconds = locksIn.value;
  return (
    <>
      {/* There before it has anything to say, or a screen reader would not hear it. */}
      <output class="not-following">{lost.value && sayFollow('ctx.lost')}</output>
      {seconds !== undefined && (
        <div class={WARNING}>
          <p role="alert">{sayFollow('lock.soon', { s: rounded(seconds) })}</p>
          <button type="button" class="ds-button" data-variant="secondary" onClick={extend}>
            {sayFollow('lock.stay')}
          </button>
        </div>
      )}
    </>
  );
}

/** Said three times, not every second. */
const rounded = (seconds: number) => [10, 30].find(step => seconds <= step) ?? 60;
