import { useEffect, useRef } from 'preact/hooks';

/** Resolves when what has been rendered has been drawn; in a page that is not shown, not before it is. */
export const afterPaint = () =>
  new Promise<void>(resolve => {
    requestAnimationFrame(() => setTimeout(resolve));
  });

/** As long as one waits for the browser to say so, where it can: it has nothing to say of an empty list. */
const WAIT_MS = 100;

/**
 * Resolves when whom to call is on screen (Element Timing). A frame that has been drawn is still to be painted, and by
 * others than this thread, who get their turn only if it rests.
 */
export const contactsOnScreen = () =>
  new Promise<void>(resolve => {
    const type = 'element';
    const says = PerformanceObserver.supportedEntryTypes.includes(type);
    if (says)
      new PerformanceObserver((_, observer) => resolve(observer.disconnect())).observe({ type });
    void afterPaint().then(() => setTimeout(resolve, says ? WAIT_MS : 0));
  });

/** Says once, after the frame that shows it, that this part of the record is on screen (CONTRACT). */
export function usePainted(part: 'contacts' | 'plan' | 'critical' | 'medication', there: boolean) {
  const said = useRef(false);
  useEffect(() => {
    if (!there || said.current) return;
    said.current = true;
    void mark(`sideplan:${part}`);
  }, [there, part]);
}

async function mark(name: string): Promise<void> {
  await afterPaint();
  // A browser keeps every mark for as long as the page lives, and this page lives for a whole duty.
  performance.clearMarks(name);
  performance.mark(name);
}
