import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Lack, Occasion } from '../record/evaluating/evaluating.ts';
import type { AnswerValue, FormItem, ResponseItem } from '../record/evaluating/form.ts';
import { calculate } from '../record/evaluating/form-logic.ts';
import { lacking } from '../record/evaluating/lacking.ts';
import { messageFor } from '../record/evaluating/message.ts';
import type { Answering } from './answering.ts';
import { type Place, withAnother, withAnswers, without } from './answers.ts';
import type { Autosave } from './autosave.ts';
import { BegunOrders } from './BegunOrders.tsx';
import { type DraftContent, resumed, type WrittenMessage } from './draft.ts';
import { pagesOf } from './evaluation-view.ts';
import { MedicinePicker } from './MedicinePicker.tsx';
import { Present } from './Present.tsx';

/** One evaluation from the first step to the press: its answers, where in it one is, and its draft. */
export interface Filling extends Answering {
  readonly pages: readonly FormItem[];
  /** `pages.length`: the review. */
  readonly step: ReadonlySignal<number>;
  /** `field`: the id of what is to have the focus there; else the step's heading has it. */
  readonly go: (step: number, field?: string) => void;
  /** The field that was asked for, once. */
  readonly takeFocus: () => string | undefined;
  /** What stands between the answers and sending them, looked at or not. */
  readonly missing: ReadonlySignal<readonly Lack[]>;
  /** The text to the GP: made from the answers until somebody changes it. */
  readonly message: ReadonlySignal<string>;
  /** Somebody changed it, and then the answers. */
  readonly messageIsOld: ReadonlySignal<boolean>;
  /** Undefined: made from the answers again. */
  readonly writeMessage: (text: string | undefined) => void;
  readonly written: ReadonlySignal<boolean>;
  readonly tellDoctor: ReadonlySignal<boolean>;
  readonly tell: (doctor: boolean) => void;
  readonly autosave: Autosave;
  /** Answers of the draft that the form no longer asks for. */
  readonly left: readonly string[];
}

export function fill(
  occasion: Occasion,
  autosave: Autosave,
  draft: DraftContent | undefined,
): Filling {
  const { form, version } = occasion;
  const pages = pagesOf(form);
  const begun = draft ? resumed(draft, occasion) : { items: occasion.initial, left: [] };
  const items: Signal<readonly ResponseItem[]> = signal(calculate(form, begun.items));
  const step = signal(Math.min(Math.max(draft?.step ?? 0, 0), pages.length));
  const mine = signal<WrittenMessage | undefined>(draft?.message);
  const tellDoctor = signal(draft?.tellDoctor ?? true);
  const reviewed = signal(step.value === pages.length);
  let touched = draft !== undefined;
  let wanted: string | undefined;

  const made = computed(() => messageFor(occasion, items.value));
  const missing = computed(() => lacking(occasion, items.value));

  const content = (): DraftContent => ({
    form: form.canonical,
    ...(version === undefined ? {} : { planVersion: version }),
    step: step.value,
    items: items.value,
    ...(mine.value ? { message: mine.value } : {}),
    tellDoctor: tellDoctor.value,
  });
  // An evaluation nobody has written in is no draft.
  const save = () => {
    touched = true;
    autosave.soon({ ...content() });
  };
  const change = (to: readonly ResponseItem[]) => {
    items.value = calculate(form, to);
    save();
  };
  return {
    occasion,
    items,
    pages,
    step,
    missing,
    lacks: computed(() => (reviewed.value ? missing.value : [])),
    special: {
      instead: { present: Present },
      after: { kind: MedicinePicker, change: BegunOrders },
    },
    answer: (place: Place, answers: readonly AnswerValue[]) =>
      change(withAnswers(form.items, items.value, place, answers)),
    add: (within, linkId) => change(withAnother(form.items, items.value, within, linkId)),
    remove: place => change(without(form.items, items.value, place)),
    go(to, field) {
      wanted = field;
      step.value = to;
      if (to === pages.length) reviewed.value = true;
      if (!touched) return;
      save();
      autosave.now();
    },
    takeFocus() {
      const field = wanted;
      wanted = undefined;
      return field;
    },
    message: computed(() => mine.value?.text ?? made.value),
    messageIsOld: computed(() => mine.value !== undefined && mine.value.from !== made.value),
    written: computed(() => mine.value !== undefined),
    writeMessage(text) {
      mine.value = text === undefined ? undefined : { text, from: made.value };
      save();
    },
    tellDoctor,
    tell(doctor) {
      tellDoctor.value = doctor;
      save();
    },
    autosave,
    left: begun.left,
  };
}
