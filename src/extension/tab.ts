import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** What stands in the browser beside the panel, seen from the tab the panel was opened for. */
export type Beside =
  | { readonly kind: 'ours' }
  /** Another tab is in front. */
  | { readonly kind: 'away' }
  /** The tab shows another page than when the patient was opened, and nobody has said whose it is. */
  | { readonly kind: 'moved' }
  /** The EHR's page says that it shows the chart of another launch, whose handle this is. */
  | { readonly kind: 'other'; readonly launch: string }
  | { readonly kind: 'none' };

export interface Tab {
  readonly window: number;
  readonly id: () => number;
  readonly beside: ReadonlySignal<Beside>;
  /** From now on the panel belongs to the tab that is now in front, and to the page in it. */
  readonly take: () => Promise<void>;
  /** The patient of this launch is open from now on; undefined for one somebody picked without the EHR's help. */
  readonly opened: (launch: string | undefined) => void;
  /** The page in the tab says which launch the chart in it belongs to, `null` for no chart. */
  readonly say: (launch: string | null) => void;
  /** Somebody has looked: it is still the same patient. */
  readonly confirm: () => void;
}

/** The tab in front in a window. */
export async function tabInFront(window: number): Promise<number> {
  const [tab] = await chrome.tabs.query({ active: true, windowId: window });
  return tab?.id ?? chrome.tabs.TAB_ID_NONE;
}

/**
 * Watches one tab for as long as the panel is open (SAFETY TM22): whether it is in front in the panel's own window, and
 * whether it still shows the same page. Other windows are nobody's business here.
 *
 * Without permission for the page's host its address is not told, only that something is loading: then any loading
 * counts, because a patient hidden once too often is better than one shown once too often.
 */
export async function watchTab(): Promise<Tab> {
  const { id: window = chrome.windows.WINDOW_ID_NONE } = await chrome.windows.getCurrent();
  let ours = await tabInFront(window);
  const front = signal(true);
  const moved = signal(false);
  /** What the page itself has said since it came; it knows better than its address. */
  const said = signal<string | null | undefined>(undefined);
  const chart = signal<string | undefined>(undefined);
  const gone = (tab: number) => {
    if (tab === ours) front.value = false;
  };
  const { onActivated, onDetached, onRemoved, onReplaced, onUpdated } = chrome.tabs;
  onActivated.addListener(({ tabId, windowId }) => {
    if (windowId === window) front.value = tabId === ours;
    else gone(tabId);
  });
  onDetached.addListener(gone);
  onRemoved.addListener(gone);
  onReplaced.addListener((_, replaced) => gone(replaced));
  onUpdated.addListener((id, { status, url }, tab) => {
    if (id !== ours || (url === undefined && (status !== 'loading' || tab.url !== undefined)))
      return;
    moved.value = true;
    said.value = undefined;
  });
  return {
    window,
    id: () => ours,
    beside: computed<Beside>(() => {
      if (!front.value) return { kind: 'away' };
      if (said.value === undefined) return { kind: moved.value ? 'moved' : 'ours' };
      if (said.value === null) return { kind: 'none' };
      return said.value === chart.value ? { kind: 'ours' } : { kind: 'other', launch: said.value };
    }),
    async take() {
      ours = await tabInFront(window);
      front.value = true;
      moved.value = false;
      said.value = undefined;
    },
    opened(launch) {
      chart.value = launch;
    },
    say(launch) {
      said.value = launch;
    },
    confirm() {
      moved.value = false;
    },
  };
}
