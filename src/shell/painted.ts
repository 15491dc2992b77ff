import { useEffect, useRef } from 'preact/hooks';

/** Says once, after the frame that shows it, that this part of the record is on screen (CONTRACT). */
export function usePainted(part: 'contacts' | 'plan' | 'critical' | 'medication', there: boolean) {
  const said = useRef(false);
  useEffect(() => {
    if (!there || said.current) return;
    said.current = true;
    requestAnimationFrame(() => setTimeout(() => performance.mark(`sideplan:${part}`)));
  }, [there, part]);
}
