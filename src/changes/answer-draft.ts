import { z } from 'zod/mini';
import type { Decided } from '../record/changes/answer.ts';
import type { Rule } from '../record/changes/listed.ts';

/** Somebody to be asked about one discrepancy: what is asked follows from what is decided when it is sent. */
export interface Chosen {
  readonly change: string;
  readonly rule: Rule;
  readonly kind: 'pharmacy' | 'home-care';
}

export const isSame = (a: Chosen, b: Chosen): boolean =>
  a.change === b.change && a.rule === b.rule && a.kind === b.kind;

/** What is to hold instead: as before, the same from another day, or something else. */
export type How = 'keep' | 'date' | 'other';

/** A form for adjusting or rejecting one change, as it stands. It decides nothing until it is saved as a decision. */
export interface Begun {
  readonly kind: 'adjust' | 'reject';
  readonly how: How | undefined;
  readonly other: string;
  readonly date: string;
  readonly why: string;
  /** Of the change, when the form was opened. */
  readonly version: string;
  /** It was left here, and is brought back untouched. */
  readonly restored: boolean;
}

/** Whether there is anything in it that would be missed. */
export const isBegun = ({ how, other, date, why }: Begun): boolean =>
  how !== undefined || [other, date, why].some(text => text.trim() !== '');

const text = z.optional(z.string());
const Draft = z.object({
  decisions: z.array(
    z.object({
      ref: z.string(),
      outcome: z.literal(['accept', 'adjust', 'reject', 'return']),
      value: text,
      reason: text,
      version: z.string(),
    }),
  ),
  begun: z.optional(
    z.array(
      z.object({
        ref: z.string(),
        kind: z.literal(['adjust', 'reject']),
        how: z.optional(z.literal(['keep', 'date', 'other'])),
        other: z.string(),
        date: z.string(),
        why: z.string(),
        version: z.string(),
      }),
    ),
  ),
  chosen: z.array(
    z.object({
      change: z.string(),
      rule: z.literal(['twice', 'dose', 'multidose']),
      kind: z.literal(['pharmacy', 'home-care']),
    }),
  ),
});

interface AnswerDraft {
  readonly decisions: readonly (readonly [string, Decided])[];
  readonly begun: readonly (readonly [string, Begun])[];
  readonly chosen: readonly Chosen[];
}

/** A draft as this version of the program can read it. Undefined: there is none, or it cannot. */
export function draftIn(content: unknown): AnswerDraft | undefined {
  const parsed = Draft.safeParse(content);
  if (!parsed.success) return undefined;
  const { decisions, begun = [], chosen } = parsed.data;
  return {
    decisions: decisions.map(({ ref, outcome, value, reason, version }) => [
      ref,
      { outcome, value, reason, version },
    ]),
    begun: begun.map(({ ref, how, ...form }) => [ref, { ...form, how, restored: true }]),
    chosen,
  };
}
