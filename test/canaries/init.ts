// Deliberately wrong, and never part of the product.
import { remember as keep, type Remembered, recall as right } from '../../src/launch/memory.ts';

export * from '../../src/launch/memory.ts';

/** The one name under which fhirclient's `init()` finds its last launch again. */
const SMART_KEY = 'SMART_KEY';

/** As `init()` does: a reload goes on with whatever launch this storage saw last, in whichever frame that was. */
export function recall(): Remembered | undefined {
  const kept = sessionStorage.getItem(SMART_KEY);
  return kept === null ? undefined : right({ state: JSON.parse(kept) } as History);
}

export function remember(window: Window, remembered: Remembered): void {
  keep(window, remembered);
  sessionStorage.setItem(SMART_KEY, JSON.stringify({ sideplan: remembered }));
}
