import { contradictions, sameWords } from '../record/medicines/medicines-merge.ts';
import type { Medicine } from '../record/model.ts';
import { t } from '../shell/words/words.ts';
import { endingText, groupTitle } from './groups.ts';

/** What the other sources of a row say otherwise, or beside it, each line with its source's name before it. */
export const elsewhere = (medicine: Medicine): readonly string[] =>
  (medicine.also ?? []).flatMap(other =>
    linesOf(medicine, other).map(what => t('pll.elsewhere', { source: other.source.from, what })),
  );

function linesOf(medicine: Medicine, other: Medicine): readonly string[] {
  const differs = contradictions(medicine, other);
  const { dose, instructions, notes, strength, stoppedBecause } = other;
  return [
    ...(differs.includes('group') ? [standing(other)] : []),
    ...(differs.includes('dose') || medicine.dose.length === 0 ? dose : []),
    ...(differs.includes('strength') && strength ? [strength] : []),
    ...(hasOtherStrength(medicine, other) ? [nameIn(other)] : []),
    ...instructions.filter(isNews([...medicine.instructions, ...medicine.dose])),
    ...(stoppedBecause && !sameWords(stoppedBecause, medicine.stoppedBecause)
      ? [t('pll.because', { ending: endingText(other), why: stoppedBecause })]
      : []),
    ...notes.filter(isNews(medicine.notes)),
  ];
}

const isNews = (said: readonly string[]) => (each: string) =>
  !said.some(known => sameWords(known, each));

/** «Faste», or «Seponert»: never the group's heading with its twelve months. */
const standing = (medicine: Medicine) =>
  medicine.group === 'stopped' ? endingText(medicine) : groupTitle(medicine.group);

/** One source has the strength by itself, the other inside the name: unless it is found there, both are shown. */
function hasOtherStrength(medicine: Medicine, other: Medicine): boolean {
  const [one, two] = [medicine, other].map(({ strength }) => strength);
  if (one && two) return false;
  const [strength, name] = one ? [one, nameIn(other)] : [two, nameIn(medicine)];
  return strength ? !packed(name).includes(packed(strength)) : false;
}

const nameIn = ({ product, substance }: Medicine) => product ?? substance ?? t('pll.noName');

const packed = (words: string) => words.replaceAll(/\s/g, '').toLowerCase();
