import { newestFirst } from '../when.ts';
import { type Change, isWaiting, type Sending } from './change.ts';
import { RISKS } from './risk.ts';

/**
 * What was asked together, as it was asked: the tasks that are part of one task, in the order of risk, newest sending
 * first. A task nothing is part of is a sending of its own.
 */
export function sendingsOf(tasks: readonly Change[]): readonly Sending[] {
  const parents = new Set(tasks.flatMap(({ parent }) => parent ?? []));
  const together = new Map<string, Change[]>();
  for (const task of tasks) {
    const key = task.parent ?? task.source.ref;
    const others = together.get(key) ?? [];
    // The task for all of it is no change of its own.
    together.set(key, parents.has(task.source.ref) ? others : [...others, task]);
  }
  return [...together]
    .map(([key, changes]): Sending => {
      const task = parents.has(key) ? tasks.find(({ source }) => source.ref === key) : undefined;
      const all = [...(task ? [task] : []), ...changes];
      return {
        task,
        changes: inOrderOfRisk(changes),
        sender: all[0]?.sender ?? { ref: undefined, name: undefined },
        sent: all[0]?.sent,
        due: earliest(all.flatMap(({ due }) => due ?? [])),
        dueBecause: all.flatMap(({ dueBecause }) => dueBecause ?? [])[0],
      };
    })
    .toSorted((a, b) => newestFirst(a.sent, b.sent));
}

/** Those with something left to decide, the nearest deadline first. */
export const waitingIn = (sendings: readonly Sending[]): readonly Sending[] =>
  sendings
    .filter(({ changes }) => changes.some(isWaiting))
    .toSorted((a, b) => when(a.due) - when(b.due));

const when = (due: string | undefined) => Date.parse(due ?? '') || Number.POSITIVE_INFINITY;

const earliest = (dates: readonly string[]): string | undefined =>
  dates.toSorted((a, b) => when(a) - when(b))[0];

const inOrderOfRisk = (changes: readonly Change[]): readonly Change[] =>
  changes.toSorted((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk));
