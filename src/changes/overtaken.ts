import type { Change, Sending } from '../record/changes/change.ts';
import type { Decided } from '../record/changes/propose-answer.ts';

/** Changes that were decided here and are no longer as they were then: somebody has answered, or altered them. */
export const overtaken = (
  { changes }: Sending,
  decisions: ReadonlyMap<string, Decided>,
): readonly Change[] =>
  changes.filter(({ source }) => {
    const own = decisions.get(source.ref);
    return own !== undefined && own.version !== source.version;
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
