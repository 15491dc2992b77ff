import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useRecord } from '../record/record.ts';
import { Overlay } from '../shell/Overlay.tsx';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { openPlan, planOpen } from '../shell/route.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { Evaluations } from './Evaluations.tsx';
import { PlanGoals } from './PlanGoals.tsx';
import { PlanPage } from './PlanPage.tsx';
import { PlanRows } from './PlanRows.tsx';
import { choosePlan } from './plan-choice.ts';
import { planName } from './plan-head.ts';
import { planKey, planList, rowId } from './plan-list.ts';

const FRESH_HOURS = 24 * 30;

/** Every plan that was received, its goals and evaluations (S05); one of them opened fills the tab (S04, S13). */
export function Plans({ evaluate }: { readonly evaluate?: ComponentChildren }) {
  const reading = useRecord().plans.value;
  const items = reading.state === 'loading' ? [] : reading.items;
  const { shown } = choosePlan(items);
  const opened = items.find(plan => planKey(plan) === planOpen.value);
  const last = useRef('');
  if (opened) last.current = planKey(opened);
  return (
    <Overlay
      open={opened !== undefined}
      title={opened ? planName(opened) : t('section.plans')}
      openerId={rowId(last.current)}
      close={() => openPlan(undefined)}
    >
      {opened ? (
        <PlanPage plan={opened} key={last.current} />
      ) : (
        <>
          <ReadingFrame
            label={t('section.plans')}
            subject={{ what: t('section.plans') }}
            reading={reading}
            fresh={FRESH_HOURS}
            skeleton={5}
          >
            {() => (
              <>
                <h2 class="heading" hidden={items.length === 0}>
                  {t('section.plans')}
                </h2>
                <PlanRows list={planList(items, shown)} shown={shown} last={last.current} />
                <PlanGoals plans={planList(items, shown).current} />
              </>
            )}
          </ReadingFrame>
          <Evaluations begin={evaluate} />
        </>
      )}
    </Overlay>
  );
}
