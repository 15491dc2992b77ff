import type { nbOffline } from './nb-offline.ts';

export const enOffline: Readonly<Record<keyof typeof nbOffline, string>> = {
  'state.offline': 'No network. Showing a copy kept {tidspunkt}.',
  'offline.retry': 'Try again',
};
