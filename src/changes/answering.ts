import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { z } from 'zod/mini';
import type { Outbox } from '../outbox/kept.ts';
import type { Change, Sending } from '../record/changes/change.ts';
import type { Rule } from '../record/changes/listed.ts';
import type { Decided } from '../record/changes/propose-answer.ts';
import { keyOf } from './changes-view.ts';

/** Somebody to be asked about one discrepancy: what is asked follows from what is decided when it is sent. */
export interface Chosen {
  readonly change: string;
  readonly rule: Rule;
  readonly kind: 'pharmacy' | 'home-care';
}

type Saved = 'nothing' | 'saved' | 'not-saved';

/** What the GP has decided about one sending and not sent. On this machine from the first press (SAFETY TM40). */
export interface Answering {
  readonly decisions: ReadonlySignal<ReadonlyMap<string, Decided>>;
  readonly chosen: ReadonlySignal<readonly Chosen[]>;
  /** Changes whose buttons have been on screen. */
  readonly seen: Signal<ReadonlySet<string>>;
  readonly saved: ReadonlySignal<Saved>;
  readonly restored: ReadonlySignal<boolean>;
  readonly decide: (change: Change, decided: Omit<Decided, 'version'>) => void;
  readonly undo: (change: Change) => void;
  readonly choose: (one: Chosen, on: boolean) => void;
  /** It is sent, or thrown away. `kept` false: the draft may be the only copy, and stays. */
  readonly clear: (kept: boolean) => void;
}

const NAME = 'answer';
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
  chosen: z.array(
    z.object({
      change: z.string(),
      rule: z.literal(['twice', 'dose', 'multidose']),
      kind: z.literal(['pharmacy', 'home-care']),
    }),
  ),
});

/** Decisions about one sending, found again where they were left. */
export function openAnswering(outbox: Outbox, sending: Sending): Answering {
  const about = { name: NAME, plan: keyOf(sending) };
  const decisions = signal<ReadonlyMap<string, Decided>>(new Map());
  const chosen = signal<readonly Chosen[]>([]);
  const state = signal<Saved>('nothing');
  const restored = signal(false);
  let touched = false;

  async function restore(): Promise<void> {
    const draft = await outbox.drafts.find(about);
    const parsed = Draft.safeParse(draft?.content);
    // Whoever has pressed meanwhile knows better than what lay here.
    if (touched || !parsed.success) return;
    decisions.value = new Map(
      parsed.data.decisions.map(({ ref, outcome, value, reason, version }) => [
        ref,
        { outcome, value, reason, version },
      ]),
    );
    chosen.value = parsed.data.chosen;
    restored.value = decisions.value.size > 0;
    if (restored.value) state.value = 'saved';
  }

  async function save(): Promise<void> {
    touched = true;
    restored.value = false;
    const content = {
      decisions: [...decisions.value].map(([ref, decided]) => ({ ref, ...decided })),
      chosen: chosen.value,
    };
    try {
      const { ok } = await outbox.drafts.save(about, content);
      state.value = ok ? 'saved' : 'not-saved';
    } catch (error) {
      reportError(error);
      state.value = 'not-saved';
    }
  }

  restore().catch((error: unknown) => reportError(error));

  return {
    decisions,
    chosen,
    seen: signal(new Set()),
    saved: computed(() => state.value),
    restored,
    decide({ source }, decided) {
      const version = source.version ?? '';
      decisions.value = new Map([...decisions.value, [source.ref, { ...decided, version }]]);
      void save();
    },
    undo({ source }) {
      decisions.value = new Map([...decisions.value].filter(([ref]) => ref !== source.ref));
      void save();
    },
    choose(one, on) {
      const others = chosen.value.filter(each => !isSame(each, one));
      chosen.value = on ? [...others, one] : others;
      void save();
    },
    clear(kept) {
      touched = true;
      decisions.value = new Map();
      chosen.value = [];
      state.value = 'nothing';
      if (kept) outbox.drafts.drop(about).catch((error: unknown) => reportError(error));
    },
  };
}

export const isSame = (a: Chosen, b: Chosen): boolean =>
  a.change === b.change && a.rule === b.rule && a.kind === b.kind;
