/** How long the screen may stand untouched where the configuration does not say less (SAFETY TM55). */
const IDLE_MINUTES = 10;
const WARNING_MS = 60_000;
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** The warning itself. What happens inside it is its own button's affair, or it would vanish under the finger. */
export const WARNING = 'idle-warning';

export interface Idle {
  /** Seconds until the screen is locked, from a minute before; undefined while somebody is there. */
  readonly warn: (seconds: number | undefined) => void;
  readonly lock: () => void;
}

/**
 * Watches for nobody being there (SAFETY TM55, C14; WCAG 2.2.1). Any touch of the panel extends the time. Both clocks
 * are looked at: the one on the wall goes on while the machine sleeps, the other when somebody sets the first back.
 */
export function watchIdle(
  window: Window & typeof globalThis,
  minutes: number = IDLE_MINUTES,
  { warn, lock }: Idle,
): { readonly extend: () => void; readonly stop: () => void } {
  const limit = minutes * 60_000;
  const lead = Math.min(WARNING_MS, limit / 2);
  const now = () => ({ wall: Date.now(), steady: window.performance.now() });
  let touched = now();
  const over = new AbortController();
  const left = () => {
    const { wall, steady } = now();
    return limit - Math.max(wall - touched.wall, steady - touched.steady);
  };
  const look = () => {
    const ms = left();
    if (ms <= 0) {
      over.abort();
      return lock();
    }
    return warn(ms <= lead ? Math.ceil(ms / 1000) : undefined);
  };
  const touch = (event: Event) => {
    const warned = left() <= lead;
    if (warned && (event.type === 'pointermove' || isInWarning(event))) return;
    extend();
  };
  const extend = () => {
    // The first touch after the machine has slept is not somebody having been there.
    if (left() > 0) touched = now();
    look();
  };
  const { signal } = over;
  const ticking = window.setInterval(look, 1000);
  signal.addEventListener('abort', () => window.clearInterval(ticking));
  for (const kind of TOUCHES)
    window.addEventListener(kind, touch, { capture: true, passive: true, signal });
  window.document.addEventListener('visibilitychange', look, { signal });
  return { extend, stop: () => over.abort() };
}

const isInWarning = ({ target }: Event) =>
  target instanceof Element && target.closest(`.${WARNING}`) !== null;
