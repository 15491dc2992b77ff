import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** How many changes the sources tab has that its reader has not seen; empty while that is not known. */
export const tabNews = signal<ComponentChildren>(undefined);

/** How many changes wait for whoever is signed in, on the tab that has them; empty where none do. */
export const tabChanges = signal<ComponentChildren>(undefined);
