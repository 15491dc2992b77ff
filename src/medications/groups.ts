import type { Medicine, MedicineGroup } from '../record/model.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';

const TITLES = {
  regular: 'pll.regular',
  'as-needed': 'pll.asNeeded',
  course: 'pll.course',
  unspecified: 'pll.unspecified',
  supplement: 'pll.supplement',
  paused: 'pll.paused',
  stopped: 'pll.stopped',
  vaccine: 'pll.vaccine',
} as const satisfies Record<MedicineGroup, string>;

/** The order of the shared medication list (S10). */
export const IN_USE = [
  'regular',
  'as-needed',
  'course',
  'unspecified',
  'supplement',
  'paused',
] as const satisfies readonly MedicineGroup[];

export const groupTitle = (group: MedicineGroup) => t(TITLES[group]);

export const isNegated = ({ flags }: Medicine) => flags.includes('negated');

export const isInUse = (medicine: Medicine) =>
  IN_USE.some(group => group === medicine.group) && !isNegated(medicine);

/** Stopped, completed as planned and never given are three different things. */
export const endingText = ({ ending }: Medicine) => t(`pll.ending.${ending ?? 'stopped'}`);
