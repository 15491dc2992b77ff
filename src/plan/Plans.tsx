import type { Plan } from '../record/model.ts';
import { useRecord } from '../record/record.ts';
import { dateText } from '../shell/dates.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { openTab } from '../shell/route.ts';
import { panelId } from '../shell/Tabs.tsx';
import { Text } from '../shell/Text.tsx';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { Blocks, Facts } from './PlanContent.tsx';
import { choosePlan } from './plan-choice.ts';
import { factsOn, planName, planView, standingText } from './plan-view.ts';

const FRESH_HOURS = 24 * 30;

/** Every plan that was received (S05). The one on the acute tab stands there, and is linked to. */
export function Plans() {
  const reading = useRecord().plans.value;
  const { shown } = choosePlan(reading.state === 'loading' ? [] : reading.items);
  return (
    <ReadingFrame
      label={t('section.plans')}
      subject={{ what: t('section.plans') }}
      reading={reading}
      fresh={FRESH_HOURS}
      skeleton={5}
    >
      {({ items }) => (
        <>
          <h2 class="heading" hidden={items.length === 0}>
            {t('section.plans')}
          </h2>
          <ul class="plain">
            {shown && <OnAcute plan={shown} />}
            {items
              .filter(plan => plan !== shown)
              .map(plan => (
                <PlanRow key={plan.source.ref} plan={plan} />
              ))}
          </ul>
        </>
      )}
    </ReadingFrame>
  );
}

function OnAcute({ plan }: { readonly plan: Plan }) {
  return (
    <li class="plan-row">
      <Title plan={plan} />
      <Goals plan={plan} />
      <a
        href="#/akutt"
        onClick={event => {
          event.preventDefault();
          openTab('akutt', panelId('akutt'));
        }}
      >
        {t('plan.onAcute')} <span aria-hidden="true">›</span>
      </a>
    </li>
  );
}

function PlanRow({ plan }: { readonly plan: Plan }) {
  const view = planView(plan);
  return (
    <ItemBox item={plan} class="plan-row" look={plan.standing}>
      <Title plan={plan} />
      <Facts facts={factsOn(plan)} />
      {view.document && <p class="warn">{view.document}</p>}
      <Goals plan={plan} />
      <Blocks view={view} />
    </ItemBox>
  );
}

function Title({ plan }: { readonly plan: Plan }) {
  return (
    <>
      <h3>
        <Text of={planName(plan)} /> <span class="muted">{standingText(plan)}</span>
      </h3>
      <p>
        <Text of={plan.title ?? t('plan.untitled')} />
      </p>
    </>
  );
}

function Goals({ plan }: { readonly plan: Plan }) {
  if (plan.goals.length === 0) return null;
  return (
    <details class="ds-details fold" open>
      <summary>{t('plan.goals', { n: plan.goals.length })}</summary>
      <ul class="own-words">
        {plan.goals.map(({ text, due }, index) => (
          <li key={index}>
            <Text of={text ?? t('plan.line.noText')} />
            {due && <span class="muted"> {t('plan.goal.due', { date: dateText(due) })}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
