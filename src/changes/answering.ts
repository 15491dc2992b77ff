import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Outbox } from '../outbox/kept.ts';
import type { Decided } from '../record/changes/answer.ts';
import { type Change, keyOf, type Sending } from '../record/changes/change.ts';
import { type Begun, type Chosen, draftIn, isBegun, isSame } from './answer-draft.ts';

type Saved = 'nothing' | 'saved' | 'not-saved';

/** What the GP has decided about one sending and not sent. On this machine from the first press (SAFETY TM40). */
export interface Answering {
  readonly decisions: ReadonlySignal<ReadonlyMap<string, Decided>>;
  /** Forms that are open and not saved as a decision, by `Task/id`: as they are at this keystroke. */
  readonly begun: ReadonlySignal<ReadonlyMap<string, Begun>>;
  readonly chosen: ReadonlySignal<readonly Chosen[]>;
  /** Changes whose buttons have been on screen. */
  readonly seen: Signal<ReadonlySet<string>>;
  readonly saved: ReadonlySignal<Saved>;
  /** Whether decisions that were left here are brought back, and nothing has been pressed since. */
  readonly restored: ReadonlySignal<boolean>;
  readonly decide: (change: Change, decided: Omit<Decided, 'version'>) => void;
  readonly undo: (change: Change) => void;
  /** The form for one change as it now is; undefined: it is closed, and what stood in it is thrown away. */
  readonly write: (change: Change, begun: Begun | undefined) => void;
  readonly choose: (one: Chosen, on: boolean) => void;
  /** It is sent, or thrown away; forms that are open stay. `kept` false: the draft may be the only copy, and stays. */
  readonly clear: (kept: boolean) => void;
}

const NAME = 'answer';

const without = <T>(all: ReadonlyMap<string, T>, ref: string): ReadonlyMap<string, T> =>
  new Map([...all].filter(([each]) => each !== ref));

/** Decisions about one sending, found again where they were left. */
export function openAnswering(outbox: Outbox, sending: Sending): Answering {
  const about = { name: NAME, plan: keyOf(sending) };
  const decisions = signal<ReadonlyMap<string, Decided>>(new Map());
  const begun = signal<ReadonlyMap<string, Begun>>(new Map());
  const chosen = signal<readonly Chosen[]>([]);
  const state = signal<Saved>('nothing');
  const restored = signal(false);
  /** Changes somebody has pressed at before the draft was read: they know better than what lay here. */
  const pressed = new Set<string>();
  const chose = new Set<string>();
  const isFree = ([ref]: readonly [string, unknown]) => !pressed.has(ref);

  async function restore(): Promise<void> {
    const draft = draftIn((await outbox.drafts.find(about))?.content);
    if (!draft) return;
    decisions.value = new Map([...draft.decisions.filter(isFree), ...decisions.value]);
    begun.value = new Map([...draft.begun.filter(isFree), ...begun.value]);
    chosen.value = [...draft.chosen.filter(({ change }) => !chose.has(change)), ...chosen.value];
    restored.value = pressed.size + chose.size === 0 && decisions.value.size > 0;
    if (decisions.value.size + begun.value.size > 0) state.value = 'saved';
  }
  const ready = restore().catch((error: unknown) => reportError(error));

  /** One at a time and in order: what is thrown away must not take with it what is written a moment later. */
  let turn = ready;
  let queued = false;
  function save(): void {
    restored.value = false;
    if (queued) return;
    queued = true;
    turn = keepAfter(turn);
  }

  async function keepAfter(before: Promise<void>): Promise<void> {
    // What lay here must not be lost because somebody was quicker than the disk.
    await before;
    queued = false;
    state.value = await keep();
  }

  async function keep(): Promise<Saved> {
    const forms = [...begun.value].filter(([, form]) => isBegun(form));
    try {
      if (decisions.value.size + forms.length + chosen.value.length === 0) {
        await outbox.drafts.drop(about);
        return 'nothing';
      }
      const { ok } = await outbox.drafts.save(about, {
        decisions: [...decisions.value].map(([ref, decided]) => ({ ref, ...decided })),
        begun: forms.map(([ref, form]) => ({ ref, ...form })),
        chosen: chosen.value,
      });
      return ok ? 'saved' : 'not-saved';
    } catch (error) {
      reportError(error);
      return 'not-saved';
    }
  }

  return {
    decisions,
    begun,
    chosen,
    seen: signal(new Set()),
    saved: computed(() => state.value),
    restored,
    decide({ source: { ref, version = '' } }, decided) {
      pressed.add(ref);
      decisions.value = new Map([...decisions.value, [ref, { ...decided, version }]]);
      begun.value = without(begun.value, ref);
      save();
    },
    undo({ source: { ref } }) {
      pressed.add(ref);
      decisions.value = without(decisions.value, ref);
      save();
    },
    write({ source: { ref } }, form) {
      pressed.add(ref);
      begun.value = form ? new Map([...begun.value, [ref, form]]) : without(begun.value, ref);
      save();
    },
    choose(one, on) {
      chose.add(one.change);
      const others = chosen.value.filter(each => !isSame(each, one));
      chosen.value = on ? [...others, one] : others;
      save();
    },
    clear(kept) {
      for (const ref of decisions.value.keys()) pressed.add(ref);
      decisions.value = new Map();
      chosen.value = [];
      if (kept) save();
      else state.value = 'nothing';
    },
  };
}
