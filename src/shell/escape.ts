import { useEffect, useRef } from 'preact/hooks';

/** Esc closes what is open, wherever the focus is; of two things open at once, the one opened last. */
export function useEscape(open: boolean, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!open) return undefined;
    opened.push(latest);
    const hear = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && opened.at(-1) === latest) latest.current();
    };
    document.addEventListener('keydown', hear);
    return () => {
      document.removeEventListener('keydown', hear);
      opened.splice(opened.indexOf(latest), 1);
    };
  }, [open]);
}

const opened: object[] = [];
