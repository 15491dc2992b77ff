/** Runs one thing after another, in the order they were asked for, whatever becomes of those before. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
}
