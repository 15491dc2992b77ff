import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { Takes } from '../record/evaluating/evaluating.ts';
import { takesOf } from '../record/evaluating/takes.ts';
import { useRecord } from '../record/record.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { plansToEvaluate, takesText, whyNot } from './evaluation-view.ts';
import { useRoom } from './room.ts';

export const OPENER = 'ny-evaluering';

/** «Ny evaluering», in the heading row; where none can be begun it says why, and can still be found (L19). */
export function NewEvaluation() {
  const { session, plans, frozen } = useRecord();
  const { open } = useRoom();
  const takes = useSignal<Takes | undefined>(undefined);
  useEffect(() => {
    const nothingRead = { plan: undefined, goals: [], doctor: false };
    async function look(): Promise<void> {
      takes.value = takesOf(session, await session.offer, nothingRead);
    }
    void look();
  }, [session, takes]);
  const id = useId();
  const possible = plansToEvaluate(plans.value);
  const why =
    whyNot(frozen.value, plans.value, possible) ??
    (takes.value && takesText(takes.value, session.label));
  return (
    <>
      <button
        id={OPENER}
        type="button"
        class="ds-button aside"
        data-variant="secondary"
        aria-disabled={why !== undefined}
        aria-describedby={why ? id : undefined}
        onClick={() => why ?? open()}
      >
        {sayEvaluation('eval.new')}
      </button>
      {why && (
        <p id={id} class="muted why">
          {why}
        </p>
      )}
    </>
  );
}
