import { type ReadonlySignal, signal } from '@preact/signals';
import type { Draft, Drafts } from '../outbox/kept.ts';
import { begin } from '../record/evaluating/begin.ts';
import type { Occasion } from '../record/evaluating/evaluating.ts';
import type { Plan } from '../record/model.ts';
import type { PatientRecord } from '../record/record.ts';
import { language } from '../shell/words/words.ts';
import { plansToEvaluate } from './evaluation-view.ts';

type Read =
  | { readonly state: 'reading' | 'failed' }
  | { readonly state: 'read'; readonly occasion: Occasion; readonly draft: Draft | undefined };

/** Which plan is to be evaluated, and what is read of it before anybody writes. */
export interface Starting {
  /** As they were when somebody asked to begin: what comes later takes no form away. */
  readonly plans: readonly Plan[];
  readonly chosen: ReadonlySignal<Plan | undefined>;
  readonly read: ReadonlySignal<Read>;
  readonly choose: (plan: Plan) => void;
  readonly again: () => void;
}

/** `plain`: one plan, no draft and nothing in the way: there is nothing to ask first. */
export function openStart(
  record: PatientRecord,
  drafts: Drafts,
  plain: (occasion: Occasion) => void,
): Starting {
  const plans = plansToEvaluate(record.plans.peek());
  const chosen = signal(plans[0]);
  const read = signal<Read>({ state: 'reading' });

  async function look(plan: Plan): Promise<void> {
    read.value = { state: 'reading' };
    const found = await lookAt(plan);
    if (plan !== chosen.value) return;
    const { state } = found;
    const isPlain = plans.length === 1 && state === 'read' && !found.draft;
    if (isPlain && found.occasion.takes.how !== 'nothing') plain(found.occasion);
    else read.value = found;
  }

  async function lookAt(plan: Plan): Promise<Read> {
    try {
      const began = await begin(record, plan, language.value);
      if (!began.ok) return { state: 'failed' };
      const { occasion } = began;
      return { state: 'read', occasion, draft: await drafts.find(draftOf(occasion)) };
    } catch (error) {
      reportError(error);
      return { state: 'failed' };
    }
  }

  const again = () => {
    if (chosen.value) void look(chosen.value);
  };
  return {
    plans,
    chosen,
    read,
    choose(plan) {
      chosen.value = plan;
      void look(plan);
    },
    again,
  };
}

export const draftOf = ({ ref }: Occasion) => ({ name: 'evaluation', plan: ref });
