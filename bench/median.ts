/** The middle one, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (low + high) / 2;
}

/** The median of what each has; undefined where none has it. */
export function medianOf<T>(all: readonly T[], read: (one: T) => number): number;
export function medianOf<T>(
  all: readonly T[],
  read: (one: T) => number | undefined,
): number | undefined;
export function medianOf<T>(
  all: readonly T[],
  read: (one: T) => number | undefined,
): number | undefined {
  const found = all.map(read).filter(number => number !== undefined);
  return found.length === 0 ? undefined : median(found);
}
