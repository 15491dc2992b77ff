import { type ReadonlySignal, signal } from '@preact/signals';
import type { DraftOf, Drafts, Kept } from '../outbox/kept.ts';

export type Saved =
  | { readonly state: 'nothing' }
  | { readonly state: 'saving' }
  | { readonly state: 'saved'; readonly at: Date }
  | { readonly state: 'not-saved'; readonly why: Exclude<Kept, { ok: true }>['why'] };

type Content = Readonly<Record<string, unknown>>;

export interface Autosave {
  readonly saved: ReadonlySignal<Saved>;
  /** Durable within a second of the first keystroke that is not yet saved, however long somebody goes on writing. */
  readonly soon: (content: Content) => void;
  /** At once: a step was left, the page is hidden, the form is closed. */
  readonly now: () => void;
  /** Nothing more is saved: what was written is sent, or thrown away. */
  readonly stop: () => void;
}

const WAIT_MS = 600;

/** Keeps one draft on this machine while it is written (SAFETY TM40). */
export function openAutosave(drafts: Drafts, about: DraftOf, clock: () => Date): Autosave {
  const saved = signal<Saved>({ state: 'nothing' });
  let waiting: Content | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let turn = 0;

  async function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const content = waiting;
    if (!content || stopped) return;
    waiting = undefined;
    turn += 1;
    const mine = turn;
    const kept = await attempt(content);
    // A later save has its own answer; this one's would say too much or too little.
    if (mine !== turn || stopped) return;
    if (kept.ok) saved.value = { state: 'saved', at: clock() };
    else {
      waiting ??= content;
      saved.value = { state: 'not-saved', why: kept.why };
    }
  }

  async function attempt(content: Content): Promise<Kept> {
    try {
      return await drafts.save(about, content);
    } catch (error) {
      reportError(error);
      return { ok: false, why: 'broken' };
    }
  }

  return {
    saved,
    soon(content) {
      if (stopped) return;
      waiting = content;
      if (saved.value.state !== 'not-saved') saved.value = { state: 'saving' };
      timer ??= setTimeout(() => void save(), WAIT_MS);
    },
    now: () => void save(),
    stop() {
      stopped = true;
      waiting = undefined;
      clearTimeout(timer);
    },
  };
}
