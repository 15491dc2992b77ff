import { signal } from '@preact/signals';

export const TABS = ['akutt', 'planer', 'legemidler', 'kilder'] as const;
export type Tab = (typeof TABS)[number];

/** Which tab is open, as the address says it: `#/legemidler`. Never anything about the patient. */
export const tab = signal<Tab>('akutt');

/** The plan opened on the plans tab, as the address names it: `#/plan/1x8k2`. */
export const planOpen = signal<string | undefined>(undefined);

const isTab = (name: string): name is Tab => TABS.some(known => known === name);

export function readTab(): void {
  const [name = '', opened] = window.location.hash.replace('#/', '').split('/');
  planOpen.value = name === 'plan' ? opened : undefined;
  if (planOpen.value) tab.value = 'planer';
  else tab.value = isTab(name) ? name : 'akutt';
}

/**
 * Opens a tab without a step in the history: inside the EHR's frame, «back» belongs to the chart.
 * The state of the entry is the launch's memory and is left as it is.
 */
export function openTab(next: Tab, headingId?: string): void {
  tab.value = next;
  const part = next === 'planer' && planOpen.value ? `plan/${planOpen.value}` : next;
  window.history.replaceState(window.history.state, '', `#/${part}`);
  if (!headingId) return;
  requestAnimationFrame(() => {
    const heading = document.getElementById(headingId);
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView();
  });
}

/** Opens one plan on its tab, or goes back to all of them. */
export function openPlan(key: string | undefined): void {
  planOpen.value = key;
  openTab('planer');
}
