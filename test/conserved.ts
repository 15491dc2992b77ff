import { expect } from 'vitest';
import type { Plan } from '../src/record/model.ts';
import type { Item, Known, Reading, Shared } from '../src/record/reading.ts';
import type { PatientRecord } from '../src/record/record.ts';
import { SECTIONS } from '../src/record/sources/kinds.ts';

/** What became of everything a section received. */
export interface Account {
  readonly received: number;
  /** Rows of their own, and the zones that stand under their plan. */
  readonly shown: number;
  /** Of those, shown with a doubt. */
  readonly flagged: number;
  /** The same thing from another source, or a meeting with its answers: kept under the row they belong to. */
  readonly merged: number;
  /** About somebody else, about nobody, or withdrawn. */
  readonly setAside: number;
}

export function accountOf(reading: Reading<Item>): Account {
  const known = knownIn(reading);
  const rows = new Set(known.items.flatMap(item => [item, ...zonesUnder(item)]));
  const merged = [...rows].reduce((sum, row) => sum + under(row as Shared<Item>), 0);
  return {
    received: known.received,
    shown: rows.size,
    flagged: [...rows].filter(({ flags }) => flags.length > 0).length,
    merged,
    setAside: known.setAside.length,
  };
}

/** The conservation law (SAFETY 4): what is shown, merged and set aside is what was received. */
export function expectConserved(reading: Reading<Item>): void {
  const { received, shown, merged, setAside } = accountOf(reading);
  expect(shown + merged + setAside).toBe(received);
}

export const sectionsOf = (record: PatientRecord): readonly Reading<Item>[] => [
  record.patient.value,
  ...SECTIONS.map(name => record[name].value as Reading<Item>),
];

export function knownIn<T>(reading: Reading<T>): Known<T> {
  if (reading.state === 'loading') throw new Error('a section was left loading');
  return reading;
}

/** Child plans that are zones of this one: received as plans, shown under it. */
const zonesUnder = (item: Item) =>
  ((item as Partial<Plan>).zones ?? []).filter(
    ({ source }) => source.ref !== item.source.ref && /^CarePlan(?:\/|$)/.test(source.ref),
  );

const under = ({ also = [] }: Shared<Item>): number =>
  also.reduce((sum, item) => sum + 1 + zonesUnder(item).length + under(item as Shared<Item>), 0);
