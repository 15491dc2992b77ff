import { type Change, isWaiting, type Sending } from '../record/changes/change.ts';
import type { Answering } from './answering.ts';
import { begunText } from './changes-view.ts';

/**
 * Changes that were decided here and are no longer as they were then: somebody has answered, or altered them. Also what
 * somebody was writing about when another answered: a form that can no longer be saved.
 */
export const overtaken = (
  { changes }: Sending,
  { decisions, begun }: Pick<Answering, 'decisions' | 'begun'>,
): readonly Change[] =>
  changes.filter(change => {
    const { ref, version } = change.source;
    const own = decisions.value.get(ref);
    if (own) return own.version !== version;
    const form = begun.value.get(ref);
    return form !== undefined && !isWaiting(change) && begunText(form) !== '';
  });

/** Whether anything of it is another version than when it was read; the task for all of it too. Gone is moved. */
export function hasMoved(read: Sending, now: readonly Sending[]): boolean {
  const there = new Map(
    now
      .flatMap(({ task, changes }) => (task ? [task, ...changes] : changes))
      .map(({ source }) => [source.ref, source.version] as const),
  );
  const all = read.task ? [read.task, ...read.changes] : read.changes;
  return all.some(({ source }) => there.get(source.ref) !== source.version);
}
