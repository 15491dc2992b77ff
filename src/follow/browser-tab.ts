import type { ReadonlySignal } from '@preact/signals';
import type { Shown } from './follow.ts';

/** What stands in the tab beside the extension's panel, as far as the browser and the EHR's page have told. */
export type TabShown =
  | Shown
  /** Another tab is in front. */
  | { readonly kind: 'away' }
  /** The tab shows another page than before, and nobody has said whose it is. */
  | { readonly kind: 'moved' };

/** The browser's tab that the extension's panel belongs to (SAFETY TM22). */
export interface BrowserTab {
  readonly shown: ReadonlySignal<TabShown>;
  /** Somebody has looked, and it is still our patient. */
  readonly confirm: () => void;
  /** Opens Sideplan anew, for what the tab in front shows. */
  readonly reopen: () => Promise<void>;
  /** The screen has been locked: nobody is there. */
  readonly locked?: () => void;
}
