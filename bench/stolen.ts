import { readFile } from 'node:fs/promises';

/** Hundredths of a second since the machine was started. */
export interface Spent {
  readonly atWork: number;
  /** The machine had work to do, and its host gave the core to another. */
  readonly stolen: number;
}

/** What Linux has counted (proc_stat(5), the line of all cores together); undefined elsewhere. */
export async function spent(): Promise<Spent | undefined> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => undefined);
  const [user, nice, system, , , irq, softirq, stolen] =
    /^cpu +(.*)$/m
      .exec(text ?? '')?.[1]
      ?.split(' ')
      .map(Number) ?? [];
  if (user === undefined || stolen === undefined) return undefined;
  return { atWork: user + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0), stolen };
}

/** Of the time there was work to do, the part that others had, 0 to 1. Figures taken with much of it say little. */
export function stolenBetween(before: Spent | undefined, after: Spent | undefined) {
  if (!before || !after) return undefined;
  const stolen = after.stolen - before.stolen;
  return stolen / (stolen + after.atWork - before.atWork);
}
