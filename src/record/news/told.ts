import type { Change } from './change.ts';
import type { Provenance } from './provenance.ts';

/**
 * The changes with what histories tell of them: an entry about exactly this thing on the same day is the same event.
 * What no change answers to is an event of its own; nothing is lost, and nothing is put together by likeness.
 */
export function withHistory(
  changes: readonly Change[],
  events: readonly Provenance[],
): readonly Change[] {
  const left = new Set(events);
  const told = changes.map(change => {
    const same = events.filter(event => isAbout(event, change));
    for (const event of same) left.delete(event);
    const by = change.by ?? same.map(event => event.by).find(Boolean);
    return { ...change, by, told: same };
  });
  return [...told, ...[...left].map(eventChange)];
}

function isAbout({ source, targets, at }: Provenance, change: Change): boolean {
  const { from } = source;
  const refs =
    change.kind === 'confirmation' ? change.items.map(one => one.source.ref) : [change.ref];
  const isSameDay = at !== undefined && at.slice(0, 10) === change.at.slice(0, 10);
  return from === change.from && isSameDay && refs.some(ref => targets.includes(ref));
}

const eventChange = (event: Provenance): Change => ({
  kind: 'event',
  at: event.at ?? event.source.lastUpdated ?? '',
  from: event.source.from,
  ref: event.source.ref,
  by: event.by,
  told: [event],
});
