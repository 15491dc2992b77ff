import { signal } from '@preact/signals';

export const TABS = ['akutt', 'planer', 'legemidler', 'kilder'] as const;
export type Tab = (typeof TABS)[number];

/** Which tab is open, as the address says it: `#/legemidler`. Never anything about the patient. */
export const tab = signal<Tab>('akutt');

const isTab = (name: string): name is Tab => TABS.some(known => known === name);

export function readTab(): void {
  const name = window.location.hash.replace('#/', '');
  tab.value = isTab(name) ? name : 'akutt';
}

/**
 * Opens a tab without a step in the history: inside the EHR's frame, «back» belongs to the chart.
 * The state of the entry is the launch's memory and is left as it is.
 */
export function openTab(next: Tab, headingId?: string): void {
  tab.value = next;
  window.history.replaceState(window.history.state, '', `#/${next}`);
  if (!headingId) return;
  requestAnimationFrame(() => {
    const heading = document.getElementById(headingId);
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView();
  });
}
