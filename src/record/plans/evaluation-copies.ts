import { newestFirst } from '../when.ts';
import type { Evaluation } from './evaluations.ts';

/** A meeting and what was answered in it are one evaluation; so is one that two sources name alike. */
export function mergeEvaluations(items: readonly Evaluation[]): readonly Evaluation[] {
  const kept: Evaluation[] = [];
  const answersFirst = items.toSorted((a, b) => Number(isMeeting(a)) - Number(isMeeting(b)));
  for (const item of answersFirst) {
    const index = kept.findIndex(other => isSame(other, item));
    const other = kept[index];
    if (other) kept[index] = { ...other, also: [...(other.also ?? []), item] };
    else kept.push(item);
  }
  return kept.toSorted((a, b) => newestFirst(a.date, b.date));
}

const isMeeting = ({ source }: Evaluation) => source.ref.startsWith('Encounter');

const isSame = (a: Evaluation, b: Evaluation) =>
  a.source.from === b.source.from
    ? isMeeting(b) && !isMeeting(a) && a.meeting === b.source.ref
    : a.identifiers.some(each => b.identifiers.includes(each));
