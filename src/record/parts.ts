import type { z } from 'zod/mini';
import type { Answer, Failure } from '../fhir/failure.ts';
import type { Found } from '../fhir/searchset.ts';
import type { Item, Known, Missing, SetAside, Withheld } from './reading.ts';
import { type Reader, type Sifted, sift, type Whose } from './sift.ts';

/** One question's part of a section: whom it was put to, what was asked, how it went, and what came of it. */
export interface Part<T extends Item> {
  /** The source's name. */
  readonly from: string;
  readonly what: string;
  readonly answer: Answer<Found>;
  readonly sifted: Sifted<T>;
  /** Without this part an empty section must not read as «not recorded». */
  readonly essential: boolean;
  /** What the source itself says about holding nothing (R4, `emptyReason`). */
  readonly empty?: Assertion;
}

export const partOf = <T extends Item>(
  from: string,
  what: string,
  answer: Answer<Found>,
  sifted: Part<T>['sifted'],
  essential: boolean,
): Part<T> => ({ from, what, answer, sifted, essential });

/** What comes of a question nobody answered, or whose matches belong to another section. */
export const NOTHING: Sifted<never> = { items: [], setAside: [] };

/** The matches of an answer, sifted; nothing where there was no answer. */
export const siftAnswer = <Shape extends z.ZodMiniType, T extends Item>(
  reader: Reader<Shape, T>,
  answer: Answer<Found>,
  whose: Whose,
) => sift(reader, answer.ok ? answer.value.matches : [], whose);

/** An answer with only the matches that belong to this section; the others are another section's to count. */
export const only = (
  answer: Answer<Found>,
  belongs: (raw: Found['matches'][number]) => boolean,
): Answer<Found> =>
  answer.ok
    ? { ...answer, value: { ...answer.value, matches: answer.value.matches.filter(belongs) } }
    : answer;

/** What the items themselves assert, when all of them assert the same: «none», or «nobody knows». */
export type Assertion = 'asserted-none' | 'asserted-unknown' | undefined;

/** Which items make a section say something, what they assert, and which of them are the same thing. */
export interface Meaning<T> {
  /** Others are listed, but decide nothing. */
  readonly matters: (item: T) => boolean;
  readonly assertion: (items: readonly T[]) => Assertion;
  /** The same items, those that two sources both have as one (`also`). Nothing may be lost. */
  readonly merge: (items: readonly T[]) => readonly T[];
}

/**
 * Puts the parts of a section together and decides which of the nine states it is in (SAFETY 1.3).
 *
 * One part failing never blanks another: its absence becomes a gap. But with nothing to show, the worst thing known
 * about any part decides, because an empty list is only «not recorded» when everybody answered in full.
 */
export function knownFrom<T extends Item>(
  parts: readonly Part<T>[],
  asOf: Date,
  meaning: Partial<Meaning<T>> = {},
): Known<T> {
  const { matters = () => true, assertion = () => undefined, merge = same } = meaning;
  const items = merge(parts.flatMap(part => part.sifted.items));
  const setAside = parts.flatMap(part => part.sifted.setAside);
  const gaps = parts.flatMap(gapsIn);
  const withholding = parts.find(withheldIn);
  const withheld = withholding && withheldIn(withholding);
  const troubled = parts.find(part => isTrouble(failureIn(part)));
  const failure = troubled && failureIn(troubled);
  const common = {
    items,
    setAside,
    gaps,
    remarks: parts.flatMap(({ from, answer }) =>
      answer.ok ? answer.value.remarks.map(remark => ({ ...remark, from })) : [],
    ),
    asOf: oldest(parts) ?? asOf,
    received: parts.reduce((n, { answer }) => n + (answer.ok ? answer.value.matches.length : 0), 0),
    withheld,
    failure,
    from: [...new Set(parts.map(({ from }) => from))],
    failing: (troubled ?? withholding)?.from,
  };
  const telling = items.filter(matters);
  if (telling.length > 0) return { ...common, state: assertion(telling) ?? 'present' };
  return { ...common, ...emptyState(parts, { setAside, gaps, withheld, failure }) };
}

const same = <T>(items: readonly T[]) => items;

function oldest<T extends Item>(parts: readonly Part<T>[]): Date | undefined {
  const times = parts.flatMap(({ answer }) => (answer.ok ? answer.at.getTime() : []));
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}

function emptyState<T extends Item>(
  parts: readonly Part<T>[],
  known: {
    readonly setAside: readonly SetAside[];
    readonly gaps: readonly Missing[];
    readonly withheld: Withheld | undefined;
    readonly failure: Failure | undefined;
  },
): Partial<Known<T>> & Pick<Known<T>, 'state'> {
  if (known.failure?.kind === 'blocked') return { state: 'withheld' };
  if (known.failure) return { state: 'failed' };
  const lost = known.gaps.find(({ why }) => LOST.has(why));
  if (lost) {
    // The source said itself that it could not answer; or it answered, and part of it was lost on the way.
    const why = lost.why === 'failed' ? SILENT : notWhole('the list is not whole');
    return { state: 'failed', failing: lost.from, ...why };
  }
  if (known.withheld) return { state: 'withheld' };
  // A server that answers about somebody else has not answered about this patient.
  const stranger = parts.find(({ sifted }) =>
    sifted.setAside.some(({ why }) => why !== 'withdrawn'),
  );
  if (stranger) {
    const failure = notWhole('the answer is about another patient');
    return { state: 'failed', failing: stranger.from, ...failure };
  }
  const failures = parts.map(failureIn);
  const essential = parts.flatMap((part, index) => (part.essential ? [failures[index]] : []));
  const refused = parts.find(part => failureIn(part)?.kind === 'not-permitted');
  if (refused) return { state: 'not-permitted', failing: refused.from };
  if (failures.every(isUnsupported) || (essential.length > 0 && essential.every(isUnsupported)))
    return { state: 'not-supported', failing: parts[0]?.from };
  const says = parts.map(({ empty }) => empty);
  if (says.includes('asserted-none')) return { state: 'asserted-none' };
  return { state: says.includes('asserted-unknown') ? 'asserted-unknown' : 'none-recorded' };
}

const SILENT = { failure: { kind: 'unreachable' } } as const;
const notWhole = (detail: string) => ({ failure: { kind: 'not-understood', detail } }) as const;

const failureIn = <T extends Item>({ answer }: Part<T>) => (answer.ok ? undefined : answer.failure);

const LOST: ReadonlySet<Missing['why']> = new Set(['failed', 'page-lost', 'count-differs']);

const isUnsupported = (failure: Failure | undefined) => failure?.kind === 'not-supported';

/** A missing right or a type the server does not have is a state of its own, not a fault. */
const isTrouble = (failure: Failure | undefined) =>
  failure !== undefined && !['not-permitted', 'not-supported', 'withheld'].includes(failure.kind);

function withheldIn<T extends Item>({ answer }: Part<T>): Withheld | undefined {
  if (!answer.ok) {
    if (answer.failure.kind === 'blocked') return 'blocked';
    return answer.failure.kind === 'withheld' ? 'unspecified' : undefined;
  }
  const suppressed = answer.value.remarks.find(({ code }) => code === 'suppressed');
  if (!suppressed) return undefined;
  return REASONS.find(reason => reason === suppressed.reason) ?? 'unspecified';
}

const REASONS: readonly Withheld[] = ['restricted', 'reserved', 'blocked', 'blocked-at-source'];

function gapsIn<T extends Item>(part: Part<T>): readonly Missing[] {
  const { from, what, answer } = part;
  const gap = (why: Missing['why']): Missing => ({ what, from, why });
  const withheld = withheldIn(part);
  if (!answer.ok) {
    const { kind } = answer.failure;
    if (kind === 'not-supported') return part.essential ? [gap('not-supported')] : [];
    if (kind === 'not-permitted') return [gap('not-permitted')];
    return [withheld ? { ...gap('withheld'), withheld } : gap('failed')];
  }
  const lost = answer.value.gaps.map(one =>
    gap(one === 'count-differs' ? 'count-differs' : 'page-lost'),
  );
  // The server itself says that this was not all of it.
  if (answer.value.remarks.some(({ serious }) => serious)) lost.push(gap('failed'));
  return withheld ? [...lost, { ...gap('withheld'), withheld }] : lost;
}
