import { compareDoses, doseIn } from './dose.ts';

/** What kind of change it is, the one to look at first before the others (PEOPLE F2). */
export const RISKS = ['dose-up', 'new', 'stop', 'pause', 'other'] as const;
export type Risk = (typeof RISKS)[number];

interface Said {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly kind: string | undefined;
}

const STOP = /^(?:seponert|seponeres|seponer|stoppet|stoppes|stopp|avsluttet|avsluttes)\.?$/i;
const PAUSE = /^(?:pause|pauses|pausert|pauseres)\.?$/i;

/** By what is said in so many words and numbers, never by what it may mean: what fits no rule is «other». */
export function riskOf({ from, to, kind }: Said): Risk {
  if (kind !== undefined && kind.toLowerCase() !== 'legemiddel') return 'other';
  if (!to) return 'other';
  // Our own form writes the medicine's name before it: «metformin seponert».
  const last = to.trim().split(/\s+/).at(-1) ?? '';
  if (STOP.test(to) || (STOP.test(last) && startsAlike(from, to))) return 'stop';
  if (PAUSE.test(to) || (PAUSE.test(last) && startsAlike(from, to))) return 'pause';
  if (!from) return 'new';
  return (compareDoses(doseIn(from), doseIn(to)) ?? 0) > 0 ? 'dose-up' : 'other';
}

/** «metformin 1000 mg × 2» and «metformin seponert»: two words, the first of them the name. */
function startsAlike(from: string | undefined, to: string): boolean {
  const words = to.trim().split(/\s+/);
  return words.length === 2 && from?.trim().split(/\s+/)[0] === words[0];
}
