import { isRaw } from '../../fhir/ask.ts';
import { localRef } from '../../fhir/references.ts';
import { changesIn, changeWords } from '../evaluating/changes.ts';
import type { AnswerValue, ResponseItem } from '../evaluating/form.ts';
import { allOf, belowItem, numberOf, referenceOf, valueOfAnswer } from '../evaluating/response.ts';
import type { Evaluation, GoalEvaluation } from './evaluations.ts';
import { achievementIn } from './goals.ts';

type Answered = Pick<
  Evaluation,
  | 'type'
  | 'mode'
  | 'patient'
  | 'present'
  | 'goals'
  | 'helped'
  | 'didNotHelp'
  | 'changes'
  | 'crises'
  | 'next'
  | 'doctor'
  | 'others'
>;

/**
 * The questions of `no-plan-evaluering`, both editions: 1 has them side by side, 2 on pages and in groups. A question
 * we do not know keeps its own words.
 */
export function answered(items: readonly ResponseItem[], base: string): Answered {
  const texts = (linkId: string) => saidTo(items, linkId);
  return {
    type: texts('type')[0],
    mode: texts('mode')[0],
    patient:
      [...texts('patient-participation'), ...texts('participation-why')].join('. ') || undefined,
    present: [...texts('present'), ...allOf(items, 'present').flatMap(personIn)],
    goals: allOf(items, 'goal-status').map(item => goalIn(item, base)),
    helped: texts('helped'),
    didNotHelp: texts('did-not-help'),
    changes: [...texts('changes'), ...allOf(items, 'change').flatMap(changeIn)],
    crises: texts('crises')[0],
    next: texts('next-evaluation')[0],
    doctor: texts('gp'),
    others: items.flatMap(item => othersIn(item, undefined)),
  };
}

/** The day it was held, which may be before it was written. */
export const heldOn = (items: readonly ResponseItem[]): string | undefined =>
  saidTo(items, 'date')[0];

/** Shown where they belong; what is inside such a group is shown with it. */
const KNOWN: ReadonlySet<string> = new Set([
  'date',
  'type',
  'mode',
  'patient-participation',
  'participation-why',
  'present',
  'goal-status',
  'helped',
  'did-not-help',
  'changes',
  'change',
  'crises',
  'next-evaluation',
  'gp',
]);

/** Groups that stand several times: what is in one belongs together. */
const TOGETHER: ReadonlySet<string> = new Set(['measure-status']);

type Other = Evaluation['others'][number];

function othersIn(item: ResponseItem, above: string | undefined): readonly Other[] {
  if (KNOWN.has(item.linkId)) {
    // A question under one we know may be one we do not.
    return INSIDE.has(item.linkId) ? [] : belowItem(item).flatMap(each => othersIn(each, above));
  }
  const label = item.text ?? above;
  if (TOGETHER.has(item.linkId)) {
    const text = rest(item, []);
    return text ? [{ label, text }] : [];
  }
  return [
    ...(item.answer ?? []).flatMap(said).map(text => ({ label, text })),
    ...belowItem(item).flatMap(each => othersIn(each, label)),
  ];
}

/** Groups whose contents `personIn`, `goalIn` and `changeIn` show, every question of them. */
const INSIDE: ReadonlySet<string> = new Set(['present', 'goal-status', 'change']);

/** The answers below an item that have not been shown: «Brukt: ja; Hjalp: litt». */
function rest(item: ResponseItem, shown: readonly string[]): string {
  return belowItem(item)
    .flatMap((each): readonly string[] => {
      const inner = rest(each, []);
      const answers = shown.includes(each.linkId) ? [] : (each.answer ?? []).flatMap(said);
      const own = answers.length > 0 ? [labelled(each.text, answers.join(', '))] : [];
      return inner ? [...own, inner] : own;
    })
    .join('; ');
}

const labelled = (label: string | undefined, text: string) => (label ? `${label}: ${text}` : text);

function personIn(present: ResponseItem): readonly string[] {
  const who = ['who', 'organization'].flatMap(linkId => saidTo([present], linkId)).join(', ');
  // From the same unit needs no saying.
  const outside = allOf([present], 'outside').some(({ answer }) =>
    answer?.some(each => each['valueBoolean'] === true),
  );
  const more = rest(present, ['who', 'organization', 'outside']);
  const text = [who, outside ? 'utenfra' : '', more].filter(Boolean).join('; ');
  return text ? [text] : [];
}

function changeIn(change: ResponseItem): readonly string[] {
  const shown = ['kind', 'what', 'from', 'to', 'why', 'gp-decides'];
  return changesIn([change]).flatMap(one => {
    const what = [changeWords(one).replace(/ →?$/, ''), one.kind && `(${one.kind})`];
    const text = [
      labelled(what.filter(Boolean).join(' '), one.why ?? '').replace(/: $/, ''),
      one.doctorDecides ? 'fastlegen tar stilling' : '',
      rest(change, shown),
    ];
    const whole = text.filter(Boolean).join('; ');
    return whole ? [whole] : [];
  });
}

function goalIn(item: ResponseItem, base: string): GoalEvaluation {
  const [status] = allOf([item], 'status').flatMap(({ answer }) => answer ?? []);
  const coding = status?.['valueCoding'];
  const achievement = isRaw(coding) ? achievementOf(coding) : status && said(status)[0];
  const more = [...saidTo([item], 'status-why'), rest(item, GOAL)].filter(Boolean).join('; ');
  return {
    goal: localRef(base, referenceOf([item], 'goal')),
    achievement: more ? [achievement, more].filter(Boolean).join(': ') : achievement,
    score: numberOf([item], 'own-score'),
  };
}

const GOAL = ['goal', 'status', 'status-why', 'own-score'];

function achievementOf({ code, display }: AnswerValue): string | undefined {
  if (typeof display === 'string') return display;
  return typeof code === 'string'
    ? achievementIn({ coding: [{ system: undefined, code, display: undefined }], text: undefined })
    : undefined;
}

const saidTo = (items: readonly ResponseItem[], linkId: string): readonly string[] =>
  allOf(items, linkId).flatMap(({ answer }) => (answer ?? []).flatMap(said));

/** An answer in the source's own words; dates stay as written, for the screen to say in its own way. */
function said(answer: AnswerValue): readonly string[] {
  const [, value] = valueOfAnswer(answer) ?? [];
  if (isRaw(value)) {
    const words = [value['display'], value['code']].find(each => typeof each === 'string');
    return typeof words === 'string' ? [words] : [];
  }
  if (typeof value === 'boolean') return [value ? 'ja' : 'nei'];
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}
