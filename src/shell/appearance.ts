import { effect, signal } from '@preact/signals';

export const theme = signal<'auto' | 'light' | 'dark'>('auto');
export const density = signal<'airy' | 'normal' | 'tight'>('normal');

/** Keeps the root element's attributes, which the style sheet reads, equal to what was chosen. */
export function applyAppearance(root: HTMLElement): void {
  effect(() => {
    root.dataset['colorScheme'] = theme.value;
    root.dataset['density'] = density.value;
  });
}
