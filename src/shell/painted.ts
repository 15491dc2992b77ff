import { useEffect, useRef } from 'preact/hooks';

/** Resolves when what has been rendered is on screen; in a page that is not shown, not before it is. */
export const afterPaint = () =>
  new Promise<void>(resolve => {
    requestAnimationFrame(() => setTimeout(resolve));
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
