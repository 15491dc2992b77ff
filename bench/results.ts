import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { z } from 'zod';

const Figures = z.object({
  /** Milliseconds from the click in the EHR until anything is painted, and until whom to call is. */
  firstMs: z.number().optional(),
  contactsMs: z.number(),
  /** The fastest run: the least disturbed one on a busy machine. */
  contactsLeastMs: z.number(),
  criticalMs: z.number().optional(),
  medicationMs: z.number().optional(),
  /** Until the last byte of the last source. */
  sourcesMs: z.number(),
  /** 0: no task over 50 ms, which is the shortest a browser tells of. */
  longTaskMs: z.number(),
  longTaskAfterMs: z.number(),
  heapBytes: z.number(),
  requestsToContacts: z.number(),
  wavesToContacts: z.number(),
  requests: z.number(),
  bytes: z.object({
    page: z.number(),
    script: z.number(),
    style: z.number(),
    protocol: z.number(),
    data: z.number(),
  }),
});
export type LaunchFigures = z.output<typeof Figures>;

const Cell = z.object({
  rttMs: z.number(),
  cpu: z.number(),
  cache: z.enum(['cold', 'warm']),
  runs: z.number(),
  /** Sideplan's time to contacts over the floor's, pair by pair. */
  ratio: z.number(),
  sideplan: Figures,
  floor: Figures,
});
export type LaunchCell = z.output<typeof Cell>;

const Scale = z.object({
  resources: z.number(),
  pageSize: z.number(),
  contactsMs: z.number(),
  floorContactsMs: z.number(),
  sourcesMs: z.number(),
  longTaskMs: z.number(),
  heapBytes: z.number(),
  /** Frames over 50 ms while «Kilder» is scrolled from top to bottom. */
  slowFrames: z.number(),
});
export type ScaleRow = z.output<typeof Scale>;

const Results = z.object({
  machine: z.string(),
  /** The latest whole runs, newest last: every goal and what was measured. */
  rounds: z.array(z.record(z.string(), z.string())),
  launches: z.array(Cell),
  scale: z.array(Scale),
  /** JS heap after so many patient switches in one page. */
  switches: z.array(z.object({ count: z.number(), heapBytes: z.number(), listeners: z.number() })),
  /** From a press on the extension's icon, and the same for a panel of one line. */
  panel: z
    .object({
      presses: z.number(),
      firstMs: z.number(),
      wordsMs: z.number(),
      floorFirstMs: z.number(),
    })
    .optional(),
});
export type Results = z.output<typeof Results>;

const FILE = new URL('results.json', import.meta.url);

export async function readResults(): Promise<Results> {
  const none: Results = {
    machine: '',
    rounds: [],
    launches: [],
    scale: [],
    switches: [],
  };
  try {
    return Results.parse(JSON.parse(await readFile(FILE, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return none;
    throw error;
  }
}

const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

/** `stolen`: the part of its time that others had, 0 to 1, where that is known. */
export function thisMachine(browser: string, stolen: number | undefined): string {
  const [cpu] = cpus();
  const others =
    stolen === undefined ? '' : `; ${Math.round(stolen * 100)} % of its time went to others`;
  return `${cpu?.model ?? ''} (${cpus().length} cores), Node ${process.versions.node}, Chromium ${browser}${others}`;
}

export async function writeResults(results: Results): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(results, rounded, 2)}\n`);
}

/** What was measured now in the place of what was measured then in the same setting; the rest stays, in order. */
export function withCells(
  before: readonly LaunchCell[],
  now: readonly LaunchCell[],
): readonly LaunchCell[] {
  const order = ({ cache, cpu, rttMs }: LaunchCell) =>
    `${cache} ${cpu} ${String(rttMs).padStart(4, '0')}`;
  const all = new Map([...before, ...now].map(cell => [order(cell), cell]));
  return [...all].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}
