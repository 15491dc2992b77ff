import type { Known, Reading } from './reading.ts';

/** All nine states but those in which somebody did not answer. */
const ANSWERED = new Set(['present', 'asserted-none', 'asserted-unknown', 'none-recorded']);

/**
 * Whether every source that was asked gave all it has: only then is what cannot be found here nowhere else either
 * (SAFETY HZ04). A source that sent somebody else's did not answer our question, and may not have answered all of it.
 */
export const isWhole = (reading: Reading<unknown> | undefined): reading is Known<unknown> =>
  reading !== undefined &&
  reading.state !== 'loading' &&
  ANSWERED.has(reading.state) &&
  !isPartial(reading);

export const isPartial = ({ gaps, setAside }: Known<unknown>): boolean =>
  gaps.length > 0 || setAside.some(({ why }) => why !== 'withdrawn');
