import { changesIn, changeWords } from './changes.ts';
import type { Occasion } from './evaluating.ts';
import type { ResponseItem } from './form.ts';
import { answersThatCount } from './form-logic.ts';
import { LONGEST_MESSAGE } from './lacking.ts';
import { allOf, codeOf, numberOf, referenceOf, wordsOf } from './response.ts';

/**
 * The message to the GP, made from the answers: plain text for a dialogmelding, not urgent, without a national id (the
 * message it travels in has one). At most 2000 characters where that can be had by shortening what was written freely;
 * each change keeps its line, and what was shortened says so.
 */
export function messageFor(occasion: Occasion, items: readonly ResponseItem[]): string {
  const counting = answersThatCount(occasion.form, items);
  const texts = LENGTHS.map(longest => messageOf(occasion, counting, longest));
  return texts.find(text => text.length <= LONGEST_MESSAGE) ?? texts.at(-1) ?? '';
}

/** Characters left of each free text, from all of it to a line. */
const LENGTHS = [Number.POSITIVE_INFINITY, 400, 200, 100, 50];

function messageOf(occasion: Occasion, items: readonly ResponseItem[], longest: number): string {
  const short = (text: string) =>
    text.length <= longest ? text : `${text.slice(0, longest).trimEnd()} … [forkortet]`;
  const free = (label: string, linkId: string) => {
    const said = wordsOf(items, linkId).map(short);
    return said.length > 0 ? [`${label}: ${said.join('. ')}`] : [];
  };
  const changes = changesIn(items);
  const toDecide = changes.filter(({ doctorDecides }) => doctorDecides).length;
  const next = wordsOf(items, 'next-evaluation')[0];
  return [
    heading(occasion, items),
    ...people(items),
    ...goals(items, short),
    ...free('Hjulpet', 'helped'),
    ...free('Ikke hjulpet', 'did-not-help'),
    ...(changes.length > 0 ? ['Endringer i behandlingen:'] : []),
    ...changes.map((change, index) =>
      [
        `${index + 1} ${changeWords(change)}`,
        change.why ? `: ${short(change.why)}` : '',
        change.doctorDecides ? ' (du tar stilling)' : '',
      ].join(''),
    ),
    ...(next ? [`Neste evaluering: ${next}.`] : []),
    ...(toDecide > 0
      ? [`Vi ber deg ta stilling til ${counted(toDecide)} innen 5 virkedager.`]
      : []),
    `${answerTo(occasion)}Ikke akutt.`,
  ].join('\n');
}

const counted = (n: number) => (n === 1 ? '1 endring' : `${n} endringer`);

function heading(occasion: Occasion, items: readonly ResponseItem[]): string {
  const { planTitle, author, patientName = 'Pasienten' } = occasion;
  const how = [...wordsOf(items, 'mode'), ...wordsOf(items, 'type')].join(', ');
  const when = [
    planTitle ? `Evaluering av «${planTitle}»` : 'Evaluering',
    wordsOf(items, 'date')[0],
    how ? `(${how})` : undefined,
    author.organization ? `ved ${author.organization}` : undefined,
  ];
  return `${when.filter(Boolean).join(' ')}. ${participation(patientName, items)}`.trimEnd();
}

function participation(name: string, items: readonly ResponseItem[]): string {
  const [said] = wordsOf(items, 'patient-participation');
  const [why] = wordsOf(items, 'participation-why');
  if (!said) return '';
  if (codeOf(items, 'patient-participation') === 'ikke-mulig')
    return `${name} kunne ikke delta${why ? `: ${why}` : ''}.`;
  return `${name} ${said.charAt(0).toLowerCase()}${said.slice(1)}${why ? `: ${why}` : ''}.`;
}

function people(items: readonly ResponseItem[]): readonly string[] {
  const present = presentWords(items);
  return present.length > 0 ? [`Til stede: ${present.join('; ')}.`] : [];
}

/** «Silje Samrud, Fjordvik kommune» */
export const presentWords = (items: readonly ResponseItem[]): readonly string[] =>
  allOf(items, 'present').flatMap(one => {
    const who = [...wordsOf([one], 'who'), ...wordsOf([one], 'organization')].join(', ');
    return who ? [who] : [];
  });

function goals(items: readonly ResponseItem[], short: (text: string) => string): readonly string[] {
  const lines = allOf(items, 'goal-status').flatMap(one => {
    const [goal = 'mål uten tekst'] = wordsOf([one], 'goal');
    const text = goal === referenceOf([one], 'goal') ? 'mål uten tekst' : goal;
    const [status] = wordsOf([one], 'status');
    const [why] = wordsOf([one], 'status-why');
    const score = numberOf([one], 'own-score');
    const how = [
      status?.toLowerCase(),
      why && short(why),
      score === undefined ? undefined : `egen skår ${score} av 10`,
    ].filter(Boolean);
    return how.length > 0 ? [`– ${text}: ${how.join(', ')}`] : [];
  });
  return lines.length > 0 ? ['Mål:', ...lines] : [];
}

function answerTo({ author: { name, organization } }: Occasion): string {
  const who = [name, organization].filter(Boolean).join(', ');
  return who ? `Svar til ${who}. ` : '';
}
