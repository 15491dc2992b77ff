import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Plan } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { Sign } from '../shell/icons.tsx';
import { useNow } from '../shell/now.ts';
import { Overlay } from '../shell/Overlay.tsx';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { t } from '../shell/words/words.ts';
import { CrisisPlanAlert } from './CrisisPlanAlert.tsx';
import { PlanHeader } from './PlanHeader.tsx';
import { PlanLines } from './PlanLines.tsx';
import { choosePlan } from './plan-choice.ts';
import { alikeText, alsoText, planHead, planName } from './plan-head.ts';
import './plan.css';

/** What the acute tab lends to the room that knows contacts. */
interface RingProps {
  readonly plans: Reading<Plan>;
  readonly shown: Plan | undefined;
  readonly whole: boolean;
  /** Only what will be seen of them is drawn as yet. */
  readonly hurried: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

const FRESH_HOURS = 24 * 30;

interface Props {
  readonly ring: (props: RingProps) => ComponentChildren;
  /** While true, whom to call is not on screen yet, and nothing below it is drawn. */
  readonly hurried?: ReadonlySignal<boolean>;
}

/** The product: which plan, whom to call, what to do now, what to avoid; the rest folded below (S02, S02b). */
export function Acute({ ring, hurried: hurry }: Props) {
  const hurried = hurry?.value ?? false;
  const { plans } = useRecord();
  const now = useNow();
  const opened = useSignal<'ring' | 'plan' | undefined>(undefined);
  const reading = plans.value;
  const { shown, also, alike } = choosePlan(reading.state === 'loading' ? [] : reading.items);
  const close = () => {
    opened.value = undefined;
  };
  const head = shown && planHead(shown, now);
  return (
    <>
      <div hidden={opened.value !== undefined}>
        <CrisisPlanAlert plans={reading} shown={shown} />
        {head && (
          <PlanHeader head={head} also={alsoText(also, shown)} alike={alikeText(shown, alike)} />
        )}
      </div>
      <div hidden={opened.value === 'plan'}>
        {ring({
          plans: reading,
          shown,
          whole: opened.value === 'ring',
          hurried,
          open: () => {
            opened.value = 'ring';
          },
          close,
        })}
      </div>
      <div hidden={opened.value === 'ring'}>
        <Overlay
          open={opened.value === 'plan'}
          title={shown ? planName(shown) : t('section.plan')}
          openerId="hele-planen"
          close={close}
        >
          <ReadingFrame
            section="plan"
            label={t('section.plan')}
            subject={{
              what: t('section.plan'),
              none: { title: t('plan.none'), advice: t('plan.none.do') },
            }}
            reading={reading}
            fresh={FRESH_HOURS}
            skeleton={7}
          >
            {known =>
              shown ? (
                <PlanLines plan={shown} whole={opened.value === 'plan'} hurried={hurried} />
              ) : (
                known.state === 'present' && <NoAcutePlan also={also} />
              )
            }
          </ReadingFrame>
          {shown && opened.value === undefined && (
            <button
              type="button"
              id="hele-planen"
              class="more"
              onClick={() => {
                opened.value = 'plan';
              }}
            >
              {t('full')} <span aria-hidden="true">›</span>
            </button>
          )}
        </Overlay>
      </div>
    </>
  );
}

/** There are plans, but not one made for a crisis, or not one to follow now. */
function NoAcutePlan({ also }: { readonly also: readonly Plan[] }) {
  const idle = also.some(({ kind }) => kind === 'acute');
  return (
    <div class="state" data-look="none-recorded">
      <Sign of="○" />
      <div>
        <p class="state-title">{t(idle ? 'plan.idle' : 'plan.none')}</p>
        <p>{t('plan.none.do')}</p>
        <p>{alsoText(also)}</p>
      </div>
    </div>
  );
}
