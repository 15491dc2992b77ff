import type { LaunchCell, Results } from './results.ts';

export interface Goal {
  readonly goal: string;
  /** Undefined where this was not measured. */
  readonly value: number | undefined;
  readonly most: number;
  /** What the number is of: `ms`, `MB`, or nothing for a ratio. */
  readonly unit: '' | 'ms' | 'MB';
}

/** What Sideplan wants to hold, and what was measured. */
export function goalsIn({ launches, scale, switches, panel }: Results): readonly Goal[] {
  const cell = (rttMs: number, cache: LaunchCell['cache']) =>
    launches.find(one => one.rttMs === rttMs && one.cpu === 1 && one.cache === cache);
  const near = launches.filter(({ cpu }) => cpu === 1);
  const large = scale.filter(({ resources }) => resources === 10_000);
  const contacts = scale.map(({ contactsMs, floorContactsMs }) => contactsMs - floorContactsMs);
  const heap = switches.map(({ heapBytes }) => heapBytes);
  const ratio = (rttMs: number, cache: LaunchCell['cache'], most: number): Goal => ({
    goal: `Ratio to the floor, RTT ${rttMs} ms, ${cache}`,
    value: cell(rttMs, cache)?.ratio,
    most,
    unit: '',
  });
  return [
    ratio(60, 'cold', 1.15),
    ratio(60, 'warm', 1.15),
    ratio(0, 'cold', 1.3),
    ratio(0, 'warm', 1.3),
    {
      goal: 'Longest task on the way to contacts, CPU 1x',
      value: most(near.map(({ sideplan }) => sideplan.longTaskMs)),
      most: 50,
      unit: 'ms',
    },
    {
      goal: 'Launch to first paint, RTT 0, warm',
      value: cell(0, 'warm')?.sideplan.firstMs,
      most: 150,
      unit: 'ms',
    },
    {
      goal: 'Press on the icon to first paint of the panel',
      value: panel?.firstMs,
      most: 150,
      unit: 'ms',
    },
    {
      goal: '10,000 resources: heap',
      value: most(large.map(({ heapBytes }) => heapBytes / 1e6)),
      most: 60,
      unit: 'MB',
    },
    {
      goal: '10,000 resources: longest task',
      value: most(large.map(({ longTaskMs }) => longTaskMs)),
      most: 100,
      unit: 'ms',
    },
    {
      goal: 'Time to contacts over the floor, largest record less smallest',
      value: contacts.length > 1 ? (contacts.at(-1) ?? 0) - (contacts[0] ?? 0) : undefined,
      most: 50,
      unit: 'ms',
    },
    {
      goal: `Heap after ${switches.at(-1)?.count ?? 0} patient switches, less after the first hundred`,
      value: heap.length > 2 ? ((heap.at(-1) ?? 0) - (heap[1] ?? 0)) / 1e6 : undefined,
      most: 0.5,
      unit: 'MB',
    },
  ];
}

const most = (numbers: readonly number[]) =>
  numbers.length > 0 ? Math.max(...numbers) : undefined;

/** «1.12, at most 1.15», and a word where it does not hold. */
export function saidOf({ value, most: limit, unit }: Goal): string {
  if (value === undefined) return '–';
  // A browser tells of no task under 50 ms.
  if (unit === 'ms' && value === 0) return '< 50 ms';
  const shown = unit === 'ms' ? Math.round(value) : value.toFixed(2);
  return `${shown}${unit && ` ${unit}`}${value <= limit ? '' : ' (missed)'}`;
}
