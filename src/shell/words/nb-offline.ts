/** What is said above a copy that is shown because nobody answers. */
export const nbOffline = {
  'state.offline': 'Uten nett. Viser lagret utgave fra {tidspunkt}.',
  'offline.retry': 'Prøv igjen',
} as const;
