import type { z } from 'zod/mini';
import type { Answer, Failure } from '../fhir/failure.ts';
import type { Found } from '../fhir/searchset.ts';
import type { Item, Known, Missing, SetAside, Withheld } from './reading.ts';
import { type Reader, type Sifted, sift, type Whose } from './sift.ts';

/** One question's part of a section: what was asked, how it went, and what came of it. */
export interface Part<T extends Item> {
  readonly what: string;
  readonly answer: Answer<Found>;
  readonly sifted: Sifted<T>;
  /** Without this part an empty section must not read as «not recorded». */
  readonly essential: boolean;
}

export const partOf = <T extends Item>(
  what: string,
  answer: Answer<Found>,
  sifted: Part<T>['sifted'],
  essential: boolean,
): Part<T> => ({ what, answer, sifted, essential });

/** The matches of an answer, sifted; nothing where there was no answer. */
export const siftAnswer = <Shape extends z.ZodMiniType, T extends Item>(
  reader: Reader<Shape, T>,
  answer: Answer<Found>,
  whose: Whose,
) => sift(reader, answer.ok ? answer.value.matches : [], whose);

/** What the items themselves assert, when all of them assert the same: «none», or «nobody knows». */
export type Assertion = 'asserted-none' | 'asserted-unknown' | undefined;

/**
 * Puts the parts of a section together and decides which of the nine states it is in (SAFETY 1.3).
 *
 * One part failing never blanks another: its absence becomes a gap. But with nothing to show, the worst thing known
 * about any part decides, because an empty list is only «not recorded» when everybody answered in full.
 */
export function knownFrom<T extends Item>(
  parts: readonly Part<T>[],
  asOf: Date,
  /** Which items make the section say something, and what they assert. Others are listed, but decide nothing. */
  meaning: {
    readonly matters: (item: T) => boolean;
    readonly assertion: (items: readonly T[]) => Assertion;
  } = { matters: () => true, assertion: () => undefined },
): Known<T> {
  const items = parts.flatMap(part => part.sifted.items);
  const setAside = parts.flatMap(part => part.sifted.setAside);
  const gaps = parts.flatMap(gapsIn);
  const withheld = parts.map(withheldIn).find(Boolean);
  const failure = parts.map(failureIn).find(found => found && isTrouble(found));
  const received = parts.reduce(
    (sum, { answer }) => sum + (answer.ok ? answer.value.matches.length : 0),
    0,
  );
  const common = {
    items,
    setAside,
    gaps,
    remarks: parts.flatMap(({ answer }) => (answer.ok ? answer.value.remarks : [])),
    asOf,
    received,
    withheld,
    failure,
  };
  const telling = items.filter(meaning.matters);
  if (telling.length > 0) return { ...common, state: meaning.assertion(telling) ?? 'present' };
  return { ...common, ...emptyState(parts, { setAside, gaps, withheld, failure }) };
}

function emptyState<T extends Item>(
  parts: readonly Part<T>[],
  known: {
    readonly setAside: readonly SetAside[];
    readonly gaps: readonly Missing[];
    readonly withheld: Withheld | undefined;
    readonly failure: Failure | undefined;
  },
): Pick<Known<T>, 'state'> | Pick<Known<T>, 'state' | 'failure'> {
  if (known.failure?.kind === 'blocked') return { state: 'withheld' };
  if (known.failure) return { state: 'failed' };
  if (known.gaps.some(({ why }) => LOST.has(why)))
    return {
      state: 'failed',
      failure: { kind: 'not-understood', detail: 'the list is not whole' },
    };
  if (known.withheld) return { state: 'withheld' };
  // A server that answers about somebody else has not answered about this patient.
  if (known.setAside.some(({ why }) => why !== 'withdrawn'))
    return {
      state: 'failed',
      failure: { kind: 'not-understood', detail: 'the answer is about another patient' },
    };
  const failures = parts.map(failureIn);
  const essential = parts.flatMap((part, index) => (part.essential ? [failures[index]] : []));
  if (failures.some(found => found?.kind === 'not-permitted')) return { state: 'not-permitted' };
  if (failures.every(isUnsupported) || (essential.length > 0 && essential.every(isUnsupported)))
    return { state: 'not-supported' };
  return { state: 'none-recorded' };
}

const failureIn = <T extends Item>({ answer }: Part<T>) => (answer.ok ? undefined : answer.failure);

const LOST: ReadonlySet<Missing['why']> = new Set(['failed', 'page-lost', 'count-differs']);

const isUnsupported = (failure: Failure | undefined) => failure?.kind === 'not-supported';

/** A missing right or a type the server does not have is a state of its own, not a fault. */
const isTrouble = ({ kind }: Failure) =>
  kind !== 'not-permitted' && kind !== 'not-supported' && kind !== 'withheld';

function withheldIn<T extends Item>({ answer }: Part<T>): Withheld | undefined {
  if (!answer.ok) {
    if (answer.failure.kind === 'blocked') return 'blocked';
    return answer.failure.kind === 'withheld' ? 'unspecified' : undefined;
  }
  const suppressed = answer.value.remarks.find(({ code }) => code === 'suppressed');
  if (!suppressed) return undefined;
  const { reason } = suppressed;
  return reason === 'restricted' || reason === 'reserved' || reason === 'blocked'
    ? reason
    : 'unspecified';
}

function gapsIn<T extends Item>(part: Part<T>): readonly Missing[] {
  const { what, answer } = part;
  if (!answer.ok) {
    const { kind } = answer.failure;
    if (kind === 'not-supported') return part.essential ? [{ what, why: 'not-supported' }] : [];
    if (kind === 'not-permitted') return [{ what, why: 'not-permitted' }];
    return [{ what, why: kind === 'withheld' || kind === 'blocked' ? 'withheld' : 'failed' }];
  }
  const lost = answer.value.gaps.map(
    (gap): Missing => ({ what, why: gap === 'count-differs' ? 'count-differs' : 'page-lost' }),
  );
  // The server itself says that this was not all of it.
  if (answer.value.remarks.some(({ serious }) => serious)) lost.push({ what, why: 'failed' });
  return withheldIn(part) ? [...lost, { what, why: 'withheld' }] : lost;
}
