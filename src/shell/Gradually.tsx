import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Rows put on the page in one go, in all lists together: some tens of milliseconds. */
const IN_ONE_GO = 100;
const BLOCK = 50;

/**
 * Long lists are put on the page a block at a time, so that it answers whoever uses it while they come. Nothing is left
 * out, a list of ordinary length is there at once, and before something is printed all of it is.
 */
export function Gradually({ rows }: { readonly rows: readonly ComponentChildren[] }) {
  const starts = Array.from({ length: Math.ceil(rows.length / BLOCK) }, (_, n) => n * BLOCK);
  return (
    <>
      {starts.map(start => (
        <Block key={start} rows={rows.slice(start, start + BLOCK)} />
      ))}
    </>
  );
}

function Block({ rows }: { readonly rows: readonly ComponentChildren[] }) {
  const [atOnce] = useState(() => takeRoom(rows.length));
  const there = useSignal(atOnce);
  const size = rows.length;
  useLayoutEffect(() => {
    if (there.peek()) return undefined;
    return awaitRoom(size, () => {
      there.value = true;
    });
  }, [there, size]);
  return there.value ? <>{rows}</> : null;
}

interface Waiting {
  readonly size: number;
  readonly come: () => void;
}
const queue = new Set<Waiting>();
/** Room for rows until the page has had a turn of its own. */
let room = IN_ONE_GO;
let turn: ReturnType<typeof setTimeout> | undefined;

function takeRoom(size: number): boolean {
  if (room <= 0 || queue.size > 0) return false;
  room -= size;
  turn ??= setTimeout(makeRoom);
  return true;
}

/** Returns what takes the place in the queue back. */
function awaitRoom(size: number, come: () => void): () => void {
  const mine = { size, come };
  queue.add(mine);
  // Whoever took the room may have had their turn before anybody stood in line.
  turn ??= setTimeout(makeRoom);
  addEventListener('beforeprint', comeAll);
  return () => void queue.delete(mine);
}

/** Paper shows what is there when the event is over: no turn comes before it, so there is room for everything. */
function comeAll(): void {
  room = Number.POSITIVE_INFINITY;
  turn ??= setTimeout(makeRoom);
  const all = [...queue];
  queue.clear();
  for (const { come } of all) come();
}

function makeRoom(): void {
  turn = undefined;
  room = IN_ONE_GO;
  for (const waiting of queue) {
    if (room <= 0) break;
    queue.delete(waiting);
    room -= waiting.size;
    waiting.come();
  }
  if (room < IN_ONE_GO) turn ??= setTimeout(makeRoom);
}
